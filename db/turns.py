"""Turns: one incoming message followed to its end, as a row from the first moment.

The row is what makes a reply neither lost nor doubled: the incoming message's id is unique, the
reply is written with its nonces before anything is posted, and each posted part is ticked off.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from peewee import SQL, BigIntegerField, Database, ForeignKeyField, IntegerField, IntegrityError, TextField

from db.base import MomentField, Row, removal, sql


class TurnState(StrEnum):
    """Where a turn stands. SILENT, SENT and FAILED are ends."""

    RECEIVED = "received"
    READY = "ready"
    SENT = "sent"
    SILENT = "silent"
    FAILED = "failed"


class TurnRow(Row):
    id = TextField(primary_key=True)
    realm = TextField()
    message_id = BigIntegerField()
    guild_id = BigIntegerField(null=True)
    channel_id = BigIntegerField()
    person_id = BigIntegerField()
    place = TextField()
    person = TextField()
    state = TextField(default=TurnState.RECEIVED)
    reason = TextField(default="{}")
    reply = TextField(default="")
    took_ms = IntegerField(default=0)
    arrived_at = MomentField(index=True)
    changed_at = MomentField()
    trace = TextField(default="{}")

    class Meta:
        table_name = "turns"
        indexes = ((("realm", "message_id"), True), (("realm", "arrived_at", "state"), False))


class PartRow(Row):
    turn = ForeignKeyField(TurnRow, on_delete="CASCADE")
    position = IntegerField()
    text = TextField()
    nonce = TextField(unique=True)
    posted_id = BigIntegerField(null=True, index=True)

    class Meta:
        table_name = "turn_parts"
        indexes = ((("turn", "position"), True),)


@dataclass(frozen=True, slots=True)
class StoredPart:
    """One message of a reply. `posted_id` is its id once it was posted."""

    position: int
    text: str
    nonce: str
    posted_id: int | None = None


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A turn as it lies in the store.

    Attributes:
        message_id: platform id of the incoming message.
        place, person: what the server calls them, for the host's eyes.
        reason: {"key": …, "params": …} of the sentence that says why.
        trace: prompt, memories, model, tokens, timings, as plain JSON values.
    """

    id: str
    realm: str
    message_id: int
    guild_id: int | None
    channel_id: int
    person_id: int
    place: str
    person: str
    state: TurnState
    reason: dict[str, Any]
    reply: str
    took_ms: int
    arrived_at: datetime
    trace: dict[str, Any]


def begin(db: Database, turn: StoredTurn) -> bool:
    """Write a new turn; False when this message already has one."""
    try:
        with db.atomic():
            TurnRow.insert(
                id=turn.id,
                realm=turn.realm,
                message_id=turn.message_id,
                guild_id=turn.guild_id,
                channel_id=turn.channel_id,
                person_id=turn.person_id,
                place=turn.place,
                person=turn.person,
                arrived_at=turn.arrived_at,
                changed_at=turn.arrived_at,
            ).execute(db)
    except IntegrityError:
        return False
    return True


def replace(db: Database, turn: StoredTurn) -> None:
    """Write a new turn in the place of the one its message had."""
    removal(TurnRow).where(TurnRow.realm == turn.realm, TurnRow.message_id == turn.message_id).execute(db)
    begin(db, turn)


def ready(db: Database, turn_id: str, reply: str, parts: list[StoredPart], at: datetime) -> None:
    """Keep the reply and its parts before the first of them is posted."""
    TurnRow.update(state=TurnState.READY, reply=reply, changed_at=at).where(TurnRow.id == turn_id).execute(db)
    removal(PartRow).where(PartRow.turn == turn_id).execute(db)
    PartRow.insert_many(
        [(turn_id, part.position, part.text, part.nonce) for part in parts],
        fields=[PartRow.turn, PartRow.position, PartRow.text, PartRow.nonce],
    ).execute(db)


def posted(db: Database, nonce: str, posted_id: int) -> None:
    """Tick off a part that was posted."""
    PartRow.update(posted_id=posted_id).where(PartRow.nonce == nonce).execute(db)


def end(
    db: Database,
    turn_id: str,
    state: TurnState,
    reason: dict[str, Any],
    took_ms: int,
    trace: dict[str, Any],
    at: datetime,
) -> None:
    """Bring a turn to its end."""
    TurnRow.update(
        state=state, reason=json.dumps(reason), took_ms=took_ms, trace=json.dumps(trace), changed_at=at
    ).where(TurnRow.id == turn_id).execute(db)


def unfinished(db: Database, realm: str) -> list[StoredTurn]:
    """Turns that a crash or a stop cut short, oldest first."""
    query = (
        TurnRow.select()
        .where(TurnRow.realm == realm, TurnRow.state.in_([TurnState.RECEIVED, TurnState.READY]))
        .order_by(TurnRow.arrived_at)
    )
    return [_stored(row) for row in query.execute(db)]


def parts(db: Database, turn_id: str) -> list[StoredPart]:
    """The parts of a reply, in order."""
    query = PartRow.select().where(PartRow.turn == turn_id).order_by(PartRow.position)
    return [StoredPart(row.position, row.text, row.nonce, row.posted_id) for row in query.execute(db)]


