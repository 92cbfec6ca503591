"""The people the bot knows and how it stands with them: listed, looked at, set by the host."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.feelings import history, relationship
from core.feelings.heart import settled_since
from core.feelings.history import Change
from core.feelings.reaction import set_relationship
from core.feelings.state import Bond
from core.feelings.traits import Traits
from db import people, relationships
from db.base import Database
from db.relationships import Known, Metrics

SortBy = Literal["last_seen", "name", "anger", "rapport", "trust", "formality", "messages"]


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """A line of the list of people: who they are, and how it stands with them now.

    Attributes:
        met: the persona has had to do with them before; the values are where it begins otherwise.
    """

    person_id: int
    platform_id: int
    name: str
    state: str
    is_bot: bool
    first_seen: datetime
    last_seen: datetime
    messages: int
    metrics: Metrics
    met: bool

    @property
    def shown(self) -> Metrics:
        """The whole numbers."""
        return relationship.shown(self.metrics)

    @property
    def bond(self) -> Bond:
        return Bond(self.person_id, self.name, self.metrics, self.met)


@dataclass(frozen=True, slots=True)
class People:
    """A page of the list. `total`: how many there are in all."""

    rows: tuple[Acquaintance, ...]
    total: int


def listed(
    db: Database,
    traits: Traits,
    realm: str,
    at: datetime,
    sort: SortBy,
    descending: bool,
    search: str,
    wanted: slice,
) -> People:
    """A page of everybody in a realm, sorted by what holds now, which no column of the store can tell."""
    rows = [
        _acquaintance(known, traits, at)
        for known in relationships.every(db, realm)
        if search.casefold() in known.name.casefold()
    ]
    rows.sort(key=lambda row: (row.name.casefold(), row.person_id))
    rows.sort(key=_key(sort), reverse=descending)
    return People(tuple(rows[wanted]), len(rows))


def _acquaintance(known: Known, traits: Traits, at: datetime) -> Acquaintance:
    kept = (known.metrics, known.at) if known.metrics and known.at else None
    return Acquaintance(
        known.person_id,
        known.platform_id,
        known.name,
        known.state,
        known.is_bot,
        known.first_seen,
        known.last_seen,
        known.message_count,
        settled_since(kept, traits, at),
        kept is not None,
    )


def _key(sort: SortBy) -> Callable[[Acquaintance], tuple[float, str]]:
    if sort == "name":
        return lambda row: (0.0, row.name.casefold())
    if sort == "last_seen":
        return lambda row: (row.last_seen.timestamp(), "")
    if sort == "messages":
        return lambda row: (row.messages, "")
    return lambda row: (getattr(row.metrics, sort), "")


def bond(db: Database, traits: Traits, person_id: int, at: datetime) -> Bond | None:
    """How it stands with one person now; None when they are unknown."""
    person = people.by_row_id(db, person_id)
    if person is None:
        return None
    kept = relationships.find(db, person_id)
    return Bond(person_id, person.name, settled_since(kept, traits, at), kept is not None)


def changes(db: Database, person_id: int, since: datetime | None, limit: int) -> list[Change]:
    """What changed with a person and why, oldest first."""
    person = people.by_row_id(db, person_id)
    name = person.name if person else ""
    return [history.change(kept, name) for kept in relationships.history(db, person_id, since, limit)]


def host_sets(
    db: Database, traits: Traits, person_id: int, wanted: Mapping[str, float], cause: str, at: datetime
) -> tuple[Metrics, str] | None:
    """The host sets values; answers all of them and the person's realm, None when they are unknown."""
    person = people.by_row_id(db, person_id)
    if person is None:
        return None
    return set_relationship(db, traits, person_id, wanted, cause, at), person.realm
