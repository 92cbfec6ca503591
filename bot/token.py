"""Asking Discord about a token before anything is done with it."""

from __future__ import annotations

import re

import discord

from bot.faults import DISCORD, named
from core.errors import DiscordRefused, TokenRefused, UserTokenRefused
from core.session import TokenReport

# A bot's token: its id in base64, a timestamp, a signature. Users' tokens look alike, but for those
# of accounts with two-factor login ("mfa."). A user's token is never tried without the "Bot " in
# front: that would be running a person's account, which Discord forbids. With it Discord says 401.
_SHAPE = re.compile(r"[\w-]{18,40}\.[\w-]{5,10}\.[\w-]{20,}")

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
    add_reactions=True,
    use_external_emojis=True,
    attach_files=True,
    embed_links=True,
)


def tidy(token: str) -> str:
    """A pasted token without what people paste along: blanks, quotes, `Bot ` in front.

    Raises:
        UserTokenRefused: it is a person's. TokenRefused: it cannot be a token at all.
    """
    token = token.strip().strip("\"'`").removeprefix("Bot ").strip()
    if token.startswith("mfa."):
        raise UserTokenRefused
    if not _SHAPE.fullmatch(token):
        raise TokenRefused
    return token


async def report(token: str) -> TokenReport:
    """What Discord says about `token`.

    Raises:
        core.errors.DiscordError: it is refused, a person's, or Discord cannot be reached.
    """
    async with _asking(tidy(token)) as client:
        return await _report(client)


async def enable_intents(token: str) -> TokenReport:
    """Switch on the Message Content intent of an app that needs no review for it, and report again.

    Raises:
        core.errors.DiscordError
    """
    async with _asking(tidy(token)) as client:
        application = client.application
        assert application is not None
        flags = discord.ApplicationFlags._from_value(application.flags.value)
        flags.gateway_message_content_limited = True
        try:
            await application.edit(flags=flags)
        except DISCORD as error:
            raise named(error) from error
        return await _report(client)


class _asking:  # noqa: N801 - reads as a word where it is used
    """A client that is logged in over REST only, for a few questions."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._client = discord.Client(intents=discord.Intents(guilds=True), max_ratelimit_timeout=30)

    async def __aenter__(self) -> discord.Client:
        await self._client._async_setup_hook()
        try:
            await self._client.login(self._token)
            if self._client.user is not None and not self._client.user.bot:
                raise UserTokenRefused
        except DISCORD as error:
            await self._client.close()
            raise named(error) from error
        except BaseException:
            await self._client.close()
            raise
        return self._client

    async def __aexit__(self, *raised: object) -> None:
        await self._client.close()


async def _report(client: discord.Client) -> TokenReport:
    try:
        application = await client.application_info()
    except DISCORD as error:
        raise named(error) from error
    if client.user is None:
        raise DiscordRefused(detail="it did not say who the bot is")
    flags = application.flags
    reads = flags.gateway_message_content or flags.gateway_message_content_limited
    return TokenReport(
        name=client.user.display_name,
        application_id=application.id,
        missing_intents=() if reads else ("Message Content Intent",),
        can_enable=not reads,
        invite_url=discord.utils.oauth_url(
            application.id, permissions=PERMISSIONS, scopes=("bot", "applications.commands")
        ),
        servers=application.approximate_guild_count or 0,
    )
