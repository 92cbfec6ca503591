"""/admin memories, relationship and mood: what the persona remembers and feels, put right."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.utils import escape_markdown, format_dt

from bot.cogs.admin_root import ADMIN, AdminPart, pages
from bot.commands.answers import answer, thinking
from bot.commands.deeds import shown
from bot.commands.speech import words
from bot.commands.views import confirm, show_pages
from core.errors import MemoryGone, PersonUnknown
from core.feelings import describe, relationship
from core.feelings.daily import DailyMood
from core.memory.overseen import Seen, named
from core.server.refusals import MemoryUnknown, NumberUnfit, PersonAbsent
from core.words import T, Text, say

Number = app_commands.Range[int, 1, 2_000_000_000]
Words = app_commands.Range[str, 2, 200]

METRICS: dict[str, Text] = describe.METRICS
DAILY: dict[str, Text] = describe.DAILY
_METRICS = [app_commands.Choice(name=words(title), value=name) for name, title in METRICS.items()]
_DAILY = [app_commands.Choice(name=words(title), value=name) for name, title in DAILY.items()]


class PeoplePart(AdminPart):
    """Memories of a server's people, and how the persona stands with them."""

    memories = app_commands.Group(
        name=words(T("memories")), description=words(T("What was said on this server.")), parent=ADMIN
    )
    relationship = app_commands.Group(
        name=words(T("relationship")), description=words(T("How it stands with somebody.")), parent=ADMIN
    )
    mood = app_commands.Group(
        name=words(T("mood")), description=words(T("The day's mood, for everybody.")), parent=ADMIN
    )

    # --- memories -------------------------------------------------------------------------------------

    @memories.command(name=words(T("list")), description=words(T("What is known of somebody from here.")))
    @app_commands.describe(person=words(T("Whose")))
    async def memories_listed(self, interaction: discord.Interaction, person: discord.User) -> None:
        await thinking(interaction)
        held = say("held back")
        rows = [
            f"**{each.row_id}.** {escape_markdown(each.text)[:300]} ({format_dt(each.last_mentioned, 'd')}"
            + (f", {held})" if each.held_back else ")")
            for each in await self._seen(interaction, person.id)
        ]
        title = say("Known of {name} from this server", name=person.display_name)
        await show_pages(interaction, pages(title, rows or ["–"]))

    @memories.command(name=words(T("add")), description=words(T("Have it remember something of somebody.")))
    @app_commands.describe(person=words(T("Of whom")), text=words(T("What, as a sentence about them")))
    async def memory_added(self, interaction: discord.Interaction, person: discord.User, text: Words) -> None:
        assert interaction.guild_id is not None
        await thinking(interaction)
        kept = await self.house.overseen.add(
            interaction.guild_id,
            interaction.channel_id or 0,
            person.id,
            interaction.user.id,
            interaction.id,
            text,
        )
        await self.noted(interaction, "memory.new", person.display_name, "", kept.text, person.id)
        told = say("It is remembered of {name}: {text}", name=shown(person), text=escape_markdown(kept.text))
        if kept.held_back:
            told += " " + say("It reads like an instruction, so it is held back until the host has seen it.")
        await answer(interaction, told)

    @memories.command(name=words(T("change")), description=words(T("Put a memory in other words.")))
    @app_commands.describe(
        person=words(T("Of whom")),
        number=words(T("Its number in the list")),
        text=words(T("What it is to be")),
    )
    async def memory_changed(
        self, interaction: discord.Interaction, person: discord.User, number: Number, text: Words
    ) -> None:
        assert interaction.guild_id is not None
        await thinking(interaction)
        await self._one(interaction, person.id, number)
        before = await self.house.overseen.change(interaction.guild_id, number, text)
        await self.noted(interaction, "memory", person.display_name, before, text, person.id)
        await answer(interaction, say("It is changed: {text}", text=escape_markdown(text)))

    @memories.command(name=words(T("delete")), description=words(T("Have it forget a memory.")))
    @app_commands.describe(person=words(T("Of whom")), number=words(T("Its number in the list")))
    async def memory_deleted(
        self, interaction: discord.Interaction, person: discord.User, number: Number
    ) -> None:
        guild_id = interaction.guild_id
        assert guild_id is not None
        await thinking(interaction)
        one = await self._one(interaction, person.id, number)

        async def do() -> str:
            try:
                before = await self.house.overseen.delete(guild_id, number)
            except MemoryGone as gone:
                raise MemoryUnknown(number=number) from gone
            await self.noted(interaction, "memory.gone", person.display_name, before, "", person.id)
            return say("It is gone: {text}", text=escape_markdown(before))

        question = say("Forget this of {name}: {text}", name=shown(person), text=escape_markdown(one.text))
        await confirm(interaction, question, say("Forget"), do)

    @memory_changed.autocomplete("number")
    @memory_deleted.autocomplete("number")
    async def _suggest(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[int]]:
        person = getattr(interaction.namespace, "person", None)
        if person is None:
            return []
        found = named(await self._seen(interaction, int(person.id)), str(typed), 25)
        return [
            app_commands.Choice(name=f"{each.row_id}. {each.text}"[:100], value=each.row_id) for each in found
        ]

    async def _seen(self, interaction: discord.Interaction, platform_id: int) -> list[Seen]:
        assert interaction.guild_id is not None
        return await self.house.overseen.of(interaction.guild_id, platform_id)

    async def _one(self, interaction: discord.Interaction, platform_id: int, number: int) -> Seen:
        for each in await self._seen(interaction, platform_id):
            if each.row_id == number:
                return each
        raise MemoryUnknown(number=number)

    # --- relationships --------------------------------------------------------------------------------

    @relationship.command(name=words(T("show")), description=words(T("How it stands with somebody.")))
    @app_commands.describe(person=words(T("With whom")))
    async def bond_shown(self, interaction: discord.Interaction, person: discord.User) -> None:
        await thinking(interaction)
        kept = await self.persona_here(interaction)
        row_id = await self._met(person)
        bond = await self.house.feelings.bond(kept.persona, row_id)
        if bond is None:
            raise PersonUnknown
        card = discord.Embed(
            title=say("{name} and {person}", name=kept.persona.name, person=person.display_name)[:256],
            description=say(describe.bond_said(bond)),
        )
        for name, value in relationship.shown(bond.metrics)._asdict().items():
            card.add_field(name=say(METRICS[name]), value=str(int(value)))
        await answer(interaction, embed=card)

    @relationship.command(name=words(T("set")), description=words(T("Set how it stands with somebody.")))
    @app_commands.describe(
        person=words(T("With whom")),
        kind=words(T("What of it")),
        value=words(T("0 to 10; formality −5 to 5")),
    )
    @app_commands.choices(kind=_METRICS)
    async def bond_set(
        self,
        interaction: discord.Interaction,
        person: discord.User,
        kind: str,
        value: app_commands.Range[int, -5, 10],
    ) -> None:
        await thinking(interaction)
        kept = await self.persona_here(interaction)
        row_id = await self._met(person)
        metric = kind if kind in METRICS else "rapport"
        low, high = getattr(relationship.LOWEST, metric), getattr(relationship.HIGHEST, metric)
        if not low <= value <= high:
            raise NumberUnfit(low=int(low), high=int(high))
        bond = await self.house.feelings.bond(kept.persona, row_id)
        before = "" if bond is None else str(round(getattr(bond.metrics, metric)))
        await self.house.feelings.set_relationship(kept.persona, row_id, metric, value)
        await self.noted(
            interaction, "relationship", f"{person.display_name}: {metric}", before, str(value), person.id
        )
        await answer(
            interaction,
            say("{what} towards {name}: {value}", what=METRICS[metric], name=shown(person), value=value),
        )

    @relationship.command(
        name=words(T("reset")), description=words(T("Set everything with somebody back to the beginning."))
    )
    @app_commands.describe(person=words(T("With whom")))
    async def bond_reset(self, interaction: discord.Interaction, person: discord.User) -> None:
        await thinking(interaction)
        kept = await self.persona_here(interaction)
        row_id = await self._met(person)

        async def do() -> str:
            await self.house.feelings.reset(kept.persona, row_id)
            await self.noted(interaction, "relationship", person.display_name, "", "0", person.id)
            return say("With {name} everything is as at the beginning.", name=shown(person))

        question = say("Set everything with {name} back to the beginning?", name=shown(person))
        await confirm(interaction, question, say("Set back"), do)

    async def _met(self, person: discord.User | discord.Member) -> int:
        """The row id of one of this server's people; what is felt for others is other servers' business.

        Raises:
            PersonAbsent, PersonUnknown
        """
        if not isinstance(person, discord.Member):
            raise PersonAbsent(name=person.display_name)
        row_id = await self.known(person.id)
        if row_id is None:
            raise PersonUnknown
        return row_id

    # --- the day, one for all servers (see core.server.homes) ----------------------------------------

    @mood.command(name=words(T("show")), description=words(T("The numbers of the day.")))
    async def day_shown(self, interaction: discord.Interaction) -> None:
        await thinking(interaction)
        kept = await self.persona_here(interaction)
        await answer(
            interaction, embed=_day(kept.persona.name, await self.house.feelings.daily(kept.id, kept.persona))
        )

    @mood.command(name=words(T("set")), description=words(T("Set one of the day's numbers.")))
    @app_commands.describe(kind=words(T("Which")), value=words(T("0 to 10")))
    @app_commands.choices(kind=_DAILY)
    async def day_set(
        self, interaction: discord.Interaction, kind: str, value: app_commands.Range[int, 0, 10]
    ) -> None:
        await thinking(interaction)
        kept = await self.persona_here(interaction)
        which = kind if kind in DAILY else "joy"
        before = getattr(await self.house.feelings.daily(kept.id, kept.persona), which)
        await self.house.feelings.set_daily(kept.id, kept.persona, which, value)
        await self.noted(interaction, "mood", f"{kept.persona.name}: {which}", str(before), str(value))
        await answer(interaction, say("{what}: {value}", what=DAILY[which], value=value))

    @mood.command(name=words(T("draw")), description=words(T("Draw the day's mood anew.")))
    async def day_drawn(self, interaction: discord.Interaction) -> None:
        kept = await self.persona_here(interaction)

        async def do() -> str:
            drawn = await self.house.feelings.draw_day(kept.id, kept.persona)
            await self.noted(interaction, "mood", kept.persona.name, "", ", ".join(map(str, drawn)))
            return say("A new day: {how}", how=describe.day_said(drawn))

        await confirm(interaction, say("Draw the day's mood anew, in place of today's?"), say("Draw"), do)


def _day(name: str, day: DailyMood) -> discord.Embed:
    card = discord.Embed(
        title=say("The day of {name}", name=name)[:256], description=say(describe.day_said(day))
    )
    for which, value in day._asdict().items():
        card.add_field(name=say(DAILY[which]), value=str(value))
    return card
