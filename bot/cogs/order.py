"""Order in a channel: delete many messages, slow it down, lock it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import discord
from discord import app_commands

from bot.cogs.moderation import Reason
from bot.commands.answers import answer, thinking
from bot.commands.cog import CommandCog
from bot.commands.deeds import note
from bot.commands.demands import check_in, demands
from bot.commands.speech import words
from bot.faults import DISCORD
from core.server.durations import LONGEST_SLOW_MODE, brief, duration, spoken
from core.server.locks import Before
from core.server.modlog import audit_reason
from core.server.refusals import ChannelUnfit, CommandOutdated
from core.words import T, count, say

LOOK_BACK = 1_000  # messages; so far it searches for those that fit
YOUNGEST_TOO_OLD = timedelta(days=14)  # Discord deletes no older ones in one go
AT_ONCE = 100  # Discord's own limit
_UNKNOWN_MESSAGE = 10008
_LOCKED = ("send_messages", "send_messages_in_threads", "create_public_threads", "create_private_threads")

Fits = Callable[[discord.Message], bool]
_KINDS: dict[str, Fits] = {
    "links": lambda message: "http://" in message.content or "https://" in message.content,
    "files": lambda message: bool(message.attachments),
    "bots": lambda message: message.author.bot,
    "invites": lambda message: "discord.gg/" in message.content or "discord.com/invite/" in message.content,
}


class Order(CommandCog):
    """What can be done to a channel."""

    title = T("Order")

    @demands("manage_messages", bot=("manage_messages", "read_message_history"))
    @app_commands.command(
        name=words(T("purge")), description=words(T("Delete many of the latest messages here."))
    )
    @app_commands.describe(
        amount=words(T("How many at most")),
        person=words(T("Only those of this person")),
        contains=words(T("Only those that contain this")),
        kind=words(T("Only those of this kind")),
        reason=words(T("Why")),
    )
    @app_commands.choices(
        kind=[
            app_commands.Choice(name=words(T("with links")), value="links"),
            app_commands.Choice(name=words(T("with files")), value="files"),
            app_commands.Choice(name=words(T("of bots")), value="bots"),
            app_commands.Choice(name=words(T("with invitations")), value="invites"),
        ]
    )
    async def purge(
        self,
        interaction: discord.Interaction,
        amount: app_commands.Range[int, 1, 500],
        person: discord.User | None = None,
        contains: app_commands.Range[str, 1, 100] | None = None,
        kind: str | None = None,
        reason: Reason | None = None,
    ) -> None:
        channel = _talk_channel(interaction)
        if kind is not None and kind not in _KINDS:
            raise CommandOutdated
        await thinking(interaction)
        oldest = interaction.created_at - YOUNGEST_TOO_OLD + timedelta(minutes=5)
        doomed: list[discord.Message] = []
        too_old = False
        async for message in channel.history(limit=LOOK_BACK, before=discord.Object(interaction.id)):
            if len(doomed) == amount or too_old:
                break
            if not message.pinned and _fits(message, person, contains, kind):
                too_old = message.created_at < oldest
                doomed += [] if too_old else [message]
        why = audit_reason(interaction.user.display_name, reason or "")
        gone = 0
        try:
            for start in range(0, len(doomed), AT_ONCE):
                some = doomed[start : start + AT_ONCE]
                await _delete(channel, some, why)
                gone += len(some)
        finally:
            if gone:
                what = f"#{channel.name}: {gone}"
                written = f"{what} · {reason}" if reason else what
                await note(self.services, interaction, "purge", written, person)
        told = count("One message was deleted.", "{n} messages were deleted.", gone)
        if too_old and gone:
            told += " " + say("Older ones than two weeks stay: Discord deletes them one by one only.")
        await answer(
            interaction,
            told if gone else say("There is no message that fits, or they are older than two weeks."),
        )

    @demands("manage_channels", bot=("manage_channels",))
    @app_commands.command(
        name=words(T("slowmode")), description=words(T("How long people wait between messages."))
    )
    @app_commands.describe(
        length=words(T("off, or for how long: 10 seconds, 5 minutes; at most 6 hours")),
        channel=words(T("Where; here when left out")),
        reason=words(T("Why")),
    )
    async def slowmode(
        self,
        interaction: discord.Interaction,
        length: app_commands.Range[str, 1, 60],
        channel: discord.TextChannel | discord.Thread | None = None,
        reason: Reason | None = None,
    ) -> None:
        wait = timedelta() if _is_off(length) else duration(length, LONGEST_SLOW_MODE, timedelta())
        where = self._there(interaction, channel, "manage_channels")
        await thinking(interaction)
        why = audit_reason(interaction.user.display_name, reason or "")
        await where.edit(slowmode_delay=int(wait.total_seconds()), reason=why)
        shown = spoken(wait) if wait else say("off")
        await note(self.services, interaction, "slowmode", _written(where, brief(wait), reason))
        await answer(
            interaction,
            say("In {channel} people wait {length} between messages.", channel=where.mention, length=shown)
            if wait
            else say("{channel} has no slow mode any more.", channel=where.mention),
        )

    @demands("manage_channels", bot=("manage_roles", "manage_channels"))
    @app_commands.command(name=words(T("lock")), description=words(T("Let nobody write in a channel.")))
    @app_commands.describe(channel=words(T("Where; here when left out")), reason=words(T("Why")))
    async def lock(
        self,
        interaction: discord.Interaction,
        channel: discord.TextChannel | None = None,
        reason: Reason | None = None,
    ) -> None:
        where = self._there(interaction, channel, "manage_channels", "manage_roles")
        await thinking(interaction)
        if await self.server.locks.before(where.guild.id, where.id) is not None:
            await answer(interaction, say("{channel} is locked already.", channel=where.mention))
            return
        before = _spoken_before(where)
        why = audit_reason(interaction.user.display_name, reason or "")
        # Kept first: what was cut off halfway can be unlocked.
        await self.server.locks.keep(where.guild.id, where.id, before, interaction.user.id)
        done = 0
        try:
            for target_id, may in before.items():
                await _set(where, target_id, dict.fromkeys(may, False), why)
                done += 1
        except DISCORD:
            if not done:
                await self.server.locks.forget(where.guild.id, where.id, interaction.user.id)
            raise
        await note(self.services, interaction, "lock", _written(where, "", reason))
        await answer(interaction, say("{channel} is locked.", channel=where.mention))

    @demands("manage_channels", bot=("manage_roles", "manage_channels"))
    @app_commands.command(
        name=words(T("unlock")), description=words(T("Let people write in a channel again."))
    )
    @app_commands.describe(channel=words(T("Where; here when left out")), reason=words(T("Why")))
    async def unlock(
        self,
        interaction: discord.Interaction,
        channel: discord.TextChannel | None = None,
        reason: Reason | None = None,
    ) -> None:
        where = self._there(interaction, channel, "manage_channels", "manage_roles")
        await thinking(interaction)
        before = await self.server.locks.before(where.guild.id, where.id)
        if before is None:
            await answer(interaction, say("{channel} was not locked by me.", channel=where.mention))
            return
        why = audit_reason(interaction.user.display_name, reason or "")
        for target_id, may in before.items():
            await _set(where, target_id, may, why)
        await self.server.locks.forget(where.guild.id, where.id, interaction.user.id)
        await note(self.services, interaction, "unlock", _written(where, "", reason))
        await answer(interaction, say("{channel} is open again.", channel=where.mention))

    def _there(self, interaction: discord.Interaction, channel: Any, *needed: str) -> Any:
        """The channel that is meant, where both may do this.

        Raises:
            ChannelUnfit, PermissionLacking, PermissionMissing
        """
        where = channel or interaction.channel
        is_thread = isinstance(where, discord.Thread)
        if not isinstance(where, discord.TextChannel) and not (is_thread and "manage_roles" not in needed):
            raise ChannelUnfit
        check_in(interaction, where, ("manage_channels",), needed)
        return where


def _spoken_before(where: discord.TextChannel) -> Before:
    """Whom to keep from writing, with what they may now: everybody, and the roles and people to whom the
    channel expressly allows what everybody is denied."""
    mine = where.permissions_for(where.guild.me)
    # Discord lets a bot deny only what it has itself.
    names = [name for name in _LOCKED if name == "send_messages" or getattr(mine, name)]
    everybody = where.guild.default_role
    found: Before = {everybody.id: _of(where.overwrites_for(everybody), names)}
    for target, overwrite in where.overwrites.items():
        allowed = [name for name in names if getattr(overwrite, name) is True]
        if allowed and target.id not in (everybody.id, where.guild.me.id) and not _is_mine(where, target):
            found[target.id] = _of(overwrite, allowed)
    return found


def _of(overwrite: discord.PermissionOverwrite, names: list[str]) -> dict[str, bool | None]:
    return {name: getattr(overwrite, name) for name in names}


def _is_mine(where: discord.TextChannel, target: object) -> bool:
    """The bot's own role: it goes on talking to those who locked the channel."""
    return isinstance(target, discord.Role) and target.is_bot_managed() and target in where.guild.me.roles


