"""What is known of one person beside feelings: names, when they were here, what was said, how much is
remembered. For faces; it reads the store at the moment of the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db import acquaintance, people
from db.acquaintance import StoredLine as Line
from db.acquaintance import StoredQuote as Quote
from db.acquaintance import StoredTalk as Talk
from db.base import Database
from db.store import Store

__all__ = ["Line", "People", "Profile", "Quote", "Talk"]

_TALKS = 5


@dataclass(frozen=True, slots=True)
class Profile:
    """A person, without what is felt towards them.

    Attributes:
        names: every name they were seen under, the newest first.
        state: new, acquainted, regular, dormant, opted_out or erased.
        facts, episodes: how many of each are remembered. talks: their last conversations, newest first.
    """

    person_id: int
    name: str
    names: tuple[str, ...]
    realm: str
    state: str
    is_bot: bool
    first_seen: datetime
    last_seen: datetime
    messages: int
    facts: int
    episodes: int
    talks: tuple[Talk, ...]


class People:
    """The people who are known, one at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def profile(self, person_id: int, talks: int = _TALKS) -> Profile | None:
        """What is known of a person, by their row id, with their last `talks` conversations; None when
        they are not known here (any more)."""
        return await self._store.read(_profile, person_id, talks)

    async def quotes(self, realm: str, messages: Sequence[int]) -> dict[int, Quote]:
        """The beginnings of messages, by their ids on the platform; those that were deleted are missing."""
        return await self._store.read(acquaintance.quotes, realm, tuple(messages))


def _profile(db: Database, person_id: int, talks: int) -> Profile | None:
    person = people.by_row_id(db, person_id)
    if person is None or person.state == "erased":
        return None
    facts, episodes = acquaintance.remembered(db, person_id)
    return Profile(
        person_id,
        person.name,
        tuple(people.names(db, person_id)),
        person.realm,
        person.state,
        person.is_bot,
        person.first_seen,
        person.last_seen,
        person.message_count,
        facts,
        episodes,
        tuple(acquaintance.talks(db, person, talks)),
    )
