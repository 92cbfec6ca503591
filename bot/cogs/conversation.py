"""What is said on Discord goes to core; nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import discord
from discord.ext import commands

from bot import bridge
from bot.door import DiscordDoor
from core.conversation.message import Door, IncomingMessage, Place, Realm


class Line(Protocol):
    """As much of core's line as the bot needs."""

    async def take(self, message: IncomingMessage, door: Door) -> str | None: ...
    async def edited(self, realm: Realm, message_id: int, text: str, at: datetime) -> None: ...
    async def deleted(self, realm: Realm, message_ids: Sequence[int]) -> None: ...
    async def survey(self, places: Sequence[Place]) -> None: ...
    async def resume(self, door: Door, realm: Realm) -> None: ...
    async def leave(self, door: Door, within_s: float) -> None: ...


class Conversation(commands.Cog):
    """Listens to messages, their edits and their deletions."""

    def __init__(self, line: Line, door: DiscordDoor, me: discord.abc.User) -> None:
        self._line = line
        self._door = door
        self._me = me

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        if bridge.is_talk(message, self._me):
            answered = await bridge.answered_by(message)
            await self._line.take(bridge.incoming(message, self._me, answered), self._door)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        await self._line.survey(bridge.places_of(guild))

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._line.survey(bridge.places_of(guild))

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        await self._line.survey(bridge.places_of(after.guild))

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        if after.is_default() and before.permissions != after.permissions:
            await self._line.survey(bridge.places_of(after.guild))

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        edited = payload.message
        if edited.edited_at is not None:
            await self._line.edited(Realm.DISCORD, edited.id, bridge.text_of(edited), edited.edited_at)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        await self._line.deleted(Realm.DISCORD, [payload.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        await self._line.deleted(Realm.DISCORD, sorted(payload.message_ids))
