"""The states of a person's life with the bot, and what moves them.

new → acquainted (5 messages) → regular (50 messages over at least a week)
any of these → dormant (30 days without a word) → back, by the same rules, with the first new word
opted_out, erased: only the person or the host moves these
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from db import people
from db.base import Database
from db.people import StoredPerson

NEW, ACQUAINTED, REGULAR, DORMANT = "new", "acquainted", "regular", "dormant"
LEFT_ALONE = frozenset(("opted_out", "erased"))

ACQUAINTED_FROM = 5
REGULAR_FROM = 50
REGULAR_AFTER = timedelta(days=7)
DORMANT_AFTER = timedelta(days=30)


def state_of(person: StoredPerson, now: datetime) -> str:
    """The state a person is in by the rules. Pure."""
    if person.state in LEFT_ALONE:
        return person.state
    if now - person.last_seen >= DORMANT_AFTER:
        return DORMANT
    if person.message_count >= REGULAR_FROM and person.last_seen - person.first_seen >= REGULAR_AFTER:
        return REGULAR
    return ACQUAINTED if person.message_count >= ACQUAINTED_FROM else NEW


def moved(db: Database, person: StoredPerson, now: datetime) -> StoredPerson:
    """Write the state a person is in now; for the transaction in which they were met."""
    state = state_of(person, now)
    if state == person.state:
        return person
    people.put_state(db, person.row_id, state)
    return replace(person, state=state)


def move_all(db: Database, realm: str, now: datetime) -> int:
    """The nightly round over a realm; answers how many people changed their state."""
    return sum(
        moved(db, person, now) is not person for person in people.every(db, realm) if not person.is_bot
    )
