"""What people thought of replies: good, bad, or never again; and what the persona learnt from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import AutoField, BigIntegerField, Database, ForeignKeyField, IntegerField, TextField, chunked

from db import people
from db.base import MomentField, Row, removal
from db.turns import TurnRow

HOST = 0  # who rates in the window
GOOD, BAD, NEVER = "good", "bad", "never"

_MOST_AT_ONCE = 500


class RatingRow(Row):
    id = AutoField()
    turn = ForeignKeyField(TurnRow, on_delete="CASCADE", index=False)
    by_id = BigIntegerField(index=True)
    verdict = TextField()
    persona_id = IntegerField(null=True)
    line = TextField()
    at = MomentField()

    class Meta:
        table_name = "ratings"
        indexes = ((("turn", "by_id"), True),)


@dataclass(frozen=True, slots=True)
class StoredRating:
    """What one person thought of one reply.

    Attributes:
        by_id: platform id of who said so, HOST in the window. verdict: GOOD, BAD or NEVER.
        persona_id, line: the line that was added to this persona because of it; "" when none was.
    """

    turn_id: str
    by_id: int
    verdict: str
    persona_id: int | None
    line: str
    at: datetime


def put(db: Database, rating: StoredRating) -> None:
    """Keep a rating in the place of the one this person gave before."""
    values = {name: getattr(rating, name) for name in ("by_id", "verdict", "persona_id", "line", "at")}
    changed = [RatingRow.verdict, RatingRow.persona_id, RatingRow.line, RatingRow.at]
    RatingRow.insert(turn=rating.turn_id, **values).on_conflict(
        conflict_target=[RatingRow.turn, RatingRow.by_id], preserve=changed
    ).execute(db)


def get(db: Database, turn_id: str, by_id: int) -> StoredRating | None:
    """What this person thought of it, or None."""
    query = RatingRow.select().where(RatingRow.turn == turn_id, RatingRow.by_id == by_id)
    return next((_stored(row) for row in query.execute(db)), None)


def of(db: Database, turn_ids: Sequence[str]) -> dict[str, list[StoredRating]]:
    """The ratings of these turns, by turn, the oldest first."""
    found: dict[str, list[StoredRating]] = {}
    for some in chunked(list(turn_ids), _MOST_AT_ONCE):
        for row in RatingRow.select().where(RatingRow.turn.in_(some)).order_by(RatingRow.id).execute(db):
            found.setdefault(row.turn_id, []).append(_stored(row))
    return found


def remove(db: Database, turn_id: str, by_id: int) -> None:
    """Forget what this person thought of it."""
    removal(RatingRow).where(RatingRow.turn == turn_id, RatingRow.by_id == by_id).execute(db)


def learnt_from(db: Database, person_id: int) -> list[tuple[int, str, str]]:
    """Persona, verdict and line of everything personas learnt from replies to a person (by row id).

    Whoever erases the person decides about these lines: they stand in the personas.
    """
    person = people.by_row_id(db, person_id)
    if person is None:
        return []
    query = (
        RatingRow.select(RatingRow.persona_id, RatingRow.verdict, RatingRow.line)
        .join(TurnRow)
        .where(
            TurnRow.realm == person.realm,
            TurnRow.person_id == person.platform_id,
            RatingRow.line != "",
            RatingRow.persona_id.is_null(False),
        )
    )
    return [(int(persona), verdict, line) for persona, verdict, line in query.tuples().execute(db)]


def export(db: Database, person_id: int) -> list[dict[str, Any]]:
    """What a person (by row id) thought of replies, as plain values."""
    query = _given(person_id, db)
    return [
        {"turn": row.turn_id, "verdict": row.verdict, "at": row.at.isoformat()} for row in query.execute(db)
    ]


def erase(db: Database, person_id: int) -> int:
    """Remove what a person thought, and the words of replies that were given to them; answers how many."""
    person = people.by_row_id(db, person_id)
    if person is None:
        return 0
    theirs = TurnRow.select(TurnRow.id).where(
        TurnRow.realm == person.realm, TurnRow.person_id == person.platform_id
    )
    blanked = RatingRow.update(line="").where(RatingRow.turn.in_(theirs), RatingRow.line != "").execute(db)
    ids = [row.id for row in _given(person_id, db).execute(db)]
    removal(RatingRow).where(RatingRow.id.in_(ids)).execute(db)
    return int(blanked) + len(ids)


def _given(person_id: int, db: Database) -> Any:
    person = people.by_row_id(db, person_id)
    by_id, realm = (person.platform_id, person.realm) if person is not None else (-1, "")
    return (
        RatingRow.select()
        .join(TurnRow)
        .where(RatingRow.by_id == by_id, TurnRow.realm == realm)
        .order_by(RatingRow.id)
    )


def _stored(row: Any) -> StoredRating:
    return StoredRating(row.turn_id, row.by_id, row.verdict, row.persona_id, row.line, row.at)
