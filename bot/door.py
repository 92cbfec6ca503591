"""How a reply leaves for Discord."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import discord

from bot.abilities import Abilities
from bot.commands.demands import belongs_to
from bot.faults import DISCORD, NETWORK, named
from bot.permissions import granted, lacking
from core.clock import Clock
from core.conversation.message import Attachment, Place
from core.errors import DiscordUnreachable, PermissionMissing

log = logging.getLogger(__name__)

TYPING_S = 8.0  # Discord shows it for ten
TRIES = 4
PICTURES_LIE_AT = frozenset(("cdn.discordapp.com", "media.discordapp.net"))
PICTURE_WITHIN_S = 10.0
LOOK_BACK = 100  # messages; a late resume looks this far for a reply that was posted after all


class DiscordDoor(Abilities):
    """Posts to Discord as the bot.

    Attributes:
        self_id: the bot's own user id.
    """

    def __init__(self, client: discord.Client, self_id: int, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self.self_id = self_id

    def belongs_to(self, person_id: int) -> bool:
        """Is this person (by platform id) the bot's host?"""
        return belongs_to(self._client, person_id)

    @asynccontextmanager
    async def typing(self, place: Place) -> AsyncIterator[None]:
        showing = asyncio.create_task(self._show_typing(place), name=f"typing in {place.channel_id}")
        try:
            yield
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)

    def writing(self, turn_id: str, text: str) -> None:
        """Discord shows no text before it is posted."""

    async def post(self, place: Place, text: str, nonce: str, answers: int | None) -> int:
        return await self._deliver(place, text, nonce, answers)

    async def _deliver(
        self, place: Place, text: str | None, nonce: str, answers: int | None, **more: Any
    ) -> int:
        """Send a message, with whatever `more` discord.py takes; tried again when the network fails."""
        allowed = granted(self._client, place)
        missing = lacking(allowed, place)
        if missing is not None:
            raise PermissionMissing(place=place.title, permission=missing)
        if allowed is not None and not allowed.read_message_history:
            answers = None  # Discord refuses a reply then, but takes a plain message
        for attempt in range(TRIES):
            try:
                return await self._send(place, text, nonce, answers, **more)
            except NETWORK as error:
                if attempt + 1 == TRIES:
                    raise named(error, place.title) from error
                log.info("a message did not get through (%s); trying again", type(error).__name__)
                await self._clock.sleep(2.0**attempt)
            except discord.DiscordException as error:
                raise named(error, place.title) from error
        raise AssertionError("the last try returns or raises")

    async def _send(
        self, place: Place, text: str | None, nonce: str, answers: int | None, **more: Any
    ) -> int:
        if self._client.is_closed():
            raise DiscordUnreachable
        message = await self._channel(place).send(
            text,
            nonce=nonce,  # sent with enforce_nonce: the same one is never posted twice
            reference=_reference(place, answers),  # type: ignore[arg-type]
            mention_author=False,
            allowed_mentions=discord.AllowedMentions.none(),
            **more,
        )
        return message.id

    async def already_posted(self, place: Place, text: str, answers: int) -> int | None:
        """The id of the bot's message with this text after the one it answers, or None.

        Discord forgets a nonce after minutes; what a crash left unticked may have been posted.
        """
        try:
            async for message in self._channel(place).history(after=discord.Object(answers), limit=LOOK_BACK):
                if message.author.id == self.self_id and message.content == text:
                    return message.id
        except DISCORD as error:
            raise named(error, place.title) from error
        return None

    async def picture(self, attachment: Attachment) -> bytes | None:
        """A picture's bytes, from Discord's own servers only; None when it cannot be had."""
        if not _lies_at_discord(attachment.url):
            return None
        try:
            async with asyncio.timeout(PICTURE_WITHIN_S):
                return await self._client.http.get_from_cdn(attachment.url)
        except DISCORD as error:
            log.info("a picture could not be read: %s", type(error).__name__)
            return None

    async def _show_typing(self, place: Place) -> None:
        """Keep it up until cancelled. What the network does to it is no matter; a refusal ends it."""
        if lacking(granted(self._client, place), place) is not None:
            return
        while not self._client.is_closed():
            try:
                await self._channel(place).typing()
            except NETWORK as error:
                log.debug("typing was not shown in %s: %s", place.channel_id, type(error).__name__)
            except discord.DiscordException as error:
                log.info("typing cannot be shown in %s: %s", place.channel_id, type(error).__name__)
                return
            await self._clock.sleep(TYPING_S)

    def _channel(self, place: Place) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(place.channel_id, guild_id=place.guild_id)


def _lies_at_discord(address: str) -> bool:
    """Does a file lie where Discord keeps files, or with the Discord-compatible server in its place?"""
    where, own = urlsplit(address), urlsplit(discord.http.Route.BASE)
    if where.scheme == "https" and where.hostname in PICTURES_LIE_AT:
        return True
    return (where.scheme, where.netloc) == (own.scheme, own.netloc)


def _reference(place: Place, answers: int | None) -> discord.MessageReference | None:
    if answers is None:
        return None
    return discord.MessageReference(
        message_id=answers,
        channel_id=place.channel_id,
        guild_id=place.guild_id,
        fail_if_not_exists=False,
    )
