"""Kick, ban, mute and warn. Only a person's own command does any of this; nothing a model writes can."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import discord
from discord import app_commands

from bot.commands.answers import answer, thinking
from bot.commands.cog import CommandCog
from bot.commands.deeds import note, object_to, shown, told, untold
from bot.commands.demands import demands
from bot.commands.speech import words
from bot.faults import DISCORD
from core.server.durations import LONGEST_MUTE, brief, duration, spoken
from core.server.modlog import audit_reason
from core.server.ranks import Act
from core.server.refusals import AlreadyBanned, NotBanned, NotMuted
from core.words import T, say

Reason = app_commands.Range[str, 1, 400]
_UNKNOWN_BAN = 10026


class Moderation(CommandCog):
    """What can be done to one person."""

    title = T("Moderation")

    @demands("kick_members", bot=("kick_members",))
    @app_commands.command(
        name=words(T("kick")), description=words(T("Send somebody away; they can come back."))
    )
    @app_commands.describe(person=words(T("Whom")), reason=words(T("Why; they are told")))
    async def kick(
        self, interaction: discord.Interaction, person: discord.Member, reason: Reason | None = None
    ) -> None:
        async def work(why: str) -> None:
            await person.kick(reason=why)

        news = say("You were sent away from {server}.", server=_server(interaction))
        await self._do(Act.KICK, interaction, person, reason, work, news)
        await self._say(interaction, say("{name} was sent away.", name=shown(person)))

    @demands("ban_members", bot=("ban_members",))
    @app_commands.command(name=words(T("ban")), description=words(T("Send somebody away for good.")))
    @app_commands.describe(
        person=words(T("Whom; also somebody who has left")),
        reason=words(T("Why; they are told")),
        delete=words(T("How far back their messages go, too: 1 hour, 7 days")),
    )
    async def ban(
        self,
        interaction: discord.Interaction,
        person: discord.User,
        reason: Reason | None = None,
        delete: app_commands.Range[str, 1, 60] | None = None,
    ) -> None:
        back = duration(delete, timedelta(days=7)) if delete else timedelta()
        guild = _guild(interaction)

        async def work(why: str) -> None:
            await guild.ban(person, reason=why, delete_message_seconds=int(back.total_seconds()))

        object_to(Act.BAN, interaction, person)
        await thinking(interaction)
        if await _is_banned(guild, person):
            raise AlreadyBanned(name=person.display_name)
        is_here = isinstance(person, discord.Member)
        news = say("You were banned from {server}.", server=_server(interaction)) if is_here else ""
        await self._do(Act.BAN, interaction, person, reason, work, news)
        await self._say(interaction, say("{name} is banned.", name=shown(person)))

    @demands("ban_members", bot=("ban_members",))
    @app_commands.command(name=words(T("unban")), description=words(T("Let somebody come back.")))
    @app_commands.describe(person=words(T("Whom: a name, or their id")), reason=words(T("Why")))
    async def unban(
        self, interaction: discord.Interaction, person: discord.User, reason: Reason | None = None
    ) -> None:
        guild = _guild(interaction)

        async def work(why: str) -> None:
            try:
                await guild.unban(person, reason=why)
            except discord.NotFound as error:
                raise NotBanned(name=person.display_name) from error

        await self._do(Act.UNBAN, interaction, person, reason, work)
        await self._say(interaction, say("{name} can come back.", name=shown(person)))

    @demands("moderate_members", bot=("moderate_members",))
    @app_commands.command(name=words(T("mute")), description=words(T("Let somebody read only, for a while.")))
    @app_commands.describe(
        person=words(T("Whom")),
        length=words(T("For how long: 10 minutes, 2 h, 3 days; at most 28 days")),
        reason=words(T("Why; they are told")),
    )
    async def mute(
        self,
        interaction: discord.Interaction,
        person: discord.Member,
        length: app_commands.Range[str, 1, 60],
        reason: Reason | None = None,
    ) -> None:
        until = duration(length, LONGEST_MUTE)

        async def work(why: str) -> None:
            await person.timeout(until, reason=why)

        how_long = spoken(until)
        news = say("You were muted on {server} for {length}.", server=_server(interaction), length=how_long)
        await self._do(Act.MUTE, interaction, person, reason, work, news, written=brief(until))
        await self._say(
            interaction, say("{name} is muted for {length}.", name=shown(person), length=how_long)
        )

    @demands("moderate_members", bot=("moderate_members",))
    @app_commands.command(name=words(T("unmute")), description=words(T("Let somebody write again.")))
    @app_commands.describe(person=words(T("Whom")), reason=words(T("Why")))
    async def unmute(
        self, interaction: discord.Interaction, person: discord.Member, reason: Reason | None = None
    ) -> None:
        async def work(why: str) -> None:
            await person.timeout(None, reason=why)

        object_to(Act.UNMUTE, interaction, person)
        if not person.is_timed_out():
            raise NotMuted(name=person.display_name)
        news = say("You may write on {server} again.", server=_server(interaction))
        await self._do(Act.UNMUTE, interaction, person, reason, work, news)
        await self._say(interaction, say("{name} may write again.", name=shown(person)))

    async def _do(
        self,
        act: Act,
        interaction: discord.Interaction,
        person: discord.Member | discord.User,
        reason: str | None,
        work: Callable[[str], Awaitable[None]],
        news: str = "",
        written: str = "",
    ) -> None:
        """The one way in which something is done to somebody.

        They are told before, because whoever was sent away cannot be reached any more; where it fails
        after all, the message is taken back.

        Args:
            work: does it, with the reason for Discord's audit log.
            news: what the person is told. written: what the log says beside the reason.
        """
        object_to(act, interaction, person)
        await thinking(interaction)
        if reason and news:
            news += " " + say("Reason: {reason}", reason=reason)
        message = await told(person, news) if news else None
        try:
            await work(audit_reason(interaction.user.display_name, reason or ""))
        except DISCORD:
            await untold(message)
            raise
        interaction.extras["told"] = message is not None or not news or person.bot
        why = " · ".join(part for part in (written, reason) if part)
        await note(self.services, interaction, act.value, why, person)

    async def _say(self, interaction: discord.Interaction, done: str) -> None:
        if not interaction.extras.get("told", True):
            done += " " + say("They could not be told: they take no direct messages.")
        await answer(interaction, done)


async def _is_banned(guild: discord.Guild, person: discord.abc.User) -> bool:
    try:
        await guild.fetch_ban(discord.Object(person.id))
    except discord.NotFound as error:
        if error.code == _UNKNOWN_BAN:
            return False
        raise
    return True


def _guild(interaction: discord.Interaction) -> discord.Guild:
    assert interaction.guild is not None
    return interaction.guild


def _server(interaction: discord.Interaction) -> str:
    return _guild(interaction).name
