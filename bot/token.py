"""Asking Discord about a token before anything is done with it."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord

from bot.faults import DISCORD, MESSAGE_CONTENT, NETWORK, named
from core.errors import DiscordRefused, IntentsMissing, TokenRefused, UserTokenRefused
from core.hidden import hide
from core.session import TokenReport

# A bot's token: its id in base64, a timestamp, a signature. People's tokens look alike, but for those
# of accounts with two-factor login ("mfa."). A person's token is never tried without the "Bot " in
# front, though that would tell for sure: it would be running a person's account, which Discord
# forbids. With it Discord answers 401, which TokenRefused says; a portal's token helps either way.
_SHAPE = re.compile(r"(?<![\w.-])([\w-]{18,40})\.[\w-]{5,10}\.[\w-]{20,}(?![\w.-])", re.ASCII)
_PERSONS = re.compile(r"(?<![\w.-])mfa\.[\w-]{20,}", re.ASCII)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
    add_reactions=True,
    use_external_emojis=True,
)


def tidy(token: str) -> str:
    """A pasted token without what people paste along: blanks, line breaks, quotes, `Bot ` or a name in front.

    Raises:
        UserTokenRefused: it is a person's. TokenRefused: it cannot be a token at all.
    """
    token = _INVISIBLE.sub("", token).strip()
    hide(token)
    if _PERSONS.search(token):
        raise UserTokenRefused
    found = _SHAPE.search(token) or _SHAPE.search("".join(token.split()))
    if found is None or not _names_an_id(found.group(1)):
        raise TokenRefused
    hide(found.group())
    return found.group()


def _names_an_id(part: str) -> bool:
    """Is this an id in base64? Other things with two dots in them (a web token) say something else."""
    try:
        return urlsafe_b64decode(part + "=" * (-len(part) % 4)).isdigit()
    except (binascii.Error, ValueError):
        return False


async def report(token: str) -> TokenReport:
    """What Discord says about `token`.

    Raises:
        core.errors.DiscordError: it is refused, a person's, or Discord cannot be reached.
    """
    async with asking(tidy(token)) as client:
        return report_of(client, await client.application_info())


async def enable_intents(token: str) -> TokenReport:
    """Switch on the Message Content intent of an app that needs no review for it, and report again.

    Raises:
        IntentsMissing: Discord wants it done in its Developer Portal.
        core.errors.DiscordError
    """
    async with asking(tidy(token)) as client:
        application = await client.application_info()
        flags = discord.ApplicationFlags._from_value(application.flags.value)
        flags.gateway_message_content_limited = True
        try:
            await application.edit(flags=flags)
        except NETWORK:
            raise
        except discord.HTTPException as error:
            raise (
                TokenRefused() if error.status == 401 else IntentsMissing(intents=MESSAGE_CONTENT)
            ) from error
        return report_of(client, await client.application_info())


@asynccontextmanager
async def asking(token: str) -> AsyncIterator[discord.Client]:
    """A client that is logged in over REST only, for a few questions."""
    try:
        async with discord.Client(intents=discord.Intents(guilds=True), max_ratelimit_timeout=30) as client:
            await client.login(token)
            if client.user is not None and not client.user.bot:
                raise UserTokenRefused
            yield client
    except DISCORD as error:
        raise named(error) from error


def report_of(client: discord.Client, application: discord.AppInfo) -> TokenReport:
    """What a client that is logged in knows of its token."""
    if client.user is None:
        raise DiscordRefused(detail="it did not say who the bot is")
    flags = application.flags
    reads = flags.gateway_message_content or flags.gateway_message_content_limited
    return TokenReport(
        name=client.user.display_name,
        application_id=application.id,
        missing_intents=() if reads else (MESSAGE_CONTENT,),
        can_enable=not reads,
        invite_url=discord.utils.oauth_url(
            application.id, permissions=PERMISSIONS, scopes=("bot", "applications.commands")
        ),
        servers=application.approximate_guild_count or 0,
    )
