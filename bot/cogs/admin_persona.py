"""/admin persona: which personas there are, who the bot is here, and its face on this server."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.utils import escape_markdown

from bot.cogs.admin_root import ADMIN, AdminPart, asker, pages
from bot.commands.answers import answer, thinking
from bot.commands.demands import name_of
from bot.commands.speech import words
from bot.commands.views import confirm, show_pages
from core.errors import PermissionMissing, PersonaUnknown
from core.persona.entrance import OPEN
from core.persona.identity import KeptPersona, Persona
from core.safety import access
from core.server.homes import is_seen
from core.server.refusals import HostsPersona, LastPersona, PictureUnfit
from core.words import T, say

LARGEST_PICTURE_MB = 8
PICTURES = ("image/png", "image/jpeg", "image/gif")

FIELDS = {"name": T("Name"), "summary": T("Summary"), "style": T("How it writes")}
_FIELDS = [app_commands.Choice(name=words(title), value=field) for field, title in FIELDS.items()]
_WHERE = [
    app_commands.Choice(name=words(T("in this channel")), value="channel"),
    app_commands.Choice(name=words(T("on this server")), value="server"),
]

Named = app_commands.Range[str, 1, 80]


class PersonaPart(AdminPart):
    """Making, choosing and changing personas."""

    persona = app_commands.Group(
        name=words(T("persona")), description=words(T("Who the bot is.")), parent=ADMIN
    )

    @persona.command(name=words(T("list")), description=words(T("The personas there are, and who is here.")))
    async def personas_listed(self, interaction: discord.Interaction) -> None:
        await thinking(interaction)
        here = await self.persona_here(interaction)
        homes, made_here = await self.server.homes.every(), say("made on this server")
        own = f" ({made_here})"
        rows = [
            f"{'**' if kept.id == here.id else ''}{escape_markdown(kept.persona.name)}"
            f"{'**' if kept.id == here.id else ''} {escape_markdown(kept.persona.summary)[:120]}"
            f"{own if homes.get(kept.id) is not None else ''}"
            for kept in await self._shown_here(interaction)
        ]
        await show_pages(interaction, pages(say("Personas"), rows))

    @persona.command(name=words(T("new")), description=words(T("Make a persona.")))
    @app_commands.describe(what=words(T("Its name")), value=words(T("Who it is, in a sentence")))
    async def new(
        self, interaction: discord.Interaction, what: Named, value: app_commands.Range[str, 0, 300] = ""
    ) -> None:
        await thinking(interaction)
        made = await self.house.personas.add(Persona.parse({"name": what, "summary": value}))
        assert interaction.guild_id is not None
        await self.server.homes.made(interaction.guild_id, made.id, interaction.user.id)
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
        field = kind if kind in FIELDS else "summary"

        def changed(persona: Persona) -> Persona:
            return Persona.parse({**persona.model_dump(), field: value})

        kept = await self.persona_here(interaction)
        changed(kept.persona)  # what does not fit is said before anything is made this server's own
        kept = await self.to_change(interaction, kept)
        before = await self.house.personas.revise(kept.id, changed)
        await self.noted(
            interaction, "persona", f"{before.name}: {field}", str(getattr(before, field)), value
        )
        await self.done(
            interaction,
            say("{what} of {name} is changed.", what=FIELDS[field], name=escape_markdown(before.name)),
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
        chosen = await self._named(interaction, persona) if persona is not None else None
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
        kept = await self._named(interaction, persona)
        await self._can_go(interaction, kept)

        async def do() -> str:
            await self._can_go(interaction, kept)
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
        nickname=words(T("What it is called here; with nothing chosen, the persona's name and picture")),
        picture=words(T("Its picture here")),
        bio=words(T("What it says of itself here")),
        reset=words(T("Take back the name, picture and lines it had here")),
    )
    async def face(
        self,
        interaction: discord.Interaction,
        nickname: app_commands.Range[str, 1, 32] | None = None,
        picture: discord.Attachment | None = None,
        bio: app_commands.Range[str, 1, 190] | None = None,
        reset: bool = False,
    ) -> None:
        guild = interaction.guild
        assert guild is not None
        await thinking(interaction)
        kept = await self.persona_here(interaction)
        wanted: dict[str, Any] = {"nick": None, "avatar": None, "bio": None} if reset else {}
        as_it_is = not (nickname or reset or picture or bio)
        if nickname is not None or as_it_is:
            wanted["nick"] = nickname or kept.persona.name[:32]
        if as_it_is and (own := await self.house.picture_of(kept.id)) is not None:
            wanted["avatar"] = own
        if "nick" in wanted and not guild.me.guild_permissions.change_nickname:
            raise PermissionMissing(place=guild.name, permission=name_of("change_nickname"))
        if picture is not None:
            wanted["avatar"] = await _picture(picture)
        if bio is not None:
            wanted["bio"] = bio
        before = guild.me.display_name
        await guild.me.edit(**wanted)
        now = wanted["nick"] or guild.me.global_name or guild.me.name if "nick" in wanted else before
        await self.noted(interaction, "face", kept.persona.name, before, f"{now} ({', '.join(wanted)})")
        await answer(interaction, say("On this server I show myself as {name}.", name=escape_markdown(now)))

    @choose.autocomplete("persona")
    @delete.autocomplete("persona")
    async def _suggest_personas(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        start = typed.strip().casefold()
        names = dict.fromkeys(kept.persona.name for kept in await self._shown_here(interaction))
        return [
            app_commands.Choice(name=name[:100], value=name[:100])
            for name in names
            if start in name.casefold()
        ][:25]

    async def _shown_here(self, interaction: discord.Interaction) -> list[KeptPersona]:
        """The personas that are shown on this server, its own before the host's of the same name."""
        homes, who = await self.server.homes.every(), asker(interaction)
        closed, person = await self.house.entrances.every(), interaction.user.id
        chooser = access.Asker(person, interaction.guild_id, is_host=who.is_host)
        seen = [
            kept
            for kept in await self.house.personas.every()
            if is_seen(homes.get(kept.id), who) and closed.get(kept.id, OPEN).may_choose(chooser)
        ]
        return sorted(seen, key=lambda kept: (kept.persona.name.casefold(), kept.id not in homes))

    async def _named(self, interaction: discord.Interaction, name: str) -> KeptPersona:
        seen = await self._shown_here(interaction)
        for kept in seen:
            if kept.persona.name.casefold() == name.strip().casefold():
                return kept
        raise PersonaUnknown(name=name, known=", ".join(kept.persona.name for kept in seen))

    async def _can_go(self, interaction: discord.Interaction, kept: KeptPersona) -> None:
        if len(await self.house.personas.every()) < 2:
            raise LastPersona
        if not await self.may_change(interaction, kept):
            raise HostsPersona(name=kept.persona.name)


async def _picture(picture: discord.Attachment) -> bytes:
    if picture.content_type not in PICTURES or picture.size > LARGEST_PICTURE_MB * 1_000_000:
        raise PictureUnfit(most=LARGEST_PICTURE_MB)
    return await picture.read()


def _shown(kept: KeptPersona) -> str:
    return escape_markdown(kept.persona.name)
