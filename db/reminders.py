"""Reminders that people asked for, each given once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import AutoField, BigIntegerField, Database, TextField

from db.base import MomentField, Row, removal
from db.people import Person


class ReminderRow(Row):
    id = AutoField()
    realm = TextField()
    guild_id = BigIntegerField(null=True)
    channel_id = BigIntegerField()
    channel_name = TextField()
    guild_name = TextField()
    person_id = BigIntegerField()
    person = TextField()
    text = TextField()
    wanted_at = MomentField()
    due_at = MomentField()
    asked_at = MomentField()
    given_at = MomentField(null=True)

    class Meta:
        table_name = "reminders"
        indexes = ((("given_at", "due_at"), False), (("realm", "person_id"), False))


@dataclass(frozen=True, slots=True)
class StoredReminder:
    """A reminder.

    Attributes:
        person_id: platform id of who asked; person: what they were called there.
        wanted_at: when it is wanted; due_at: when it is to be given, later where that failed.
        asked_at: when it was asked for.
    """

    realm: str
    guild_id: int | None
    channel_id: int
    channel_name: str
    guild_name: str
    person_id: int
    person: str
    text: str
    wanted_at: datetime
    due_at: datetime
    asked_at: datetime
    row_id: int = 0


def add(db: Database, reminder: StoredReminder) -> int:
    """Keep a reminder; answers its row id."""
    return int(ReminderRow.insert(**{name: getattr(reminder, name) for name in _COLUMNS}).execute(db))


def open_of(db: Database, realm: str, person_id: int) -> list[StoredReminder]:
    """What a person (platform id) is still to be reminded of, the next first."""
    query = ReminderRow.select().where(
        ReminderRow.realm == realm, ReminderRow.person_id == person_id, ReminderRow.given_at.is_null()
    )
    return [_stored(row) for row in query.order_by(ReminderRow.due_at).execute(db)]


def due(db: Database, realms: tuple[str, ...], now: datetime, limit: int = 20) -> list[StoredReminder]:
    """The reminders of these realms that are due and were not given yet, the oldest first."""
    query = ReminderRow.select().where(
        ReminderRow.given_at.is_null(), ReminderRow.realm.in_(list(realms)), ReminderRow.due_at <= now
    )
    return [_stored(row) for row in query.order_by(ReminderRow.due_at).limit(limit).execute(db)]


def given(db: Database, row_id: int, at: datetime) -> None:
    """Tick a reminder off."""
    ReminderRow.update(given_at=at).where(ReminderRow.id == row_id).execute(db)


def put_off(db: Database, row_id: int, until: datetime) -> None:
    """A reminder could not be given: try again then."""
    ReminderRow.update(due_at=until).where(ReminderRow.id == row_id).execute(db)


def remove(db: Database, row_id: int) -> None:
    """Forget a reminder."""
    removal(ReminderRow).where(ReminderRow.id == row_id).execute(db)


def export(db: Database, person_id: int) -> list[dict[str, Any]]:
    """The reminders that a person asked for, as plain values."""
    return [
        {
            "text": row.text,
            "channel": row.channel_name,
            "due_at": row.wanted_at.isoformat(),
            "asked_at": row.asked_at.isoformat(),
            "given_at": row.given_at.isoformat() if row.given_at is not None else None,
        }
        for row in ReminderRow.select().where(_by(db, person_id)).order_by(ReminderRow.id).execute(db)
    ]


def erase(db: Database, person_id: int) -> int:
    """Remove what a person asked to be reminded of; answers how many there were."""
    return int(removal(ReminderRow).where(_by(db, person_id)).execute(db))


_COLUMNS = (
    *("realm", "guild_id", "channel_id", "channel_name", "guild_name"),
    *("person_id", "person", "text", "wanted_at", "due_at", "asked_at"),
)


def _by(db: Database, person_id: int) -> Any:
    query = Person.select(Person.realm, Person.platform_id).where(Person.id == person_id)
    for person in query.execute(db):
        return (ReminderRow.realm == person.realm) & (ReminderRow.person_id == person.platform_id)
    return ReminderRow.id.in_([])


def _stored(row: ReminderRow) -> StoredReminder:
    return StoredReminder(**{name: getattr(row, name) for name in _COLUMNS}, row_id=row.id)
