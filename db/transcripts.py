"""What the host reads back: a place from its first message on. The places themselves are in db.places.

A transcript of any length is read in steps: its last lines, then the row ids of all in their order, then the
lines of whatever comes into sight, each with what became of it.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from peewee import Database, Select, Tuple, Value, fn

from db import ratings
from db.messages import Message, StoredMessage, by_row_ids
from db.turns import PartRow, TurnRow, TurnState

REALMS = ("discord", "practice", "import")
_ENDS = (TurnState.SILENT, TurnState.FAILED)
_BEGINNING = 160


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """A message, and what became of it.

    Attributes:
        row_id: of the message. answers: who and what it answers, when that is not the line before.
        before: author's id, is-self, and time of the line before, None for the first.
        turn_id: the turn that wrote it, or, of somebody's message, the one that ended without a reply.
        silence: {"key", "params"} of why there was no reply; None when there was one, or no turn at all.
        failed: the turn broke. verdicts: what the host and others thought of the reply.
    """

    row_id: int
    platform_id: int
    author_id: int
    author: str
    is_self: bool
    text: str
    at: datetime
    edited: bool
    answers: tuple[str, str] | None
    before: tuple[int, bool, datetime] | None
    turn_id: str
    silence: dict[str, Any] | None
    failed: bool
    verdicts: tuple[tuple[int, str], ...]


def realms(db: Database) -> list[str]:
    """The realms something was said in."""
    return [
        realm
        for realm in REALMS
        if list(Message.select(Message.id).where(Message.realm == realm).limit(1).tuples().execute(db))
    ]


def order(db: Database, realm: str, channel_id: int) -> array[int]:
    """The row ids of all messages of a place, oldest first."""
    inner: Any = (
        Message.select(Message.id)
        .where(Message.channel_id == channel_id, Message.realm == realm)
        .order_by(Message.sent_at, Message.id)
        .alias("said")
    )
    query = Select([inner], [fn.json_group_array(inner.c.id)])
    ((found,),) = query.tuples().execute(db)
    return array("q", json.loads(found))


def tail(db: Database, realm: str, channel_id: int, most: int) -> list[TranscriptLine]:
    """The last lines of a place, oldest first."""
    newest = (
        Message.select(Message.id)
        .where(Message.channel_id == channel_id, Message.realm == realm)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(most)
    )
    return lines(db, [row_id for (row_id,) in newest.tuples().execute(db)][::-1])


def lines(db: Database, row_ids: Sequence[int]) -> list[TranscriptLine]:
    """These messages of one place, in the order asked for; those that are gone are left out."""
    values: Any = fn.json_each(json.dumps(list(row_ids))).alias("wanted")
    wanted = Select([values], [values.c.value])
    rows = {row.id: row for row in Message.select().where(Message.id.in_(wanted)).execute(db)}
    said = [rows[row_id] for row_id in row_ids if row_id in rows]
    if not said:
        return []
    outcome = _Outcomes(db, said)
    found, before = [], _before(db, said[0])
    for row in said:
        found.append(_line(row, before, outcome))
        before = row
    return found


def until(db: Database, message: StoredMessage, since: datetime, most: int) -> list[StoredMessage]:
    """A message and the `most` before it in its channel since a moment, oldest first."""
    moment = Tuple(Message.sent_at, Message.id)
    then = Tuple(Value(Message.sent_at.db_value(message.sent_at)), Value(message.row_id))
    query = (
        Message.select(Message.id)
        .where(
            Message.channel_id == message.channel_id,
            Message.realm == message.realm,
            Message.sent_at >= since,
            moment <= then,
        )
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(most)
    )
    ids = [row_id for (row_id,) in query.tuples().execute(db)][::-1]
    known = by_row_ids(db, ids)
    return [known[row_id] for row_id in ids]


def place_of(db: Database, message_row_id: int) -> tuple[str, int] | None:
    """Realm and channel of a message, None when it is gone."""
    query = Message.select(Message.realm, Message.channel_id).where(Message.id == message_row_id)
    return next(iter(query.tuples().execute(db)), None)


def turn_of_reply(db: Database, realm: str, message_id: int) -> str | None:
    """The turn that posted this message, by its id on the platform; None for anything else."""
    query = (
        PartRow.select(PartRow.turn)
        .join(TurnRow)
        .where(PartRow.posted_id == message_id, TurnRow.realm == realm)
        .limit(1)
    )
    return next((turn_id for (turn_id,) in query.tuples().execute(db)), None)


def latest_own(db: Database, realm: str, channel_id: int) -> int:
    """The id, on its platform, of what the bot said last in a channel; 0 when it never said anything."""
    query = (
        Message.select(Message.platform_id)
        .where(Message.channel_id == channel_id, Message.realm == realm, Message.is_self)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(1)
    )
    return next((platform_id for (platform_id,) in query.tuples().execute(db)), 0)


# --- lines -----------------------------------------------------------------------------------


class _Outcomes:
    """What became of some messages of one place: turns, ratings, what they answer."""

    def __init__(self, db: Database, said: Sequence[Message]) -> None:
        realm = said[0].realm
        own = [row.platform_id for row in said if row.is_self]
        others = [row.platform_id for row in said if not row.is_self]
        wrote = (
            PartRow.select(PartRow.posted_id, PartRow.turn)
            .join(TurnRow)
            .where(PartRow.posted_id.in_(own), TurnRow.realm == realm)
        )
        self.wrote: dict[int, str] = dict(wrote.tuples().execute(db)) if own else {}
        silent = TurnRow.select(TurnRow.message_id, TurnRow.id, TurnRow.reason, TurnRow.state).where(
            TurnRow.realm == realm, TurnRow.message_id.in_(others), TurnRow.state.in_(_ENDS)
        )
        self.silences: dict[int, tuple[str, dict[str, Any], bool]] = {
            message_id: (turn_id, json.loads(reason), state == TurnState.FAILED)
            for message_id, turn_id, reason, state in (silent.tuples().execute(db) if others else ())
        }
        self.rated = ratings.of(db, list(set(self.wrote.values())))
        asked = {row.reply_to for row in said if row.reply_to is not None}
        quoted = Message.select(
            Message.platform_id, Message.author_name, fn.substr(Message.text, 1, _BEGINNING)
        ).where(Message.realm == realm, Message.platform_id.in_(list(asked)))
        self.quoted = {
            platform_id: (author, text)
            for platform_id, author, text in (quoted.tuples().execute(db) if asked else ())
        }


def _line(row: Message, before: Message | None, outcome: _Outcomes) -> TranscriptLine:
    turn_id, reason, failed = outcome.silences.get(row.platform_id, ("", None, False))
    turn_id = outcome.wrote.get(row.platform_id, turn_id)
    elsewhere = row.reply_to is not None and (before is None or before.platform_id != row.reply_to)
    return TranscriptLine(
        row.id,
        row.platform_id,
        row.author_id,
        row.author_name,
        row.is_self,
        row.text,
        row.sent_at,
        row.edited_at is not None,
        outcome.quoted.get(row.reply_to) if elsewhere and row.reply_to is not None else None,
        (before.author_id, before.is_self, before.sent_at) if before is not None else None,
        turn_id,
        reason,
        failed,
        tuple((rating.by_id, rating.verdict) for rating in outcome.rated.get(turn_id, ())),
    )


def _before(db: Database, first: Message) -> Message | None:
    moment = Tuple(Message.sent_at, Message.id)
    then = Tuple(Value(Message.sent_at.db_value(first.sent_at)), Value(first.id))
    query = (
        Message.select()
        .where(Message.channel_id == first.channel_id, Message.realm == first.realm, moment < then)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(1)
    )
    return cast("Message | None", next(iter(query.execute(db)), None))
