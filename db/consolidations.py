"""What consolidation did: its runs, and each change with the fact before and after,
so that every line can be taken back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import AutoField, Database, ForeignKeyField, IntegerField, TextField, chunked

from db import facts, watermarks
from db.base import MomentField, Row, removal
from db.facts import StoredFact
from db.people import Person
from db.watermarks import Unread as Unread
from db.watermarks import unread as unread

UNDOABLE_FOR = timedelta(days=7)


class RunRow(Row):
    id = AutoField()
    realm = TextField()
    cause = TextField()
    state = TextField()
    started_at = MomentField()
    ended_at = MomentField(null=True)
    messages = IntegerField()
    note = TextField()

    class Meta:
        table_name = "memory_runs"


class MemoryChangeRow(Row):
    id = AutoField()
    run = ForeignKeyField(RunRow, on_delete="CASCADE")
    person = ForeignKeyField(Person, on_delete="CASCADE", index=False)
    at = MomentField()
    kind = TextField()
    fact_id = IntegerField(index=True)
    before = TextField(null=True)
    after = TextField(null=True)
    undone_at = MomentField(null=True)

    class Meta:
        table_name = "memory_changes"
        indexes = ((("person", "at"), False),)


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run over the messages of a realm.

    Attributes:
        cause: `daily`, `asked`, or `host` for what the host edited by hand.
        state: running, done, cancelled or failed. messages: how many were read. note: what to know of it.
    """

    row_id: int
    realm: str
    cause: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    messages: int
    note: str


@dataclass(frozen=True, slots=True)
class StoredChange:
    """One line of a run: a fact before and after.

    Attributes:
        kind: insert, confirm, close, quarantine or forget by a run; what the host's hand did has names of
            its own.
        before, after: the fact with its sources (db.facts.from_plain reads it), None where there was none.
    """

    row_id: int
    run_id: int
    person_id: int
    at: datetime
    kind: str
    fact_id: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    undone_at: datetime | None


def begin(db: Database, realm: str, cause: str, at: datetime) -> int:
    """Open a run; answers its row id."""
    return int(
        RunRow.insert(realm=realm, cause=cause, state="running", started_at=at, messages=0, note="").execute(
            db
        )
    )


def end(db: Database, run_id: int, state: str, at: datetime, messages: int = 0, note: str = "") -> None:
    """Close a run."""
    RunRow.update(state=state, ended_at=at, messages=messages, note=note).where(RunRow.id == run_id).execute(
        db
    )


def runs(db: Database, realm: str, limit: int = 50) -> list[StoredRun]:
    """The newest runs of a realm, the newest first."""
    query = RunRow.select().where(RunRow.realm == realm).order_by(RunRow.id.desc()).limit(limit)
    return [
        StoredRun(
            row.id, row.realm, row.cause, row.state, row.started_at, row.ended_at, row.messages, row.note
        )
        for row in query.execute(db)
    ]


def note(
    db: Database,
    run_id: int,
    kind: str,
    at: datetime,
    before: StoredFact | None,
    after: StoredFact | None,
) -> int:
    """Write what a run (or the host) did to one fact; answers the change's row id.

    Args:
        before, after: the fact with its sources, None where there was or is none; one of them is given.
    """
    fact = after or before
    if fact is None:
        raise ValueError("a change has a fact before or after it")
    return int(
        MemoryChangeRow.insert(
            run=run_id,
            person=fact.person_id,
            at=at,
            kind=kind,
            fact_id=fact.row_id,
            before=None if before is None else json.dumps(facts.as_plain(before)),
            after=None if after is None else json.dumps(facts.as_plain(after)),
        ).execute(db)
    )


