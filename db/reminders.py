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
        due_at: when it is to be given; asked_at: when it was asked for.
    """

    realm: str
    guild_id: int | None
    channel_id: int
    channel_name: str
    guild_name: str
    person_id: int
    person: str
    text: str
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


def next_due(db: Database, realms: tuple[str, ...]) -> datetime | None:
    """When the next reminder of these realms is due, or None."""
    query = ReminderRow.select(ReminderRow.due_at).where(
        ReminderRow.given_at.is_null(), ReminderRow.realm.in_(list(realms))
    )
    return next((row.due_at for row in query.order_by(ReminderRow.due_at).limit(1).execute(db)), None)


def take_due(db: Database, realms: tuple[str, ...], now: datetime, limit: int = 20) -> list[StoredReminder]:
    """The reminders that are due, ticked off as given: nobody else takes them again."""
    query = (
        ReminderRow.select()
        .where(ReminderRow.given_at.is_null(), ReminderRow.realm.in_(list(realms)), ReminderRow.due_at <= now)
        .order_by(ReminderRow.due_at)
        .limit(limit)
    )
    due = [_stored(row) for row in query.execute(db)]
    ReminderRow.update(given_at=now).where(ReminderRow.id.in_([each.row_id for each in due])).execute(db)
    return due


def put_off(db: Database, row_id: int, until: datetime) -> None:
    """A reminder could not be given: try again then."""
    ReminderRow.update(given_at=None, due_at=until).where(ReminderRow.id == row_id).execute(db)


def remove(db: Database, row_id: int) -> None:
    """Forget a reminder."""
    removal(ReminderRow).where(ReminderRow.id == row_id).execute(db)


def export(db: Database, person_id: int) -> list[dict[str, Any]]:
    """The reminders that a person asked for, as plain values."""
    return [
        {
            "text": row.text,
            "channel": row.channel_name,
            "due_at": row.due_at.isoformat(),
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
    *("person_id", "person", "text", "due_at", "asked_at"),
)


def _by(db: Database, person_id: int) -> Any:
    query = Person.select(Person.realm, Person.platform_id).where(Person.id == person_id)
    for person in query.execute(db):
        return (ReminderRow.realm == person.realm) & (ReminderRow.person_id == person.platform_id)
    return ReminderRow.id.in_([])


def _stored(row: ReminderRow) -> StoredReminder:
    return StoredReminder(**{name: getattr(row, name) for name in _COLUMNS}, row_id=row.id)
