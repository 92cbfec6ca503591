"""How far the consolidation of memory has read: whom it has read up to which message, and which channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from peewee import BigIntegerField, Database, IntegerField, TextField

from db.base import MomentField, Row, removal, sql
from db.messages import StoredMessage, by_row_ids
from db.people import Person


class WatermarkRow(Row):
    realm = TextField()
    kind = TextField()
    subject = BigIntegerField()
    message_id = IntegerField()
    at = MomentField()

    class Meta:
        table_name = "watermarks"
        indexes = ((("realm", "kind", "subject"), True),)


@dataclass(frozen=True, slots=True)
class Unread:
    """A person who wrote something that no consolidation has read yet."""

    person_id: int
    platform_id: int
    name: str
    messages: int


def watermark(db: Database, realm: str, kind: str, subject: int) -> int:
    """The row id of the newest message that was read for this subject; 0 for none.

    Args:
        kind: `facts`, whose subject is a person's platform id, or `episodes`, whose subject is a channel.
    """
    query = WatermarkRow.select(WatermarkRow.message_id).where(
        WatermarkRow.realm == realm, WatermarkRow.kind == kind, WatermarkRow.subject == subject
    )
    return next((row.message_id for row in query.execute(db)), 0)


def advance(db: Database, realm: str, kind: str, subject: int, message_id: int, at: datetime) -> None:
    """Note that everything up to this message was read by now; never goes back."""
    newest = max(message_id, watermark(db, realm, kind, subject))
    WatermarkRow.insert(realm=realm, kind=kind, subject=subject, message_id=newest, at=at).on_conflict(
        conflict_target=[WatermarkRow.realm, WatermarkRow.kind, WatermarkRow.subject],
        preserve=[WatermarkRow.message_id, WatermarkRow.at],
    ).execute(db)


def unread(db: Database, realm: str, since: datetime) -> list[Unread]:
    """Whose messages since a moment were not read yet, or were changed since they were.

    Nobody who asked to be left alone, and no bot.
    """
    found = sql(
        db,
        "select p.id, p.platform_id, p.name, count(*) from messages m "
        "join people p on p.realm = m.realm and p.platform_id = m.author_id "
        "left join watermarks w on w.realm = m.realm and w.kind = 'facts' and w.subject = m.author_id "
        "where m.realm = ? and m.sent_at >= ? and (m.id > coalesce(w.message_id, 0) or m.edited_at > w.at) "
        "and not m.is_bot and not m.is_self and not p.is_bot and p.state not in ('opted_out', 'erased') "
        "group by p.id order by min(m.id)",
        (realm, MomentField().db_value(since)),
    )
    return [Unread(*row) for row in found.fetchall()]


def unread_messages(
    db: Database, realm: str, platform_id: int, since: datetime, limit: int = 2000
) -> list[StoredMessage]:
    """A person's own messages since a moment that were not read yet, or were changed since they were, in the
    order they arrived."""
    found = sql(
        db,
        "select m.id from messages m left join watermarks w on w.realm = m.realm and w.kind = 'facts' "
        "and w.subject = m.author_id where m.realm = ? and m.author_id = ? and m.sent_at >= ? "
        "and (m.id > coalesce(w.message_id, 0) or m.edited_at > w.at) and not m.is_bot and not m.is_self "
        "order by m.id limit ?",
        (
            realm,
            platform_id,
            MomentField().db_value(since),
            limit,
        ),
    )
    row_ids = [row_id for (row_id,) in found.fetchall()]
    kept = by_row_ids(db, row_ids)
    return [kept[row_id] for row_id in row_ids]


@dataclass(frozen=True, slots=True)
class UnreadChannel:
    """A channel with messages that no episode was made of yet."""

    guild_id: int | None
    channel_id: int
    messages: int


def unread_channels(db: Database, realm: str, since: datetime) -> list[UnreadChannel]:
    """The channels with messages since a moment that were not read for episodes yet."""
    found = sql(
        db,
        "select m.guild_id, m.channel_id, count(*) from messages m "
        "left join watermarks w on w.realm = m.realm and w.kind = 'episodes' and w.subject = m.channel_id "
        "where m.realm = ? and m.sent_at >= ? and m.id > coalesce(w.message_id, 0) "
        "group by m.channel_id order by min(m.id)",
        (realm, MomentField().db_value(since)),
    )
    return [UnreadChannel(*row) for row in found.fetchall()]


def unread_of_channel(
    db: Database, realm: str, channel_id: int, since: datetime, limit: int = 3000
) -> list[StoredMessage]:
    """A channel's messages since a moment that were not read for episodes yet, in the order of their time.

    What people wrote who asked to be left alone is left out.
    """
    found = sql(
        db,
        "select m.id from messages m where m.realm = ? and m.channel_id = ? and m.sent_at >= ? and m.id > ? "
        "and not exists (select 1 from people p where p.realm = m.realm and p.platform_id = m.author_id "
        "and p.state in ('opted_out', 'erased')) order by m.sent_at, m.id limit ?",
        (
            realm,
            channel_id,
            MomentField().db_value(since),
            watermark(db, realm, "episodes", channel_id),
            limit,
        ),
    )
    row_ids = [row_id for (row_id,) in found.fetchall()]
    kept = by_row_ids(db, row_ids)
    return [kept[row_id] for row_id in row_ids]


def forget(db: Database, person_id: int) -> int:
    """Forget how far a person's messages were read; answers how many marks went."""
    gone = 0
    for person in Person.select().where(Person.id == person_id).execute(db):
        mine = (
            WatermarkRow.realm == person.realm,
            WatermarkRow.kind == "facts",
            WatermarkRow.subject == person.platform_id,
        )
        gone += int(removal(WatermarkRow).where(*mine).execute(db))
    return gone
