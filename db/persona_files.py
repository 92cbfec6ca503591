"""What belongs to a persona beside its document: its lorebook, its picture, the card it came with."""

from __future__ import annotations

from datetime import datetime

from peewee import AutoField, BlobField, Database, IntegerField, TextField

from db.base import MomentField, Row, removal

BOOK, CARD, PICTURE = "book", "card", "picture"
KINDS = (BOOK, CARD, PICTURE)


class PersonaFileRow(Row):
    id = AutoField()
    persona_id = IntegerField()
    kind = TextField()
    content = BlobField()
    changed_at = MomentField()

    class Meta:
        table_name = "persona_files"
        indexes = ((("persona_id", "kind"), True),)


def get(db: Database, persona_id: int, kind: str) -> bytes | None:
    """A persona's file of a kind (see KINDS), or None."""
    query = PersonaFileRow.select(PersonaFileRow.content).where(
        PersonaFileRow.persona_id == persona_id, PersonaFileRow.kind == kind
    )
    return next((bytes(row.content) for row in query.execute(db)), None)


def put(db: Database, persona_id: int, kind: str, content: bytes | None, at: datetime) -> None:
    """Keep a file of a persona in the place of the one before; None removes it.

    Raises:
        ValueError: `kind` is not one of KINDS.
    """
    if kind not in KINDS:
        raise ValueError(f"a persona has no {kind}")
    if content is None:
        removal(PersonaFileRow).where(
            PersonaFileRow.persona_id == persona_id, PersonaFileRow.kind == kind
        ).execute(db)
        return
    PersonaFileRow.insert(persona_id=persona_id, kind=kind, content=content, changed_at=at).on_conflict(
        conflict_target=[PersonaFileRow.persona_id, PersonaFileRow.kind],
        preserve=[PersonaFileRow.content, PersonaFileRow.changed_at],
    ).execute(db)


def pictures(db: Database) -> dict[int, bytes]:
    """The pictures of all personas that have one, by persona."""
    query = PersonaFileRow.select(PersonaFileRow.persona_id, PersonaFileRow.content).where(
        PersonaFileRow.kind == PICTURE
    )
    return {row.persona_id: bytes(row.content) for row in query.execute(db)}
