"""What the bot has been doing: turns as a host reads them."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.clock import Clock
from core.words import Text
from db import messages, turns
from db.base import Database
from db.notebook_lines import Found
from db.store import Store
from db.turns import StoredTurn, TurnState

FIRST = 64
_STATES = {
    "all": (TurnState.SENT, TurnState.SILENT, TurnState.FAILED),
    "replied": (TurnState.SENT,),
    "silent": (TurnState.SILENT, TurnState.FAILED),
}


@dataclass(frozen=True, slots=True)
class FeedTurn:
    """One line of the feed.

    Attributes:
        place, person: what the server calls them. reason: why it spoke or stayed silent.
        trace: prompt, model, tokens, timings, as plain values.
        message_id: the message it belongs to, by its id on Discord or in the practice room.
        row_id: its number in lists; 0 where it was not read for one.
    """

    id: str
    at: datetime
    realm: str
    place: str
    person: str
    said: str
    replied: bool
    failed: bool
    reply: str
    reason: Text
    took_ms: int
    trace: dict[str, Any]
    message_id: int = 0
    row_id: int = 0


@dataclass(frozen=True, slots=True)
class TurnsSought:
    """Which turns are wanted. `kind`: `all`, `replied` or `silent`; what failed stands with the silent:
    nobody got an answer."""

    realm: str
    kind: str = "all"

    def holds(self, turn: FeedTurn) -> bool:
        """Is it one of them?"""
        return turn.realm == self.realm and (self.kind == "all" or turn.replied == (self.kind == "replied"))


@dataclass(frozen=True, slots=True)
class Today:
    """The last 24 hours in numbers: replies, silences, and messages kept."""

    replies: int
    silences: int
    kept: int


class Feed:
    """Reads turns from the store."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def recent(self, realm: str | None = None, limit: int = 200) -> list[FeedTurn]:
        """The newest turns that have ended, newest first; of one realm, or of all."""
        return [_feed_turn(turn, said) for turn, said in await self._store.run(_recent, realm, limit)]

    async def find(self, sought: TurnsSought) -> Found[FeedTurn]:
        """The first of these turns, newest first; how many there are in all, `order` knows."""
        return await self._store.read(_find, sought)

    async def order(self, sought: TurnsSought) -> array[int]:
        """The row ids of all of them, newest first."""
        return await self._store.read(turns.order, sought.realm, _STATES[sought.kind])

    async def lines(self, row_ids: Sequence[int]) -> list[FeedTurn]:
        """These turns; those that are gone are left out."""
        return await self._store.read(_lines, row_ids)

    async def ended(self, turn_ids: Sequence[str]) -> list[FeedTurn]:
        """Turns that have just ended, as lines, oldest first."""
        return await self._store.read(_ended, turn_ids)

    async def turn(self, turn_id: str) -> FeedTurn | None:
        """One turn, or None."""
        found = await self._store.run(_one, turn_id)
        return _feed_turn(*found) if found is not None else None

    async def today(self, realm: str = "discord") -> Today:
        """The last 24 hours of a realm in numbers."""
        since = self._clock.now() - timedelta(days=1)
        replies, silences = await self._store.read(turns.tally, realm, since)
        kept, _ = await self._store.read(messages.counts, realm, since)
        return Today(replies, silences, kept)


def _find(db: Database, sought: TurnsSought) -> Found[FeedTurn]:
    numbers = turns.first(db, sought.realm, _STATES[sought.kind], FIRST + 1)
    return Found(len(numbers), tuple(_lines(db, numbers[:FIRST])))


def _lines(db: Database, numbers: Sequence[int]) -> list[FeedTurn]:
    found = turns.numbered(db, numbers)
    said = messages.texts_of(db, [(turn.realm, turn.message_id) for _, turn in found])
    return [_feed_turn(turn, said.get((turn.realm, turn.message_id), ""), number) for number, turn in found]


def _ended(db: Database, turn_ids: Sequence[str]) -> list[FeedTurn]:
    return _lines(db, turns.numbers_of(db, turn_ids))


def _recent(db: Database, realm: str | None, limit: int) -> list[tuple[StoredTurn, str]]:
    return [(turn, _said(db, turn)) for turn in turns.recent(db, realm, limit)]


def _one(db: Database, turn_id: str) -> tuple[StoredTurn, str] | None:
    turn = turns.get(db, turn_id)
    return (turn, _said(db, turn)) if turn is not None else None


def _said(db: Database, turn: StoredTurn) -> str:
    message = messages.by_platform_id(db, turn.realm, turn.message_id)
    return message.text if message is not None else ""


def _feed_turn(turn: StoredTurn, said: str, row_id: int = 0) -> FeedTurn:
    return FeedTurn(
        turn.id,
        turn.arrived_at,
        turn.realm,
        turn.place,
        turn.person,
        said,
        turn.state is TurnState.SENT,
        turn.state is TurnState.FAILED,
        turn.reply if turn.state is TurnState.SENT else "",
        Text(turn.reason.get("key", ""), turn.reason.get("params", {})),
        turn.took_ms,
        turn.trace,
        turn.message_id,
        row_id,
    )
