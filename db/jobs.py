"""Claims on scheduled occurrences: whoever writes the row first runs the job, once."""

from __future__ import annotations

from datetime import datetime

from peewee import Database, IntegrityError, TextField

from db.base import MomentField, Row


class Occurrence(Row):
    job = TextField()
    due_at = MomentField()
    claimed_at = MomentField()
    finished_at = MomentField(null=True)

    class Meta:
        table_name = "occurrences"
        indexes = ((("job", "due_at"), True),)


def claim(db: Database, job: str, due_at: datetime, at: datetime) -> bool:
    """Take this occurrence; False when somebody already has."""
    try:
        with db.atomic():
            Occurrence.insert(job=job, due_at=due_at, claimed_at=at).execute(db)
    except IntegrityError:
        return False
    return True


def finish(db: Database, job: str, due_at: datetime, at: datetime) -> None:
    """Note that a claimed occurrence ran to its end."""
    Occurrence.update(finished_at=at).where(Occurrence.job == job, Occurrence.due_at == due_at).execute(db)


def last_claim(db: Database, job: str) -> datetime | None:
    """When the newest claimed occurrence was due, or None."""
    query = Occurrence.select(Occurrence.due_at).where(Occurrence.job == job)
    return next((row.due_at for row in query.order_by(Occurrence.due_at.desc()).limit(1).execute(db)), None)
