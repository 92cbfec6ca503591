"""How a reply leaves for Discord."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord

from bot.faults import DISCORD, NETWORK, named
from core.clock import Clock
from core.conversation.message import Place

log = logging.getLogger(__name__)

TYPING_S = 8.0  # Discord shows it for ten
TRIES = 4
LOOK_BACK = 100  # messages; a late resume looks this far for a reply that was posted after all


class DiscordDoor:
    """Posts to Discord as the bot.

    Attributes:
        self_id: the bot's own user id.
    """

    def __init__(self, client: discord.Client, self_id: int, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self.self_id = self_id

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
        channel = self._client.get_partial_messageable(place.channel_id, guild_id=place.guild_id)
        reference = _reference(place, answers)
        for attempt in range(TRIES):
            try:
                message = await channel.send(
                    text,
                    nonce=nonce,  # sent with enforce_nonce: the same one is never posted twice
                    reference=reference,  # type: ignore[arg-type]
                    mention_author=False,
                    allowed_mentions=discord.AllowedMentions.none(),
                )
            except NETWORK as error:
                if attempt + 1 == TRIES:
                    raise named(error, place.title) from error
                log.info("a message did not get through (%s); trying again", type(error).__name__)
                await self._clock.sleep(2.0**attempt)
            except discord.DiscordException as error:
                raise named(error, place.title) from error
            else:
                return message.id
        raise AssertionError("the last try returns or raises")

    async def already_posted(self, place: Place, text: str, answers: int) -> int | None:
        """The id of the bot's message with this text after the one it answers, or None.

        Discord forgets a nonce after minutes; what a crash left unticked may have been posted.
        """
        channel = self._client.get_partial_messageable(place.channel_id, guild_id=place.guild_id)
        try:
            async for message in channel.history(after=discord.Object(answers), limit=LOOK_BACK):
                if message.author.id == self.self_id and message.content == text:
                    return message.id
        except DISCORD as error:
            raise named(error, place.title) from error
        return None

    async def _show_typing(self, place: Place) -> None:
        channel = self._client.get_partial_messageable(place.channel_id, guild_id=place.guild_id)
        try:
            while True:
                await channel.typing()
                await self._clock.sleep(TYPING_S)
        except DISCORD as error:
            log.info("typing could not be shown in %s: %s", place.channel_id, type(error).__name__)


def _reference(place: Place, answers: int | None) -> discord.MessageReference | None:
    if answers is None:
        return None
    return discord.MessageReference(
        message_id=answers,
        channel_id=place.channel_id,
        guild_id=place.guild_id,
        fail_if_not_exists=False,
    )
