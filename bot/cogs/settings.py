"""Choices for a server and its channels: where the bot talks, how much, to whom, in which language."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.utils import escape_markdown

from bot.commands.answers import answer, thinking
from bot.commands.cog import CommandCog
from bot.commands.deeds import note, shown
from bot.commands.demands import demands
from bot.commands.speech import words
from core.conversation.opportunity import QUIET_FROM, QUIET_TO
from core.server.choices import ACTIVATED, ALLOW, BLOCK, EVERYWHERE, clock_time, may_begin
from core.server.languages import known_language, language_name, matching
from core.server.refusals import ChannelUnfit, MyselfMeant
from core.words import T, say

NEVER = "00:00"
_USUALLY_QUIET = {"quiet_from": QUIET_FROM, "quiet_to": QUIET_TO}

Channel = discord.TextChannel | discord.VoiceChannel | discord.Thread


class Settings(CommandCog):
    """What those who run a server choose."""

    title = T("Settings")

    settings = demands("manage_guild")(
        app_commands.Group(
            name=words(T("settings")), description=words(T("How the bot behaves on this server."))
        )
    )
    people = app_commands.Group(
        name=words(T("people")), description=words(T("Whom the bot listens to.")), parent=settings
    )

    # --- where ------------------------------------------------------------------------------------

    @settings.command(
        name=words(T("show")), description=words(T("What was chosen for a channel and the server."))
    )
    @app_commands.describe(channel=words(T("Where; here when left out")))
    async def show(self, interaction: discord.Interaction, channel: Channel | None = None) -> None:
        where = _there(interaction, channel)
        everywhere = await self.server.choices.channel(where.guild.id)
        chosen = everywhere | await self.server.choices.channel(where.id)
        server = await self.server.choices.server(where.guild.id)
        card = discord.Embed(title=say("What was chosen for {place}", place=f"#{where.name}")[:256])
        for name, value in _rows(chosen, server):
            card.add_field(name=name, value=value)
        await answer(interaction, embed=card)

    @settings.command(name=words(T("activate")), description=words(T("Let the bot talk in a channel.")))
    @app_commands.describe(channel=words(T("Where; here when left out")))
    async def activate(self, interaction: discord.Interaction, channel: Channel | None = None) -> None:
        where = await self._choose(interaction, channel, active=True)
        await answer(interaction, say("I talk in {channel} now.", channel=where.mention))

    @settings.command(name=words(T("deactivate")), description=words(T("Keep the bot silent in a channel.")))
    @app_commands.describe(channel=words(T("Where; here when left out")))
    async def deactivate(self, interaction: discord.Interaction, channel: Channel | None = None) -> None:
        where = await self._choose(interaction, channel, active=False)
        await answer(interaction, say("I stay silent in {channel} now.", channel=where.mention))

    @settings.command(
        name=words(T("answers")), description=words(T("Where the bot talks when nothing else is chosen."))
    )
    @app_commands.describe(where=words(T("Everywhere, or only in channels where it was activated")))
    @app_commands.choices(
        where=[
            app_commands.Choice(name=words(T("everywhere")), value=EVERYWHERE),
            app_commands.Choice(name=words(T("only where activated")), value=ACTIVATED),
        ]
    )
    async def answers(self, interaction: discord.Interaction, where: str) -> None:
        guild_id = interaction.guild_id
        assert guild_id is not None
        await thinking(interaction)
        everywhere = None if where == EVERYWHERE else False
        await self.server.choices.choose(guild_id, guild_id, interaction.user.id, active=everywhere)
        await note(self.services, interaction, "settings", where)
        await answer(
            interaction,
            say("I talk everywhere but where I was deactivated.")
            if where == EVERYWHERE
            else say("I talk only where I was activated."),
        )

    # --- how --------------------------------------------------------------------------------------

    @settings.command(
        name=words(T("talkativeness")), description=words(T("How much the bot talks unasked in a channel."))
    )
    @app_commands.describe(
        value=words(T("0: only when spoken to; 10: about everything; left out: as everywhere")),
        channel=words(T("Where; here when left out")),
    )
    async def talkativeness(
        self,
        interaction: discord.Interaction,
        value: app_commands.Range[int, 0, 10] | None = None,
        channel: Channel | None = None,
    ) -> None:
        where = await self._choose(interaction, channel, talkativeness=value)
        shown_value = say("as everywhere") if value is None else str(value)
        await answer(
            interaction,
            say("Talkativeness in {channel}: {value}", channel=where.mention, value=shown_value),
        )

    @settings.command(name=words(T("proactive")), description=words(T("May the bot begin a talk by itself?")))
    @app_commands.describe(
        on=words(T("Whether it may")),
        cap=words(T("At most so often a day")),
        channel=words(T("Where; here when left out")),
    )
    async def proactive(
        self,
        interaction: discord.Interaction,
        on: bool,
        cap: app_commands.Range[int, 1, 20] | None = None,
        channel: Channel | None = None,
    ) -> None:
        where = await self._choose(interaction, channel, proactive=on or None, daily_cap=cap if on else None)
        await answer(
            interaction,
            say("In {channel} I may begin a talk by myself.", channel=where.mention)
            if on
            else say("In {channel} I wait until somebody talks.", channel=where.mention),
        )

    @settings.command(
        name=words(T("quiet")), description=words(T("Hours in which the bot begins nothing by itself."))
    )
    @app_commands.describe(
        begin=words(T("From when, like 22:00; left out: no quiet hours")),
        end=words(T("Until when, like 07:00")),
        channel=words(T("Where; here when left out")),
    )
    async def quiet(
        self,
        interaction: discord.Interaction,
        begin: app_commands.Range[str, 1, 10] | None = None,
        end: app_commands.Range[str, 1, 10] | None = None,
        channel: Channel | None = None,
    ) -> None:
        # The same time twice: no hour is quiet. With nothing kept the usual hours would be.
        first = clock_time(begin or "") if begin or end else NEVER
        last = clock_time(end or "") if begin or end else NEVER
        where = await self._choose(interaction, channel, quiet_from=first, quiet_to=last)
        await answer(
            interaction,
            say("{channel} is quiet from {begin} to {end}.", channel=where.mention, begin=first, end=last)
            if first != last
            else say("{channel} has no quiet hours.", channel=where.mention),
        )

    @settings.command(
        name=words(T("language")), description=words(T("Which language the bot speaks in a channel."))
    )
    @app_commands.describe(
        language=words(T("A language; left out: whatever is spoken to it")),
        channel=words(T("Where; here when left out")),
    )
    async def language(
        self,
        interaction: discord.Interaction,
        language: app_commands.Range[str, 1, 40] | None = None,
        channel: Channel | None = None,
    ) -> None:
        code = known_language(language) if language else None
        where = await self._choose(interaction, channel, language=code)
        await answer(
            interaction,
            say("In {channel} I speak {language}.", channel=where.mention, language=language_name(code))
            if code
            else say("In {channel} I speak as I am spoken to.", channel=where.mention),
        )

    @language.autocomplete("language")
    async def _languages(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=name, value=code) for code, name in matching(typed, 25)]

    @settings.command(name=words(T("modlog")), description=words(T("Where is posted what moderators do.")))
    @app_commands.describe(channel=words(T("Where; left out: nowhere")))
    async def modlog(
        self, interaction: discord.Interaction, channel: discord.TextChannel | None = None
    ) -> None:
        await self._choose_for_server(interaction, modlog=channel.id if channel is not None else None)
        await answer(
            interaction,
            say("What moderators do is posted in {channel}.", channel=channel.mention)
            if channel is not None
            else say("What moderators do is posted nowhere."),
        )

    # --- to whom ----------------------------------------------------------------------------------

    @people.command(name=words(T("block")), description=words(T("The bot does not listen to somebody here.")))
    @app_commands.describe(person=words(T("Whom")))
    async def block(self, interaction: discord.Interaction, person: discord.User) -> None:
        await self._enlist(interaction, person, BLOCK)
        await answer(interaction, say("I do not listen to {name} here any more.", name=shown(person)))

    @people.command(
        name=words(T("allow")),
        description=words(T("The bot listens to those who are allowed, and to nobody else.")),
    )
    @app_commands.describe(person=words(T("Whom")))
    async def allow(self, interaction: discord.Interaction, person: discord.User) -> None:
        await self._enlist(interaction, person, ALLOW)
        await answer(
            interaction, say("I listen to {name} here, and to nobody who is not allowed.", name=shown(person))
        )

    @people.command(name=words(T("remove")), description=words(T("Take somebody off the lists.")))
    @app_commands.describe(person=words(T("Whom")))
    async def remove(self, interaction: discord.Interaction, person: discord.User) -> None:
        assert interaction.guild_id is not None
        if await self.server.choices.unlist(interaction.guild_id, person.id):
            await note(self.services, interaction, "settings", "people", person)
            await answer(interaction, say("{name} is on no list any more.", name=shown(person)))
        else:
            await answer(interaction, say("{name} is on no list.", name=shown(person)))

    @people.command(name=words(T("list")), description=words(T("Who is blocked, and who is allowed.")))
    async def listed(self, interaction: discord.Interaction) -> None:
        assert interaction.guild_id is not None
        known = await self.server.choices.listed(interaction.guild_id)
        card = discord.Embed(title=say("Whom I listen to"))
        for which, title in ((BLOCK, say("Blocked")), (ALLOW, say("Allowed"))):
            names = ", ".join(escape_markdown(each.person) for each in known if each.list == which)
            card.add_field(name=title, value=names[:1000] or "–", inline=False)
        await answer(interaction, embed=card)

    # --- what they share --------------------------------------------------------------------------

    async def _choose(self, interaction: discord.Interaction, channel: Any, **values: Any) -> Any:
        """Choose values for a channel and write it down; answers the channel."""
        where = _there(interaction, channel)
        await thinking(interaction)
        await self.server.choices.choose(where.guild.id, where.id, interaction.user.id, **values)
        await note(self.services, interaction, "settings", f"#{where.name}: {_written(values)}")
        return where

    async def _choose_for_server(self, interaction: discord.Interaction, **values: Any) -> None:
        assert interaction.guild_id is not None
        await thinking(interaction)
        await self.server.choices.choose_for_server(interaction.guild_id, interaction.user.id, **values)
        await note(self.services, interaction, "settings", _written(values))

    async def _enlist(self, interaction: discord.Interaction, person: discord.User, which: str) -> None:
        assert interaction.guild_id is not None
        if interaction.client.user is not None and person.id == interaction.client.user.id:
            raise MyselfMeant
        await thinking(interaction)
        await self.server.choices.enlist(
            interaction.guild_id, person.id, person.display_name, which, interaction.user.id
        )
        await note(self.services, interaction, "settings", which, person)


def _there(interaction: discord.Interaction, channel: Any) -> Any:
    where = channel or interaction.channel
    if not isinstance(where, Channel):
        raise ChannelUnfit
    return where


def _written(values: dict[str, Any]) -> str:
    return ", ".join(f"{key} = {'–' if value is None else value}" for key, value in values.items())


def _rows(chosen: dict[str, Any], server: dict[str, Any]) -> list[tuple[str, str]]:
    begin, end = (chosen.get(key, f"{usual:%H:%M}") for key, usual in _USUALLY_QUIET.items())
    modlog = server.get("modlog")
    return [
        (say("I talk here"), _yes(chosen.get("active", True))),
        (say("Talkativeness"), str(chosen.get("talkativeness", say("as everywhere")))),
        (say("I begin by myself"), _yes(may_begin(chosen.get("proactive")))),
        (say("Quiet hours"), f"{begin}–{end}" if begin != end else "–"),
        (say("Language"), language_name(chosen["language"]) if "language" in chosen else "–"),
        (say("Moderation log"), f"<#{modlog}>" if modlog else "–"),
    ]


def _yes(value: object) -> str:
    return say("yes") if value else say("no")
