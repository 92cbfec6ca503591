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
from core.words import T, Text

NETWORK = (OSError, TimeoutError, aiohttp.ClientError, discord.GatewayNotFound, discord.DiscordServerError)
DISCORD = (*NETWORK, discord.DiscordException)

MESSAGE_CONTENT = "Message Content Intent"  # as the Developer Portal calls it

# discord.com/developers/docs/topics/opcodes-and-status-codes
_TOKEN_DIED = 4004
_INTENTS_REFUSED = 4014
_TAKES_NO_DIRECT_MESSAGES = 50007
_LONGEST_DETAIL = 200


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
        return IntentsMissing(intents=MESSAGE_CONTENT)
    if isinstance(error, discord.ConnectionClosed):
        return _closed(error.code)
    if isinstance(error, discord.Forbidden):
        return _forbidden(error, place)
    if isinstance(error, NETWORK):
        return DiscordUnreachable()
    if isinstance(error, discord.HTTPException):
        return _refused(error)
    if isinstance(error, discord.RateLimited):
        wait = T("too many requests, it asks to wait {seconds} s", seconds=round(error.retry_after))
        return DiscordRefused(detail=wait)
    return DiscordRefused(detail=type(error).__name__)


def _closed(code: int) -> DiscordError:
    if code == _TOKEN_DIED:
        return TokenRefused()
    if code == _INTENTS_REFUSED:
        return IntentsMissing(intents=MESSAGE_CONTENT)
    return DiscordRefused(detail=T("it closed the connection with code {code}", code=code))


def _forbidden(error: discord.Forbidden, place: str) -> DiscordError:
    if error.code == _TAKES_NO_DIRECT_MESSAGES:
        return DiscordRefused(detail=T("{place} takes no direct messages from the bot", place=place))
    permission = _PERMISSIONS.get(error.code)
    return PermissionMissing(place=place, permission=permission or error.text or T("Send Messages"))


def _refused(error: discord.HTTPException) -> DiscordError:
    if error.status == 401:
        return TokenRefused()
    if error.status == 429:  # without Discord's own headers: a proxy has shut this address out for a while
        return DiscordRefused(detail=T("too many requests from this internet address"))
    return DiscordRefused(detail=_shortened(error))


def _shortened(error: discord.HTTPException) -> Text | str:
    return error.text[:_LONGEST_DETAIL] or T("code {code}", code=error.status)


# Discord's own error codes, and what its settings call the permission.
_PERMISSIONS: dict[int, Text] = {
    50001: T("View Channel"),
    50013: T("Send Messages"),
    160002: T("Read Message History"),
}
