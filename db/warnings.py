"""Warnings that people were given on a server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import AutoField, BigIntegerField, Database, TextField

from db import people
from db.base import MomentField, Row, removal


class WarningRow(Row):
    id = AutoField()
    realm = TextField()
    guild_id = BigIntegerField()
    person_id = BigIntegerField()
    person = TextField()
    by_id = BigIntegerField(null=True, index=True)
    by_name = TextField()
    reason = TextField()
    at = MomentField()

    class Meta:
        table_name = "warnings"
        indexes = ((("realm", "guild_id", "person_id"), False),)


@dataclass(frozen=True, slots=True)
class StoredWarning:
    """A warning.

    Attributes:
        person_id, by_id: platform ids of who was warned and by whom; by_id None once that one was erased.
        row_id: its number, 0 before it is written.
    """

    realm: str
    guild_id: int
    person_id: int
    person: str
    by_id: int | None
    by_name: str
    reason: str
    at: datetime
    row_id: int = 0


_COLUMNS = ("realm", "guild_id", "person_id", "person", "by_id", "by_name", "reason", "at")


def add(db: Database, warning: StoredWarning) -> int:
    """Keep a warning; answers its number."""
    return int(WarningRow.insert(**{name: getattr(warning, name) for name in _COLUMNS}).execute(db))


def of(db: Database, realm: str, guild_id: int, person_id: int) -> list[StoredWarning]:
    """The warnings that a person (platform id) has on a server, the newest first."""
    query = WarningRow.select().where(
        WarningRow.realm == realm, WarningRow.guild_id == guild_id, WarningRow.person_id == person_id
    )
    return [_stored(row) for row in query.order_by(WarningRow.id.desc()).execute(db)]


def remove(db: Database, realm: str, guild_id: int, number: int) -> StoredWarning | None:
    """Take a warning of this server back; answers what it was, None when there is none."""
    query = WarningRow.select().where(
        WarningRow.realm == realm, WarningRow.guild_id == guild_id, WarningRow.id == number
    )
    for row in query.execute(db):
        removal(WarningRow).where(WarningRow.id == number).execute(db)
        return _stored(row)
    return None


def clear(db: Database, realm: str, guild_id: int, person_id: int) -> int:
    """Take back all warnings of a person on a server; answers how many there were."""
    return int(
        removal(WarningRow)
        .where(WarningRow.realm == realm, WarningRow.guild_id == guild_id, WarningRow.person_id == person_id)
        .execute(db)
    )


def export(db: Database, person_id: int) -> list[dict[str, Any]]:
    """The warnings that a person was given, as plain values."""
    return [
        {"guild_id": row.guild_id, "reason": row.reason, "by": row.by_name, "at": row.at.isoformat()}
        for row in WarningRow.select().where(_about(db, person_id)).order_by(WarningRow.id).execute(db)
    ]


def erase(db: Database, person_id: int) -> int:
    """Remove the warnings a person was given, and their name from those they gave; answers how many rows."""
    gone = int(removal(WarningRow).where(_about(db, person_id)).execute(db))
    person = people.by_row_id(db, person_id)
    if person is None:
        return gone
    given = (WarningRow.realm == person.realm) & (WarningRow.by_id == person.platform_id)
    return gone + int(WarningRow.update(by_id=None, by_name="").where(given).execute(db))


def _about(db: Database, person_id: int) -> Any:
    person = people.by_row_id(db, person_id)
    if person is None:
        return WarningRow.id.in_([])
    return (WarningRow.realm == person.realm) & (WarningRow.person_id == person.platform_id)


def _stored(row: WarningRow) -> StoredWarning:
    return StoredWarning(**{name: getattr(row, name) for name in _COLUMNS}, row_id=row.id)
