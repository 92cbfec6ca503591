"""Attempts to steer the bot, for the host to see: what was noticed, never what was written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import AutoField, BigIntegerField, Database, FloatField, ForeignKeyField, TextField, fn

from db.base import MomentField, Row, removal
from db.messages import Message
from db.people import Person


class AttemptRow(Row):
    id = AutoField()
    at = MomentField()
    realm = TextField()
    guild_id = BigIntegerField(null=True)
    channel_id = BigIntegerField()
    person = ForeignKeyField(Person, on_delete="CASCADE", index=False)
    message = ForeignKeyField(Message, null=True, on_delete="CASCADE")
    score = FloatField()
    kind = TextField()
    signs = TextField()

    class Meta:
        table_name = "attempts"
        indexes = ((("realm", "at"), False), (("person", "at"), False))


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    """Something that was noticed.

    Attributes:
        person_id: row id of who wrote. message_id: row id of the message; when that is deleted, so is this.
        score: of core.safety.suspicion, from 1 on; 0 for other kinds.
        kind: `message` (looked like an attempt), `fact` (an order dressed as a fact), `reply` (the output
            guard changed or stopped a reply) or `limit` (held for writing too much).
        signs: the names of the signs, the gravest first.
    """

    at: datetime
    realm: str
    guild_id: int | None
    channel_id: int
    person_id: int
    message_id: int | None
    score: float
    kind: str
    signs: tuple[str, ...] = ()
    row_id: int = 0


def add(db: Database, attempt: StoredAttempt) -> int:
    """Keep an attempt; answers its row id."""
    values = {name: getattr(attempt, name) for name in _COLUMNS}
    query = AttemptRow.insert(
        **values, person=attempt.person_id, message=attempt.message_id, signs=json.dumps(attempt.signs)
    )
    return int(query.execute(db))


def recent(
    db: Database, realms: Sequence[str], limit: int = 100, before: int | None = None
) -> list[StoredAttempt]:
    """The newest attempts of these realms; those before the row `before`, when that is given."""
    query = AttemptRow.select().where(AttemptRow.realm.in_(list(realms)))
    if before is not None:
        query = query.where(AttemptRow.id < before)
    return [_stored(row) for row in query.order_by(AttemptRow.id.desc()).limit(limit).execute(db)]


def counted(db: Database, realm: str, since: datetime) -> list[tuple[int, int]]:
    """Row ids of people with how many attempts they made since then, the busiest first."""
    number = fn.COUNT(AttemptRow.id)
    query = (
        AttemptRow.select(AttemptRow.person, number)
        .where(AttemptRow.realm == realm, AttemptRow.at >= since)
        .group_by(AttemptRow.person)
        .order_by(number.desc(), AttemptRow.person)
    )
    return [(int(person), int(many)) for person, many in query.tuples().execute(db)]


def forget_before(db: Database, moment: datetime) -> int:
    """Delete what is older; answers how many there were."""
    return int(removal(AttemptRow).where(AttemptRow.at < moment).execute(db))


def export(db: Database, person_id: int) -> list[dict[str, Any]]:
    """What was noticed of a person, as plain values."""
    query = AttemptRow.select().where(AttemptRow.person == person_id).order_by(AttemptRow.id)
    return [
        {
            "at": row.at.isoformat(),
            "guild_id": row.guild_id,
            "channel_id": row.channel_id,
            "score": row.score,
            "kind": row.kind,
            "signs": json.loads(row.signs),
        }
        for row in query.execute(db)
    ]


def erase(db: Database, person_id: int) -> int:
    """Remove what was noticed of a person; answers how many there were."""
    return int(removal(AttemptRow).where(AttemptRow.person == person_id).execute(db))


_COLUMNS = ("at", "realm", "guild_id", "channel_id", "score", "kind")


def _stored(row: Any) -> StoredAttempt:
    values = {name: getattr(row, name) for name in _COLUMNS}
    return StoredAttempt(
        **values,
        person_id=row.person_id,
        message_id=row.message_id,
        signs=tuple(json.loads(row.signs)),
        row_id=row.id,
    )
