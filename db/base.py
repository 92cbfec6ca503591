"""What every aggregate shares: the model's base and how times lie in the file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from peewee import BigIntegerField, DatabaseError, InterfaceError, Model
from peewee import Database as Database
from playhouse.sqlcipher_ext import sqlcipher

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# What the file complains with. Peewee renames the driver's errors when a statement begins, not while its
# rows are fetched: there the driver's own come through.
FILE_ERRORS: tuple[type[Exception], ...] = (
    DatabaseError,
    InterfaceError,
    sqlcipher.DatabaseError,
    sqlcipher.InterfaceError,
)


class Row(Model):
    """A model bound to no database: every query is executed on the one it is handed."""


def removal(table: type[Row]) -> Any:
    """A table's delete query. Peewee's types declare it in a way mypy understands on some machines only."""
    return cast(Any, table).delete()


class MomentField(BigIntegerField):
    """A UTC moment, stored as whole milliseconds since 1970."""

    def db_value(self, value: datetime | int | None) -> int | None:
        if value is None or isinstance(value, int):
            return value
        return (value - _EPOCH) // timedelta(milliseconds=1)

    def python_value(self, value: Any) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(milliseconds=value)


def sql(db: Database, statement: str, values: tuple[object, ...] = ()) -> Any:
    """Run a statement peewee has no words for (FTS5, pragmas). `statement` is ours, always a literal."""
    return db.execute_sql(statement, values)  # type: ignore[no-untyped-call]
