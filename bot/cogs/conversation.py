"""What is said on Discord goes to core; nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

import discord
from discord.ext import commands

from bot import bridge
from bot.door import DiscordDoor
from bot.echo_voice import allowed
from core.conversation.message import Door, IncomingMessage, Place, Realm
from core.echo.echoes import Echoes


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

    def __init__(
        self, line: Line, door: DiscordDoor, me: discord.abc.User, echoes: Echoes | None = None
    ) -> None:
        self._line = line
        self._door = door
        self._me = me
        self._echoes = echoes

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        if not bridge.is_talk(message, self._me):
            return
        echo = await self._echo_in(message)
        if self._is_an_echos(message, echo):
            return
        answered = await bridge.answered_by(message)
        mine = self._door.belongs_to(message.author.id)
        heard = bridge.incoming(message, self._me, answered, from_host=mine)
        if echo is not None and heard.replies_to_me and await self._is_said_to_an_echo(heard):
            heard = replace(heard, replies_to=echo, replies_to_me=False)
        await self._line.take(heard, self._door)

    async def _echo_in(self, message: discord.Message) -> str | None:
        """How the echo is signed that talks where this was written."""
        if self._echoes is None or message.guild is None:
            return None
        return await self._echoes.talking_in(Realm.DISCORD, message.channel.id)

    def _is_an_echos(self, message: discord.Message, echo: str | None) -> bool:
        """What an echo says is kept with the echo, and erased with it: not with what people say."""
        if message.webhook_id is None:
            return False
        mine = message.application_id is not None and message.application_id == self._me.id
        return mine or (echo is not None and message.author.name == allowed(echo))

    async def _is_said_to_an_echo(self, heard: IncomingMessage) -> bool:
        """Where it may have no webhook, an echo posts as the bot itself, with its label in front."""
        if self._echoes is None or heard.reply_to is None:
            return False
        return await self._echoes.talk.is_of_an_echo(heard.reply_to)

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
