"""Discord's and the network's errors, as core's own, which have words for people."""

from __future__ import annotations

import aiohttp
import discord

from core.errors import (
    DiscordError,
    DiscordRefused,
    DiscordUnreachable,
    IntentsMissing,
    PermissionMissing,
    TokenRefused,
)

NETWORK = (OSError, TimeoutError, aiohttp.ClientError, discord.GatewayNotFound, discord.DiscordServerError)
DISCORD = (*NETWORK, discord.DiscordException)
_TOKEN_DIED = 4004


def named(error: Exception, place: str = "") -> DiscordError:
    """The core error for what discord.py or the network raised.

    Args:
        place: where it happened, for a missing permission.
    """
    if isinstance(error, DiscordError):
        return error
    if isinstance(error, discord.LoginFailure):
        return TokenRefused()
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return IntentsMissing(intents="Message Content Intent")
    if isinstance(error, discord.ConnectionClosed):
        return TokenRefused() if error.code == _TOKEN_DIED else DiscordRefused(detail=f"code {error.code}")
    if isinstance(error, discord.Forbidden):
        return PermissionMissing(place=place, permission=error.text or "Send Messages")
    if isinstance(error, NETWORK):
        return DiscordUnreachable()
    if isinstance(error, discord.HTTPException):
        if error.status == 401:
            return TokenRefused()
        return DiscordRefused(detail=(error.text or f"code {error.status}")[:200])
    if isinstance(error, discord.RateLimited):
        return DiscordRefused(detail=f"too many requests, wait {error.retry_after:.0f} s")
    return DiscordRefused(detail=type(error).__name__)
