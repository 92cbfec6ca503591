"""What the bot has been doing: turns as a host reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.clock import Clock
from core.words import Text
from db import messages, turns
from db.base import Database
from db.store import Store
from db.turns import StoredTurn, TurnState


@dataclass(frozen=True, slots=True)
class FeedTurn:
    """One line of the feed.

    Attributes:
        place, person: what the server calls them. reason: why it spoke or stayed silent.
        trace: prompt, model, tokens, timings, as plain values.
        message_id: the message it belongs to, by its id on Discord or in the practice room.
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

    async def turn(self, turn_id: str) -> FeedTurn | None:
        """One turn, or None."""
        found = await self._store.run(_one, turn_id)
        return _feed_turn(*found) if found is not None else None

    async def today(self, realm: str = "discord") -> Today:
        """The last 24 hours of a realm in numbers."""
        since = self._clock.now() - timedelta(days=1)
        replies, silences = await self._store.run(turns.tally, realm, since)
        kept, _ = await self._store.run(messages.counts, realm, since)
        return Today(replies, silences, kept)


def _recent(db: Database, realm: str | None, limit: int) -> list[tuple[StoredTurn, str]]:
    return [(turn, _said(db, turn)) for turn in turns.recent(db, realm, limit)]


def _one(db: Database, turn_id: str) -> tuple[StoredTurn, str] | None:
    turn = turns.get(db, turn_id)
    return (turn, _said(db, turn)) if turn is not None else None


def _said(db: Database, turn: StoredTurn) -> str:
    message = messages.by_platform_id(db, turn.realm, turn.message_id)
    return message.text if message is not None else ""


def _feed_turn(turn: StoredTurn, said: str) -> FeedTurn:
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
    )
