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

from peewee import AutoField, BigIntegerField, BooleanField, Database, IntegrityError, TextField, chunked

from db.base import MomentField, Row, removal, sql


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
            (("realm", "sent_at", "channel_id"), False),
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
    """Write a message and its words; None when it was already there (Discord resends).

    Messages may come in any order: one that arrives late becomes what stood before the next one.
    """
    fields = {name: getattr(message, name) for name in _COLUMNS}
    fields["extras"] = json.dumps(message.extras or {})
    try:
        with db.atomic():
            row_id = Message.insert(**fields).execute(db)
    except IntegrityError as error:
        if "UNIQUE" not in str(error):
            raise
        return None
    stored = replace(message, row_id=row_id)
    _index(db, stored, _before(db, stored))
    _index_next(db, stored)
    return stored


def transcript(db: Database, channel_id: int, since: datetime, limit: int) -> list[StoredMessage]:
    """The newest `limit` messages of a channel since `since`, oldest first."""
    newest = (
        Message.select()
        .where(Message.channel_id == channel_id, Message.sent_at >= since)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(limit)
    )
    return [_stored(row) for row in newest.execute(db)][::-1]


def latest_texts(db: Database, channel_id: int, since: datetime, limit: int, without: int = 0) -> list[str]:
    """Only the texts of a channel's newest `limit` messages since a moment, but that with id `without`."""
    query = (
        Message.select(Message.text)
        .where(Message.channel_id == channel_id, Message.sent_at >= since, Message.platform_id != without)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(limit)
    )
    return [text for (text,) in query.tuples().execute(db)]


def texts_of(db: Database, ids: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The texts of messages, by realm and platform id; those that are gone are missing."""
    found: dict[tuple[str, int], str] = {}
    for realm in {realm for realm, _ in ids}:
        for some in chunked([number for of, number in ids if of == realm], _MOST_AT_ONCE):
            query = Message.select(Message.platform_id, Message.text).where(
                Message.realm == realm, Message.platform_id.in_(some)
            )
            found |= {(realm, number): text for number, text in query.tuples().execute(db)}
    return found


def own_since(db: Database, realm: str, since: datetime, limit: int) -> list[StoredMessage]:
    """The newest `limit` messages that the bot wrote in a realm since a moment, newest first."""
    query = Message.select().where(Message.realm == realm, Message.is_self, Message.sent_at >= since)
    return [_stored(row) for row in query.order_by(Message.id.desc()).limit(limit).execute(db)]


def by_platform_id(db: Database, realm: str, platform_id: int) -> StoredMessage | None:
    """The message with this id, or None."""
    found = list(
        Message.select().where(Message.realm == realm, Message.platform_id == platform_id).execute(db)
    )
    return _stored(found[0]) if found else None


def by_row_ids(db: Database, row_ids: Sequence[int]) -> dict[int, StoredMessage]:
    """Those of the messages that exist, by their row id."""
    return {
        row.id: _stored(row)
        for some in chunked(row_ids, _MOST_AT_ONCE)
        for row in Message.select().where(Message.id.in_(some)).execute(db)
    }


def edit(db: Database, realm: str, platform_id: int, text: str, edited_at: datetime) -> bool:
    """Replace a message's text and its words; False when it is unknown."""
    known = by_platform_id(db, realm, platform_id)
    if known is None:
        return False
    Message.update(text=text, edited_at=edited_at).where(Message.id == known.row_id).execute(db)
    if text != known.text:
        changed = replace(known, text=text, edited_at=edited_at)
        _index(db, changed, _before(db, changed))
        _index_next(db, changed)
    return True


def delete(db: Database, realm: str, platform_ids: Sequence[int]) -> int:
    """Delete messages and their words; answers how many there were.

    The words of a deleted message can no longer be found, but the index drops their last traces only
    when it next tidies itself; `scrub` makes it do so now.
    """
    gone = [
        _stored(row)
        for some in chunked(platform_ids, _MOST_AT_ONCE)
        for row in Message.select().where(Message.realm == realm, Message.platform_id.in_(some)).execute(db)
    ]
    for some in chunked([message.row_id for message in gone], _MOST_AT_ONCE):
        sql(db, f"delete from message_words where rowid in ({','.join('?' * len(some))})", tuple(some))  # noqa: S608
        removal(Message).where(Message.id.in_(some)).execute(db)
    followers = {after.row_id: after for message in gone if (after := _next(db, message)) is not None}
    for after in followers.values():
        _index(db, after, _before(db, after))
    return len(gone)


def scrub(db: Database) -> None:
    """Make the index forget the words of deleted messages for good: it is rewritten as a whole.

    FTS5's own secure-delete does nothing for an index without content, so an erasure ends with this.
    """
    sql(db, "insert into message_words(message_words) values ('optimize')")


def newest_id(db: Database, realm: str) -> int:
    """The largest platform id of a realm; 0 when it has no message."""
    query = Message.select(Message.platform_id).where(Message.realm == realm)
    newest = query.order_by(Message.platform_id.desc()).limit(1)
    return next((row.platform_id for row in newest.execute(db)), 0)


def counts(db: Database, realm: str, since: datetime | None = None) -> tuple[int, int]:
    """How many messages are kept in a realm (since a moment), and how many of them the bot wrote."""
    query = Message.select().where(Message.realm == realm)
    if since is not None:
        query = query.where(Message.sent_at >= since)
    return query.count(db), query.where(Message.is_self).count(db)


# SQLite binds a limited number of values in one statement.
_MOST_AT_ONCE = 500

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


def _before(db: Database, message: StoredMessage) -> str:
    """The text of the message before this one in its channel, by time and then by id."""
    earlier = (Message.sent_at < message.sent_at) | (
        (Message.sent_at == message.sent_at) & (Message.id < message.row_id)
    )
    query = (
        _same_channel(Message.select(Message.text), message)
        .where(Message.sent_at <= message.sent_at, earlier)
        .order_by(Message.sent_at.desc(), Message.id.desc())
    )
    return next((row.text for row in query.limit(1).execute(db)), "")


def _next(db: Database, message: StoredMessage) -> StoredMessage | None:
    """The message after this one in its channel."""
    later = (Message.sent_at > message.sent_at) | (
        (Message.sent_at == message.sent_at) & (Message.id > message.row_id)
    )
    query = (
        _same_channel(Message.select(), message)
        .where(Message.sent_at >= message.sent_at, later)
        .order_by(Message.sent_at, Message.id)
    )
    return next((_stored(row) for row in query.limit(1).execute(db)), None)


def _same_channel(query: Any, message: StoredMessage) -> Any:
    return query.where(Message.realm == message.realm, Message.channel_id == message.channel_id)


def _index(db: Database, message: StoredMessage, before: str) -> None:
    """Write a message's words, in place of any it had."""
    sql(
        db,
        "insert or replace into message_words(rowid, text, previous, scope) values (?, ?, ?, ?)",
        (message.row_id, message.text, before, scope_tokens(message)),
    )


def _index_next(db: Database, message: StoredMessage) -> None:
    """The message after this one has a new text before it."""
    after = _next(db, message)
    if after is not None:
        _index(db, after, message.text)


def scope_tokens(message: StoredMessage) -> str:
    """The words that stand for where a message was written and by whom."""
    guild = guild_token(message.realm, message.guild_id)
    return f"r{message.realm} {guild} c{message.channel_id} p{message.author_id}"


def guild_token(realm: str, guild_id: int | None) -> str:
    """The word that stands for a server; realms other than Discord have servers of their own."""
    return f"{'g' if realm == 'discord' else realm}{guild_id or 0}"
