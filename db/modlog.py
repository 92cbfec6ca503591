"""What moderators did on a server, and with which reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import AutoField, BigIntegerField, Database, TextField

from db import people
from db.base import MomentField, Row, removal


class ModLogRow(Row):
    id = AutoField()
    realm = TextField()
    guild_id = BigIntegerField()
    act = TextField()
    person_id = BigIntegerField(null=True, index=True)
    person = TextField()
    by_id = BigIntegerField(null=True, index=True)
    by_name = TextField()
    reason = TextField()
    at = MomentField()

    class Meta:
        table_name = "modlog"
        indexes = ((("realm", "guild_id", "at"), False),)


@dataclass(frozen=True, slots=True)
class StoredDeed:
    """Something a moderator did.

    Attributes:
        act: what, as `core.server.modlog` names it. person_id, by_id: platform ids of whom it concerns
            (None: nobody) and who did it. row_id: its number, 0 before it is written.
    """

    realm: str
    guild_id: int
    act: str
    person_id: int | None
    person: str
    by_id: int | None
    by_name: str
    reason: str
    at: datetime
    row_id: int = 0


_COLUMNS = ("realm", "guild_id", "act", "person_id", "person", "by_id", "by_name", "reason", "at")


def add(db: Database, deed: StoredDeed) -> int:
    """Keep what was done; answers its number."""
    return int(ModLogRow.insert(**{name: getattr(deed, name) for name in _COLUMNS}).execute(db))


def recent(
    db: Database, realm: str, guild_id: int, limit: int, person_id: int | None = None
) -> list[StoredDeed]:
    """The newest deeds on a server, the newest first; with `person_id` (platform) those about them."""
    query = ModLogRow.select().where(ModLogRow.realm == realm, ModLogRow.guild_id == guild_id)
    if person_id is not None:
        query = query.where(ModLogRow.person_id == person_id)
    return [_stored(row) for row in query.order_by(ModLogRow.id.desc()).limit(limit).execute(db)]


def export(db: Database, person_id: int) -> list[dict[str, Any]]:
    """What was done about a person, and by them, as plain values."""
    person = people.by_row_id(db, person_id)
    if person is None:
        return []
    query = ModLogRow.select().where(
        ModLogRow.realm == person.realm,
        (ModLogRow.person_id == person.platform_id) | (ModLogRow.by_id == person.platform_id),
    )
    return [
        {
            "guild_id": row.guild_id,
            "act": row.act,
            "about_you": row.person_id == person.platform_id,
            "reason": row.reason,
            "at": row.at.isoformat(),
        }
        for row in query.order_by(ModLogRow.id).execute(db)
    ]


def erase(db: Database, person_id: int) -> int:
    """Remove what was done about a person, and their name from what they did; answers how many rows."""
    person = people.by_row_id(db, person_id)
    if person is None:
        return 0
    about = (ModLogRow.realm == person.realm) & (ModLogRow.person_id == person.platform_id)
    gone = int(removal(ModLogRow).where(about).execute(db))
    done = (ModLogRow.realm == person.realm) & (ModLogRow.by_id == person.platform_id)
    return gone + int(ModLogRow.update(by_id=None, by_name="").where(done).execute(db))


def _stored(row: ModLogRow) -> StoredDeed:
    return StoredDeed(**{name: getattr(row, name) for name in _COLUMNS}, row_id=row.id)
