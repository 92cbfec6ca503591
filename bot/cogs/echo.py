"""Echoes: a member lends their manner of writing, with consent, and takes it back when they like."""

from __future__ import annotations

import re
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands
from discord.utils import escape_markdown

from bot.bridge import channel_place
from bot.commands.answers import answer, answering, thinking
from bot.commands.cog import CommandCog
from bot.commands.deeds import told
from bot.commands.demands import demands
from bot.commands.speech import words
from bot.commands.views import confirm
from bot.echo_board import Board
from bot.echo_rooms import Rooms
from bot.echo_source import DiscordSource
from bot.echo_voice import Voice
from bot.house import REALM
from bot.services import Services
from core.echo.consent import Consent, Request
from core.echo.cutoff import as_day, cutoff
from core.echo.echoes import Echoes
from core.echo.library import Card
from core.echo.refusals import EchoUnknown, SessionOver
from core.echo.sessions import Here
from core.echo.talk import label
from core.events import EchoConsentChanged, EchoJobChanged, Subscription
from core.safety.access import NOBODY, Asker, Grant
from core.server.refusals import ChannelUnfit
from core.words import T, count, say

ME, EVERYBODY = "me", "everybody"
_OPEN = ("asked", "accepted")
_VOTES = {"👍": True, "👎": False}


class EchoButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"echo:(?P<act>agree|decline|permit|revoke):(?P<id>[0-9]{1,12})",
):
    """A button that is understood also after a restart: all it needs stands in its id."""

    def __init__(self, act: str, consent_id: int) -> None:
        labels = {
            "agree": say("I agree"),
            "decline": say("No"),
            "permit": say("Allow (for those who run this server)"),
            "revoke": say("Take it back and erase everything"),
        }
        styles = {"agree": discord.ButtonStyle.success, "permit": discord.ButtonStyle.primary}
        super().__init__(
            discord.ui.Button(
                label=labels[act],
                style=styles.get(act, discord.ButtonStyle.danger if act == "revoke" else discord.ButtonStyle.secondary),
                custom_id=f"echo:{act}:{consent_id}",
            )
        )
        self._act = act
        self._consent_id = consent_id

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> EchoButton:
        return cls(match["act"], int(match["id"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        async with answering(interaction):
            cog = interaction.client.get_cog("EchoCog")  # type: ignore[attr-defined]
            await cog.pressed(interaction, self._act, self._consent_id)


class EchoCog(CommandCog):
    """Asked for, agreed to, talking, taken back."""

    title = T("Echoes")
    lasting = (EchoButton,)

    echo = demands()(
        app_commands.Group(
            name=words(T("echo")), description=words(T("A bot that writes in somebody's manner, with consent."))
        )
    )

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._voice: Voice | None = None
        self._rooms: Rooms | None = None
        self._board: Board | None = None
        self._listening: list[Subscription] = []

    @property
    def echoes(self) -> Echoes:
        """What core knows of echoes."""
        return self.house.echoes

    # --- coming and going -----------------------------------------------------------------------

    def take_up(self, client: discord.Client) -> None:
        """The bot is about to be online: echoes can be heard, and analyses shown."""
        bus, clock = self.services.bus, self.services.clock
        voice = Voice(client)
        self._voice = voice
        self._rooms = Rooms(self.echoes, voice, bus, clock)
        board = Board(client, self.echoes, clock, self._request, buttons_of)
        self._board = board
        self._listening = [
            bus.listen(EchoJobChanged, lambda event: board.job_changed(event.job)),
            bus.listen(EchoConsentChanged, lambda event: board.consent_changed(event.consent)),
        ]

    @commands.Cog.listener()
    async def on_connect(self) -> None:
        """Listening begins before anything can be heard."""

    async def cog_unload(self) -> None:
        for subscription in self._listening:
            subscription.end()
        self._listening = []
        if self._rooms is not None and self._board is not None:
            self.echoes.disconnect()
            await self._rooms.close()
            await self._board.close()