def recent(db: Database, realm: str | None, limit: int) -> list[StoredTurn]:
    """The newest turns that have ended, newest first."""
    query = TurnRow.select().where(TurnRow.state.not_in([TurnState.RECEIVED, TurnState.READY]))
    if realm is not None:
        query = query.where(TurnRow.realm == realm)
    return [_stored(row) for row in query.order_by(TurnRow.arrived_at.desc()).limit(limit).execute(db)]


def order(db: Database, realm: str, states: Collection[TurnState]) -> array[int]:
    """The row numbers of a realm's turns that ended in one of these states, newest first. One value instead
    of a hundred thousand rows: the window waits for the thread that reads them."""
    marks = ",".join("?" * len(states))
    statement = (
        "select json_group_array(number) from (select rowid as number from turns "  # noqa: S608
        f"where realm = ? and state in ({marks}) order by arrived_at desc, rowid desc)"
    )
    ((found,),) = sql(db, statement, (realm, *states)).fetchall()
    return array("q", json.loads(found))


def first(db: Database, realm: str, states: Collection[TurnState], most: int) -> list[int]:
    """The first row numbers of `order`."""
    marks = ",".join("?" * len(states))
    statement = (
        f"select rowid from turns where realm = ? and state in ({marks}) "  # noqa: S608
        "order by arrived_at desc, rowid desc limit ?"
    )
    return [number for (number,) in sql(db, statement, (realm, *states, most)).fetchall()]


def numbered(db: Database, numbers: Sequence[int]) -> list[tuple[int, StoredTurn]]:
    """The turns with these row numbers, in this order; those that are gone are left out."""
    statement = "select rowid, id from turns where rowid in (select value from json_each(?))"
    ids = dict(sql(db, statement, (json.dumps(list(numbers)),)).fetchall())
    found = {
        row.id: _stored(row) for row in TurnRow.select().where(TurnRow.id.in_(list(ids.values()))).execute(db)
    }
    return [(number, found[ids[number]]) for number in numbers if ids.get(number) in found]


def numbers_of(db: Database, turn_ids: Sequence[str]) -> list[int]:
    """The row numbers of turns that have ended, oldest first."""
    statement = (
        "select rowid from turns where id in (select value from json_each(?)) "
        "and state in ('sent', 'silent', 'failed') order by arrived_at, rowid"
    )
    return [number for (number,) in sql(db, statement, (json.dumps(list(turn_ids)),)).fetchall()]


def newest_in(db: Database, realm: str, channel_id: int) -> StoredTurn | None:
    """The newest turn of a channel that has ended, or None."""
    query = TurnRow.select().where(
        TurnRow.realm == realm,
        TurnRow.channel_id == channel_id,
        TurnRow.state.not_in([TurnState.RECEIVED, TurnState.READY]),
    )
    return next(
        (_stored(row) for row in query.order_by(TurnRow.arrived_at.desc()).limit(1).execute(db)), None
    )


def failed_last(db: Database, realm: str, since: datetime) -> list[StoredTurn]:
    """Of every channel the newest turn since a moment that failed and after which nobody was answered."""
    some = TurnRow.select().where(TurnRow.realm == realm, TurnRow.arrived_at >= since)
    left: dict[int, TurnRow] = {}
    for row in some.order_by(TurnRow.arrived_at, SQL("rowid")).execute(db):
        if row.state == TurnState.FAILED:
            left[row.channel_id] = row
        elif row.state != TurnState.SILENT:
            left.pop(row.channel_id, None)
    return [_stored(row) for row in left.values()]


def get(db: Database, turn_id: str) -> StoredTurn | None:
    """One turn, or None."""
    return next((_stored(row) for row in TurnRow.select().where(TurnRow.id == turn_id).execute(db)), None)


def of_message(db: Database, realm: str, message_id: int) -> StoredTurn | None:
    """The turn of an incoming message, or None."""
    query = TurnRow.select().where(TurnRow.realm == realm, TurnRow.message_id == message_id)
    return next((_stored(row) for row in query.execute(db)), None)


def tally(db: Database, realm: str, since: datetime) -> tuple[int, int]:
    """Replies and silences since a moment."""
    query = TurnRow.select().where(TurnRow.realm == realm, TurnRow.arrived_at >= since)
    return (
        query.where(TurnRow.state == TurnState.SENT).count(db),
        query.where(TurnRow.state == TurnState.SILENT).count(db),
    )


def of_own_accord(db: Database, realm: str, channel_id: int, since: datetime) -> int:
    """How often the bot spoke in a channel since a moment without having been asked.

    Such a turn answers nobody: its message id is below 0.
    """
    query = TurnRow.select().where(
        TurnRow.realm == realm,
        TurnRow.channel_id == channel_id,
        TurnRow.message_id < 0,
        TurnRow.arrived_at >= since,
        TurnRow.state == TurnState.SENT,
    )
    return int(query.count(db))


def _stored(row: TurnRow) -> StoredTurn:
    return StoredTurn(
        row.id,
        row.realm,
        row.message_id,
        row.guild_id,
        row.channel_id,
        row.person_id,
        row.place,
        row.person,
        TurnState(row.state),
        json.loads(row.reason),
        row.reply,
        row.took_ms,
        row.arrived_at,
        json.loads(row.trace),
    )
