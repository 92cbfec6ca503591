"""Reading a person's messages where they agreed to it: page by page, none missed, none twice.

Before every page the consent is looked at again. A page's messages and the mark of how far reading has come
are one write; after a restart it goes on there. Of everybody else's messages nothing is kept: they are only
held against the person's own, so that no words of theirs stay in a quotation.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from core.clock import Clock
from core.echo.consent import Consent, require_live
from core.echo.names import Names
from core.echo.quoting import Heard, own_words
from core.echo.refusals import SourceBroke
from core.echo.source import ChannelClosed, EchoSource, SourceBusy, SourceChannel, SourceMessage, id_at
from core.echo.stages import Work
from core.words import T
from db import echo_messages, echo_others
from db.base import Database
from db.echo_messages import SEARCH, Mark, StoredOwn
from db.store import Store

PAGE = 100
_MOST_WAITS = 200  # in a row, where the source says how long
_MOST_FAILURES = 8  # in a row, where it does not
_LONGEST_WAIT_S = 600.0
_MOST_HEARD = 20_000  # messages of others that a search's are held against
_Answer = TypeVar("_Answer")


@dataclass(slots=True)
class _Reading:
    """One consent's reading under way.

    Attributes:
        got: messages kept so far, those that wait in memory for the page after theirs included.
    """

    consent: Consent
    source: EchoSource
    work: Work
    names: Names
    got: int
    channels: list[_Channel] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return self.got >= self.consent.most


@dataclass(slots=True)
class _Channel:
    """How far a channel is.

    Attributes:
        mark: as it is kept. before: below which id the next page is.
        pending: the person's messages of the page read last, which wait for the one before it, because what
            they quote may stand there.
    """

    channel: SourceChannel
    mark: Mark
    before: int
    pending: list[SourceMessage] = field(default_factory=list)
    heard: Heard = field(default_factory=Heard)

    def part(self, first: int) -> float:
        """How much of it was read, by time: a channel's id tells when it was made."""
        if self.mark.done:
            return 1.0
        whole = first - self.channel.id
        return min(max((first - self.before) / whole, 0.0), 0.99) if whole > 0 else 0.0


