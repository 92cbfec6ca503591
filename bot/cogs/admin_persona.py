"""/admin persona and /admin identity: who the bot is here, line by line, and its face on this server."""

from __future__ import annotations

from typing import Any, Literal

import discord
from discord import app_commands
from discord.utils import escape_markdown

from bot.cogs.admin_root import ADMIN, AdminPart, pages
from bot.commands.answers import answer, thinking
from bot.commands.demands import name_of
from bot.commands.speech import words
from bot.commands.views import confirm, show_pages
from core.errors import PermissionMissing, PersonaUnknown
from core.persona.identity import KeptPersona, Persona
from core.server.refusals import LastPersona, LineThere, PictureUnfit, TraitUnknown
from core.words import T, count, say

LONGEST_LINE = 600
LARGEST_PICTURE_MB = 8
PICTURES = ("image/png", "image/jpeg", "image/gif")

Kind = Literal["traits", "lore", "quirks", "examples", "never"]
KINDS = {
    "traits": T("Traits"),
    "lore": T("Lore"),
    "quirks": T("Facts and habits"),
    "examples": T("Lines it might write"),
    "never": T("Lines it never writes"),
}
FIELDS = {"name": T("Name"), "summary": T("Summary"), "style": T("How it writes")}
_KINDS = [app_commands.Choice(name=words(title), value=kind) for kind, title in KINDS.items()]
_FIELDS = [app_commands.Choice(name=words(title), value=field) for field, title in FIELDS.items()]
_WHERE = [
    app_commands.Choice(name=words(T("in this channel")), value="channel"),
    app_commands.Choice(name=words(T("on this server")), value="server"),
]

Line = app_commands.Range[str, 1, LONGEST_LINE]
Named = app_commands.Range[str, 1, 80]


