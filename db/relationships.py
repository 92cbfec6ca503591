"""What the bot feels towards each person: the values as they were last written, and every change with its
cause. How they cool with time is core's business (core/feelings/relationship.py)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from peewee import (
    JOIN,
    AutoField,
    BigIntegerField,
    BooleanField,
    Database,
    FloatField,
    ForeignKeyField,
    TextField,
    chunked,
    fn,
)

from db.base import MomentField, Row, removal
from db.messages import Message
from db.people import Person

HOUR_MS = 3_600_000
# SQLite binds a limited number of values in one statement.
_MOST_AT_ONCE = 500
_BEFORE = tuple(f"{name}_before" for name in ("anger", "rapport", "trust", "formality"))


class Metrics(NamedTuple):
    """Anger, rapport and trust 0–10, formality −5…+5: fractions here, whole numbers where people see them."""

    anger: float
    rapport: float
    trust: float
    formality: float


class RelationshipRow(Row):
    person = ForeignKeyField(Person, unique=True, on_delete="CASCADE")
    anger = FloatField()
    rapport = FloatField()
    trust = FloatField()
    formality = FloatField()
    at = MomentField()

    class Meta:
        table_name = "relationships"


class ChangeRow(Row):
    id = AutoField()
    person = ForeignKeyField(Person, on_delete="CASCADE", index=False)
    at = MomentField()
    anger_before = FloatField()
    rapport_before = FloatField()
    trust_before = FloatField()
    formality_before = FloatField()
    anger = FloatField()
    rapport = FloatField()
    trust = FloatField()
    formality = FloatField()
    message = ForeignKeyField(Message, null=True, on_delete="SET NULL")
    platform_id = BigIntegerField(null=True)
    by_host = BooleanField(default=False)
    cause = TextField()
    cause_params = TextField(default="{}")

    class Meta:
        table_name = "relationship_changes"
        indexes = ((("person", "at"), False),)


@dataclass(frozen=True, slots=True)
class Known:
    """A person with the values last written, or None where nothing was written yet. `at`: when that was."""

    person_id: int
    platform_id: int
    name: str
    state: str
    is_bot: bool
    first_seen: datetime
    last_seen: datetime
    message_count: int
    metrics: Metrics | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredChange:
    """A change of a relationship, and why.

    Attributes:
        message_id: row id of the message that caused it; None when there was none, or it is gone.
        platform_id: that message's id on its platform.
        cause: the English sentence, with `{name}` for the person; params: what else goes into it.
        by_host: the host set it.
    """

    person_id: int
    at: datetime
    before: Metrics
    after: Metrics
    cause: str
    params: Mapping[str, Any] = field(default_factory=dict)
    message_id: int | None = None
    platform_id: int | None = None
    by_host: bool = False
    row_id: int = 0


def find(db: Database, person_id: int) -> tuple[Metrics, datetime] | None:
    """The values last written for a person, and when."""
    rows = RelationshipRow.select().where(RelationshipRow.person == person_id).execute(db)
    return next(
        ((Metrics(row.anger, row.rapport, row.trust, row.formality), row.at) for row in rows),
        None,
    )


def put(db: Database, change: StoredChange) -> None:
    """Write a change: the values that hold from its moment on, and its line in the history."""
    values = change.after._asdict()
    RelationshipRow.insert(person=change.person_id, at=change.at, **values).on_conflict(
        conflict_target=[RelationshipRow.person],
        preserve=[RelationshipRow.at, *(getattr(RelationshipRow, name) for name in Metrics._fields)],
    ).execute(db)
    ChangeRow.insert(
        person=change.person_id,
        at=change.at,
        message=change.message_id,
        platform_id=change.platform_id,
        by_host=change.by_host,
        cause=change.cause,
        cause_params=json.dumps(dict(change.params)),
        **values,
        **dict(zip(_BEFORE, change.before, strict=True)),
    ).execute(db)


def gained(db: Database, person_id: int, since: datetime) -> Metrics:
    """How much each value rose through messages since a moment; falls are not counted against it."""
    columns = [
        fn.SUM(fn.MAX(getattr(ChangeRow, name) - getattr(ChangeRow, f"{name}_before"), 0))
        for name in Metrics._fields
    ]
    query = ChangeRow.select(*columns).where(
        ChangeRow.person == person_id, ChangeRow.at > since, ~ChangeRow.by_host
    )
    sums = next(iter(query.tuples().execute(db)))
    return Metrics(*(value or 0.0 for value in sums))


def caused(db: Database, person_id: int, message_id: int) -> StoredChange | None:
    """The first change that a message (its row id) caused."""
    query = ChangeRow.select().where(ChangeRow.message == message_id, ChangeRow.person == person_id)
    return next((_change(row) for row in query.order_by(ChangeRow.id).limit(1).execute(db)), None)


def every(db: Database, realm: str) -> list[Known]:
    """Everybody of a realm who was not erased, with or without a relationship, in no order."""
    query = _everybody().where(Person.realm == realm, Person.state != "erased")
    return [_known(row) for row in query.tuples().execute(db)]


def some(db: Database, person_ids: Sequence[int]) -> list[Known]:
    """Those of the people (by row id) who are there, in the order of `person_ids`."""
    found = {
        row[0]: _known(row)
        for few in chunked(person_ids, _MOST_AT_ONCE)
        for row in _everybody().where(Person.id.in_(few)).tuples().execute(db)
    }
    return [found[person_id] for person_id in person_ids if person_id in found]


def _everybody() -> Any:
    return Person.select(
        Person.id,
        Person.platform_id,
        Person.name,
        Person.state,
        Person.is_bot,
        Person.first_seen,
        Person.last_seen,
        Person.message_count,
        RelationshipRow.anger,
        RelationshipRow.rapport,
        RelationshipRow.trust,
        RelationshipRow.formality,
        RelationshipRow.at,
    ).join(RelationshipRow, JOIN.LEFT_OUTER)


def _known(row: tuple[Any, ...]) -> Known:
    metrics = Metrics(*row[8:12]) if row[12] is not None else None
    person_id, platform_id, name, state, is_bot, first_seen, last_seen, message_count = row[:8]
    return Known(
        person_id, platform_id, name, state, is_bot, first_seen, last_seen, message_count, metrics, row[12]
    )


def history(
    db: Database, person_id: int, since: datetime | None = None, limit: int = 1000
) -> list[StoredChange]:
    """The newest `limit` changes (since a moment), oldest first."""
    query = ChangeRow.select().where(ChangeRow.person == person_id)
    if since is not None:
        query = query.where(ChangeRow.at >= since)
    newest = query.order_by(ChangeRow.at.desc(), ChangeRow.id.desc()).limit(limit)
    return [_change(row) for row in newest.execute(db)][::-1]


def _change(row: Any) -> StoredChange:
    return StoredChange(
        row.person_id,
        row.at,
        Metrics(*(getattr(row, name) for name in _BEFORE)),
        Metrics(row.anger, row.rapport, row.trust, row.formality),
        row.cause,
        json.loads(row.cause_params),
        row.message_id,
        row.platform_id,
        row.by_host,
        row.id,
    )


def thin(db: Database, before: datetime, least: float = 0.3) -> int:
    """Drop old small steps of messages, but the last of each person's hour; answers how many went.

    Args:
        before: changes from then on are left alone.
        least: a change that moved any value by this much or more stays, and so does what the host did.
    """
    small = [
        fn.ABS(getattr(ChangeRow, name) - getattr(ChangeRow, f"{name}_before")) < least
        for name in Metrics._fields
    ]
    last = ChangeRow.select(fn.MAX(ChangeRow.id)).group_by(ChangeRow.person, ChangeRow.at / HOUR_MS)
    query = removal(ChangeRow).where(
        ChangeRow.at < before, ~ChangeRow.by_host, *small, ChangeRow.id.not_in(last)
    )
    return int(query.execute(db))


def export(db: Database, person_id: int) -> dict[str, Any]:
    """Everything kept about how it stands with a person, as plain values."""
    now = find(db, person_id)
    return {
        "relationship": None if now is None else {**now[0]._asdict(), "at": now[1].isoformat()},
        "changes": [
            {
                "at": change.at.isoformat(),
                "before": change.before._asdict(),
                "after": change.after._asdict(),
                "cause": change.cause,
                "params": dict(change.params),
                "message": change.platform_id,
                "by_host": change.by_host,
            }
            for change in history(db, person_id, limit=1_000_000)
        ],
    }


def erase(db: Database, person_id: int) -> int:
    """Remove every trace of how it stands with a person; answers how many rows went."""
    return sum(
        int(removal(table).where(table.person == person_id).execute(db))
        for table in (RelationshipRow, ChangeRow)
    )