class Collecting:
    """The stage that reads.

    Args:
        source: what the bot lends; raises SourceMissing while it is offline.
    """

    def __init__(self, store: Store, source: Callable[[], EchoSource], clock: Clock) -> None:
        self._store = store
        self._source = source
        self._clock = clock

    async def run(self, work: Work) -> None:
        """Read until the person's history or the allowed number is at its end.

        Raises:
            ConsentMissing: it was not given, or has ended meanwhile.
            SourceMissing, SourceBroke, core.errors.DiscordError
        """
        consent = await self._live(work.consent_id)
        if consent.source != "discord" or consent.guild_id is None:
            return
        names = await Names.known(self._store, consent)
        got = await self._store.run(echo_messages.count, consent.id)
        reading = _Reading(consent, self._source(), work, names, got)
        if not await self._by_search(reading):
            await self._by_pages(reading)
        kept = await self._store.run(echo_messages.count, consent.id)
        await work.progress(1.0, kept, kept)
        await work.note(T("{count} messages were read.", count=kept))

    async def _by_search(self, reading: _Reading) -> bool:
        """Ask the server for this author's messages; False where it cannot be asked."""
        consent = reading.consent
        marks = await self._store.run(echo_messages.marks, consent.id)
        if marks and SEARCH not in marks:
            return False
        mark = marks.get(SEARCH, Mark(SEARCH, id_at(consent.cutoff)))
        heard = await self._archived(consent)
        while not mark.done and not reading.is_full:
            page = await self._asked(reading, _search(reading, mark.before_id))
            if page is None:
                return False
            mark = Mark(SEARCH, _below(page, mark.before_id), mark.read + len(page), done=not page)
            own = [each for each in page if _is_own(each, consent) and _may_be_read(each, consent)]
            reading.names.met(*(each.names for each in page))
            await self._keep(reading, own, heard, mark)
            await reading.work.progress(min(reading.got / consent.most, 0.99), reading.got)
        return True

    async def _archived(self, consent: Consent) -> Heard:
        """What others wrote, as far as it was heard: a search brings the person's messages alone."""
        texts = await self._store.read(echo_others.texts, consent.realm, consent.subject_id, _MOST_HEARD)
        heard = Heard()
        await asyncio.to_thread(heard.add, texts)
        return heard

    async def _by_pages(self, reading: _Reading) -> None:
        """Read all channels together, the newest page of all of them first."""
        consent = reading.consent
        found = await self._asked(reading, lambda: reading.source.channels(consent.guild_id or 0))
        wanted = [each for each in found if not consent.channels or each.id in consent.channels]
        marks = await self._store.run(echo_messages.marks, consent.id)
        first = id_at(consent.cutoff)
        for there in wanted:
            mark = marks.get(there.id, Mark(there.id, first))
            reading.channels.append(_Channel(there, mark, mark.before_id))
        waiting = [(-each.before, at) for at, each in enumerate(reading.channels) if not each.mark.done]
        heapq.heapify(waiting)
        while waiting and not reading.is_full:
            _, at = heapq.heappop(waiting)
            channel = reading.channels[at]
            await self._next_page(reading, channel)
            if not channel.mark.done:
                heapq.heappush(waiting, (-channel.before, at))
            share = sum(each.part(first) for each in reading.channels) / len(reading.channels)
            share = max(share, reading.got / consent.most)
            await reading.work.progress(min(share, 0.99), reading.got)
        for channel in reading.channels:
            await self._settle(
                reading, channel, Mark(channel.mark.channel_id, channel.before, channel.mark.read)
            )

    async def _next_page(self, reading: _Reading, channel: _Channel) -> None:
        """Read a channel's next page; keep what waited for it."""
        try:
            page = await self._asked(
                reading, lambda: reading.source.page(channel.channel.id, channel.before, PAGE)
            )
        except ChannelClosed:
            await reading.work.note(
                T("#{channel} cannot be read and was left out.", channel=channel.channel.name), "warn"
            )
            page = ()
        consent = reading.consent
        others = [each for each in page if each.author_id != consent.subject_id]
        reading.names.met((each.author_name for each in others), *(each.names for each in page))
        channel.heard.add(each.text for each in others)
        read = channel.mark.read + len(page)
        await self._settle(reading, channel, Mark(channel.channel.id, channel.before, read, done=not page))
        channel.before = _below(page, channel.before)
        channel.pending = [each for each in page if _is_own(each, consent)]
        channel.heard = Heard()
        channel.heard.add(each.text for each in others)
        reading.got += len(channel.pending)

    async def _settle(self, reading: _Reading, channel: _Channel, mark: Mark) -> None:
        """Keep the messages that waited, and how far the channel is."""
        own, channel.pending = channel.pending, []
        reading.got -= len(own)
        await self._keep(reading, own, channel.heard, mark)
        channel.mark = mark

    async def _keep(self, reading: _Reading, own: Sequence[SourceMessage], heard: Heard, mark: Mark) -> None:
        found = await asyncio.to_thread(_cleaned, own, heard, reading.names) if own else []
        now = self._clock.now()
        reading.got += await self._store.run(_keep_page, reading.consent.id, found, mark, now)

    async def _asked(self, reading: _Reading, asking: Callable[[], Awaitable[_Answer]]) -> _Answer:
        """What the source answers, asked again while it is busy. Only ever with a live consent.

        Raises:
            ConsentMissing, SourceBroke
        """
        waits = failures = 0
        while True:
            await self._live(reading.consent.id)
            try:
                return await asking()
            except SourceBusy as busy:
                waits += 1
                failures += busy.wait_s is None
                if waits > _MOST_WAITS or failures > _MOST_FAILURES:
                    raise SourceBroke(detail=busy.detail or T("too many requests")) from busy
                wait = busy.wait_s if busy.wait_s is not None else 2.0**failures
            await self._clock.sleep(min(max(wait, 0.0), _LONGEST_WAIT_S))

    async def _live(self, consent_id: int) -> Consent:
        return await self._store.run(require_live, consent_id, self._clock.now())


def _search(reading: _Reading, before: int) -> Callable[[], Awaitable[Sequence[SourceMessage] | None]]:
    consent = reading.consent
    return lambda: reading.source.search(consent.guild_id or 0, consent.subject_id, before)


def _is_own(message: SourceMessage, consent: Consent) -> bool:
    """Only what the person wrote themselves, before the day they agreed to."""
    return (
        message.author_id == consent.subject_id
        and message.sent_at < consent.cutoff
        and not (message.is_bot or message.is_system)
    )


def _may_be_read(message: SourceMessage, consent: Consent) -> bool:
    return not consent.channels or message.channel_id in consent.channels


def _below(page: Iterable[SourceMessage], before: int) -> int:
    """Where the page after this one begins.

    Raises:
        SourceBroke: the source answered what it was not asked for, and would for ever.
    """
    lowest = min((each.id for each in page), default=before)
    if lowest >= before and any(True for _ in page):
        raise SourceBroke(detail=T("pages do not come in order"))
    return lowest


def _cleaned(own: Sequence[SourceMessage], heard: Heard, names: Names) -> list[StoredOwn]:
    """The person's messages as they may be kept."""
    cleaner = names.cleaner()
    return [
        StoredOwn(
            each.id,
            each.channel_id,
            each.sent_at,
            cleaner.clean(own_words(each.text, heard, [each.quoted] if each.quoted else ())),
        )
        for each in own
    ]


def _keep_page(db: Database, consent_id: int, found: Sequence[StoredOwn], mark: Mark, now: datetime) -> int:
    """A page and how far it went, in one transaction, if the consent still holds; how many are new."""
    consent = require_live(db, consent_id, now)
    room = max(0, consent.most - echo_messages.count(db, consent_id))
    new = echo_messages.keep(db, consent_id, found[:room])
    echo_messages.put_mark(db, consent_id, mark)
    return new
