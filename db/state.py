"""Small things that last: the global state table, settings, and secrets without a keyring."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from peewee import Database, TextField

from db import connection
from db.base import MomentField, Row


class State(Row):
    key = TextField(primary_key=True)
    value = TextField()
    changed_at = MomentField()

    class Meta:
        table_name = "state"


class Setting(Row):
    key = TextField(primary_key=True)
    value = TextField()
    changed_at = MomentField()

    class Meta:
        table_name = "settings"


class Secret(Row):
    key = TextField(primary_key=True)
    value = TextField()
    changed_at = MomentField()

    class Meta:
        table_name = "secrets"


Table = type[State] | type[Setting] | type[Secret]


def get(db: Database, table: Table, key: str) -> Any:
    """The value under `key`, or None."""
    rows = table.select().where(table.key == key).execute(db)
    return next((json.loads(row.value) for row in rows), None)


def every(db: Database, table: Table) -> dict[str, Any]:
    """All keys with their values."""
    return {row.key: json.loads(row.value) for row in table.select().execute(db)}


def put(db: Database, table: Table, key: str, value: Any, at: datetime) -> None:
    """Write a JSON value under `key`."""
    table.insert(key=key, value=json.dumps(value), changed_at=at).on_conflict(
        conflict_target=[table.key], preserve=[table.value, table.changed_at]
    ).execute(db)


def forget(db: Database, table: Table, key: str) -> None:
    """Remove a key."""
    table.delete().where(table.key == key).execute(db)


def keep_in_copy(copy: Path, key: bytes, name: str, value: str, at: datetime) -> None:
    """Put a secret into a copy of the store that nobody else has open.

    Args:
        copy: its file. key: what opens it. name: of the secret.
    """
    with closing(connection.plainly_writing(copy, key)) as db:
        db.connect()
        with db.atomic():
            put(db, Secret, name, value, at)
