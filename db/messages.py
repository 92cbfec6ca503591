"""Messages: the archive, the 24-hour log and the words by which they are found again.

Each message is written with its row in the full-text index, in one transaction. The index has
two text columns, the message and the one before it in the channel, and a third that holds the
scope as tokens (realm, server, channel, person), because a scope joined in afterwards costs
about ten times as much at a million rows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from peewee import AutoField, BigIntegerField, BooleanField, Database, IntegrityError, TextField

from db.base import MomentField, Row, sql


class Message(Row):
    id = AutoField()
    realm = TextField()
    platform_id = BigIntegerField()
    guild_id = BigIntegerField(null=True)
    channel_id = BigIntegerField()
    author_id = BigIntegerField()
    author_name = TextField()
    is_bot = BooleanField(default=False)
    is_self = BooleanField(default=False)
    text = TextField()
    reply_to = BigIntegerField(null=True)
    sent_at = MomentField()
    edited_at = MomentField(null=True)
    extras = TextField(default="{}")

    class Meta:
        table_name = "messages"
        indexes = (
            (("realm", "platform_id"), True),
            (("channel_id", "sent_at"), False),
            (("author_id", "sent_at"), False),
        )


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message as it lies in the store.

    Attributes:
        row_id: its id here (0 before it is written). platform_id: its id on Discord, or the practice room's.
        realm: discord, practice or import. is_self: written by the bot.
        reply_to: platform id of the message it answers.
        extras: what else came with it (attachments, emotes), as plain JSON values.
    """

    realm: str
    platform_id: int
    guild_id: int | None
    channel_id: int
    author_id: int
    author_name: str
    is_bot: bool
    is_self: bool
    text: str
    reply_to: int | None
    sent_at: datetime
    edited_at: datetime | None = None
    extras: dict[str, Any] | None = None
    row_id: int = 0


def record(db: Database, message: StoredMessage) -> StoredMessage | None:
    """Write a message and its words; None when it was already there (Discord resends)."""
    fields = {name: getattr(message, name) for name in _COLUMNS}
    fields["extras"] = json.dumps(message.extras or {})
    try:
        with db.atomic():
            row_id = Message.insert(**fields).execute(db)
    except IntegrityError:
        return None
    _index(db, row_id, message, _text_before(db, message, row_id))
    return replace(message, row_id=row_id)


def transcript(db: Database, channel_id: int, since: datetime, limit: int) -> list[StoredMessage]:
    """The newest `limit` messages of a channel since `since`, oldest first."""
    newest = (
        Message.select()
        .where(Message.channel_id == channel_id, Message.sent_at >= since)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(limit)
    )
    return [_stored(row) for row in newest.execute(db)][::-1]


def by_platform_id(db: Database, realm: str, platform_id: int) -> StoredMessage | None:
    """The message with this id, or None."""
    found = list(
        Message.select().where(Message.realm == realm, Message.platform_id == platform_id).execute(db)
    )
    return _stored(found[0]) if found else None


def edit(db: Database, realm: str, platform_id: int, text: str, edited_at: datetime) -> bool:
    """Replace a message's text and its words; False when it is unknown."""
    known = by_platform_id(db, realm, platform_id)
    if known is None:
        return False
    changed = replace(known, text=text, edited_at=edited_at)
    Message.update(text=text, edited_at=edited_at).where(Message.id == known.row_id).execute(db)
    _unindex(db, [known.row_id])
    _index(db, known.row_id, changed, _text_before(db, changed, known.row_id))
    return True


def delete(db: Database, realm: str, platform_ids: Sequence[int]) -> int:
    """Delete messages and their words; answers how many there were."""
    rows = [
        row.id
        for row in Message.select(Message.id)
        .where(Message.realm == realm, Message.platform_id.in_(list(platform_ids)))
        .execute(db)
    ]
    _unindex(db, rows)
    Message.delete().where(Message.id.in_(rows)).execute(db)
    return len(rows)


def counts(db: Database, realm: str, since: datetime | None = None) -> tuple[int, int]:
    """How many messages are kept in a realm (since a moment), and how many of them the bot wrote."""
    query = Message.select().where(Message.realm == realm)
    if since is not None:
        query = query.where(Message.sent_at >= since)
    return query.count(db), query.where(Message.is_self).count(db)


_COLUMNS = (
    "realm",
    "platform_id",
    "guild_id",
    "channel_id",
    "author_id",
    "author_name",
    "is_bot",
    "is_self",
    "text",
    "reply_to",
    "sent_at",
    "edited_at",
)


def _stored(row: Message) -> StoredMessage:
    values = {name: getattr(row, name) for name in _COLUMNS}
    return StoredMessage(**values, extras=json.loads(row.extras), row_id=row.id)


def _text_before(db: Database, message: StoredMessage, row_id: int) -> str:
    before = (
        Message.select(Message.text)
        .where(
            Message.channel_id == message.channel_id,
            Message.sent_at <= message.sent_at,
            Message.id < row_id,
        )
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(1)
    )
    return next((row.text for row in before.execute(db)), "")


def _index(db: Database, row_id: int, message: StoredMessage, before: str) -> None:
    sql(
        db,
        "insert into message_words(rowid, text, previous, scope) values (?, ?, ?, ?)",
        (row_id, message.text, before, scope_tokens(message)),
    )


def _unindex(db: Database, row_ids: Sequence[int]) -> None:
    for row_id in row_ids:
        sql(db, "delete from message_words where rowid = ?", (row_id,))


def scope_tokens(message: StoredMessage) -> str:
    """The words that stand for where a message was written and by whom."""
    guild = message.guild_id if message.guild_id is not None else 0
    return f"r{message.realm} g{guild} c{message.channel_id} p{message.author_id}"
