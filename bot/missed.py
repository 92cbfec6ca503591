"""What was said while the connection was away.

A session that is resumed brings it along. Where Discord has forgotten the session it does not: then the
channels that have something newer than what was heard last are read, once.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterator

import discord

from bot.faults import DISCORD
from core.clock import Clock
from core.conversation.line import RESUME_WITHIN

log = logging.getLogger(__name__)

MOST_CHANNELS = 25
MOST_DIRECT = 10
MOST_MESSAGES = 50  # of one channel

_Channel = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


class Missed:
    """Knows up to where it was heard.

    Args:
        clock: for its monotonic seconds; after a long break nobody waits for an answer any more.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._newest = 0
        self._before_cut = 0
        self._since: set[int] = set()
        self._cut_at = 0.0
        self._direct: OrderedDict[int, discord.DMChannel] = OrderedDict()
        self._away = False

    def begins(self, client: discord.Client) -> None:
        """The first session: what is there by now is nobody's to answer."""
        self._newest = max([self._newest, *(each.last_message_id or 0 for each in _channels(client))])

    def heard(self, message: discord.Message) -> None:
        """A message came, by whatever way."""
        self._newest = max(self._newest, message.id)
        if isinstance(message.channel, discord.DMChannel):  # of these Discord tells nothing later
            self._direct[message.channel.id] = message.channel
            self._direct.move_to_end(message.channel.id)
            if len(self._direct) > MOST_DIRECT:
                self._direct.popitem(last=False)
        if self._away:
            self._since.add(message.id)

    def cut(self) -> None:
        """The connection is gone."""
        if not self._away:
            self._away, self._cut_at = True, self._clock.monotonic()
            self._before_cut, self._since = self._newest, set()

    def resumed(self) -> None:
        """Nothing is missed any more."""
        self._away = False
        self._since.clear()

    async def read(self, client: discord.Client) -> list[discord.Message]:
        """What was said since and not heard, oldest first; nothing where that was long ago."""
        try:
            return await self._read(client)
        finally:
            self.resumed()

    async def _read(self, client: discord.Client) -> list[discord.Message]:
        if not self._away or not self._before_cut:
            return []
        if self._clock.monotonic() - self._cut_at > RESUME_WITHIN.total_seconds():
            return []
        newer = [each for each in _channels(client) if (each.last_message_id or 0) > self._before_cut]
        newer = sorted(newer, key=lambda each: each.last_message_id or 0)[-MOST_CHANNELS:]
        after, found = discord.Object(self._before_cut), list[discord.Message]()
        for channel in (*newer, *self._direct.values()):
            try:
                found += [each async for each in channel.history(after=after, limit=MOST_MESSAGES)]
            except DISCORD as error:
                log.info("what was said in %s meanwhile is not known: %s", channel.id, type(error).__name__)
        return sorted((each for each in found if each.id not in self._since), key=lambda each: each.id)


def _channels(client: discord.Client) -> Iterator[_Channel]:
    """All that the bot may read back."""
    for guild in client.guilds:
        rooms: list[_Channel] = [*guild.text_channels, *guild.voice_channels, *guild.stage_channels]
        for channel in [*rooms, *guild.threads]:
            may = channel.permissions_for(guild.me)
            if may.view_channel and may.read_message_history:
                yield channel