async def _set(where: discord.TextChannel, target_id: int, may: dict[str, bool | None], reason: str) -> None:
    target = where.guild.get_role(target_id) or await _member(where.guild, target_id)
    if target is None:
        return  # a role that is gone, somebody who has left
    overwrite = where.overwrites_for(target)
    overwrite.update(**may)
    await where.set_permissions(target, overwrite=None if overwrite.is_empty() else overwrite, reason=reason)


async def _member(guild: discord.Guild, person_id: int) -> discord.Member | None:
    """Somebody of the server. Without a further intent Discord tells of few people by itself."""
    if (known := guild.get_member(person_id)) is not None:
        return known
    try:
        return await guild.fetch_member(person_id)
    except discord.NotFound:
        return None


async def _delete(channel: Any, messages: list[discord.Message], reason: str) -> None:
    """Delete at once; one alone that somebody else has deleted meanwhile is as good as deleted."""
    try:
        await channel.delete_messages(messages, reason=reason)
    except discord.NotFound as error:
        if error.code != _UNKNOWN_MESSAGE:
            raise


def _talk_channel(interaction: discord.Interaction) -> Any:
    channel = interaction.channel
    if isinstance(channel, discord.TextChannel | discord.Thread | discord.VoiceChannel):
        return channel
    raise ChannelUnfit


def _fits(
    message: discord.Message, person: discord.abc.User | None, contains: str | None, kind: str | None
) -> bool:
    if person is not None and message.author.id != person.id:
        return False
    if contains is not None and contains.casefold() not in message.content.casefold():
        return False
    return kind is None or _KINDS[kind](message)


def _is_off(length: str) -> bool:
    return length.strip().casefold() in ("off", "0", "none", say("off").casefold())


def _written(where: Any, what: str, reason: str | None) -> str:
    return " · ".join(part for part in (f"#{where.name}", what, reason) if part)