class PersonaPart(AdminPart):
    """Making, choosing and changing personas."""

    persona = app_commands.Group(
        name=words(T("persona")), description=words(T("Who the bot is.")), parent=ADMIN
    )
    identity = app_commands.Group(
        name=words(T("identity")), description=words(T("What the persona here is like.")), parent=ADMIN
    )

    @persona.command(name=words(T("list")), description=words(T("The personas there are, and who is here.")))
    async def personas_listed(self, interaction: discord.Interaction) -> None:
        await thinking(interaction)
        here = await self.persona_here(interaction)
        rows = [
            f"{'**' if kept.id == here.id else ''}{escape_markdown(kept.persona.name)}"
            f"{'**' if kept.id == here.id else ''} {escape_markdown(kept.persona.summary)[:120]}"
            for kept in await self.house.personas.every()
        ]
        await show_pages(interaction, pages(say("Personas"), rows))

    @persona.command(name=words(T("new")), description=words(T("Make a persona.")))
    @app_commands.describe(what=words(T("Its name")), value=words(T("Who it is, in a sentence")))
    async def new(
        self, interaction: discord.Interaction, what: Named, value: app_commands.Range[str, 0, 300] = ""
    ) -> None:
        await thinking(interaction)
        made = await self.house.personas.add(Persona.parse({"name": what, "summary": value}))
        await self.noted(interaction, "persona.new", made.persona.name, "", value)
        await answer(
            interaction, say("{name} is there. Choose it with /admin persona choose.", name=_shown(made))
        )

    @persona.command(name=words(T("change")), description=words(T("Change the persona that is here.")))
    @app_commands.describe(kind=words(T("What of it")), value=words(T("What it is to be")))
    @app_commands.choices(kind=_FIELDS)
    async def change(
        self, interaction: discord.Interaction, kind: str, value: app_commands.Range[str, 0, 2000]
    ) -> None:
        await thinking(interaction)
        kept = await self.persona_here(interaction)
        field = kind if kind in FIELDS else "summary"
        await self._write(interaction, kept, field, value, str(getattr(kept.persona, field)), value)
        await answer(
            interaction,
            say("{what} of {name} is changed.", what=FIELDS[field], name=escape_markdown(kept.persona.name)),
        )

    @persona.command(name=words(T("choose")), description=words(T("Choose who the bot is here.")))
    @app_commands.describe(
        persona=words(T("Who; whoever it is everywhere when left out")), where=words(T("Where"))
    )
    @app_commands.choices(where=_WHERE)
    async def choose(
        self, interaction: discord.Interaction, where: str = "channel", persona: Named | None = None
    ) -> None:
        await thinking(interaction)
        guild = interaction.guild
        assert guild is not None
        chosen = await self._named(persona) if persona is not None else None
        before = await self.persona_here(interaction)
        # What is chosen for a whole server is kept under the server's own id.
        spot = guild.id if where == "server" else interaction.channel_id or guild.id
        await self.server.choices.choose(
            guild.id, spot, interaction.user.id, persona_id=chosen.id if chosen is not None else None
        )
        now = await self.persona_here(interaction)
        await self.noted(
            interaction, "persona.chosen", now.persona.name, before.persona.name, now.persona.name
        )
        await answer(interaction, say("Here I am {name} now.", name=_shown(now)))

    @persona.command(name=words(T("delete")), description=words(T("Put a persona away.")))
    @app_commands.describe(persona=words(T("Who")))
    async def delete(self, interaction: discord.Interaction, persona: Named) -> None:
        kept = await self._named(persona)
        if len(await self.house.personas.every()) < 2:
            raise LastPersona

        async def do() -> str:
            await self.house.personas.archive(kept.id)
            await self.noted(interaction, "persona.gone", kept.persona.name)
            return say("{name} is put away. The host can take it out again.", name=_shown(kept))

        await confirm(
            interaction, say("Put {name} away, everywhere?", name=_shown(kept)), say("Put away"), do
        )

    @persona.command(
        name=words(T("face")), description=words(T("The persona's name, picture and lines on this server."))
    )
    @app_commands.describe(
        nickname=words(T("What it is called here; left out: as it is")),
        picture=words(T("Its picture here")),
        bio=words(T("What it says of itself here")),
    )
    async def face(
        self,
        interaction: discord.Interaction,
        nickname: app_commands.Range[str, 1, 32] | None = None,
        picture: discord.Attachment | None = None,
        bio: app_commands.Range[str, 1, 190] | None = None,
    ) -> None:
        guild = interaction.guild
        assert guild is not None
        await thinking(interaction)
        kept = await self.persona_here(interaction)
        wanted: dict[str, Any] = {"nick": nickname or kept.persona.name[:32]}
        if not guild.me.guild_permissions.change_nickname:
            raise PermissionMissing(place=guild.name, permission=name_of("change_nickname"))
        if picture is not None:
            wanted["avatar"] = await _picture(picture)
        if bio is not None:
            wanted["bio"] = bio
        before = guild.me.display_name
        await guild.me.edit(**wanted)
        await self.noted(interaction, "face", kept.persona.name, before, ", ".join(wanted))
        await answer(
            interaction, say("On this server I show myself as {name}.", name=escape_markdown(wanted["nick"]))
        )

    # --- line by line -----------------------------------------------------------------------------

    @identity.command(name=words(T("list")), description=words(T("The lines of one kind.")))
    @app_commands.describe(kind=words(T("Of which kind")))
    @app_commands.choices(kind=_KINDS)
    async def lines(self, interaction: discord.Interaction, kind: str) -> None:
        await thinking(interaction)
        kept = await self.persona_here(interaction)
        rows = [
            f"{number}. {escape_markdown(line)[:300]}" for number, line in enumerate(_lines(kept, kind), 1)
        ]
        title = say("{what} of {name}", what=KINDS[_kind(kind)], name=kept.persona.name)
        await show_pages(interaction, pages(title, rows or ["–"]))

    @identity.command(name=words(T("add")), description=words(T("Add a line.")))
    @app_commands.describe(kind=words(T("Of which kind")), text=words(T("The line")))
    @app_commands.choices(kind=_KINDS)
    async def add(self, interaction: discord.Interaction, kind: str, text: Line) -> None:
        await thinking(interaction)
        kept = await self.persona_here(interaction)
        lines = _lines(kept, kind)
        if text.strip() in lines:
            raise LineThere(text=text.strip()[:100])
        await self._write(interaction, kept, _kind(kind), (*lines, text), "", text)
        await answer(
            interaction,
            count("There is one line now.", "There are {n} lines now.", len(lines) + 1),
        )

    @identity.command(name=words(T("change")), description=words(T("Put another line in the place of one.")))
    @app_commands.describe(
        kind=words(T("Of which kind")), what=words(T("Which line")), text=words(T("What it is to be"))
    )
    @app_commands.choices(kind=_KINDS)
    async def change_line(self, interaction: discord.Interaction, kind: str, what: Line, text: Line) -> None:
        await thinking(interaction)
        kept = await self.persona_here(interaction)
        lines = _lines(kept, kind)
        at = _found(lines, what)
        await self._write(
            interaction, kept, _kind(kind), (*lines[:at], text, *lines[at + 1 :]), lines[at], text
        )
        await answer(interaction, say("It is changed: {text}", text=escape_markdown(text)))

    @identity.command(name=words(T("remove")), description=words(T("Take a line away.")))
    @app_commands.describe(kind=words(T("Of which kind")), what=words(T("Which line")))
    @app_commands.choices(kind=_KINDS)
    async def remove(self, interaction: discord.Interaction, kind: str, what: Line) -> None:
        await thinking(interaction)
        gone = (lines := _lines(await self.persona_here(interaction), kind))[_found(lines, what)]

        async def do() -> str:
            kept = await self.persona_here(interaction)
            left = tuple(line for line in _lines(kept, kind) if line != gone)
            await self._write(interaction, kept, _kind(kind), left, gone, "")
            return say("It is gone: {text}", text=escape_markdown(gone))

        await confirm(
            interaction, say("Take this line away: {text}", text=escape_markdown(gone)), say("Remove"), do
        )

    @change_line.autocomplete("what")
    @remove.autocomplete("what")
    async def _suggest_lines(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        kept = await self.persona_here(interaction)
        kind = getattr(interaction.namespace, "kind", None) or "traits"
        start = typed.strip().casefold()
        found = [
            (number, line)
            for number, line in enumerate(_lines(kept, str(kind)), 1)
            if start in line.casefold()
        ]
        return [
            app_commands.Choice(name=f"{number}. {line}"[:100], value=str(number))
            for number, line in found[:25]
        ]

    @choose.autocomplete("persona")
    @delete.autocomplete("persona")
    async def _suggest_personas(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        start = typed.strip().casefold()
        names = [kept.persona.name for kept in await self.house.personas.every()]
        return [
            app_commands.Choice(name=name[:100], value=name[:100])
            for name in names
            if start in name.casefold()
        ][:25]

    async def _named(self, name: str) -> KeptPersona:
        every = await self.house.personas.every()
        for kept in every:
            if kept.persona.name.casefold() == name.strip().casefold():
                return kept
        raise PersonaUnknown(name=name, known=", ".join(kept.persona.name for kept in every))

    async def _write(
        self,
        interaction: discord.Interaction,
        kept: KeptPersona,
        field: str,
        value: object,
        before: str,
        after: str,
    ) -> None:
        changed = Persona.parse({**kept.persona.model_dump(), field: value})
        await self.house.personas.change(kept.id, changed)
        await self.noted(interaction, "persona", f"{kept.persona.name}: {field}", before, after)


def _kind(kind: str) -> str:
    return kind if kind in KINDS else "traits"


def _lines(kept: KeptPersona, kind: str) -> tuple[str, ...]:
    lines: tuple[str, ...] = getattr(kept.persona, _kind(kind))
    return lines


def _found(lines: tuple[str, ...], what: str) -> int:
    """Which line is meant: by its number or its words."""
    wanted = what.strip()
    if wanted.isascii() and wanted.isdigit() and 0 < int(wanted[:9]) <= len(lines):
        return int(wanted[:9]) - 1
    for at, line in enumerate(lines):
        if line.casefold() == wanted.casefold():
            return at
    raise TraitUnknown(text=wanted[:100])


async def _picture(picture: discord.Attachment) -> bytes:
    if picture.content_type not in PICTURES or picture.size > LARGEST_PICTURE_MB * 1_000_000:
        raise PictureUnfit(most=LARGEST_PICTURE_MB)
    return await picture.read()


def _shown(kept: KeptPersona) -> str:
    return escape_markdown(kept.persona.name)
