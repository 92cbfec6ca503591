"""Facts: what is known of a person, each with the messages it came from.

A fact is one row however often and wherever it was said; each source keeps its own wording and place, and
only the wording of a source that may be told somewhere is told there. `FactRow.text` is what the host sees.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from peewee import (
    AutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    Database,
    FloatField,
    ForeignKeyField,
    IntegerField,
    TextField,
    chunked,
)

from db.base import MomentField, Row, removal, sql
from db.messages import Message
from db.people import Person

LIVE, QUARANTINED, BINNED, CLOSED = "live", "quarantined", "binned", "closed"

# SQLite binds a limited number of values in one statement.
_MOST_AT_ONCE = 500


class FactRow(Row):
    id = AutoField()
    person = ForeignKeyField(Person, on_delete="CASCADE", index=False)
    realm = TextField()
    text = TextField()
    category = TextField()
    first_mentioned = MomentField()
    last_mentioned = MomentField()
    reference_count = IntegerField()
    importance = FloatField()
    importance_by = TextField()
    trust = FloatField()
    valid_from = MomentField()
    valid_to = MomentField(null=True)
    author_id = BigIntegerField()
    guild_id = BigIntegerField(null=True)
    channel_id = BigIntegerField()
    protected = BooleanField()
    state = TextField()
    binned_at = MomentField(null=True)
    last_used_at = MomentField(null=True)
    vector = BlobField(null=True)
    model = TextField(null=True)

    class Meta:
        table_name = "facts"
        indexes = ((("person", "state"), False), (("realm", "state", "last_mentioned"), False))


class SourceRow(Row):
    id = AutoField()
    fact = ForeignKeyField(FactRow, on_delete="CASCADE", index=False)
    message = ForeignKeyField(Message, null=True, on_delete="SET NULL")
    platform_id = BigIntegerField(index=True)
    author_id = BigIntegerField()
    guild_id = BigIntegerField(null=True)
    channel_id = BigIntegerField()
    text = TextField()
    said_at = MomentField()

    class Meta:
        table_name = "fact_sources"
        indexes = ((("fact", "platform_id"), True),)


@dataclass(frozen=True, slots=True)
class Source:
    """A message that a fact came from.

    Attributes:
        message_id: its row id; None when it was deleted since. platform_id: its id on its platform.
        author_id: platform id of who wrote it.
        guild_id, channel_id: where it was said; what was said there may be told only where those may.
        text: the fact in the wording this message gave it.
    """

    message_id: int | None
    platform_id: int
    author_id: int
    guild_id: int | None
    channel_id: int
    text: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class StoredFact:
    """Something known of a person.

    Attributes:
        person_id: row id of the person it is about.
        category: one of core.memory.extract.CATEGORIES.
        reference_count: how many messages said it.
        importance: 0–10. importance_by: `model`, `rules` or `host`: who gave it.
        trust: 0–1, how far it is to be believed.
        valid_from, valid_to: when it held; `valid_to` is None while it holds.
        author_id: platform id of who said it first. guild_id, channel_id: where that was.
        protected: never forgotten and never closed by itself.
        state: live; quarantined (reads like an instruction: never told); binned (restorable for 30 days
            after `binned_at`); closed (something newer contradicts it).
        last_used_at: when it was last in the prompt of a reply.
        vector, model: the meaning of `text` as int8 and the embedder's name; None until it is made.
        sources: the messages it came from, oldest first; filled by `with_sources` and what says so.
    """

    person_id: int
    realm: str
    text: str
    category: str
    first_mentioned: datetime
    last_mentioned: datetime
    reference_count: int
    importance: float
    importance_by: str
    trust: float
    valid_from: datetime
    author_id: int
    guild_id: int | None
    channel_id: int
    valid_to: datetime | None = None
    protected: bool = False
    state: str = LIVE
    binned_at: datetime | None = None
    last_used_at: datetime | None = None
    vector: bytes | None = field(default=None, repr=False)
    model: str | None = None
    row_id: int = 0
    sources: tuple[Source, ...] = ()


def find(db: Database, row_id: int) -> StoredFact | None:
    """The fact with its sources, or None."""
    return next(iter(by_row_ids(db, [row_id])), None)


def by_row_ids(db: Database, row_ids: Sequence[int]) -> list[StoredFact]:
    """Those of the facts that exist, with their sources, in the order asked for."""
    found = {
        row.id: _stored(row)
        for some in chunked(row_ids, _MOST_AT_ONCE)
        for row in FactRow.select().where(FactRow.id.in_(some)).execute(db)
    }
    return with_sources(db, [found[row_id] for row_id in row_ids if row_id in found])


def of_person(db: Database, person_id: int, states: Sequence[str] = (LIVE,)) -> list[StoredFact]:
    """A person's facts in these states, with their sources, the latest mentioned first."""
    query = (
        FactRow.select()
        .where(FactRow.person == person_id, FactRow.state.in_(list(states)))
        .order_by(FactRow.last_mentioned.desc(), FactRow.id.desc())
    )
    return with_sources(db, [_stored(row) for row in query.execute(db)])


