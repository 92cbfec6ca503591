"""Asking Discord, over REST alone, what the bot may do where."""

from __future__ import annotations

import discord
from discord.abc import GuildChannel

from bot.faults import NETWORK
from bot.token import PERMISSIONS, asking, report_of, tidy
from core.session import ChannelReport, DiscordReport

MOST_SERVERS = 20
# Without these it can neither hear nor answer; the others it only makes do without.
_NEEDED = ("view_channel", "send_messages", "read_message_history")
_SPOKEN = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "read_message_history": "Read Message History",
}


async def look(token: str, api_url: str | None = None) -> DiscordReport:
    """What Discord says about a token, and where it may speak.

    Args:
        api_url: another Discord-compatible server, instead of Discord's own.

    Raises:
        core.errors.DiscordError
    """
    if api_url:
        discord.http.Route.BASE = api_url.rstrip("/")
    async with asking(tidy(token)) as client:
        known = report_of(client, await client.application_info())
        starts_left = await _starts_left(client)
        lacking: list[ChannelReport] = []
        looked_at = 0
        for guild_id in await _servers(client):
            found, seen = await _channels(client, guild_id)
            lacking += found
            looked_at += seen
        return DiscordReport(known, starts_left, tuple(lacking), looked_at)


async def _servers(client: discord.Client) -> list[int]:
    try:
        return [guild.id async for guild in client.fetch_guilds(limit=MOST_SERVERS, with_counts=False)]
    except NETWORK:
        raise
    except discord.HTTPException:
        return []  # a compatible server need not know this question


async def _starts_left(client: discord.Client) -> int:
    answer = await client.http.request(discord.http.Route("GET", "/gateway/bot"))
    return int(answer.get("session_start_limit", {}).get("remaining", 1000))


async def _channels(client: discord.Client, guild_id: int) -> tuple[list[ChannelReport], int]:
    """The text channels of a server in which something is missing, and how many there are."""
    assert client.user is not None
    try:
        guild = await client.fetch_guild(guild_id, with_counts=False)
        member = await guild.fetch_member(client.user.id)
        channels = [each for each in await guild.fetch_channels() if isinstance(each, discord.TextChannel)]
    except NETWORK:
        raise
    except discord.HTTPException:
        return [], 0
    found = [
        ChannelReport(guild.name, channel.name, channel.id, missing)
        for channel in channels
        if (missing := _missing(channel, member))
    ]
    return found, len(channels)


def _missing(channel: GuildChannel, member: discord.Member) -> tuple[str, ...]:
    allowed = channel.permissions_for(member)
    wanted = [name for name in _NEEDED if getattr(PERMISSIONS, name)]
    return tuple(_SPOKEN[name] for name in wanted if not getattr(allowed, name))
