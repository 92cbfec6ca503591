"""What was read for an echo: one person's own messages, cleaned, and how far reading has come.

A page of messages and the mark of how far it went are one write, so that reading which was broken off goes on
exactly where it stood.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import AutoField, BigIntegerField, BooleanField, Database, IntegerField, TextField, chunked, fn

from db.base import MomentField, Row, removal

SEARCH = 0  # the channel id under which a search through all of a server keeps its mark
_MOST_AT_ONCE = 200


class EchoMessageRow(Row):
    id = AutoField()
    consent_id = IntegerField()
    platform_id = BigIntegerField(index=True)
    channel_id = BigIntegerField()
    sent_at = MomentField()
    text = TextField()

    class Meta:
        table_name = "echo_messages"
        indexes = ((("consent_id", "platform_id"), True),)


class EchoMarkRow(Row):
    id = AutoField()
    consent_id = IntegerField()
    channel_id = BigIntegerField()
    before_id = BigIntegerField()
    read = IntegerField(default=0)
    done = BooleanField(default=False)

    class Meta:
        table_name = "echo_marks"
        indexes = ((("consent_id", "channel_id"), True),)


@dataclass(frozen=True, slots=True)
class StoredOwn:
    """A message of the person's. `text` is cleaned; empty where nothing was left to learn from."""

    platform_id: int
    channel_id: int
    sent_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a channel was read: everything from `before_id` on. `read`: how many messages went by."""

    channel_id: int
    before_id: int
    read: int = 0
    done: bool = False


def keep(db: Database, consent_id: int, found: Sequence[StoredOwn]) -> int:
    """Keep messages; one that is there already is not kept twice. Answers how many are new."""
    before = count(db, consent_id)
    for some in chunked(found, _MOST_AT_ONCE):
        rows = [
            {
                "consent_id": consent_id,
                "platform_id": each.platform_id,
                "channel_id": each.channel_id,
                "sent_at": each.sent_at,
                "text": each.text,
            }
            for each in some
        ]
        EchoMessageRow.insert_many(rows).on_conflict_ignore().execute(db)
    return count(db, consent_id) - before


def put_mark(db: Database, consent_id: int, mark: Mark) -> None:
    """Keep how far a channel was read."""
    EchoMarkRow.insert(
        consent_id=consent_id,
        channel_id=mark.channel_id,
        before_id=mark.before_id,
        read=mark.read,
        done=mark.done,
    ).on_conflict(
        conflict_target=[EchoMarkRow.consent_id, EchoMarkRow.channel_id],
        preserve=[EchoMarkRow.before_id, EchoMarkRow.read, EchoMarkRow.done],
    ).execute(db)


def marks(db: Database, consent_id: int) -> dict[int, Mark]:
    """How far each channel was read, by its id."""
    query = EchoMarkRow.select().where(EchoMarkRow.consent_id == consent_id)
    return {
        row.channel_id: Mark(row.channel_id, row.before_id, row.read, row.done) for row in query.execute(db)
    }


def unmark(db: Database, consent_id: int) -> None:
    """Forget how far reading went, so that it begins at the newest message again."""
    removal(EchoMarkRow).where(EchoMarkRow.consent_id == consent_id).execute(db)


def count(db: Database, consent_id: int | None = None) -> int:
    """How many messages are kept, for a consent or for all."""
    query = EchoMessageRow.select(fn.count(EchoMessageRow.id))
    if consent_id is not None:
        query = query.where(EchoMessageRow.consent_id == consent_id)
    return int(query.scalar(db))


def every(db: Database, consent_id: int) -> list[StoredOwn]:
    """What is kept, the oldest first."""
    query = EchoMessageRow.select().where(EchoMessageRow.consent_id == consent_id)
    return [
        _stored(row) for row in query.order_by(EchoMessageRow.sent_at, EchoMessageRow.platform_id).execute(db)
    ]


def rewrite(db: Database, consent_id: int, texts: Sequence[tuple[int, str]]) -> None:
    """Put other texts in the place of some, by the message's platform id."""
    for platform_id, text in texts:
        EchoMessageRow.update(text=text).where(
            EchoMessageRow.consent_id == consent_id, EchoMessageRow.platform_id == platform_id
        ).execute(db)


def deleted(db: Database, platform_ids: Collection[int]) -> list[int]:
    """Messages were deleted where they stood: they go here too. Answers the consents they were kept for."""
    mine = EchoMessageRow.platform_id.in_(list(platform_ids))
    query = EchoMessageRow.select(EchoMessageRow.consent_id).where(mine).distinct()
    consents = sorted(row.consent_id for row in query.execute(db))
    removal(EchoMessageRow).where(mine).execute(db)
    return consents


def erase(db: Database, consent_id: int) -> int:
    """Remove all that was read; answers how many messages it was."""
    removal(EchoMarkRow).where(EchoMarkRow.consent_id == consent_id).execute(db)
    return int(removal(EchoMessageRow).where(EchoMessageRow.consent_id == consent_id).execute(db))


def _stored(row: Any) -> StoredOwn:
    return StoredOwn(row.platform_id, row.channel_id, row.sent_at, row.text)
