"""What is stored about whom, in numbers: for the host, who answers for it."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from peewee import Database, chunked, fn

from db.attempts import AttemptRow
from db.base import Row, sql
from db.conversations import ConversationRow
from db.embeddings import EmbeddingRow
from db.episodes import EpisodeRow
from db.facts import FactRow
from db.messages import Message
from db.people import Person
from db.relationships import RelationshipRow
from db.reminders import ReminderRow
from db.servers import BLOCK
from db.tickets import TicketRow
from db.turns import TurnRow
from db.warnings import WarningRow

ERASED, OPTED_OUT = "erased", "opted_out"
_MOST_AT_ONCE = 500
_ALL = -1
_LONGEST_ID = 19  # digits; a longer number is none of SQLite's
_ORDERS = {
    "seen": "last_seen desc",
    "name": "name collate nocase",
    "messages": "message_count desc",
    "oldest": "first_seen",
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Held:
    """One kind of thing: how many there are, their bytes (None: not counted), and since when."""

    kind: str
    count: int
    size: int | None
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class PersonHeld:
    """What is held of one person.

    Attributes:
        size: bytes of what they wrote. memories: facts about them. messages: what they wrote.
        since: when they were first seen. state: see db.people.StoredPerson.
    """

    row_id: int
    platform_id: int
    name: str
    state: str
    messages: int
    size: int
    memories: int
    since: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class StoredBlock:
    """Somebody the bot does not listen to on a server."""

    person: str
    guild_id: int
    guild: str
    at: datetime


# Kind, table, the column of words that is measured, the column of its age.
_KINDS: tuple[tuple[str, type[Row], Any, Any], ...] = (
    ("messages", Message, Message.text, Message.sent_at),
    ("vectors", EmbeddingRow, EmbeddingRow.vector, None),
    ("facts", FactRow, FactRow.text, FactRow.first_mentioned),
    ("episodes", EpisodeRow, EpisodeRow.text, EpisodeRow.started_at),
    ("relationships", RelationshipRow, None, None),
    ("conversations", ConversationRow, ConversationRow.document, ConversationRow.created_at),
    ("turns", TurnRow, TurnRow.trace, TurnRow.arrived_at),
    ("attempts", AttemptRow, None, AttemptRow.at),
    ("reminders", ReminderRow, ReminderRow.text, ReminderRow.asked_at),
    ("tickets", TicketRow, None, None),
    ("warnings", WarningRow, None, None),
)


def everything(db: Database) -> list[Held]:
    """All that is stored, by kind; what there is none of is left out."""
    return [held for kind in _KINDS if (held := _held(db, *kind)).count]


def order(db: Database, realm: str, words: str = "", by: str = "seen", limit: int = _ALL) -> array[int]:
    """The row ids of a realm's people who were not erased.

    Args:
        words: a part of any name of theirs, or their id. by: `seen`, `name`, `messages` or `oldest` (first
            seen). limit: at most so many, the first.
    """
    where, values = _wanted(realm, words)
    statement = f"select id from people where {where} order by {_ORDERS[by]}, id limit ?"  # noqa: S608
    return array("q", (row_id for (row_id,) in sql(db, statement, (*values, limit)).fetchall()))


def count(db: Database, realm: str, words: str = "") -> int:
    """How many people `order` finds."""
    where, values = _wanted(realm, words)
    return int(sql(db, f"select count(*) from people where {where}", values).fetchone()[0])  # noqa: S608


def lines(db: Database, row_ids: Sequence[int]) -> list[PersonHeld]:
    """What is held of these people, in this order; those who are gone are left out."""
    found: dict[int, PersonHeld] = {}
    for some in chunked(row_ids, _MOST_AT_ONCE):
        people = list(Person.select().where(Person.id.in_(some)).execute(db))
        wrote = _wrote(db, [person.platform_id for person in people])
        known = _known(db, some)
        for person in people:
            messages, size = wrote.get((person.realm, person.platform_id), (0, 0))
            found[person.id] = PersonHeld(
                *(person.id, person.platform_id, person.name, person.state, messages, size),
                *(known.get(person.id, 0), person.first_seen, person.last_seen),
            )
    return [found[row_id] for row_id in row_ids if row_id in found]


def realms(db: Database) -> list[str]:
    """The realms somebody is known in."""
    query = Person.select(Person.realm).where(Person.state != ERASED).distinct().order_by(Person.realm)
    return [realm for (realm,) in query.tuples().execute(db)]


def stances(db: Database) -> tuple[int, int]:
    """How many people opted out, and how many were erased (or opted out before they were ever met)."""
    query = Person.select(Person.state, fn.COUNT(Person.id)).group_by(Person.state)
    numbers = dict(query.tuples().execute(db))
    return numbers.get(OPTED_OUT, 0), numbers.get(ERASED, 0)


def blocked(db: Database, limit: int = 200) -> list[StoredBlock]:
    """Whom servers shut out, the newest first."""
    found = sql(
        db,
        "select person, guild_id, coalesce((select max(guild_name) from channels c "
        "where c.guild_id = listed.guild_id), ''), at from listed where list = ? order by id desc limit ?",
        (BLOCK, limit),
    )
    return [
        StoredBlock(name, guild_id, guild, _EPOCH + timedelta(milliseconds=at))
        for name, guild_id, guild, at in found.fetchall()
    ]


def _wanted(realm: str, words: str) -> tuple[str, tuple[object, ...]]:
    here = "realm = ? and state <> 'erased'"
    if not words:
        return here, (realm,)
    named = "id in (select person_id from person_names where instr(lower(name), ?) > 0)"
    number = int(words) if words.isascii() and words.isdigit() and len(words) < _LONGEST_ID else None
    wanted = f"{here} and (instr(lower(name), ?) > 0 or {named} or platform_id = ?)"
    return wanted, (realm, words.lower(), words.lower(), number)


def _held(db: Database, kind: str, table: type[Row], words: Any, age: Any) -> Held:
    wanted = [fn.COUNT(table._meta.primary_key)]
    wanted.append(fn.SUM(fn.LENGTH(words)) if words is not None else fn.SUM(None))
    query = table.select(*wanted, fn.MIN(age) if age is not None else fn.MIN(None))
    count, size, oldest = next(iter(query.tuples().execute(db)))
    moment = age.python_value(oldest) if age is not None and isinstance(oldest, int) else oldest
    return Held(kind, count, size, moment)


def _wrote(db: Database, platform_ids: Sequence[int]) -> dict[tuple[str, int], tuple[int, int]]:
    query = (
        Message.select(
            Message.realm, Message.author_id, fn.COUNT(Message.id), fn.SUM(fn.LENGTH(Message.text))
        )
        .where(Message.author_id.in_(platform_ids))
        .group_by(Message.realm, Message.author_id)
    )
    rows = query.tuples().execute(db)
    return {(realm, author): (count, size or 0) for realm, author, count, size in rows}


def _known(db: Database, row_ids: Sequence[int]) -> dict[int, int]:
    query = FactRow.select(FactRow.person, fn.COUNT(FactRow.id)).where(FactRow.person.in_(row_ids))
    return dict(query.group_by(FactRow.person).tuples().execute(db))
