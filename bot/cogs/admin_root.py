"""The one command that those who run a server have for the persona, and what its parts share."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.commands.cog import CommandCog
from bot.commands.demands import demands
from bot.commands.speech import words
from bot.house import REALM
from core.persona.identity import KeptPersona
from core.words import T

A_PAGE = 12

# The parts hang their groups on it; only `Admin` itself holds it, so Discord gets it once.
ADMIN = demands("administrator")(
    app_commands.Group(
        name=words(T("admin")), description=words(T("Who the persona is, what it feels and remembers."))
    )
)


class AdminPart(CommandCog):
    """A part of /admin."""

    title = T("Administration")

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

    async def known(self, platform_id: int) -> int | None:
        """The row id of somebody, None when the persona has not met them."""
        return await self.house.memory.row_id(REALM, platform_id)


def pages(title: str, rows: list[str]) -> list[discord.Embed]:
    """Rows as pages to leaf through."""
    made = [
        discord.Embed(title=title[:256], description="\n".join(rows[start : start + A_PAGE])[:4000])
        for start in range(0, len(rows), A_PAGE)
    ]
    for number, page in enumerate(made, 1):
        page.set_footer(text=f"{number}/{len(made)}")
    return made
