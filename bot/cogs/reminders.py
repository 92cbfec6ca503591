"""Reminders: asked for, listed, cancelled. They are given by core where they were asked for."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.utils import escape_markdown, format_dt

from bot.commands.answers import answer
from bot.commands.cog import CommandCog
from bot.commands.demands import demands
from bot.commands.speech import words
from core.server.reminders import LONGEST_TEXT, Where
from core.words import T, say

LONGEST_SHOWN = 90


class RemindersCog(CommandCog):
    """One's own reminders."""

    title = T("Reminders")

    reminders = demands(server=False)(
        app_commands.Group(
            name=words(T("reminders")), description=words(T("What you want to be reminded of."))
        )
    )

    @reminders.command(name=words(T("add")), description=words(T("Be reminded of something, here.")))
    @app_commands.describe(
        when=words(T("When: 20 minutes, 18:00 or 2026-01-06 18:00")), what=words(T("Of what"))
    )
    async def add(
        self,
        interaction: discord.Interaction,
        when: app_commands.Range[str, 1, 60],
        what: app_commands.Range[str, 1, LONGEST_TEXT],
    ) -> None:
        person = interaction.user
        due_at = await self.server.reminders.add(
            _where(interaction), person.id, person.display_name, when, what
        )
        await answer(
            interaction,
            say("I will remind you {when}: {what}", when=format_dt(due_at), what=escape_markdown(what)),
        )

    @reminders.command(
        name=words(T("list")), description=words(T("What you are still to be reminded of here."))
    )
    async def listed(self, interaction: discord.Interaction) -> None:
        mine = await self.server.reminders.of(interaction.user.id, _only_here(interaction))
        rows = [
            f"{number}. {format_dt(each.due_at)}: {escape_markdown(each.text)[:LONGEST_SHOWN]}"
            for number, each in enumerate(mine, 1)
        ]
        await answer(interaction, "\n".join(rows) or say("You have no reminders here."))

    @reminders.command(name=words(T("cancel")), description=words(T("Not be reminded after all.")))
    @app_commands.describe(number=words(T("Its number in the list")))
    async def cancel(self, interaction: discord.Interaction, number: app_commands.Range[int, 1, 100]) -> None:
        gone = await self.server.reminders.cancel(interaction.user.id, _only_here(interaction), number)
        await answer(interaction, say("I will not remind you of: {what}", what=escape_markdown(gone.text)))

    @cancel.autocomplete("number")
    async def _numbers(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[int]]:
        mine = await self.server.reminders.of(interaction.user.id, _only_here(interaction))
        return [
            app_commands.Choice(name=f"{number}. {each.text}"[:100], value=number)
            for number, each in enumerate(mine, 1)
        ][:25]


def _where(interaction: discord.Interaction) -> Where:
    channel_id = interaction.channel_id or 0
    guild = interaction.guild
    if guild is None:
        return Where(channel_id, interaction.user.display_name)
    name = getattr(interaction.channel, "name", str(channel_id))
    return Where(channel_id, name, guild.id, guild.name)


def _only_here(interaction: discord.Interaction) -> int | None:
    """On a server only what was asked for in the same channel is shown; in a direct chat, everything."""
    return interaction.channel_id if interaction.guild is not None else None
