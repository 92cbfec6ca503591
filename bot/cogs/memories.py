"""What the bot knows of the one who asks: listed, searched, corrected, forgotten. Nobody sees another's."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.utils import escape_markdown, format_dt

from bot.commands.answers import answer, thinking
from bot.commands.cog import CommandCog
from bot.commands.demands import demands
from bot.commands.speech import words
from bot.commands.views import confirm, show_pages
from bot.house import REALM
from core.errors import MemoryGone
from core.memory.notebook import EpisodesSought, FactLine, FactsSought
from core.server.refusals import MemoryUnknown
from core.words import T, count, say

A_PAGE = 8
MOST = 400
LONGEST = 200

Number = app_commands.Range[int, 1, 2_000_000_000]
Words = app_commands.Range[str, 2, LONGEST]


class Memories(CommandCog):
    """One's own memories."""

    title = T("Memories")

    memories = demands(server=False)(
        app_commands.Group(name=words(T("memories")), description=words(T("What I know of you.")))
    )

    @memories.command(name=words(T("list")), description=words(T("Everything I know of you.")))
    async def listed(self, interaction: discord.Interaction) -> None:
        await thinking(interaction)
        await self._show(interaction, "")

    @memories.command(name=words(T("search")), description=words(T("What I know of you with certain words.")))
    @app_commands.describe(contains=words(T("Words that are in it")))
    async def search(self, interaction: discord.Interaction, contains: Words) -> None:
        await thinking(interaction)
        await self._show(interaction, contains)

    @memories.command(name=words(T("correct")), description=words(T("Put something right that I know.")))
    @app_commands.describe(number=words(T("Its number in the list")), what=words(T("How it really is")))
    async def correct(self, interaction: discord.Interaction, number: Number, what: Words) -> None:
        await thinking(interaction)
        try:
            kept = await self.house.memory.reword(REALM, interaction.user.id, number, what)
        except MemoryGone as gone:
            raise MemoryUnknown(number=number) from gone
        await answer(interaction, say("I know it right now: {text}", text=escape_markdown(kept)))

    @memories.command(name=words(T("forget")), description=words(T("Have me forget one thing for good.")))
    @app_commands.describe(number=words(T("Its number in the list")))
    async def forget(self, interaction: discord.Interaction, number: Number) -> None:
        await thinking(interaction)
        mine = {fact.row_id: fact for fact in await self._facts(interaction.user.id, "")}
        if number not in mine:
            raise MemoryUnknown(number=number)
        person_id = interaction.user.id

        async def do() -> str:
            try:
                await self.house.memory.drop(REALM, person_id, [number])
            except MemoryGone as gone:
                raise MemoryUnknown(number=number) from gone
            return say("I have forgotten it.")

        question = say("Forget this for good: {text}", text=escape_markdown(mine[number].text))
        await confirm(interaction, question, say("Forget"), do)

    @memories.command(
        name=words(T("clear")), description=words(T("Have me forget everything I know of you."))
    )
    async def clear(self, interaction: discord.Interaction) -> None:
        await thinking(interaction)
        person_id = interaction.user.id
        mine = await self._facts(person_id, "")

        async def do() -> str:
            gone = await self.house.memory.drop_everything(REALM, person_id)
            return count("I have forgotten one thing.", "I have forgotten {n} things.", gone)

        question = say(
            "Forget everything I know of you ({n} things), and our time together, for good? What was said "
            "stays in my archive: /privacy delete removes that too.",
            n=len(mine),
        )
        await confirm(interaction, question, say("Forget everything"), do)

    @correct.autocomplete("number")
    @forget.autocomplete("number")
    async def _numbers(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[int]]:
        start = str(typed).strip().casefold()
        found = [
            fact
            for fact in await self._facts(interaction.user.id, "")
            if start in fact.text.casefold() or str(fact.row_id).startswith(start)
        ]
        return [
            app_commands.Choice(name=f"{fact.row_id}. {fact.text}"[:100], value=fact.row_id)
            for fact in found[:25]
        ]

    async def _facts(self, platform_id: int, contains: str) -> tuple[FactLine, ...]:
        person_id = await self.house.memory.row_id(REALM, platform_id)
        if person_id is None:
            return ()
        return (await self.house.notebook.facts(FactsSought(REALM, person_id, words=contains), MOST)).lines

    async def _show(self, interaction: discord.Interaction, contains: str) -> None:
        known = await self._facts(interaction.user.id, contains)
        rows = [_fact_row(fact) for fact in known]
        person_id = await self.house.memory.row_id(REALM, interaction.user.id)
        if person_id is not None:
            sought = EpisodesSought(REALM, person_id, words=contains)
            found = (await self.house.notebook.episodes(sought, MOST)).lines
            rows += [
                f"{format_dt(each.ended_at, 'd')} {escape_markdown(each.text)[:400]}"
                for each in found
                if len(each.people) == 1  # a memory of several people is not one person's to read
            ]
        if not rows:
            await answer(
                interaction,
                say("I know nothing of you with these words.")
                if contains
                else say("I know nothing of you yet."),
            )
            return
        pages = [
            discord.Embed(
                title=say("What I know of you"), description="\n".join(rows[start : start + A_PAGE])
            )
            for start in range(0, len(rows), A_PAGE)
        ]
        for number, page in enumerate(pages, 1):
            page.set_footer(text=f"{number}/{len(pages)}")
        await show_pages(interaction, pages)


def _fact_row(fact: FactLine) -> str:
    said = count("said once", "said {n} times", fact.reference_count)
    when = format_dt(fact.last_mentioned, "d")
    return f"**{fact.row_id}.** {escape_markdown(fact.text)[:300]} ({said}, {when})"
