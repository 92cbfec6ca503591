"""Personas: each is one document, validated in core, kept whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from peewee import AutoField, BooleanField, Database, TextField

from db.base import MomentField, Row


class PersonaRow(Row):
    id = AutoField()
    name = TextField()
    document = TextField()
    archived = BooleanField(default=False)
    created_at = MomentField()
    changed_at = MomentField()

    class Meta:
        table_name = "personas"


@dataclass(frozen=True, slots=True)
class StoredPersona:
    """A persona as it lies in the store; `document` is JSON."""

    row_id: int
    name: str
    document: str
    archived: bool
    changed_at: datetime


def add(db: Database, name: str, document: str, at: datetime) -> int:
    """Write a new persona and answer its id."""
    return int(PersonaRow.insert(name=name, document=document, created_at=at, changed_at=at).execute(db))


def change(db: Database, row_id: int, name: str, document: str, at: datetime) -> bool:
    """Replace a persona's document; False when it is gone."""
    changed = PersonaRow.update(name=name, document=document, changed_at=at).where(PersonaRow.id == row_id)
    return bool(changed.execute(db))


def archive(db: Database, row_id: int, archived: bool, at: datetime) -> bool:
    """Put a persona away, or take it out again."""
    changed = PersonaRow.update(archived=archived, changed_at=at).where(PersonaRow.id == row_id)
    return bool(changed.execute(db))


def every(db: Database, include_archived: bool = False) -> list[StoredPersona]:
    """All personas by name."""
    query = PersonaRow.select().order_by(PersonaRow.name)
    if not include_archived:
        query = query.where(~PersonaRow.archived)
    return [_stored(row) for row in query.execute(db)]


def get(db: Database, row_id: int) -> StoredPersona | None:
    """One persona, or None."""
    return next(
        (_stored(row) for row in PersonaRow.select().where(PersonaRow.id == row_id).execute(db)), None
    )


def _stored(row: PersonaRow) -> StoredPersona:
    return StoredPersona(row.id, row.name, row.document, row.archived, row.changed_at)
