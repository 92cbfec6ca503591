"""How a connection to the encrypted file is made, and what its complaints mean.

SQLCipher is keyed per connection. The key is 32 random bytes given raw, which costs nothing; a
passphrase would cost about 100 ms at every opening.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from playhouse.sqlcipher_ext import SqlCipherDatabase, sqlcipher

from db import faults
from db.base import FILE_ERRORS

# What a connection keeps of the file, in kilobytes (negative: that is how SQLite tells them from pages). All
# of it fills within hours, so it is what the app grows by: recall, which reads far and wide, has the most.
_SMALL, _FOR_WRITING, _FOR_RECALL = -2_000, -4_000, -8_000

_EVERYWHERE = (
    ("foreign_keys", 1),
    ("temp_store", "memory"),
    ("cache_size", _SMALL),
    ("busy_timeout", 5_000),
)
_WRITING = (
    ("cache_size", _FOR_WRITING),
    ("journal_mode", "wal"),
    ("synchronous", "full"),
    ("fullfsync", 1),  # macOS: without it a power cut can lose what was reported as written
    ("secure_delete", 1),
    ("journal_size_limit", 64_000_000),
    # The log is carried over beside the writer (see `Store`); this is for when that cannot keep up.
    ("wal_autocheckpoint", 12_000),
)


def writing(path: Path, key: bytes) -> SqlCipherDatabase:
    """A database, not yet connected, that writes; it makes the file when there is none."""
    return _database(str(path), key, (*_EVERYWHERE, *_WRITING))


def reading(path: Path, key: bytes) -> SqlCipherDatabase:
    """A database, not yet connected, that refuses every write."""
    return _database(str(path), key, (*_EVERYWHERE, ("cache_size", _FOR_RECALL), ("query_only", 1)))


def tidying(path: Path, key: bytes) -> SqlCipherDatabase:
    """A database, not yet connected, that carries the write-ahead log over and writes nothing of its own."""
    return _database(str(path), key, _EVERYWHERE)


def plainly_writing(path: Path, key: bytes) -> SqlCipherDatabase:
    """A database, not yet connected, for a file of one's own that nobody else has open: without a log."""
    return _database(str(path), key, (*_EVERYWHERE, ("journal_mode", "delete"), ("synchronous", "full")))


def only_reading(path: Path, key: bytes) -> SqlCipherDatabase:
    """Like `reading`, with the file itself opened for reading: it neither makes nor mends one."""
    return _database(f"{path.absolute().as_uri()}?mode=ro", key, _EVERYWHERE, uri=True)


def _database(
    name: str, key: bytes, pragmas: tuple[tuple[str, object], ...], **options: object
) -> SqlCipherDatabase:
    _silence_cipher()
    # Without autoconnect a query on a foreign thread fails instead of quietly opening a connection there.
    return SqlCipherDatabase(
        name, passphrase=f"x'{key.hex()}'", pragmas=pragmas, autoconnect=False, **options
    )


@lru_cache(maxsize=1)
def _silence_cipher() -> None:
    """SQLCipher writes its own lines to stderr on a wrong key; the switch holds for the process."""
    connection = sqlcipher.connect(":memory:")
    connection.execute("pragma cipher_log_level = none")
    connection.close()


@contextmanager
def named_faults(damaged: Callable[[], faults.StoreFault]) -> Iterator[None]:
    """Give the file's complaints their names.

    Args:
        damaged: makes the fault for a file whose pages do not hold what they should.

    Raises:
        faults.DiskFull, faults.StoreInUse, faults.StoreReadOnly, faults.FolderUnusable, or what
        `damaged` makes.
    """
    try:
        yield
    except FILE_ERRORS as error:
        fault = _fault(complaint(error), damaged)
        if fault is None:
            raise
        raise fault from error


def complaint(error: BaseException) -> str:
    """All that was said, the first word too: on a full disk SQLite ends the transaction by itself, and
    the vain attempt to undo it would hide the reason."""
    said: list[str] = []
    link: BaseException | None = error
    while link is not None:
        said.append(str(link))
        link = link.__cause__ or link.__context__
    return " / ".join(said)


def _fault(complaint: str, damaged: Callable[[], faults.StoreFault]) -> faults.StoreFault | None:
    if "malformed" in complaint or "not a database" in complaint:
        return damaged()
    if "is full" in complaint:
        return faults.DiskFull()
    if "is locked" in complaint:
        return faults.StoreInUse(pid=None)
    if "readonly" in complaint:
        return faults.StoreReadOnly()
    if "unable to open" in complaint or "disk I/O" in complaint:
        return faults.FolderUnusable(detail=complaint)
    return None