def changes(
    db: Database,
    *,
    run_id: int | None = None,
    person_id: int | None = None,
    fact_id: int | None = None,
    limit: int = 1000,
) -> list[StoredChange]:
    """The newest `limit` changes of a run, of a person or of a fact, oldest first."""
    query = MemoryChangeRow.select()
    for column, wanted in (
        (MemoryChangeRow.run, run_id),
        (MemoryChangeRow.person, person_id),
        (MemoryChangeRow.fact_id, fact_id),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    newest = query.order_by(MemoryChangeRow.id.desc()).limit(limit)
    return [_change(row) for row in newest.execute(db)][::-1]


def undo(db: Database, change_id: int, now: datetime) -> bool:
    """Take one change back; False when it cannot be any more (a week has gone by, or it was taken back).

    What happened to the fact since then stays as far as this change did not touch it: counts are reckoned
    back, sources that were added go and those that were dropped return, and a column goes back only if it
    still has the value this change gave it.
    """
    row = next(iter(MemoryChangeRow.select().where(MemoryChangeRow.id == change_id).execute(db)), None)
    if row is None or row.undone_at is not None or row.at < now - UNDOABLE_FOR:
        return False
    change = _change(row)
    if change.before is None:
        facts.remove(db, [change.fact_id])
        _mark(db, MemoryChangeRow.fact_id == change.fact_id, now)
    elif change.after is None or facts.find(db, change.fact_id) is None:
        if facts.find(db, change.fact_id) is not None:
            return False
        facts.insert(db, facts.from_plain(change.before))
    else:
        _reckon_back(db, change.fact_id, change.before, change.after)
    _mark(db, MemoryChangeRow.id == change_id, now)
    return True


def thin(db: Database, now: datetime, kept_for: timedelta = timedelta(days=30)) -> int:
    """Drop the lines of old runs, and old runs without lines; answers how many lines went."""
    went = int(removal(MemoryChangeRow).where(MemoryChangeRow.at < now - kept_for).execute(db))
    removal(RunRow).where(
        RunRow.started_at < now - kept_for, RunRow.id.not_in(MemoryChangeRow.select(MemoryChangeRow.run))
    ).execute(db)
    return went


def export(db: Database, person_id: int) -> list[dict[str, Any]]:
    """Every change of what is known of a person, as plain values."""
    return [
        {"at": each.at.isoformat(), "kind": each.kind, "before": each.before, "after": each.after}
        for each in changes(db, person_id=person_id, limit=1_000_000)
    ]


def forget_facts(db: Database, fact_ids: Sequence[int]) -> None:
    """Remove the changes of these facts: what somebody wants forgotten is not kept as a note of its loss."""
    for some in chunked(list(fact_ids), 500):  # SQLite binds a limited number of values
        removal(MemoryChangeRow).where(MemoryChangeRow.fact_id.in_(some)).execute(db)


def erase(db: Database, person_id: int) -> int:
    """Remove every change of what was known of a person, and how far their messages were read."""
    gone = int(removal(MemoryChangeRow).where(MemoryChangeRow.person == person_id).execute(db))
    return gone + watermarks.forget(db, person_id)


# What a change of a fact reckons back by difference, not by value.
_SUMS = ("reference_count",)
_NOT_COLUMNS = ("row_id", "person_id", "sources")


def _reckon_back(db: Database, fact_id: int, before: dict[str, Any], after: dict[str, Any]) -> None:
    now = facts.find(db, fact_id)
    assert now is not None
    plain, old = facts.as_plain(now), facts.from_plain(before)
    columns: dict[str, Any] = {
        name: getattr(old, name)
        for name in before
        if name not in (*_NOT_COLUMNS, *_SUMS) and before[name] != after[name] == plain[name]
    }
    for name in _SUMS:
        columns[name] = plain[name] - after[name] + before[name]
    facts.update(db, fact_id, **columns)
    _sources_back(db, fact_id, before, after)


def _sources_back(db: Database, fact_id: int, before: dict[str, Any], after: dict[str, Any]) -> None:
    known = {source["platform_id"]: source["text"] for source in before["sources"]}
    given = {source["platform_id"]: source["text"] for source in after["sources"]}
    reworded = [platform_id for platform_id in given if given[platform_id] != known.get(platform_id)]
    facts.drop_sources(db, fact_id, reworded)
    facts.add_sources(db, fact_id, facts.from_plain(before).sources)


def _mark(db: Database, which: Any, now: datetime) -> None:
    MemoryChangeRow.update(undone_at=now).where(which, MemoryChangeRow.undone_at.is_null()).execute(db)


def _change(row: Any) -> StoredChange:
    return StoredChange(
        row.id,
        row.run_id,
        row.person_id,
        row.at,
        row.kind,
        row.fact_id,
        None if row.before is None else json.loads(row.before),
        None if row.after is None else json.loads(row.after),
        row.undone_at,
    )


def people_of(db: Database, run_id: int) -> Sequence[int]:
    """The row ids of the people whose facts a run changed."""
    query = MemoryChangeRow.select(MemoryChangeRow.person).where(MemoryChangeRow.run == run_id).distinct()
    return [row.person_id for row in query.execute(db)]


def interrupted(db: Database, at: datetime) -> int:
    """Close runs that were never ended because the program was; answers how many. What they wrote stays."""
    return int(
        RunRow.update(state="failed", ended_at=at, note="interrupted")
        .where(RunRow.state == "running")
        .execute(db)
    )
