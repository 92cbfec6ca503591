"""Warnings, and what is remembered of them."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.utils import escape_markdown, format_dt

from bot.cogs.moderation import Reason
from bot.commands.answers import answer, thinking
from bot.commands.cog import CommandCog
from bot.commands.deeds import note, object_to, shown, told
from bot.commands.demands import demands
from bot.commands.speech import words
from bot.commands.views import confirm, show_pages
from core.server.ranks import Act
from core.words import T, count, say

A_PAGE = 8


class Members(CommandCog):
    """Warning people, with a history."""

    title = T("Warnings")

    warnings = demands("moderate_members")(
        app_commands.Group(
            name=words(T("warnings")), description=words(T("The warnings that people were given."))
        )
    )

    @demands("moderate_members")
    @app_commands.command(name=words(T("warn")), description=words(T("Warn somebody; it is remembered.")))
    @app_commands.describe(person=words(T("Whom")), reason=words(T("Why; they are told")))
    async def warn(self, interaction: discord.Interaction, person: discord.Member, reason: Reason) -> None:
        guild = interaction.guild
        assert guild is not None
        object_to(Act.WARN, interaction, person)
        await thinking(interaction)
        by = interaction.user
        so_many = await self.server.warnings.give(
            guild.id, person.id, person.display_name, by.id, by.display_name, reason
        )
        news = say("You were warned on {server}. Reason: {reason}", server=guild.name, reason=reason)
        reached = await told(person, news) is not None
        await note(self.services, interaction, Act.WARN.value, reason, person)
        done = say("{name} was warned.", name=shown(person))
        done += " " + count("It is their first warning.", "They have {n} warnings now.", so_many)
        if not reached:
            done += " " + say("They could not be told: they take no direct messages.")
        await answer(interaction, done)

    @warnings.command(name=words(T("list")), description=words(T("What somebody was warned of.")))
    @app_commands.describe(person=words(T("Whose")))
    async def listed(self, interaction: discord.Interaction, person: discord.User) -> None:
        assert interaction.guild_id is not None
        kept = await self.server.warnings.of(interaction.guild_id, person.id)
        if not kept:
            await answer(interaction, say("{name} has no warnings.", name=shown(person)))
            return
        title = say("Warnings of {name}", name=person.display_name)[:256]
        pages = []
        for start in range(0, len(kept), A_PAGE):
            card = discord.Embed(title=title)
            for each in kept[start : start + A_PAGE]:
                head = say("Number {number}, by {name}", number=each.row_id, name=each.by_name or "–")
                text = f"{escape_markdown(each.reason)[:500]}\n{format_dt(each.at, 'D')}"
                card.add_field(name=head[:256], value=text, inline=False)
            pages.append(card)
        await show_pages(interaction, pages)

    @warnings.command(name=words(T("remove")), description=words(T("Take one warning back.")))
    @app_commands.describe(number=words(T("Its number in the list")), reason=words(T("Why")))
    async def remove(
        self,
        interaction: discord.Interaction,
        number: app_commands.Range[int, 1, 2_000_000_000],
        reason: Reason | None = None,
    ) -> None:
        assert interaction.guild_id is not None
        gone = await self.server.warnings.take_back(interaction.guild_id, number)
        await note(self.services, interaction, "unwarn", reason or gone.reason)
        await answer(
            interaction,
            say(
                "Warning {number} of {name} was taken back.", number=number, name=escape_markdown(gone.person)
            ),
        )

    @warnings.command(name=words(T("clear")), description=words(T("Take all warnings of somebody back.")))
    @app_commands.describe(person=words(T("Whose")))
    async def clear(self, interaction: discord.Interaction, person: discord.User) -> None:
        guild_id = interaction.guild_id
        assert guild_id is not None
        kept = await self.server.warnings.of(guild_id, person.id)
        if not kept:
            await answer(interaction, say("{name} has no warnings.", name=shown(person)))
            return

        async def do() -> str:
            gone = await self.server.warnings.clear(guild_id, person.id)
            if not gone:  # somebody else was faster
                return say("{name} has no warnings.", name=shown(person))
            await note(self.services, interaction, "unwarn", str(gone), person)
            return say("All warnings of {name} were taken back.", name=shown(person))

        question = count(
            "Take the one warning of {name} back?",
            "Take all {n} warnings of {name} back?",
            len(kept),
            name=shown(person),
        )
        await confirm(interaction, question, say("Take back"), do)
