"""What messages mean, as vectors, and which of them still wait for one.

A vector is kept as int8 with the length it had before rounding taken out: the angle it forms with
another changes by less than a thousandth, and a million of them take 0.4 GB instead of 1.5. Each is
tagged with the name of the model that made it; vectors of different models are never compared.

`version` only ever grows. Whoever holds vectors in memory reads what came after the newest one it
knows, and trusts a vector only while the message's own row still names its version.

The queue of messages that wait is filled by triggers (see the migration): no way of writing or
changing a message can forget it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from peewee import AutoField, BigIntegerField, BlobField, Database, ForeignKeyField, TextField

from db.base import Row, sql
from db.messages import Message


class EmbeddingRow(Row):
    version = AutoField()
    message = ForeignKeyField(Message, unique=True, on_delete="CASCADE")
    model = TextField()
    realm = TextField()
    guild_id = BigIntegerField()
    vector = BlobField()

    class Meta:
        table_name = "embeddings"
        indexes = ((("model", "realm", "guild_id", "version"), False),)


class WaitingRow(Row):
    message = ForeignKeyField(Message, primary_key=True, on_delete="CASCADE")

    class Meta:
        table_name = "embeddings_waiting"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message without a vector."""

    row_id: int
    author_name: str
    text: str


@dataclass(frozen=True, slots=True)
class StoredVector:
    """A vector as it lies in the store: int8 values, one a dimension."""

    version: int
    row_id: int
    channel_id: int
    author_id: int
    values: bytes


def waiting(db: Database, limit: int) -> list[Waiting]:
    """Messages that wait for a vector, the newest first: they are the likeliest to be talked about."""
    found = sql(
        db,
        "select m.id, m.author_name, m.text from embeddings_waiting w join messages m on m.id = w.message_id "
        "order by w.message_id desc limit ?",
        (limit,),
    )
    return [Waiting(*row) for row in found.fetchall()]


def waiting_count(db: Database) -> int:
    """How many messages wait."""
    return int(sql(db, "select count(*) from embeddings_waiting").fetchone()[0])


def keep(db: Database, model: str, vectors: Sequence[tuple[Waiting, bytes]]) -> int:
    """Write vectors and take their messages off the queue; answers how many were written.

    A message that was changed or deleted since it was read gets none: it waits on, or is gone.
    """
    written = 0
    for message, values in vectors:
        same = sql(
            db,
            "select realm, guild_id from messages where id = ? and text = ?",
            (message.row_id, message.text),
        ).fetchone()
        if same is None:
            continue
        sql(
            db,
            "insert or replace into embeddings(message_id, model, realm, guild_id, vector) "
            "values (?, ?, ?, ?, ?)",
            (message.row_id, model, same[0], same[1] or 0, values),
        )
        sql(db, "delete from embeddings_waiting where message_id = ?", (message.row_id,))
        written += 1
    return written


def newer(
    db: Database, model: str, realm: str, guild_id: int | None, after: int, limit: int
) -> list[StoredVector]:
    """Vectors of a server (None: of all direct messages) newer than a version, oldest first."""
    found = sql(
        db,
        "select e.version, e.message_id, m.channel_id, m.author_id, e.vector from embeddings e "
        "join messages m on m.id = e.message_id "
        "where e.model = ? and e.realm = ? and e.guild_id = ? and e.version > ? order by e.version limit ?",
        (model, realm, guild_id or 0, after, limit),
    )
    return [StoredVector(*row) for row in found.fetchall()]


def more_than(db: Database, model: str, realm: str, guild_id: int | None, count: int) -> bool:
    """Are there more than so many vectors of a server (None: of all direct messages)?"""
    found = sql(
        db,
        "select count(*) from "
        "(select 1 from embeddings where model = ? and realm = ? and guild_id = ? limit ?)",
        (model, realm, guild_id or 0, count + 1),
    )
    return int(found.fetchone()[0]) > count


def of_people(
    db: Database, model: str, realm: str, guild_id: int | None, person_ids: Sequence[int]
) -> list[StoredVector]:
    """Vectors of what some people (platform ids) wrote on a server, or in direct messages, oldest first."""
    found = sql(
        db,
        "select e.version, e.message_id, m.channel_id, m.author_id, e.vector from messages m "  # noqa: S608
        "join embeddings e on e.message_id = m.id where e.model = ? and e.realm = ? and e.guild_id = ? "
        f"and m.author_id in ({','.join('?' * len(person_ids))}) order by e.version",
        (model, realm, guild_id or 0, *person_ids),
    )
    return [StoredVector(*row) for row in found.fetchall()]


def ask_again(db: Database, model: str, limit: int) -> int:
    """Drop up to `limit` vectors that other models made and queue their messages; answers how many."""
    gone = [
        row[0]
        for row in sql(
            db,
            "select message_id from embeddings where model > ? or model < ? limit ?",
            (model, model, limit),
        ).fetchall()
    ]
    for row_id in gone:
        sql(db, "insert or ignore into embeddings_waiting(message_id) values (?)", (row_id,))
        sql(db, "delete from embeddings where message_id = ?", (row_id,))
    return len(gone)
