"""The recycle bin of facts: what was thrown away can be taken out again for thirty days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from peewee import Database, chunked

from db.base import removal
from db.facts import BINNED, CLOSED, LIVE, FactRow

_MOST_AT_ONCE = 500


def bin_(db: Database, row_ids: Sequence[int], at: datetime) -> int:
    """Put facts into the recycle bin; protected ones stay. Answers how many went."""
    return sum(
        int(
            FactRow.update(state=BINNED, binned_at=at)
            .where(FactRow.id.in_(some), ~FactRow.protected, FactRow.state != BINNED)
            .execute(db)
        )
        for some in chunked(row_ids, _MOST_AT_ONCE)
    )


def restore(db: Database, row_ids: Sequence[int]) -> int:
    """Take facts out of the bin: live again, or closed when they no longer hold."""
    return sum(
        int(
            FactRow.update(state=state, binned_at=None)
            .where(FactRow.id.in_(some), FactRow.state == BINNED, FactRow.valid_to.is_null(state == LIVE))
            .execute(db)
        )
        for some in chunked(row_ids, _MOST_AT_ONCE)
        for state in (LIVE, CLOSED)
    )


def empty_bin(db: Database, now: datetime, kept_for: timedelta = timedelta(days=30)) -> int:
    """Delete for good what has lain in the bin for so long; answers how many went."""
    query = removal(FactRow).where(FactRow.state == BINNED, FactRow.binned_at < now - kept_for)
    return int(query.execute(db))
