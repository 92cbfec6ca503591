"""The encrypted store: one file, one thread that writes, one that only reads.

Core awaits `store.run(query, …)`. A query is a plain function whose first argument is the
database; it runs on the writer thread inside one transaction and answers with frozen
dataclasses or plain values, never with models that would go back to the database later.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from peewee import Database, DatabaseError, OperationalError
from playhouse.sqlcipher_ext import SqlCipherDatabase

from db import faults, schema
from db.base import sql

log = logging.getLogger(__name__)

P = ParamSpec("P")
Answer = TypeVar("Answer")

_PRAGMAS = (
    ("journal_mode", "wal"),
    ("synchronous", "full"),
    ("foreign_keys", 1),
    ("secure_delete", 1),
    ("temp_store", "memory"),
    ("cache_size", -32_000),
    ("busy_timeout", 5_000),
)


class Store:
    """An open store. Make one with `Store.open`; close it with `close`."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self._key = key
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store-writer")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="store-reader")
        self._writes = _database(path, key, writing=True)
        self._reads = _database(path, key, writing=False)
        self._closed = False

    @classmethod
    async def open(cls, path: Path, key: bytes) -> Store:
        """Open the store at `path`, making it when there is none, and bring its schema up to date.

        Args:
            path: the database file.
            key: 32 random bytes, used raw.

        Raises:
            faults.WrongKey, faults.NewerStore, faults.StoreDamaged, faults.MigrationFailed,
            faults.DiskFull
        """
        store = cls(path, key)
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(store._writer, store._open_writer)
            await loop.run_in_executor(store._reader, store._reads.connect)
        except BaseException:
            await store.close()
            raise
        return store

    async def run(
        self,
        query: Callable[Concatenate[Database, P], Answer],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Answer:
        """Run `query` on the writer thread in one transaction and answer what it returns.

        When this returns, what the query wrote is on the disk. Cancelling the caller does not
        stop a query that has begun.
        """
        return await asyncio.get_running_loop().run_in_executor(
            self._writer, lambda: _in_transaction(self._writes, query, *args, **kwargs)
        )

    async def read(
        self,
        query: Callable[Concatenate[Database, P], Answer],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Answer:
        """Run a long, reading `query` beside the writer, so that it holds up no turn."""
        return await asyncio.get_running_loop().run_in_executor(
            self._reader, lambda: _translated(lambda: query(self._reads, *args, **kwargs))
        )

    async def close(self) -> None:
        """Let what was begun finish, then close the file. Harmless when called again."""
        if self._closed:
            return
        self._closed = True
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._reader, self._reads.close)
        await loop.run_in_executor(self._writer, self._writes.close)
        self._reader.shutdown(wait=False)
        self._writer.shutdown(wait=False)

    def _open_writer(self) -> None:
        try:
            self._writes.connect()
            sql(self._writes, "select count(*) from sqlite_master").fetchone()
        except DatabaseError as error:
            if "not a database" in str(error):
                raise faults.WrongKey from error
            raise
        schema.bring_up_to_date(self._writes)


def _database(path: Path, key: bytes, *, writing: bool) -> SqlCipherDatabase:
    pragmas = _PRAGMAS if writing else (*_PRAGMAS[2:], ("query_only", 1))
    return SqlCipherDatabase(str(path), passphrase=f"x'{key.hex()}'", pragmas=pragmas)


def _in_transaction(
    database: Database, query: Callable[..., Answer], *args: object, **kwargs: object
) -> Answer:
    def work() -> Answer:
        with database.atomic():
            return query(database, *args, **kwargs)

    return _translated(work)


def _translated(work: Callable[[], Answer]) -> Answer:
    try:
        return work()
    except OperationalError as error:
        if "full" in str(error):
            raise faults.DiskFull from error
        raise
    except DatabaseError as error:
        if "malformed" in str(error) or "not a database" in str(error):
            raise faults.StoreDamaged(backup="-") from error
        raise
