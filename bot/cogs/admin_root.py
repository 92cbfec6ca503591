"""The one command that those who run a server have for the persona, and what its parts share."""

from __future__ import annotations

import asyncio

import discord
from discord import app_commands
from discord.utils import escape_markdown

from bot.commands.answers import answer
from bot.commands.cog import CommandCog
from bot.commands.demands import demands, is_host
from bot.commands.speech import words
from bot.house import REALM
from bot.services import Services
from core.conversation.message import Place
from core.errors import PersonaUnknown
from core.events import Notice, PersonaChanged
from core.persona.identity import KeptPersona
from core.safety.access import EVERYONE
from core.server.homes import Asker, may_change
from core.words import T, say

A_PAGE = 12

# The parts hang their groups on it; only `Admin` itself holds it, so Discord gets it once.
ADMIN = demands("administrator", host=True)(
    app_commands.Group(
        name=words(T("admin")), description=words(T("Who the persona is, what it feels and remembers."))
    )
)


class AdminPart(CommandCog):
    """A part of /admin."""

    title = T("Administration")

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._moving = asyncio.Lock()
        self._moved: dict[tuple[int | None, int], int] = {}  # a server's own personas, by what they were

    async def noted(
        self,
        interaction: discord.Interaction,
        act: str,
        subject: str,
        before: str = "",
        after: str = "",
        person_id: int | None = None,
    ) -> None:
        """Write down who changed what."""
        by = (interaction.user.id, interaction.user.display_name)
        await self.house.audit.note(interaction.guild_id, by, act, subject, before, after, person_id)

    async def persona_here(self, interaction: discord.Interaction) -> KeptPersona:
        """Who the bot is where the command was used.

        Raises:
            NobodyHome
        """
        return await self.house.persona_in(interaction)

    async def to_change(self, interaction: discord.Interaction, kept: KeptPersona) -> KeptPersona:
        """The persona that a change here is made to: this one where it may be changed, else a copy of it that
        is this server's own from now on. See `core.server.homes`.

        Raises:
            PersonaUnknown: it was put away meanwhile.
        """
        async with self._moving:  # two who change it at once get one copy
            await self._there_still(kept)
            if await self.may_change(interaction, kept):
                return kept
            now = await self.persona_here(interaction)
            if now.id == self._moved.get((interaction.guild_id, kept.id)):
                return now
            return await self._own_copy(interaction, kept)

    async def may_change(self, interaction: discord.Interaction, kept: KeptPersona) -> bool:
        """May who used the command change this persona for everybody who has it?"""
        active = await self.house.personas.active()
        return may_change(
            kept.id,
            (await self.server.homes.every()).get(kept.id),
            active.id if active is not None else None,
            asker(interaction),
            await self.house.admins_change_shared(),
        )

    async def _there_still(self, kept: KeptPersona) -> None:
        every = await self.house.personas.every()
        if all(each.id != kept.id for each in every):
            known = ", ".join(each.persona.name for each in every)
            raise PersonaUnknown(name=kept.persona.name, known=known)

    async def _own_copy(self, interaction: discord.Interaction, kept: KeptPersona) -> KeptPersona:
        guild = interaction.guild
        assert guild is not None
        everywhere = Place(REALM, guild.id, guild.name, guild.id, guild.name)
        usual = await self.house.who(everywhere)
        own = await self.house.personas.add(kept.persona)
        entrance = await self.house.entrances.of(kept.id)  # a copy lets nobody in whom the host kept out
        await self.house.entrances.open_to(own.id, entrance.use, EVERYONE)
        homes, by_id = self.server.homes, interaction.user.id
        await homes.made(guild.id, own.id, by_id)
        await homes.move_in(guild.id, kept.id, own.id, usual is not None and usual.id == kept.id, by_id)
        self._moved[guild.id, kept.id] = own.id
        self.services.bus.publish(PersonaChanged(own.id))  # now it is known whose it is, and where
        await self.noted(interaction, "persona.own", own.persona.name)
        interaction.extras["own"] = own.persona.name
        self.services.bus.publish(
            Notice(
                "info",
                T(
                    "{server} has a {name} of its own now, because its administrators changed something.",
                    server=guild.name,
                    name=own.persona.name,
                ),
                T("Your {name} stays as it is, for all others.", name=own.persona.name),
            )
        )
        return own

    async def done(self, interaction: discord.Interaction, text: str) -> None:
        """Say what was changed, and whether it became this server's own by that."""
        await answer(interaction, self.with_news(interaction, text))

    def with_news(self, interaction: discord.Interaction, text: str) -> str:
        """The same with a word on the persona having become this server's own."""
        name = interaction.extras.pop("own", None)
        if name is None:
            return text
        return f"{text} " + say(
            "From now on {name} is this server's own; elsewhere nothing has changed.",
            name=escape_markdown(name),
        )

    async def known(self, platform_id: int) -> int | None:
        """The row id of somebody, None when the persona has not met them."""
        return await self.house.memory.row_id(REALM, platform_id)


def asker(interaction: discord.Interaction) -> Asker:
    """Who wants to change something, as core's rules take it."""
    guild_id = interaction.guild_id
    assert guild_id is not None
    elsewhere = any(guild.id != guild_id for guild in interaction.client.guilds)
    return Asker(guild_id, elsewhere, is_host(interaction))


def pages(title: str, rows: list[str]) -> list[discord.Embed]:
    """Rows as pages to leaf through."""
    made = [
        discord.Embed(title=title[:256], description="\n".join(rows[start : start + A_PAGE])[:4000])
        for start in range(0, len(rows), A_PAGE)
    ]
    for number, page in enumerate(made, 1):
        page.set_footer(text=f"{number}/{len(made)}")
    return made
