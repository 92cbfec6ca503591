"""Who changed what by command: personas, memories, relationships, moods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import AutoField, BigIntegerField, Database, TextField

from db import people
from db.base import MomentField, Row, removal


class AuditRow(Row):
    id = AutoField()
    at = MomentField()
    realm = TextField()
    guild_id = BigIntegerField(null=True)
    by_id = BigIntegerField(null=True, index=True)
    by_name = TextField()
    act = TextField(index=True)
    subject = TextField()
    person_id = BigIntegerField(null=True, index=True)
    before = TextField()
    after = TextField()

    class Meta:
        table_name = "audit"
        indexes = ((("realm", "guild_id", "at"), False),)


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """A change.

    Attributes:
        guild_id: the server it was asked for on. by_id: platform id of who did it; None once they are erased.
        act: what was done, as `core.audit` names it. subject: to what (a persona's name, a person's).
        person_id: platform id of whom it is about, None when it is about nobody.
        before, after: the old and the new value in words; "" where there was none.
    """

    at: datetime
    realm: str
    guild_id: int | None
    by_id: int | None
    by_name: str
    act: str
    subject: str
    person_id: int | None
    before: str
    after: str
    row_id: int = 0


_COLUMNS = (
    *("at", "realm", "guild_id", "by_id", "by_name", "act", "subject", "person_id"),
    *("before", "after"),
)


def note(db: Database, entry: StoredEntry) -> int:
    """Keep a change; answers its number."""
    return int(AuditRow.insert(**{name: getattr(entry, name) for name in _COLUMNS}).execute(db))


def recent(db: Database, realm: str, guild_id: int | None, limit: int) -> list[StoredEntry]:
    """The newest changes asked for on a server (None: anywhere), the newest first."""
    query = AuditRow.select().where(AuditRow.realm == realm)
    if guild_id is not None:
        query = query.where(AuditRow.guild_id == guild_id)
    return [_stored(row) for row in query.order_by(AuditRow.id.desc()).limit(limit).execute(db)]


def of_acts(db: Database, acts: Sequence[str], limit: int) -> list[StoredEntry]:
    """The newest entries of some acts in any realm, the newest first."""
    query = AuditRow.select().where(AuditRow.act.in_(acts))
    return [_stored(row) for row in query.order_by(AuditRow.id.desc()).limit(limit).execute(db)]


def export(db: Database, person_id: int) -> list[dict[str, Any]]:
    """The changes that are about a person (by row id) or were made by them, as plain values."""
    person = people.by_row_id(db, person_id)
    if person is None:
        return []
    mine = (AuditRow.person_id == person.platform_id) | (AuditRow.by_id == person.platform_id)
    query = AuditRow.select().where(AuditRow.realm == person.realm, mine).order_by(AuditRow.id)
    return [
        {
            "at": row.at.isoformat(),
            "guild_id": row.guild_id,
            "act": row.act,
            "about_you": row.person_id == person.platform_id,
            "before": row.before if row.person_id == person.platform_id else "",
            "after": row.after if row.person_id == person.platform_id else "",
        }
        for row in query.execute(db)
    ]


def erase(db: Database, person_id: int) -> int:
    """Remove the changes about a person, and their name from those they made; answers how many rows."""
    person = people.by_row_id(db, person_id)
    if person is None:
        return 0
    about = (AuditRow.realm == person.realm) & (AuditRow.person_id == person.platform_id)
    gone = int(removal(AuditRow).where(about).execute(db))
    made = (AuditRow.realm == person.realm) & (AuditRow.by_id == person.platform_id)
    return gone + int(AuditRow.update(by_id=None, by_name="").where(made).execute(db))


def _stored(row: Any) -> StoredEntry:
    return StoredEntry(**{name: getattr(row, name) for name in _COLUMNS}, row_id=row.id)
