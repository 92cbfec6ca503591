"""What the bot may read for an echo, as core asks for it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import discord
from discord.http import Route

from bot.bridge import channel_place
from bot.faults import NETWORK, named
from core.echo.source import ChannelClosed, SourceBusy, SourceChannel, SourceMessage
from core.errors import DiscordRefused
from core.words import T

log = logging.getLogger(__name__)

_FOUND_AT_ONCE = 25  # messages a page of Discord's search holds
_STILL_INDEXING = 110000
_SPOKEN = (discord.MessageType.default, discord.MessageType.reply)


class DiscordSource:
    """Implements `core.echo.source.EchoSource` over one connection."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def channels(self, guild_id: int) -> Sequence[SourceChannel]:
        """Every channel and thread whose history the bot may read, archived public threads too."""
        guild = self._guild(guild_id)
        found: list[Any] = []
        rooms: list[Any] = [*guild.text_channels, *guild.voice_channels, *guild.forums]
        for channel in rooms:
            may = channel.permissions_for(guild.me)
            if not (may.view_channel and may.read_message_history):
                continue
            if not isinstance(channel, discord.ForumChannel):
                found.append(channel)
            if not isinstance(channel, discord.VoiceChannel):
                found += [*channel.threads, *await self._archived(channel)]
        unique = {channel.id: channel for channel in found}
        return [
            SourceChannel(channel.id, channel.name, channel_place(channel, guild).is_public)
            for channel in unique.values()
        ]

    async def search(self, guild_id: int, author_id: int, before: int) -> Sequence[SourceMessage] | None:
        """Discord's own search by author; None where it cannot be used."""
        self._guild(guild_id)
        route = Route("GET", "/guilds/{guild_id}/messages/search", guild_id=guild_id)
        params = {
            "author_id": str(author_id),
            "max_id": str(before),
            "sort_by": "timestamp",
            "sort_order": "desc",
            "limit": str(_FOUND_AT_ONCE),
            "include_nsfw": "true",
        }
        try:
            async with _busy_is_told():
                answer = await self._client.http.request(route, params=params)
        except (discord.Forbidden, discord.NotFound, discord.HTTPException) as error:
            log.info("searching is not possible there: %s", error)
            return None
        if answer.get("code") == _STILL_INDEXING:
            raise SourceBusy(float(answer.get("retry_after") or 0) or None, "the server is being indexed")
        return [_of_raw(raw) for group in answer.get("messages", ()) for raw in group]

    async def page(self, channel_id: int, before: int, limit: int = 100) -> Sequence[SourceMessage]:
        """The next page of a channel, of all authors."""
        channel = self._client.get_partial_messageable(channel_id)
        try:
            async with _busy_is_told():
                return [
                    _of(message)
                    async for message in channel.history(limit=limit, before=discord.Object(before))
                ]
        except (discord.Forbidden, discord.NotFound) as error:
            raise ChannelClosed(str(channel_id)) from error
        except discord.DiscordException as error:
            raise named(error) from error

    def _guild(self, guild_id: int) -> discord.Guild:
        guild = self._client.get_guild(guild_id)
        if guild is not None and not guild.unavailable:
            return guild
        if not self._client.is_ready() or guild is not None:
            raise SourceBusy(None, "the server is not there yet")
        raise DiscordRefused(detail=T("the bot is no longer on that server"))

    async def _archived(self, channel: discord.TextChannel | discord.ForumChannel) -> list[discord.Thread]:
        try:
            async with _busy_is_told():
                return [thread async for thread in channel.archived_threads(limit=None)]
        except (discord.Forbidden, discord.NotFound) as error:
            log.info("archived threads of %s cannot be read: %s", channel.id, type(error).__name__)
            return []


@asynccontextmanager
async def _busy_is_told() -> AsyncIterator[None]:
    """Too many requests, a failing server or network are `SourceBusy`: asking again later helps."""
    try:
        yield
    except discord.RateLimited as error:
        raise SourceBusy(error.retry_after, "too many requests") from error
    except (discord.DiscordServerError, *NETWORK) as error:
        raise SourceBusy(None, type(error).__name__) from error
    except discord.HTTPException as error:
        if error.status != 429:
            raise
        raise SourceBusy(None, "too many requests") from error


def _of(message: discord.Message) -> SourceMessage:
    answered = message.reference.resolved if message.reference is not None else None
    return SourceMessage(
        message.id,
        message.channel.id,
        message.author.id,
        message.content,
        message.created_at,
        message.author.display_name,
        is_bot=message.author.bot or message.webhook_id is not None,
        is_system=message.type not in _SPOKEN,
        names=tuple(user.display_name for user in message.mentions),
        quoted=answered.content if isinstance(answered, discord.Message) else "",
    )


def _of_raw(raw: dict[str, Any]) -> SourceMessage:
    author = raw["author"]
    return SourceMessage(
        int(raw["id"]),
        int(raw["channel_id"]),
        int(author["id"]),
        raw.get("content") or "",
        datetime.fromisoformat(raw["timestamp"]),
        author.get("global_name") or author.get("username") or "",
        is_bot=bool(author.get("bot")) or "webhook_id" in raw,
        is_system=raw.get("type", 0) not in [kind.value for kind in _SPOKEN],
        names=tuple(
            user.get("global_name") or user.get("username") or "" for user in raw.get("mentions", ())
        ),
        quoted=(raw.get("referenced_message") or {}).get("content") or "",
    )