def in_realm(
    db: Database, realm: str, states: Sequence[str] = (LIVE, QUARANTINED, CLOSED)
) -> list[StoredFact]:
    """Every fact of a realm in these states, with its sources, in the order they were written."""
    query = FactRow.select().where(FactRow.realm == realm, FactRow.state.in_(list(states)))
    return with_sources(db, [_stored(row) for row in query.order_by(FactRow.id).execute(db)])


def of_message(db: Database, message_id: int) -> list[StoredFact]:
    """The facts that cite a message (its row id)."""
    rows = SourceRow.select(SourceRow.fact).where(SourceRow.message == message_id).execute(db)
    return by_row_ids(db, [row.fact_id for row in rows])


def with_sources(db: Database, facts: Sequence[StoredFact]) -> list[StoredFact]:
    """The same facts, each with the messages it came from, oldest first."""
    by_fact: dict[int, list[Source]] = {}
    for some in chunked([fact.row_id for fact in facts], _MOST_AT_ONCE):
        query = SourceRow.select().where(SourceRow.fact.in_(some)).order_by(SourceRow.said_at, SourceRow.id)
        for row in query.execute(db):
            by_fact.setdefault(row.fact_id, []).append(_source(row))
    return [replace(fact, sources=tuple(by_fact.get(fact.row_id, ()))) for fact in facts]


def counts(db: Database, realm: str, states: Sequence[str] = (LIVE,)) -> dict[int, int]:
    """How many facts in these states each person of a realm has, by their row id."""
    found = sql(
        db,
        "select person_id, count(*) from facts where realm = ? and state in (select value from json_each(?)) "
        "group by person_id",
        (realm, json.dumps(list(states))),
    )
    return {int(person_id): int(count) for person_id, count in found.fetchall()}


def insert(db: Database, fact: StoredFact) -> StoredFact:
    """Write a fact with its sources; answers it with its row id (a given one other than 0 is kept).

    Raises:
        ValueError: it has no source.
    """
    if not fact.sources:
        raise ValueError("a fact without a source is no fact")
    values = _values(fact)
    if fact.row_id:
        values["id"] = fact.row_id
    row_id = FactRow.insert(**values).execute(db)
    add_sources(db, row_id, fact.sources)
    return replace(fact, row_id=row_id)


def update(db: Database, row_id: int, **values: Any) -> None:
    """Write columns of a fact, by their names in StoredFact (`sources` excepted).

    A new text loses the vector of the old one unless it brings its own.
    """
    if "text" in values and "vector" not in values:
        values |= {"vector": None, "model": None}
    if values:
        FactRow.update(**values).where(FactRow.id == row_id).execute(db)


def reword(db: Database, row_id: int, text: str) -> None:
    """Put another wording in place of a fact's, wherever it may be told: for what the host edits."""
    update(db, row_id, text=text)
    SourceRow.update(text=text).where(SourceRow.fact == row_id).execute(db)


def add_sources(db: Database, row_id: int, sources: Iterable[Source]) -> int:
    """Cite further messages; one that is cited already is left as it is. Answers how many were new."""
    known = {row.platform_id for row in SourceRow.select().where(SourceRow.fact == row_id).execute(db)}
    new = {source.platform_id: source for source in sources if source.platform_id not in known}
    for source in new.values():
        SourceRow.insert(
            fact=row_id,
            message=_existing(db, source.message_id),
            **{name: getattr(source, name) for name in _SOURCE_COLUMNS},
        ).execute(db)
    return len(new)


def drop_sources(db: Database, row_id: int, platform_ids: Sequence[int]) -> None:
    """Cite these messages no longer."""
    for some in chunked(platform_ids, _MOST_AT_ONCE):
        removal(SourceRow).where(SourceRow.fact == row_id, SourceRow.platform_id.in_(some)).execute(db)


