"""What the commands about the persona itself need of core, in one piece: who it is, what it feels and
remembers, and what belongs to the people it met."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import discord

from bot.bridge import channel_place
from bot.commands.demands import is_host
from core import policy
from core.audit import Audit
from core.conversation.choices import Choices, chosen_for, persona_for
from core.conversation.feedback import Feedback
from core.conversation.line import Line
from core.conversation.message import Place, Realm
from core.echo.echoes import Echoes
from core.feed import Feed
from core.feelings.life import Feelings
from core.memory.asked_memory import AskedMemory
from core.memory.notebook import Notebook
from core.memory.overseen import Overseen
from core.persona.entrance import Entrances
from core.persona.identity import KeptPersona, Personas
from core.policy import Section
from core.privacy import Privacy
from core.safety.access import Asker
from core.server.refusals import NobodyHome, NotOpen
from core.settings import ADMINS_CHANGE_SHARED

if TYPE_CHECKING:
    from core.app import App

REALM = Realm.DISCORD


@dataclass(frozen=True)
class House:
    """Passed to the cogs inside `Services`.

    Attributes:
        memory: what people ask to have remembered of themselves. overseen: what a server's admins see of it.
        admins_change_shared: whether the host lets every server's admins change the host's own personas.
        picture_of: a persona's picture (a PNG), by its id, or None. entrances: to whom personas are open.
        policy: what people are told of their data, by the settings in force; handed the bot's name.
        chosen: what was chosen for a place. who: who the bot is in a place, None before anybody is.
    """

    personas: Personas
    feelings: Feelings
    notebook: Notebook
    memory: AskedMemory
    overseen: Overseen
    privacy: Privacy
    audit: Audit
    feedback: Feedback
    feed: Feed
    line: Line
    echoes: Echoes
    admins_change_shared: Callable[[], Awaitable[bool]]
    chosen: Callable[[Place], Awaitable[Choices]]
    who: Callable[[Place], Awaitable[KeptPersona | None]]
    policy: Callable[[str], Awaitable[tuple[Section, ...]]]
    picture_of: Callable[[int], Awaitable[bytes | None]]
    entrances: Entrances

    async def persona_in(self, interaction: discord.Interaction) -> KeptPersona:
        """Who the bot is where a command was used.

        Raises:
            NobodyHome: it is nobody yet.
        """
        kept = await self.who(place_in(interaction))
        if kept is None:
            raise NobodyHome
        return kept

    async def persona_for(self, interaction: discord.Interaction) -> KeptPersona:
        """The same, for who may talk with it.

        Raises:
            NobodyHome: it is nobody yet.
            NotOpen: the host has opened it to others only.
        """
        kept = await self.persona_in(interaction)
        asker = Asker(interaction.user.id, interaction.guild_id, is_host=is_host(interaction))
        if not (await self.entrances.of(kept.id)).may_use(asker):
            raise NotOpen(name=kept.persona.name)
        return kept


def house_of(app: App) -> House:
    """The same of an app that is open."""
    clock = app.config.clock
    chosen = partial(chosen_for, store=app.store)

    async def who(place: Place) -> KeptPersona | None:
        return await persona_for(await chosen(place), app.personas)

    return House(
        app.personas,
        app.feelings,
        app.notebook,
        AskedMemory(app.store, app.bus, clock),
        Overseen(app.store, app.bus, clock),
        app.privacy,
        Audit(app.store, clock),
        app.feedback,
        app.feed,
        app.line,
        app.echoes,
        partial(app.settings.get, ADMINS_CHANGE_SHARED),
        chosen,
        who,
        partial(policy.in_force, app.settings),
        app.belongings.picture,
        app.whereabouts.entrances,
    )


def place_in(interaction: discord.Interaction) -> Place:
    """Where a command was used."""
    channel_id = interaction.channel_id or 0
    if interaction.guild is None or interaction.channel is None:
        return Place(REALM, channel_id, interaction.user.display_name, is_direct=True)
    return channel_place(interaction.channel, interaction.guild)
