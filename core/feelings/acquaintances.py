"""The people the bot knows and how it stands with them: listed, looked at, set by the host."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from core.feelings import history, relationship
from core.feelings.heart import settled_since
from core.feelings.history import Change
from core.feelings.reaction import set_relationship
from core.feelings.state import Bond
from core.feelings.traits import Traits
from db import acquaintance, people, relationships
from db.base import Database
from db.relationships import Known, Metrics

Key = tuple[Any, ...]
_COLUMNS = {"last_seen": 2, "messages": 3}
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
    """A page of everybody in a realm, sorted by what holds now.

    There may be very many people: all but the page that is wanted are looked at bare.
    """
    if sort in ("last_seen", "messages") and not search:
        ids = acquaintance.in_order(db, realm, sort, descending, wanted.stop - wanted.start, wanted.start)
        total = acquaintance.total(db, realm)
    else:
        found = _sorted(_searched(acquaintance.keys(db, realm), search), traits, at, sort, descending)
        ids, total = [key[0] for key in found[wanted]], len(found)
    rows = tuple(_acquaintance(known, traits, at) for known in relationships.some(db, ids))
    return People(rows, total)


def _searched(keys: list[Key], search: str) -> list[Key]:
    words = search.casefold()
    return [key for key in keys if words in key[1].casefold()] if words else keys


def _sorted(keys: list[Key], traits: Traits, at: datetime, sort: SortBy, descending: bool) -> list[Key]:
    """In order; those who are the same stand by their names."""
    found = sorted(keys, key=lambda key: str(key[1]).casefold())
    if sort == "name":
        return found[::-1] if descending else found
    if sort in _COLUMNS:
        number = _COLUMNS[sort]
        return sorted(found, key=lambda key: float(key[number]), reverse=descending)
    value = _value_now(Metrics._fields.index(sort), traits, at)
    return sorted(found, key=value, reverse=descending)


def _value_now(metric: int, traits: Traits, at: datetime) -> Callable[[Key], float]:
    """What tells a relationship's value of now from a key, as `relationship.settled` does of all four."""
    home, life_ms = relationship.baseline(traits)[metric], relationship.half_lives(traits)[metric] * 1000
    now_ms = at.timestamp() * 1000

    def value(key: Key) -> float:
        if key[8] is None:
            return home
        kept: float = key[4 + metric]
        lives: float = max(now_ms - key[8], 0.0) / life_ms
        return home + (kept - home) * math.pow(0.5, lives)

    return value


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
