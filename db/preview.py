"""What is in a copy of the store, in numbers, before it takes the store's place."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db import backup, connection, faults, upgrade
from db.base import MomentField, sql


@dataclass(frozen=True, slots=True)
class Contents:
    """What a copy holds.

    Attributes:
        newest: when the newest message in it was sent, or None. size: bytes. schema: how old its tables are.
    """

    people: int
    memories: int
    messages: int
    personas: int
    newest: datetime | None
    size: int
    schema: int


_COUNTED = ("people", "facts", "messages", "personas")


def look_into(copy: Path, key: bytes, *, in_use: bool = False) -> Contents:
    """Count what is in a copy; nothing is changed.

    Args:
        in_use: it is the store itself, which may be open.

    Raises:
        faults.StoreDamaged: it does not open with this key. faults.NewerStore
    """
    database = connection.only_reading(copy, key)
    try:
        with connection.named_faults(lambda: faults.StoreDamaged(backup="-")), closing(database):
            database.connect()
            schema = upgrade.found(database)
            if schema > upgrade.known():
                raise faults.NewerStore(found=schema, known=upgrade.known())
            there = {name for (name,) in sql(database, "select name from sqlite_master").fetchall()}
            people, memories, messages, personas = (
                int(sql(database, f"select count(*) from {name}").fetchone()[0]) if name in there else 0  # noqa: S608 - ours
                for name in _COUNTED
            )
            newest = sql(database, "select max(sent_at) from messages").fetchone()[0] if messages else None
            return Contents(
                people,
                memories,
                messages,
                personas,
                MomentField().python_value(newest),
                copy.stat().st_size,
                schema,
            )
    finally:
        if not in_use:
            backup.tidy(copy)
