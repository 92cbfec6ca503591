"""What is stored about whom, who asked for it, and who tried to steer the bot: for the Privacy page."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.audit import PRIVACY_ACTS, Entry
from core.clock import Clock
from core.memory.notebook import Found
from core.server.listening import Listening
from core.words import T, Text
from db import attempts, audit, holdings, people
from db.base import Database
from db.holdings import Held, PersonHeld, StoredBlock
from db.store import Store

__all__ = ["KINDS", "Attempt", "Block", "Held", "Holdings", "PersonHeld", "PersonSought", "Watch"]

REALMS = ("discord", "practice", "import")
FIRST = 64
SEEN_LATELY = timedelta(days=30)
Block = StoredBlock

KINDS: dict[str, Text] = {
    "messages": T("Messages"),
    "vectors": T("Their meaning as numbers"),
    "facts": T("Facts"),
    "episodes": T("Memories of time together"),
    "relationships": T("Relationships"),
    "conversations": T("Finished conversations"),
    "turns": T("How replies came about"),
    "attempts": T("Attempts that were noticed"),
    "reminders": T("Reminders"),
    "tickets": T("Tickets"),
    "warnings": T("Warnings"),
}


@dataclass(frozen=True, slots=True)
class PersonSought:
    """Whose holdings are wanted.

    Attributes:
        words: a part of any of their names, or their id. by: `seen`, `name`, `messages` or `oldest`.
    """

    realm: str
    words: str = ""
    by: str = "seen"


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that was noticed. `name`: who made it. The rest as in db.attempts.StoredAttempt."""

    at: datetime
    name: str
    kind: str
    signs: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Watch:
    """What the host keeps an eye on.

    Attributes:
        attempts: the newest first. busiest: names with how many attempts lately.
        blocked: whom servers shut out. log: who exported or erased what.
    """

    attempts: tuple[Attempt, ...]
    busiest: tuple[tuple[str, int], ...]
    blocked: tuple[StoredBlock, ...]
    log: tuple[Entry, ...]


class Holdings:
    """Answers questions about what is stored; changes nothing but (`listening`) whom the bot listens to.
    Long reads, beside the writer."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.listening = Listening(store, clock)

    async def realms(self) -> list[str]:
        """The realms somebody is known in."""
        return await self._store.read(holdings.realms)

    async def everything(self) -> list[Held]:
        """All that is stored, by kind."""
        return await self._store.read(holdings.everything)

    async def stances(self) -> tuple[int, int]:
        """How many people opted out, and of how many nothing may be kept at all."""
        return await self._store.read(holdings.stances)

    async def find(self, sought: PersonSought) -> Found[PersonHeld]:
        """How many people there are, and the first of them."""
        return await self._store.read(_find, sought)

    async def order(self, sought: PersonSought) -> array[int]:
        """The row ids of all who are sought."""
        return await self._store.read(holdings.order, sought.realm, sought.words, sought.by)

    async def lines(self, row_ids: Sequence[int]) -> list[PersonHeld]:
        """What is held of these people."""
        return await self._store.read(holdings.lines, row_ids)

    async def watch(self, most: int = 100) -> Watch:
        """Attempts, blocks, and the log of exports and erasures."""
        return await self._store.read(_watch, self._clock.now() - SEEN_LATELY, most)


def _find(db: Database, sought: PersonSought) -> Found[PersonHeld]:
    first = holdings.order(db, sought.realm, sought.words, sought.by, FIRST)
    total = holdings.count(db, sought.realm, sought.words)
    return Found(total, tuple(holdings.lines(db, first)))


def _watch(db: Database, since: datetime, most: int) -> Watch:
    seen = attempts.recent(db, REALMS, most)
    busiest = [each for realm in REALMS for each in attempts.counted(db, realm, since)]
    busiest = sorted(busiest, key=lambda each: -each[1])[:5]
    names = _names(db, {*(each.person_id for each in seen), *(row_id for row_id, _ in busiest)})
    return Watch(
        tuple(Attempt(a.at, names.get(a.person_id, ""), a.kind, a.signs, a.score) for a in seen),
        tuple((names.get(row_id, ""), many) for row_id, many in busiest),
        tuple(holdings.blocked(db)),
        tuple(audit.of_acts(db, tuple(PRIVACY_ACTS), most)),
    )


def _names(db: Database, row_ids: set[int]) -> dict[int, str]:
    found = (people.by_row_id(db, row_id) for row_id in row_ids)
    return {person.row_id: person.name for person in found if person is not None}
