"""The queue of analyses: what waits, what is being done, how far it is, and what was written in its log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from peewee import (
    AutoField,
    BigIntegerField,
    BooleanField,
    Database,
    FloatField,
    ForeignKeyField,
    IntegerField,
    TextField,
    fn,
)

from db.base import MomentField, Row, removal

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
OPEN = (QUEUED, RUNNING)


class EchoJobRow(Row):
    id = AutoField()
    consent_id = IntegerField(index=True)
    state = TextField(index=True)
    stage = TextField()
    share = FloatField(default=0)
    eta_s = FloatField(null=True)
    done = IntegerField(default=0)
    total = IntegerField(default=0)
    tries = IntegerField(default=0)
    cancelling = BooleanField(default=False)
    trouble = TextField(default="")
    queued_at = MomentField()
    not_before = MomentField(null=True)
    started_at = MomentField(null=True)
    ended_at = MomentField(null=True)
    shown_channel = BigIntegerField(null=True)
    shown_message = BigIntegerField(null=True)

    class Meta:
        table_name = "echo_jobs"


class EchoJobLineRow(Row):
    id = AutoField()
    job = ForeignKeyField(EchoJobRow, on_delete="CASCADE")
    at = MomentField()
    level = TextField()
    key = TextField()
    params = TextField()

    class Meta:
        table_name = "echo_job_lines"


@dataclass(frozen=True, slots=True)
class StoredJob:
    """An analysis.

    Attributes:
        state: queued, running, done, failed or cancelled.
        stage: collect, pair, profile, model, evaluate or ready.
        share: 0…1 of the stage; done, total: its pieces, 0 when they cannot be counted.
        eta_s: seconds the stage will still take, None when unknown.
        tries: how often it was begun. not_before: when a failed try is repeated.
        trouble: JSON of what failed (`what`, `step` with their parameters, `code`), "" when nothing did.
        shown_channel, shown_message: where its progress is shown, so that a restart can go on editing it.
    """

    id: int
    consent_id: int
    state: str
    stage: str
    share: float
    eta_s: float | None
    done: int
    total: int
    tries: int
    cancelling: bool
    trouble: str
    queued_at: datetime
    not_before: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    shown_channel: int | None
    shown_message: int | None


@dataclass(frozen=True, slots=True)
class StoredJobLine:
    """A line of a job's log: a sentence and its parameters."""

    at: datetime
    level: str
    key: str
    params: Mapping[str, Any] = field(hash=False)


_COLUMNS = StoredJob.__slots__


def add(db: Database, consent_id: int, stage: str, at: datetime) -> StoredJob:
    """Put an analysis into the queue; one that waits or runs for this consent is answered instead."""
    mine = (EchoJobRow.consent_id == consent_id) & EchoJobRow.state.in_(OPEN)
    waiting = _those(db, mine)
    if waiting:
        return waiting[0]
    number = int(
        EchoJobRow.insert(consent_id=consent_id, state=QUEUED, stage=stage, queued_at=at).execute(db)
    )
    made = by_id(db, number)
    assert made is not None
    return made


def by_id(db: Database, number: int) -> StoredJob | None:
    """The job with this number, or None."""
    return next(iter(_those(db, EchoJobRow.id == number)), None)


def every(db: Database, limit: int) -> list[StoredJob]:
    """The newest jobs, the newest first."""
    return _those(db)[:limit]


def of_consent(db: Database, consent_id: int) -> list[StoredJob]:
    """A consent's jobs, the newest first."""
    return _those(db, EchoJobRow.consent_id == consent_id)


def states(db: Database) -> dict[str, int]:
    """How many jobs there are in each state."""
    row = EchoJobRow
    query = row.select(row.state, fn.count(row.id)).group_by(row.state).tuples()
    return {str(state): int(many) for state, many in query.execute(db)}


def next_due(db: Database, now: datetime) -> StoredJob | None:
    """The job to do now: the oldest that waits for nothing."""
    due = EchoJobRow.not_before.is_null() | (EchoJobRow.not_before <= now)
    return next(iter(_those(db, EchoJobRow.state == QUEUED, due)[::-1]), None)


def next_wait(db: Database) -> datetime | None:
    """When the first job that waits for another try may have it; None when none does."""
    waiting = EchoJobRow.select().where(EchoJobRow.state == QUEUED, EchoJobRow.not_before.is_null(False))
    return min((row.not_before for row in waiting.execute(db)), default=None)


def put(db: Database, number: int, /, **values: Any) -> StoredJob | None:
    """Change some of a job's columns; answers it as it is then."""
    EchoJobRow.update(**values).where(EchoJobRow.id == number).execute(db)
    return by_id(db, number)


def back_to_queue(db: Database) -> list[int]:
    """Jobs that ran when the program ended wait again, at the stage they had reached; answers which."""
    running = [
        row.id for row in EchoJobRow.select(EchoJobRow.id).where(EchoJobRow.state == RUNNING).execute(db)
    ]
    EchoJobRow.update(state=QUEUED, not_before=None).where(EchoJobRow.id.in_(running)).execute(db)
    return running


def write(db: Database, number: int, line: StoredJobLine) -> None:
    """Add a line to a job's log; nothing where the job is gone."""
    if by_id(db, number) is not None:
        EchoJobLineRow.insert(
            job=number,
            at=line.at,
            level=line.level,
            key=line.key,
            params=json.dumps(dict(line.params), default=str),
        ).execute(db)


def log(db: Database, number: int) -> list[StoredJobLine]:
    """A job's log, the oldest line first."""
    query = EchoJobLineRow.select().where(EchoJobLineRow.job == number).order_by(EchoJobLineRow.id)
    return [StoredJobLine(row.at, row.level, row.key, json.loads(row.params)) for row in query.execute(db)]


def erase(db: Database, consent_id: int) -> int:
    """Remove a consent's jobs with their logs; answers how many jobs."""
    numbers = [job.id for job in of_consent(db, consent_id)]
    return _remove(db, numbers)


def clean(db: Database, before: datetime) -> int:
    """Remove jobs that ended before a moment, with their logs; answers how many."""
    ended = EchoJobRow.select(EchoJobRow.id).where(EchoJobRow.ended_at < before)
    return _remove(db, [row.id for row in ended.execute(db)])


def _remove(db: Database, numbers: list[int]) -> int:
    removal(EchoJobLineRow).where(EchoJobLineRow.job.in_(numbers)).execute(db)
    return int(removal(EchoJobRow).where(EchoJobRow.id.in_(numbers)).execute(db))


def _those(db: Database, *where: Any) -> list[StoredJob]:
    query = EchoJobRow.select().order_by(EchoJobRow.id.desc())
    found = (query.where(*where) if where else query).execute(db)
    return [StoredJob(**{name: getattr(row, name) for name in _COLUMNS}) for row in found]
