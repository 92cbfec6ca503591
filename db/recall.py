"""The reading side of memory: which messages hold these words, and what stands around them.

A scope is looked up as tokens of the full-text index, which is what keeps it fast, and checked
again against the message's own row before anything leaves this file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Database

from db.base import sql
from db.messages import StoredMessage, by_row_ids, guild_token


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a memory may come from. What lies outside is never read.

    Attributes:
        realm: discord, practice or import.
        guild_id: the server; None for direct messages, which then need their channel named, because
            all direct messages share the missing server.
        channel_ids: only these channels; empty for every channel of the server.
        person_ids: only what these people wrote; empty for everybody.
        hidden: never from these channels (see db/channels.py: `hidden_from`).

    Raises:
        ValueError: no server and no channel.
    """

    realm: str
    guild_id: int | None
    channel_ids: tuple[int, ...] = ()
    person_ids: tuple[int, ...] = ()
    hidden: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.guild_id is None and not self.channel_ids:
            raise ValueError("direct messages are recalled by channel, never all together")


@dataclass(frozen=True, slots=True)
class Found:
    """A message that may be a memory.

    Attributes:
        sent_ms: when, in milliseconds since 1970. version: of its vector (see db/embeddings.py), or 0.
    """

    row_id: int
    channel_id: int
    author_id: int
    text: str
    sent_ms: int
    version: int


@dataclass(frozen=True, slots=True)
class Around:
    """The row ids of the messages before and after one in its channel, None at the ends."""

    row_id: int
    before: int | None
    after: int | None


def lexical(db: Database, words: Sequence[str], scope: Scope, limit: int) -> list[tuple[int, float]]:
    """The messages that hold any of `words`, best first: row id and BM25 (higher is better).

    A word in the message counts 1.0, one in the message before it 0.5, as the sweep on LoCoMo found.
    The words are quoted: nothing in them is read as the index's query language.
    """
    if not words:
        return []
    match = f"{{text previous}} : ({_any_of(words)}) AND scope : ({_scope_tokens(scope)})"
    if scope.hidden:
        match = f"({match}) NOT scope : ({_any_of([f'c{channel}' for channel in scope.hidden])})"
    found = sql(
        db,
        "select rowid, -rank from message_words where message_words match ? "
        "and rank match 'bm25(1.0, 0.5, 0.0)' order by rank limit ?",
        (match, limit),
    )
    return [(int(row_id), float(score)) for row_id, score in found.fetchall()]


def rows(db: Database, row_ids: Sequence[int], scope: Scope, model: str) -> list[Found]:
    """Those of the messages that lie in the scope, with the version of their vector by `model`.

    What people wrote who have since asked to be left alone is left out.
    """
    where, values = _scope_check(scope)
    statement = (
        "select m.id, m.channel_id, m.author_id, m.text, m.sent_at, coalesce(e.version, 0) "  # noqa: S608
        "from json_each(?) j cross join messages m on m.id = j.value "
        f"left join embeddings e on e.message_id = m.id and e.model = ? where {where}"
    )
    # The cross join keeps SQLite from starting at an index of the realm, which names every message.
    found = sql(db, statement, (_json(row_ids), model, *values))
    return [Found(*row) for row in found.fetchall()]


def around(db: Database, row_ids: Sequence[int]) -> list[Around]:
    """What stands before and after each of these messages in its channel, by time and then by id."""
    found = sql(
        db,
        "select m.id, "
        "(select p.id from messages p where p.channel_id = m.channel_id and p.realm = m.realm "
        "and (p.sent_at, p.id) < (m.sent_at, m.id) order by p.sent_at desc, p.id desc limit 1), "
        "(select n.id from messages n where n.channel_id = m.channel_id and n.realm = m.realm "
        "and (n.sent_at, n.id) > (m.sent_at, m.id) order by n.sent_at, n.id limit 1) "
        "from json_each(?) j cross join messages m on m.id = j.value",
        (_json(row_ids),),
    )
    return [Around(*row) for row in found.fetchall()]


def remembered(db: Database, row_ids: Sequence[int], scope: Scope) -> list[StoredMessage]:
    """The messages themselves, in the order asked for; those outside the scope are left out."""
    allowed = {found.row_id for found in rows(db, row_ids, scope, "")}
    kept = by_row_ids(db, [row_id for row_id in row_ids if row_id in allowed])
    return [kept[row_id] for row_id in row_ids if row_id in kept]


def gone(db: Database, row_ids: Sequence[int]) -> list[int]:
    """Those of the row ids that no message has any more."""
    found = sql(
        db, "select value from json_each(?) where value not in (select id from messages)", (_json(row_ids),)
    )
    return [int(row_id) for (row_id,) in found.fetchall()]


def names(db: Database, scope: Scope) -> list[tuple[int, str]]:
    """The people who wrote in this server (or realm) and every name they were seen under there."""
    found = sql(
        db,
        "select p.platform_id, n.name from people p join person_names n on n.person_id = p.id "
        "where p.realm = ? and n.guild_id = ? and p.state not in ('opted_out', 'erased')",
        (scope.realm, scope.guild_id or 0),
    )
    return [(int(person_id), str(name)) for person_id, name in found.fetchall()]


def _any_of(words: Sequence[str]) -> str:
    return " OR ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    doubled = word.replace('"', '""').replace("\0", "")
    return f'"{doubled}"'


def _scope_tokens(scope: Scope) -> str:
    # The realm's own token is left out: it stands in almost every row, and reading its list takes five
    # times as long as all the rest.
    parts = [_quoted(guild_token(scope.realm, scope.guild_id))]
    if scope.channel_ids:
        parts.append(f"({_any_of([f'c{channel}' for channel in scope.channel_ids])})")
    if scope.person_ids:
        parts.append(f"({_any_of([f'p{person}' for person in scope.person_ids])})")
    return " AND ".join(parts)


def _scope_check(scope: Scope) -> tuple[str, tuple[Any, ...]]:
    where = (
        "m.realm = ? and m.guild_id is ? and not exists (select 1 from people p where p.realm = m.realm "
        "and p.platform_id = m.author_id and p.state in ('opted_out', 'erased'))"
    )
    values: tuple[Any, ...] = (scope.realm, scope.guild_id)
    if scope.channel_ids:
        where += " and m.channel_id in (select value from json_each(?))"
        values += (_json(scope.channel_ids),)
    if scope.person_ids:
        where += " and m.author_id in (select value from json_each(?))"
        values += (_json(scope.person_ids),)
    if scope.hidden:
        where += " and m.channel_id not in (select value from json_each(?))"
        values += (_json(scope.hidden),)
    return where, values


def _json(numbers: Sequence[int]) -> str:
    return json.dumps([int(number) for number in numbers])
