"""What has been kept for its time goes, a piece at a time: each function does one piece of work, small
enough that a turn does not wait for it, and answers how much it did."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from peewee import Database

from db import derived, messages
from db.attempts import AttemptRow
from db.base import removal, sql
from db.conversations import ConversationRow
from db.messages import Message
from db.turn_privacy import figures
from db.turns import TurnRow

AT_ONCE = 100


def messages_before(db: Database, moment: datetime, most: int = AT_ONCE) -> tuple[int, int]:
    """Delete the oldest messages of before, and what was learnt from them alone; answers how many messages
    and how many facts and episodes went."""
    query = Message.select(Message.realm, Message.id).where(Message.sent_at < moment)
    by_realm: dict[str, list[int]] = {}
    for realm, row_id in query.order_by(Message.sent_at).limit(most).tuples().execute(db):
        by_realm.setdefault(realm, []).append(row_id)
    gone = learnt = 0
    for realm, row_ids in by_realm.items():
        known = list(messages.by_row_ids(db, row_ids).values())
        learnt += sum(derived.unlearn(db, realm, known))
        gone += messages.delete(db, realm, [message.platform_id for message in known])
    return gone, learnt


def conversations_before(db: Database, moment: datetime, most: int = AT_ONCE) -> int:
    """Delete conversations that ended before; answers how many went."""
    old = ConversationRow.select(ConversationRow.id).where(ConversationRow.updated_at < moment).limit(most)
    ids = [row_id for (row_id,) in old.tuples().execute(db)]
    return int(removal(ConversationRow).where(ConversationRow.id.in_(ids)).execute(db))


def aged_traces(db: Database, moment: datetime, most: int = AT_ONCE) -> list[str]:
    """Turns of before that ended and whose trace still holds words."""
    found = sql(
        db,
        "select id from turns where arrived_at < ? and state in ('sent', 'silent', 'failed') and "
        "trace <> '{}' and json_extract(trace, '$.aged') is null order by arrived_at limit ?",
        (TurnRow.arrived_at.db_value(moment), most),
    )
    return [turn_id for (turn_id,) in found.fetchall()]


def age_traces(db: Database, turn_ids: Sequence[str]) -> int:
    """Leave only figures in these traces, and note that their time was over; answers how many."""
    for turn_id, trace in (
        TurnRow.select(TurnRow.id, TurnRow.trace).where(TurnRow.id.in_(turn_ids)).tuples().execute(db)
    ):
        left = json.dumps({**figures(json.loads(trace)), "aged": True})
        TurnRow.update(trace=left).where(TurnRow.id == turn_id).execute(db)
    return len(turn_ids)


def stale_traces(db: Database, most: int = 10_000) -> list[str]:
    """Turns whose trace quotes a message that is gone. Reads every trace that still holds words."""
    found = sql(
        db,
        "select distinct turns.id from turns, json_each(turns.trace, '$.memories') each "
        "where json_extract(turns.trace, '$.scrubbed') is null and json_extract(each.value, '$.message') "
        "is not null and not exists (select 1 from messages m "
        "where m.id = json_extract(each.value, '$.message')) limit ?",
        (most,),
    )
    return [turn_id for (turn_id,) in found.fetchall()]


def attempts_before(db: Database, moment: datetime, most: int = AT_ONCE) -> int:
    """Delete what was noticed before; answers how many went."""
    old = AttemptRow.select(AttemptRow.id).where(AttemptRow.at < moment).limit(most)
    ids = [row_id for (row_id,) in old.tuples().execute(db)]
    return int(removal(AttemptRow).where(AttemptRow.id.in_(ids)).execute(db))


def tidy_words(db: Database, pages: int) -> bool:
    """Let the index of words forget what was deleted, some pages at a time; False when it is done.

    Args:
        pages: how much work at once; negative begins a pass over the whole index (FTS5's `merge`).
    """
    before = _changed(db)
    sql(db, "insert into message_words(message_words, rank) values ('merge', ?)", (pages,))
    return _changed(db) - before >= 2


def _changed(db: Database) -> int:
    return int(sql(db, "select total_changes()").fetchone()[0])
