"""Of whom nothing may be kept: a row without a name, with a stand-in for the id that leads back to nobody who
does not already know the id and holds this file."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from datetime import datetime

from peewee import Database

from db import state
from db.people import Person

ERASED = "erased"
SALT = "privacy.salt"


def salt(db: Database, fresh: bytes, at: datetime) -> str:
    """What stand-ins are made with, in hex; `fresh` (32 random bytes) where there is none yet."""
    kept = state.get(db, state.State, SALT)
    if kept is None:
        kept = fresh.hex()
        state.put(db, state.State, SALT, kept, at)
    return str(kept)


def every(db: Database) -> frozenset[tuple[str, int]]:
    """The stand-ins of everybody of whom nothing may be kept: realm and number."""
    query = Person.select(Person.realm, Person.platform_id).where(
        Person.state == ERASED, Person.platform_id < 0
    )
    return frozenset((str(realm), int(number)) for realm, number in query.tuples().execute(db))


def matching(db: Database, salted: str, wanted: Collection[tuple[str, int]]) -> list[tuple[str, int]]:
    """Whoever is known here and has one of these stand-ins: realm and platform id."""
    raw, realms = bytes.fromhex(salted), {realm for realm, _ in wanted}
    query = Person.select(Person.realm, Person.platform_id).where(
        Person.platform_id >= 0, Person.realm.in_(sorted(realms))
    )
    return [
        (realm, number)
        for realm, number in query.tuples().execute(db)
        if (realm, stand_in(raw, realm, number)) in wanted
    ]


def lay_all(db: Database, wanted: Collection[tuple[str, int]], at: datetime) -> None:
    """Refuse to collect those who have these stand-ins."""
    for realm, number in wanted:
        lay(db, realm, number, at)


def lay(db: Database, realm: str, stone: int, at: datetime) -> None:
    """Refuse to collect whoever has this stand-in."""
    Person.insert(
        realm=realm, platform_id=stone, name="", state=ERASED, first_seen=at, last_seen=at, message_count=0
    ).on_conflict_ignore().execute(db)


def stand_in(salt: bytes, realm: str, platform_id: int) -> int:
    """A number below 0, which no platform gives: HMAC-SHA-256 of the id, cut to 62 bits."""
    digest = hmac.new(salt, f"{realm} {platform_id}".encode(), hashlib.sha256).digest()
    return -1 - (int.from_bytes(digest[:8], "big") >> 2)
