"""How strong each of a persona's quirks is today, and every change with its reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from peewee import AutoField, BooleanField, Database, FloatField, ForeignKeyField, TextField

from db.base import MomentField, Row
from db.personas import PersonaRow


class QuirkRow(Row):
    id = AutoField()
    persona = ForeignKeyField(PersonaRow, on_delete="CASCADE", index=False)
    text = TextField()
    strength = FloatField()
    at = MomentField()

    class Meta:
        table_name = "quirks"
        indexes = ((("persona", "text"), True),)


class QuirkChangeRow(Row):
    id = AutoField()
    quirk = ForeignKeyField(QuirkRow, on_delete="CASCADE", index=False)
    before = FloatField()
    after = FloatField()
    at = MomentField()
    undone = BooleanField(default=False)
    reason = TextField()
    reason_params = TextField(default="{}")

    class Meta:
        table_name = "quirk_changes"
        indexes = ((("quirk", "at"), False),)


@dataclass(frozen=True, slots=True)
class StoredQuirkChange:
    """A quirk that became stronger or weaker. `undone`: the host took it back."""

    text: str
    before: float
    after: float
    at: datetime
    reason: str
    params: Mapping[str, Any] = field(default_factory=dict)
    undone: bool = False
    row_id: int = 0


def strengths(db: Database, persona_id: int) -> dict[str, float]:
    """How strong quirks are, by their text; those that never changed are not there."""
    query = QuirkRow.select(QuirkRow.text, QuirkRow.strength).where(QuirkRow.persona == persona_id)
    return dict(query.tuples().execute(db))


def put(db: Database, persona_id: int, change: StoredQuirkChange) -> int:
    """Write a quirk's new strength with its reason; answers the change's id."""
    QuirkRow.insert(persona=persona_id, text=change.text, strength=change.after, at=change.at).on_conflict(
        conflict_target=[QuirkRow.persona, QuirkRow.text], preserve=[QuirkRow.strength, QuirkRow.at]
    ).execute(db)
    quirk = QuirkRow.select(QuirkRow.id).where(QuirkRow.persona == persona_id, QuirkRow.text == change.text)
    return int(
        QuirkChangeRow.insert(
            quirk=next(iter(quirk.execute(db))).id,
            before=change.before,
            after=change.after,
            at=change.at,
            reason=change.reason,
            reason_params=json.dumps(dict(change.params)),
        ).execute(db)
    )


def history(db: Database, persona_id: int, limit: int = 200) -> list[StoredQuirkChange]:
    """The newest `limit` changes of a persona's quirks, newest first."""
    query = (
        QuirkChangeRow.select(QuirkChangeRow, QuirkRow)
        .join(QuirkRow)
        .where(QuirkRow.persona == persona_id)
        .order_by(QuirkChangeRow.at.desc(), QuirkChangeRow.id.desc())
        .limit(limit)
    )
    return [_change(row) for row in query.execute(db)]


def undo(db: Database, persona_id: int, change_id: int, at: datetime) -> bool:
    """Take one change back: the quirk moves by as much the other way. False when it is gone or was undone."""
    query = (
        QuirkChangeRow.select(QuirkChangeRow, QuirkRow)
        .join(QuirkRow)
        .where(QuirkRow.persona == persona_id, QuirkChangeRow.id == change_id, ~QuirkChangeRow.undone)
    )
    found = next(iter(query.execute(db)), None)
    if found is None:
        return False
    back = min(1.0, max(0.0, found.quirk.strength + found.before - found.after))
    QuirkRow.update(strength=back, at=at).where(QuirkRow.id == found.quirk.id).execute(db)
    QuirkChangeRow.update(undone=True).where(QuirkChangeRow.id == change_id).execute(db)
    return True


def _change(row: QuirkChangeRow) -> StoredQuirkChange:
    return StoredQuirkChange(
        row.quirk.text,
        row.before,
        row.after,
        row.at,
        row.reason,
        json.loads(row.reason_params),
        row.undone,
        row.id,
    )
