"""A request for an echo as people read it on Discord, and what they can press under it."""

from __future__ import annotations

import re
from datetime import UTC
from typing import Any

import discord
from discord.utils import escape_markdown

from bot.commands.answers import answering
from core.echo.consent import OVER, Consent
from core.echo.cutoff import as_day
from core.echo.talk import label
from core.safety.access import Asker, Grant
from core.words import say

OPEN = ("asked", "accepted")


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
                style=styles.get(
                    act, discord.ButtonStyle.danger if act == "revoke" else discord.ButtonStyle.secondary
                ),
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


def asker_of(interaction: discord.Interaction) -> Asker:
    """Who asks, as Discord vouches for it."""
    user = interaction.user
    if interaction.guild is None or not isinstance(user, discord.Member):
        return Asker(user.id)
    held = frozenset(name for name, given in interaction.permissions if given)
    return Asker(user.id, interaction.guild.id, frozenset(role.id for role in user.roles), held)


def buttons_of(consent: Consent) -> discord.ui.View:
    """What can be pressed under a request, as it stands."""
    view = discord.ui.View(timeout=None)
    if consent.state == "asked":
        view.add_item(EchoButton("agree", consent.id)).add_item(EchoButton("decline", consent.id))
    if consent.state in OPEN and consent.permitted_at is None:
        view.add_item(EchoButton("permit", consent.id))
    if consent.state == "accepted":
        view.add_item(EchoButton("revoke", consent.id))
    return view


def request_words(consent: Consent) -> str:
    """What is asked of somebody, all of it, and how it stands. Of what is over no name remains."""
    if consent.state in OVER:
        return waiting_for(consent)
    channels = ", ".join(f"<#{channel}>" for channel in consent.channels)
    lines = [
        say(
            "**An echo of {name}, asked for by {asker}, on {server}.** That is a bot which writes in their "
            "manner, always signed as “{label}”.",
            name=escape_markdown(consent.subject_name),
            asker=escape_markdown(consent.asked_by_name),
            server=escape_markdown(consent.guild_name),
            label=escape_markdown(label(consent.subject_name)),
        ),
        say(
            "• Read: their own messages before {day}, at most {most}, in {channels}.",
            day=as_day(consent.cutoff, consent.cutoff.tzinfo or UTC),
            most=f"{consent.most:,}",
            channels=channels or say("the channels I may read here"),
        ),
        say(
            "• Kept: encrypted, on the computer of the bot's host only, for {days} days; then it is erased.",
            days=consent.retention_days,
        ),
        say("• May let it talk: {who}.", who=_who(consent)),
        say("• It can be taken back at any time; everything made from it is then erased at once."),
        waiting_for(consent),
    ]
    return "\n".join(lines)


def waiting_for(consent: Consent) -> str:
    """How a request stands, in a sentence."""
    name = escape_markdown(consent.subject_name)
    if consent.state == "declined":
        return say("It was declined. Nothing was read.")
    if consent.state in ("revoked", "expired"):
        return say("It is over, and everything made from it is erased.")
    lacking = []
    if consent.state == "asked":
        lacking.append(say("{name} has to agree", name=name))
    if consent.permitted_at is None:
        lacking.append(say("somebody who runs this server has to allow it"))
    if lacking:
        return say("Nothing is read yet: {lacking}.", lacking="; ".join(lacking))
    return say("{name} has agreed, and it is allowed.", name=name)


def _who(consent: Consent) -> str:
    if consent.use.get("guilds") or consent.use.get("everyone"):
        return say("everybody on this server")
    return say(
        "they themselves, those who run this server, and {asker}",
        asker=escape_markdown(consent.asked_by_name),
    )


def only(person: discord.abc.User) -> Grant:
    return Grant(people=frozenset({person.id}))
