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
from core.server.durations import LONGEST_SLOW_MODE, duration, spoken
from core.server.modlog import audit_reason
from core.server.refusals import ChannelUnfit
from core.words import T, count, say

LOOK_BACK = 1_000  # messages; so far it searches for those that fit
YOUNGEST_TOO_OLD = timedelta(days=14)  # Discord deletes no older ones in one go
AT_ONCE = 100  # Discord's own limit
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
        await thinking(interaction)
        oldest = interaction.created_at - YOUNGEST_TOO_OLD + timedelta(minutes=5)
        doomed: list[discord.Message] = []
        async for message in channel.history(limit=LOOK_BACK, before=discord.Object(interaction.id)):
            if message.created_at < oldest or len(doomed) == amount:
                break
            if not message.pinned and _fits(message, person, contains, kind):
                doomed.append(message)
        why = audit_reason(interaction.user.display_name, reason or "")
        for start in range(0, len(doomed), AT_ONCE):
            await channel.delete_messages(doomed[start : start + AT_ONCE], reason=why)
        if doomed:
            what = f"#{channel.name}: {len(doomed)}"
            await note(self.services, interaction, "purge", f"{what} · {reason}" if reason else what, person)
        await answer(
            interaction,
            count("One message was deleted.", "{n} messages were deleted.", len(doomed))
            if doomed
            else say("There is no message that fits, or they are older than two weeks."),
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
        wait = timedelta() if _is_off(length) else duration(length, LONGEST_SLOW_MODE)
        where = self._there(interaction, channel, "manage_channels")
        await thinking(interaction)
        why = audit_reason(interaction.user.display_name, reason or "")
        await where.edit(slowmode_delay=int(wait.total_seconds()), reason=why)
        shown = spoken(wait) if wait else say("off")
        await note(self.services, interaction, "slowmode", _written(where, shown, reason))
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
        locks = await self._locks(where.guild.id)
        if str(where.id) in locks:
            await answer(interaction, say("{channel} is locked already.", channel=where.mention))
            return
        everybody = where.guild.default_role
        before = where.overwrites_for(everybody)
        locks[str(where.id)] = {name: getattr(before, name) for name in _LOCKED}
        await self._set(where, dict.fromkeys(_LOCKED, False), interaction, reason)
        await self.server.choices.choose_for_server(where.guild.id, interaction.user.id, lock=locks)
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
        locks = await self._locks(where.guild.id)
        before = locks.pop(str(where.id), None)
        if before is None:
            await answer(interaction, say("{channel} was not locked by me.", channel=where.mention))
            return
        await self._set(where, before, interaction, reason)
        await self.server.choices.choose_for_server(where.guild.id, interaction.user.id, lock=locks or None)
        await note(self.services, interaction, "unlock", _written(where, "", reason))
        await answer(interaction, say("{channel} is open again.", channel=where.mention))

    async def _locks(self, guild_id: int) -> dict[str, dict[str, bool | None]]:
        """What everybody could do before in the channels that are locked, by channel id."""
        chosen = await self.server.choices.server(guild_id)
        locks: dict[str, dict[str, bool | None]] = chosen.get("lock", {})
        return locks

    async def _set(
        self,
        where: discord.TextChannel,
        may: dict[str, bool | None],
        interaction: discord.Interaction,
        reason: str | None,
    ) -> None:
        everybody = where.guild.default_role
        overwrite = where.overwrites_for(everybody)
        overwrite.update(**may)
        why = audit_reason(interaction.user.display_name, reason or "")
        await where.set_permissions(
            everybody, overwrite=None if overwrite.is_empty() else overwrite, reason=why
        )

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
