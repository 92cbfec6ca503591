"""What the archive holds about one person, for the page about them: their last conversations with the
bot, how much is remembered, and the words of messages that something is said to have come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from peewee import Database, chunked, fn

from db.base import sql
from db.channels import Channel
from db.episodes import EpisodePersonRow, EpisodeRow
from db.facts import LIVE, FactRow
from db.messages import Message
from db.people import Person, StoredPerson

_BY_COLUMN = {"last_seen": Person.last_seen, "messages": Person.message_count}
# Lines closer together than this, in one channel, are one conversation.
_PAUSE = timedelta(minutes=30)
_READ_BACK = 120
_LINES = 12
_MOST_AT_ONCE = 500
QUOTE_LENGTH = 240


@dataclass(frozen=True, slots=True)
class StoredLine:
    """One line of a conversation. `is_self`: the bot wrote it."""

    name: str
    text: str
    at: datetime
    is_self: bool


@dataclass(frozen=True, slots=True)
class StoredTalk:
    """A conversation: what one person and the bot wrote in a channel without a long pause.

    Attributes:
        channel, guild: their names; empty where the channel is not known, as in direct messages.
        lines: the last of it, oldest first.
    """

    channel: str
    guild: str
    lines: tuple[StoredLine, ...]


@dataclass(frozen=True, slots=True)
class StoredQuote:
    """The beginning of a message, who wrote it and when."""

    name: str
    text: str
    at: datetime


def total(db: Database, realm: str) -> int:
    """How many people of a realm are known and were not erased."""
    return int(Person.select().where(Person.realm == realm, Person.state != "erased").count(db))


def in_order(
    db: Database, realm: str, by: Literal["last_seen", "messages"], descending: bool, limit: int, offset: int
) -> list[int]:
    """Row ids of a realm's people, a page of them, in the order of a column and then of their names."""
    column = _BY_COLUMN[by]
    query = (
        Person.select(Person.id)
        .where(Person.realm == realm, Person.state != "erased")
        .order_by(column.desc() if descending else column.asc(), Person.name, Person.id)
        .limit(limit)
        .offset(offset)
    )
    return [person_id for (person_id,) in query.tuples().execute(db)]


def keys(db: Database, realm: str) -> list[tuple[Any, ...]]:
    """What people of a realm can be searched and sorted by, bare, for there may be very many; by name.

    Each is row id, name, moment last seen and number of messages; then anger, rapport, trust, formality and
    the moment they are of (all None without a relationship). Moments are milliseconds since 1970.
    """
    found = sql(
        db,
        "select p.id, p.name, p.last_seen, p.message_count, r.anger, r.rapport, r.trust, r.formality, r.at "
        "from people p left join relationships r on r.person_id = p.id "
        "where p.realm = ? and p.state <> 'erased' order by p.name collate nocase, p.id",
        (realm,),
    )
    return list(found.fetchall())


def remembered(db: Database, person_id: int) -> tuple[int, int]:
    """How many facts and how many episodes are kept about a person."""
    facts = FactRow.select().where(FactRow.person == person_id, FactRow.state == LIVE).count(db)
    episodes = (
        EpisodePersonRow.select()
        .join(EpisodeRow)
        .where(EpisodePersonRow.person == person_id, EpisodeRow.state == LIVE)
        .count(db)
    )
    return facts, episodes


def talks(db: Database, person: StoredPerson, most: int) -> list[StoredTalk]:
    """The last conversations of a person with the bot, the newest first."""
    newest = (
        Message.select(Message.channel_id, Message.sent_at)
        .where(Message.author_id == person.platform_id, Message.realm == person.realm)
        .order_by(Message.sent_at.desc())
        .limit(_READ_BACK)
    )
    spans = _spans([(row.channel_id, row.sent_at) for row in newest.execute(db)])[:most]
    return [_talk(db, person, *span) for span in spans]


def _spans(newest: Sequence[tuple[int, datetime]]) -> list[tuple[int, datetime, datetime]]:
    """Channel, beginning and end of each conversation, the one that ended last first."""
    spans: list[tuple[int, datetime, datetime]] = []
    open_: dict[int, int] = {}
    for channel, at in newest:
        known = open_.get(channel)
        if known is not None and spans[known][1] - at <= _PAUSE:
            spans[known] = (channel, at, spans[known][2])
        else:
            open_[channel] = len(spans)
            spans.append((channel, at, at))
    return spans


def _talk(
    db: Database, person: StoredPerson, channel_id: int, begun: datetime, ended: datetime
) -> StoredTalk:
    """The last lines of a conversation, with what the bot said in it and right after it."""
    query = (
        Message.select(Message.author_name, Message.text, Message.sent_at, Message.is_self)
        .where(
            Message.channel_id == channel_id,
            Message.realm == person.realm,
            Message.sent_at.between(begun, ended + _PAUSE),
            (Message.author_id == person.platform_id) | Message.is_self,
        )
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(_LINES)
    )
    lines = [StoredLine(row.author_name, row.text, row.sent_at, row.is_self) for row in query.execute(db)][
        ::-1
    ]
    places = Channel.select(Channel.name, Channel.guild_name).where(
        Channel.realm == person.realm, Channel.channel_id == channel_id
    )
    channel, guild = next(((row.name, row.guild_name) for row in places.execute(db)), ("", ""))
    return StoredTalk(channel, guild, tuple(lines))


def quotes(db: Database, realm: str, platform_ids: Sequence[int]) -> dict[int, StoredQuote]:
    """The beginnings of those of the messages that are still there, by their id on the platform."""
    beginning = fn.SUBSTR(Message.text, 1, QUOTE_LENGTH)
    return {
        platform_id: StoredQuote(name, text, at)
        for some in chunked(list(dict.fromkeys(platform_ids)), _MOST_AT_ONCE)
        for platform_id, name, text, at in Message.select(
            Message.platform_id, Message.author_name, beginning, Message.sent_at
        )
        .where(Message.realm == realm, Message.platform_id.in_(some))
        .tuples()
        .execute(db)
    }