def remove(db: Database, row_ids: Sequence[int]) -> int:
    """Delete facts for good, with their sources; answers how many there were."""
    return sum(
        int(removal(FactRow).where(FactRow.id.in_(some)).execute(db))
        for some in chunked(row_ids, _MOST_AT_ONCE)
    )


def used(db: Database, row_ids: Sequence[int], at: datetime) -> None:
    """Note that facts stood in the prompt of a reply."""
    for some in chunked(row_ids, _MOST_AT_ONCE):
        FactRow.update(last_used_at=at).where(FactRow.id.in_(some)).execute(db)


def without_vector(db: Database, model: str, limit: int) -> list[tuple[int, str]]:
    """Row id and text of live facts that have no vector by `model`, the newest first."""
    other = FactRow.model.is_null() | (FactRow.model != model)
    query = FactRow.select(FactRow.id, FactRow.text).where(FactRow.state == LIVE, other)
    return [(row.id, row.text) for row in query.order_by(FactRow.id.desc()).limit(limit).execute(db)]


def keep_vectors(db: Database, model: str, vectors: Sequence[tuple[int, str, bytes]]) -> None:
    """Write vectors: row id, the text it was made of, int8 values. A text that changed since gets none."""
    for row_id, text, values in vectors:
        FactRow.update(vector=values, model=model).where(FactRow.id == row_id, FactRow.text == text).execute(
            db
        )


def export(db: Database, person_id: int) -> list[dict[str, Any]]:
    """Everything known of a person, as plain values."""
    every = of_person(db, person_id, (LIVE, QUARANTINED, BINNED, CLOSED))
    return [as_plain(fact) for fact in every]


def erase(db: Database, person_id: int) -> int:
    """Remove every fact about a person and every fact that they told of others; answers how many went."""
    query = Person.select(Person.realm, Person.platform_id).where(Person.id == person_id)
    told = FactRow.id.in_([])
    for person in query.execute(db):
        by_them = SourceRow.select(SourceRow.fact).where(SourceRow.author_id == person.platform_id)
        told = (FactRow.realm == person.realm) & FactRow.id.in_(by_them)
    return int(removal(FactRow).where((FactRow.person == person_id) | told).execute(db))


def as_plain(fact: StoredFact) -> dict[str, Any]:
    """A fact with its sources as plain JSON values, times in ISO 8601, without its vector."""
    values = asdict(fact)
    del values["vector"], values["model"]
    return json.loads(json.dumps(values, default=datetime.isoformat))  # type: ignore[no-any-return]


def from_plain(values: dict[str, Any]) -> StoredFact:
    """What `as_plain` made, as a fact again."""
    plain = {**values, "sources": ()}
    for name in _MOMENTS:
        plain[name] = None if plain[name] is None else datetime.fromisoformat(plain[name])
    sources = tuple(
        Source(**{**each, "said_at": datetime.fromisoformat(each["said_at"])}) for each in values["sources"]
    )
    return StoredFact(**{**plain, "sources": sources})


_MOMENTS = ("first_mentioned", "last_mentioned", "valid_from", "valid_to", "binned_at", "last_used_at")
_SOURCE_COLUMNS = ("platform_id", "author_id", "guild_id", "channel_id", "text", "said_at")
_COLUMNS = (
    *("realm", "text", "category", "first_mentioned", "last_mentioned", "reference_count", "importance"),
    *("importance_by", "trust", "valid_from", "valid_to", "author_id", "guild_id", "channel_id", "protected"),
    *("state", "binned_at", "last_used_at", "vector", "model"),
)


def _values(fact: StoredFact) -> dict[str, Any]:
    return {"person": fact.person_id, **{name: getattr(fact, name) for name in _COLUMNS}}


def _stored(row: Any) -> StoredFact:
    values = {name: getattr(row, name) for name in _COLUMNS}
    return StoredFact(person_id=row.person_id, row_id=row.id, **values)


def _source(row: Any) -> Source:
    return Source(row.message_id, **{name: getattr(row, name) for name in _SOURCE_COLUMNS})


def _existing(db: Database, message_id: int | None) -> int | None:
    """The message's row id, None when it is gone: a fact that comes back from the bin may outlive it."""
    query = Message.select(Message.id).where(Message.id == message_id)
    return next((row.id for row in query.execute(db)), None)
