"""/admin identity: what the persona here is like, line by line."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.utils import escape_markdown

from bot.cogs.admin_root import ADMIN, AdminPart, pages
from bot.commands.answers import thinking
from bot.commands.speech import words
from bot.commands.views import confirm, show_pages
from core.persona.identity import Persona
from core.server.refusals import LineThere, TraitUnknown
from core.words import T, count, say

LONGEST_LINE = 600

KINDS = {
    "traits": T("Traits"),
    "lore": T("Lore"),
    "quirks": T("Facts and habits"),
    "examples": T("Lines it might write"),
    "never": T("Lines it never writes"),
}
_KINDS = [app_commands.Choice(name=words(title), value=kind) for kind, title in KINDS.items()]

Line = app_commands.Range[str, 1, LONGEST_LINE]


class IdentityPart(AdminPart):
    """The persona's traits, lore, quirks and lines."""

    identity = app_commands.Group(
        name=words(T("identity")), description=words(T("What the persona here is like.")), parent=ADMIN
    )

    @identity.command(name=words(T("list")), description=words(T("The lines of one kind.")))
    @app_commands.describe(kind=words(T("Of which kind")))
    @app_commands.choices(kind=_KINDS)
    async def lines(self, interaction: discord.Interaction, kind: str) -> None:
        await thinking(interaction)
        kept = await self.persona_here(interaction)
        rows = [
            f"{number}. {escape_markdown(line)[:300]}"
            for number, line in enumerate(_lines(kept.persona, kind), 1)
        ]
        title = say("{what} of {name}", what=KINDS[_kind(kind)], name=kept.persona.name)
        await show_pages(interaction, pages(title, rows or ["–"]))

    @identity.command(name=words(T("add")), description=words(T("Add a line.")))
    @app_commands.describe(kind=words(T("Of which kind")), text=words(T("The line")))
    @app_commands.choices(kind=_KINDS)
    async def add(self, interaction: discord.Interaction, kind: str, text: Line) -> None:
        await thinking(interaction)
        line = text.strip()

        def longer(persona: Persona) -> Persona:
            lines = _lines(persona, kind)
            if line in lines:
                raise LineThere(text=line[:100])
            return _with(persona, kind, (*lines, line))

        kept = await self.persona_here(interaction)
        longer(kept.persona)  # what does not fit is said before anything is made this server's own
        kept = await self.to_change(interaction, kept)
        before = await self.house.personas.revise(kept.id, longer)
        await self._note(interaction, before, kind, "", line)
        so_many = len(_lines(before, kind)) + 1
        await self.done(interaction, count("There is one line now.", "There are {n} lines now.", so_many))

    @identity.command(name=words(T("change")), description=words(T("Put another line in the place of one.")))
    @app_commands.describe(
        kind=words(T("Of which kind")), what=words(T("Which line")), text=words(T("What it is to be"))
    )
    @app_commands.choices(kind=_KINDS)
    async def change_line(self, interaction: discord.Interaction, kind: str, what: Line, text: Line) -> None:
        await thinking(interaction)
        kept = await self.persona_here(interaction)
        old, new = _found(_lines(kept.persona, kind), what), text.strip()

        def changed(persona: Persona) -> Persona:
            lines = _lines(persona, kind)
            if new != old and new in lines:
                raise LineThere(text=new[:100])
            at = lines.index(_found(lines, old, by_number=False))
            return _with(persona, kind, (*lines[:at], new, *lines[at + 1 :]))

        changed(kept.persona)
        kept = await self.to_change(interaction, kept)
        before = await self.house.personas.revise(kept.id, changed)
        await self._note(interaction, before, kind, old, new)
        await self.done(interaction, say("It is changed: {text}", text=escape_markdown(new)))

    @identity.command(name=words(T("remove")), description=words(T("Take a line away.")))
    @app_commands.describe(kind=words(T("Of which kind")), what=words(T("Which line")))
    @app_commands.choices(kind=_KINDS)
    async def remove(self, interaction: discord.Interaction, kind: str, what: Line) -> None:
        await thinking(interaction)
        asked = await self.persona_here(interaction)
        gone = _found(_lines(asked.persona, kind), what)

        def shorter(persona: Persona) -> Persona:
            lines = _lines(persona, kind)
            at = lines.index(_found(lines, gone, by_number=False))
            return _with(persona, kind, (*lines[:at], *lines[at + 1 :]))

        async def do() -> str:
            kept = await self.to_change(interaction, asked)
            before = await self.house.personas.revise(kept.id, shorter)
            await self._note(interaction, before, kind, gone, "")
            return self.with_news(interaction, say("It is gone: {text}", text=escape_markdown(gone)))

        await confirm(
            interaction, say("Take this line away: {text}", text=escape_markdown(gone)), say("Remove"), do
        )

    @change_line.autocomplete("what")
    @remove.autocomplete("what")
    async def _suggest_lines(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        kept = await self.persona_here(interaction)
        kind = str(getattr(interaction.namespace, "kind", None) or "traits")
        start = typed.strip().casefold()
        found = [
            (number, line)
            for number, line in enumerate(_lines(kept.persona, kind), 1)
            if start in line.casefold()
        ]
        return [
            app_commands.Choice(name=f"{number}. {line}"[:100], value=str(number))
            for number, line in found[:25]
        ]

    async def _note(
        self, interaction: discord.Interaction, persona: Persona, kind: str, before: str, after: str
    ) -> None:
        await self.noted(interaction, "persona", f"{persona.name}: {_kind(kind)}", before, after)


def _kind(kind: str) -> str:
    return kind if kind in KINDS else "traits"


def _lines(persona: Persona, kind: str) -> tuple[str, ...]:
    lines: tuple[str, ...] = getattr(persona, _kind(kind))
    return lines


def _with(persona: Persona, kind: str, lines: tuple[str, ...]) -> Persona:
    """Raises: PersonaInvalid"""
    return Persona.parse({**persona.model_dump(), _kind(kind): lines})


def _found(lines: tuple[str, ...], what: str, *, by_number: bool = True) -> str:
    """Which line is meant: by its number or its words.

    Raises:
        TraitUnknown
    """
    wanted = what.strip()
    if by_number and wanted.isascii() and wanted.isdigit() and 0 < int(wanted[:9]) <= len(lines):
        return lines[int(wanted[:9]) - 1]
    for line in lines:
        if line.casefold() == wanted.casefold():
            return line
    raise TraitUnknown(text=wanted[:100])
