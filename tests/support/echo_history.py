"""A server's history to read an echo from: made up, busy now and then, and remembering what was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import nlargest
from random import Random

from core.echo.source import ChannelClosed, SourceBusy, SourceChannel, SourceMessage, id_at

GUILD = 70
ALICE, BOB, CARA = 1_001, 1_002, 1_003
FIRST = datetime(2024, 1, 1, tzinfo=UTC)

_WORDS = """
    kernel module sound card driver reboot panel window desktop mirror package update config
    server network cable router laptop battery screen colour theme font folder backup restore
    partition
""".split()  # noqa: SIM905 - reads better than a list
_BOB = """
    you should certainly consider reinstalling every component before asking further questions
""".split()  # noqa: SIM905


def alice_says(chance: Random) -> str:
    """Small letters, two dots, a smile now and then."""
    said = " ".join(chance.choices(_WORDS, k=chance.randint(3, 9)))
    return f"i think {said}.." + (" :)" if chance.random() < 0.3 else "")


def bob_says(chance: Random) -> str:
    """Long, tidy sentences."""
    chosen = chance.sample(_BOB, 4) + chance.sample(_WORDS, chance.randint(4, 8))
    chance.shuffle(chosen)
    return " ".join(chosen).capitalize() + "."


@dataclass
class History:
    """What stands in channels, newest last; implements `core.echo.source.EchoSource`.

    Attributes:
        searchable: can it be searched by author? every_busy: each so manieth request is refused with 429.
        broken: at these requests no answer comes any more: whoever waits has to be ended.
        pages: how many pages were handed out. asked, refused: requests, and those of them answered with 429.
    """

    channels_of: dict[int, list[SourceMessage]] = field(default_factory=dict)
    searchable: bool = False
    every_busy: int = 0
    broken: list[int] = field(default_factory=list)
    pages: int = 0
    asked: int = 0
    refused: int = 0
    written: int = 0
    closed: set[int] = field(default_factory=set)
    hears: Callable[[], None] = lambda: None

    def add(self, channel: int, author: int, text: str, minutes: float, **more: object) -> SourceMessage:
        """Somebody wrote so many minutes after the first day."""
        sent = FIRST + timedelta(minutes=minutes)
        self.written += 1
        number = id_at(sent) + self.written % 4096
        message = SourceMessage(
            number,
            channel,
            author,
            text,
            sent,
            author_name=f"Person{author}",
            **more,  # type: ignore[arg-type]
        )
        self.channels_of.setdefault(channel, []).append(message)
        return message

    def of(self, author: int) -> list[SourceMessage]:
        """Everything one author wrote."""
        return [each for found in self.channels_of.values() for each in found if each.author_id == author]

    async def channels(self, guild_id: int) -> Sequence[SourceChannel]:
        await self._ask()
        return [SourceChannel(number, f"channel{number}") for number in self.channels_of]

    async def search(self, guild_id: int, author_id: int, before: int) -> Sequence[SourceMessage] | None:
        await self._ask()
        if not self.searchable:
            return None
        found = (each for each in self.of(author_id) if each.id < before)
        return nlargest(25, found, key=lambda each: each.id)

    async def page(self, channel_id: int, before: int, limit: int = 100) -> Sequence[SourceMessage]:
        await self._ask()
        if channel_id in self.closed:
            raise ChannelClosed
        self.pages += 1
        there = self.channels_of[channel_id]
        low, high = 0, len(there)
        while low < high:  # they stand in order
            middle = (low + high) // 2
            low, high = (middle + 1, high) if there[middle].id < before else (low, middle)
        return there[max(0, low - limit) : low][::-1]

    async def _ask(self) -> None:
        self.asked += 1
        self.hears()
        if self.broken and self.asked >= self.broken[0]:
            self.broken.pop(0)
            await asyncio.Event().wait()
        if self.every_busy and self.asked % self.every_busy == 0:
            self.refused += 1
            raise SourceBusy(1.5 if self.asked % (2 * self.every_busy) else None, "429")


def written(total: int, own: int, channels: int = 3, seed: int = 1) -> History:
    """A history of so many messages, so many of them Alice's."""
    chance = Random(seed)
    history = History()
    mine = set(chance.sample(range(total), own))
    for at in range(total):
        author = ALICE if at in mine else chance.choice((BOB, CARA))
        text = alice_says(chance) if author == ALICE else bob_says(chance)
        history.add(10 + chance.randrange(channels), author, text, at)
    return history
