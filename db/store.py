"""The encrypted store: one file, one thread that writes, one that only reads.

Core awaits `store.run(query, …)`. A query is a plain function whose first argument is the
database; it runs on the writer thread inside one transaction and answers with frozen
dataclasses or plain values, never with models that would go back to the database later.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Concatenate, ParamSpec, TypeVar

from peewee import BaseQuery, Database, Model

from db import backup, connection, faults, header, upgrade
from db.backup import Backup, Reason
from db.base import FILE_ERRORS, sql
from db.check import Checkup, check, glance
from db.complaints import fault_of
from db.lock import FolderLock

P = ParamSpec("P")
Answer = TypeVar("Answer")

log = logging.getLogger(__name__)

# How many steps of SQLite's machine (some milliseconds) a long read takes before it looks whether to stop.
_STEPS = 100_000

# After how many writes the write-ahead log is carried over into the file: about a megabyte.
_WRITES_TO_TIDY = 64


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Store:
    """An open store. Make one with `Store.open`; close it with `close`.

    Attributes:
        path: the database file. read_only: True when nothing can be written through it.
        schema: the schema the file has.
    """

    def __init__(self, path: Path, key: bytes, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self.schema = 0
        self._key = key
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store-writer")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="store-reader")
        self._copier = ThreadPoolExecutor(1, thread_name_prefix="store-copier")
        self._tidier = ThreadPoolExecutor(1, thread_name_prefix="store-tidier")
        self._tidying = Lock()
        self._untidied = 0
        self._writes = connection.only_reading(path, key) if read_only else connection.writing(path, key)
        self._reads = connection.only_reading(path, key) if read_only else connection.reading(path, key)
        self._tidies = connection.tidying(path, key)
        self._lock: FolderLock | None = None
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls,
        path: Path,
        key: bytes,
        *,
        read_only: bool = False,
        lock: FolderLock | None = None,
        scripts: Path = upgrade.SCRIPTS,
        now: Callable[[], datetime] = _utc_now,
    ) -> Store:
        """Open the store at `path`, making it when there is none, and bring its schema up to date.

        Args:
            path: the database file.
            key: 32 random bytes, used raw.
            read_only: look at a store that may be in use by another process; takes no lock, makes no
                file, changes nothing, brings nothing up to date.
            lock: the hold on the folder, when the caller has it already and lets it go themselves.
            scripts: the folder of the migrations.
            now: tells the time, for the name of the copy made before a migration.

        Raises:
            faults.StoreInUse, faults.FolderUnusable, faults.WrongKey, faults.NewerStore,
            faults.StoreLost, faults.StoreDamaged, faults.MigrationFailed, faults.DiskFull
        """
        if len(key) != 32:
            raise ValueError("a key is 32 bytes")
        store = cls(path, key, read_only=read_only)
        loop = asyncio.get_running_loop()
        begun = loop.run_in_executor(store._writer, store._open, lock, scripts, now)
        try:
            await asyncio.shield(begun)
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
        stop a query that has begun; one that still waits for its turn is dropped.

        Raises:
            faults.StoreClosed, faults.StoreReadOnly, faults.DiskFull, faults.StoreDamaged; what
            the query raises, after everything it wrote was undone.
        """
        answer = await self._asked(self._writer, partial(self._write, query, *args, **kwargs))
        self._tidy_now_and_then()
        return answer

    async def read(
        self,
        query: Callable[Concatenate[Database, P], Answer],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Answer:
        """Run a long, reading `query` beside the writer, so that it holds up no turn.

        It sees everything that was written when it began, and nothing later. `close` interrupts it.

        Raises:
            faults.StoreClosed, faults.StoreDamaged, faults.StoreReadOnly (it tried to write)
        """
        return await self._asked(self._reader, partial(self._read, query, *args, **kwargs))

    async def check(self) -> Checkup:
        """Read the whole file and answer what is wrong with it. The writer is not held up."""
        return await self.read(check)

    async def back_up(self, reason: Reason, at: datetime) -> Backup:
        """Make a verified copy and thin out the old ones. Neither writer nor reader is held up.

        Raises:
            faults.StoreClosed, faults.DiskFull, faults.FolderUnusable, faults.StoreDamaged
        """

        def copy() -> Backup:
            made = backup.make(self.path, self._key, reason, at)
            backup.thin(self.path)
            return made

        return await self._asked(self._copier, copy)

    async def beside(self, work: Callable[[Path, bytes], Answer]) -> Answer:
        """Do work on other files of the same key; it is handed the store's path and the key. Neither writer
        nor reader is held up."""
        return await self._asked(self._copier, lambda: work(self.path, self._key))

    async def settle(self) -> None:
        """Carry the write-ahead log over into the file and empty it: what was erased is in neither.

        Raises:
            faults.StoreClosed, faults.StoreReadOnly, faults.DiskFull, faults.StoreDamaged
        """
        await self._asked(self._writer, self._settle)

    async def close(self) -> None:
        """Let every write that was asked for end, then close the file. Harmless when called again."""
        if self._closing is None:
            self._closing = asyncio.get_running_loop().create_task(self._close())
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._copier, lambda: None)
        await loop.run_in_executor(self._reader, self._reads.close)
        await loop.run_in_executor(self._tidier, self._tidies.close)
        try:
            await loop.run_in_executor(self._writer, self._close_writer)
        finally:
            for threads in (self._copier, self._reader, self._tidier, self._writer):
                threads.shutdown(wait=False)
            if self._lock is not None:
                self._lock.release()

    def _tidy_now_and_then(self) -> None:
        """Have the log carried over beside the writer: done by a writer, some write waits for all of it."""
        self._untidied += 1
        if self._untidied >= _WRITES_TO_TIDY and self._closing is None:
            self._untidied = 0
            self._tidier.submit(self._tidy)

    async def _asked(self, threads: ThreadPoolExecutor, work: Callable[[], Answer]) -> Answer:
        if self._closing is not None:
            raise faults.StoreClosed
        return await asyncio.get_running_loop().run_in_executor(threads, work)

    # --- on the writer thread ------------------------------------------------------------------

    def _open(self, lock: FolderLock | None, scripts: Path, now: Callable[[], datetime]) -> None:
        if not self.read_only:
            try:
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise fault_of(error) from error
            self._lock = None if lock is not None else FolderLock(self.path.parent)
        self._refuse_what_is_no_store()
        with connection.named_faults(self._damaged):
            self._connect_writer()
            if self.read_only:
                self._refuse_newer(scripts)
            else:
                self.schema = upgrade.upgrade(
                    self._writes,
                    lambda: backup.make(self.path, self._key, Reason.UPGRADE, now()).path,
                    scripts,
                )
                header.note_schema(self.path.parent, self.schema)
            glance(self._writes)

    def _refuse_what_is_no_store(self) -> None:
        """SQLite takes an empty file for a new database, and a missing one too: we do not."""
        known = header.read(self.path.parent)
        made = known is not None and known.schema > 0
        exists = self.path.exists()
        if not exists and (made or self.read_only):
            raise faults.StoreLost(path=str(self.path), backup=backup.newest_path(self.path))
        if exists and self.path.stat().st_size == 0 and (made or known is None):
            raise self._damaged()

    def _connect_writer(self) -> None:
        try:
            self._writes.connect()
            sql(self._writes, "select count(*) from sqlite_master").fetchone()
        except FILE_ERRORS as error:
            if "not a database" not in str(error):
                raise
            known = header.read(self.path.parent)
            if known is not None and known.fits(self._key):
                raise self._damaged() from error
            raise faults.WrongKey from error
        if not self.read_only:
            sql(self._writes, "pragma wal_checkpoint(truncate)").fetchone()
            self.path.chmod(0o600)

    def _refuse_newer(self, scripts: Path) -> None:
        self.schema = upgrade.found(self._writes)
        if self.schema > upgrade.known(scripts):
            raise faults.NewerStore(found=self.schema, known=upgrade.known(scripts))

    def _write(self, query: Callable[..., Answer], *args: object, **kwargs: object) -> Answer:
        with connection.named_faults(self._damaged), self._writes.atomic():
            return _plain(query(self._writes, *args, **kwargs))

    def _settle(self) -> None:
        # While somebody else carries the log over, SQLite would answer "busy" and leave it as it is.
        with connection.named_faults(self._damaged), self._tidying:
            sql(self._writes, "pragma wal_checkpoint(truncate)").fetchone()

    def _close_writer(self) -> None:
        if self._writes.is_closed():
            return
        try:
            if not self.read_only:
                sql(self._writes, "pragma wal_checkpoint(truncate)").fetchone()
        except FILE_ERRORS as error:
            # A full disk, say: what was written stays in the write-ahead log and is read from there.
            log.warning("the store was closed without tidying its log: %s", error)
        finally:
            self._writes.close()

    # --- on the tidier's thread ----------------------------------------------------------------

    def _tidy(self) -> None:
        try:
            with self._tidying:
                if self._tidies.is_closed():
                    self._tidies.connect()
                sql(self._tidies, "pragma wal_checkpoint(passive)").fetchone()
        except FILE_ERRORS as error:
            # A full disk, say: the log is read as it is, and the writer says so when it has to write.
            log.warning("the write-ahead log was not carried over: %s", error)

    # --- on the reader thread ------------------------------------------------------------------

    def _read(self, query: Callable[..., Answer], *args: object, **kwargs: object) -> Answer:
        with connection.named_faults(self._damaged):
            if self._reads.is_closed():
                self._reads.connect()
                self._reads.connection().set_progress_handler(lambda: self._closing is not None, _STEPS)
            try:
                with self._reads.atomic():
                    return _plain(query(self._reads, *args, **kwargs))
            except FILE_ERRORS as error:
                if "interrupted" in str(error):
                    raise faults.StoreClosed from error
                raise

    def _damaged(self) -> faults.StoreDamaged:
        return faults.StoreDamaged(backup=backup.newest_path(self.path))


def _plain(answer: Answer) -> Answer:
    """Rows, queries and iterators go back to the database when they are used, by then on a foreign thread."""
    if isinstance(answer, Model | BaseQuery | Iterator):
        raise TypeError(f"a query must answer with plain values, not {type(answer).__name__}")
    return answer
