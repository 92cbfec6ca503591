"""What was said while the connection was away.

A session that is resumed brings it along. Where Discord has forgotten the session it does not: then, as each
server comes back, its channels that have something newer than what was heard last are read, once.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import discord

from bot.faults import DISCORD
from core.clock import Clock
from core.conversation.line import RESUME_WITHIN

log = logging.getLogger(__name__)

MOST_CHANNELS = 25
MOST_DIRECT = 10
MOST_MESSAGES = 50  # of one channel

_Channel = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


@dataclass(eq=False)
class _Gap:
    """A time nobody listened, until all of it is read.

    Attributes:
        after: id of the newest message that was heard before it.
        cut_at: when the connection broke last, in monotonic seconds.
        since: ids of what was heard after all.
        late: servers that Discord has yet to tell of; None: it has not said who is there at all.
        reading: how many of its parts are being read.
    """

    after: int
    cut_at: float
    since: set[int] = field(default_factory=set)
    channels_left: int = MOST_CHANNELS
    late: set[int] | None = None
    reading: int = 0

    @property
    def is_read(self) -> bool:
        return self.late is not None and not self.late and not self.reading


class Missed:
    """Knows up to where it was heard.

    Args:
        clock: for its monotonic seconds; after a long break nobody waits for an answer any more.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._newest = 0
        self._gap: _Gap | None = None
        self._direct: OrderedDict[int, discord.DMChannel] = OrderedDict()

    def begins(self, client: discord.Client) -> None:
        """The first session: what is there by now is nobody's to answer."""
        known = (each.last_message_id or 0 for guild in client.guilds for each in _channels(guild))
        self._newest = max([self._newest, *known])

    def heard(self, message: discord.Message) -> None:
        """A message came, by whatever way."""
        self._newest = max(self._newest, message.id)
        if isinstance(message.channel, discord.DMChannel):  # of these Discord tells nothing later
            self._direct[message.channel.id] = message.channel
            self._direct.move_to_end(message.channel.id)
            if len(self._direct) > MOST_DIRECT:
                self._direct.popitem(last=False)
        if self._gap is not None:
            self._gap.since.add(message.id)

    def cut(self) -> None:
        """The connection is gone. What an earlier break left unread is read with the rest."""
        now = self._clock.monotonic()
        if self._gap is None:
            self._gap = _Gap(self._newest, now)
        elif self._gap.late is not None:
            self._gap.late, self._gap.cut_at = None, now
            self._gap.channels_left = MOST_CHANNELS

    def resumed(self) -> None:
        """Discord has brought along what was missed."""
        self._gap = None

    async def read_server(self, guild: discord.Guild) -> list[discord.Message]:
        """What was said on a server that is back and was not heard, oldest first."""
        gap = self._gap
        if gap is None:
            return []
        if gap.late is not None:
            gap.late.discard(guild.id)
        newer = [each for each in _channels(guild) if (each.last_message_id or 0) > gap.after]
        newer = sorted(newer, key=lambda each: each.last_message_id or 0)
        newer = newer[len(newer) - min(len(newer), gap.channels_left) :]
        gap.channels_left -= len(newer)
        return await self._read(gap, newer)

    async def read_direct(self, client: discord.Client) -> list[discord.Message]:
        """The same for the direct chats that were heard from. Discord has said which servers there are."""
        gap = self._gap
        if gap is None:
            return []
        gap.late = {guild.id for guild in client.guilds if guild.unavailable}
        return await self._read(gap, list(self._direct.values()))

    async def _read(
        self, gap: _Gap, channels: Iterable[_Channel | discord.DMChannel]
    ) -> list[discord.Message]:
        gap.reading += 1
        try:
            return await self._unheard(gap, channels)
        finally:
            gap.reading -= 1
            if gap.is_read and gap is self._gap:
                self._gap = None

    async def _unheard(
        self, gap: _Gap, channels: Iterable[_Channel | discord.DMChannel]
    ) -> list[discord.Message]:
        if not gap.after or self._clock.monotonic() - gap.cut_at > RESUME_WITHIN.total_seconds():
            return []
        after, found = discord.Object(gap.after), list[discord.Message]()
        for channel in channels:
            try:
                found += [each async for each in channel.history(after=after, limit=MOST_MESSAGES)]
            except DISCORD as error:
                log.info("what was said in %s meanwhile is not known: %s", channel.id, type(error).__name__)
        return sorted((each for each in found if each.id not in gap.since), key=lambda each: each.id)


def _channels(guild: discord.Guild) -> Iterator[_Channel]:
    """All that the bot may read back there."""
    rooms: list[_Channel] = [*guild.text_channels, *guild.voice_channels, *guild.stage_channels]
    for channel in [*rooms, *guild.threads]:
        may = channel.permissions_for(guild.me)
        if may.view_channel and may.read_message_history:
            yield channel
