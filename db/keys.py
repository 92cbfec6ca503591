"""Where the store's key comes from: the environment, the computer's keyring, else a file beside it.

A key file is only ever made for a new store on a computer without a keyring. An existing store's key is
looked for where its header says, and nowhere else; the environment may always give one, because that is
the host's own choice. Whoever calls `find` holds the folder's lock.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from secrets import token_bytes

from db import backup, connection, faults, header, upgrade
from db.base import FILE_ERRORS
from db.header import Header, KeySource
from db.keyrings import PATIENCE_SECONDS, Keyring, ask, shown_name

STORE_FILE = "echodeck.db"
KEY_FILE = "store.key"
SERVICE = "Echodeck"


@dataclass(frozen=True, slots=True)
class KeyFound:
    """A store's key.

    Attributes:
        key: 32 bytes; never shown.
        source: where it came from this time.
        store: the store's id, by which the keyring names its entries.
        said_once: False when the key lies in a file and the host has not been told yet: tell them, then
            call `header.note_said`.
    """

    key: bytes = field(repr=False)
    source: KeySource
    store: str
    said_once: bool


async def find(
    folder: Path,
    environ: Mapping[str, str],
    keyring: Keyring | None,
    now: Callable[[], datetime],
    *,
    make_new: bool = True,
    patience: float = PATIENCE_SECONDS,
    randomness: Callable[[int], bytes] = token_bytes,
) -> KeyFound:
    """The key of the folder's store; for a folder without one, a new key, kept before it is used.

    Args:
        folder: the data folder.
        environ: the environment. keyring: the computer's keyring, or None when it has none.
        now: tells the time, for the header of a new store.
        make_new: False to only look.
        patience: seconds a keyring may take to answer, the person's typing included.
        randomness: makes that many random bytes.

    Raises:
        faults.KeyMissing, faults.KeyUnreadable, faults.WrongKey, faults.KeyringLocked,
        faults.FolderUnusable, faults.StoreLost (there is none, and it was not to be made)
    """
    search = _Search(folder, environ, keyring, now, patience, randomness)
    if not search.is_new():
        return await search.known()
    if not make_new:
        path = folder / STORE_FILE
        raise faults.StoreLost(path=str(path), backup=backup.newest_path(path))
    return await search.new()


def is_exposed(folder: Path) -> bool:
    """Can others on this computer read the key file? Always False without one, and on Windows."""
    path = folder / KEY_FILE
    return os.name != "nt" and path.exists() and bool(path.stat().st_mode & 0o077)


@dataclass(frozen=True, slots=True)
class _Search:
    folder: Path
    environ: Mapping[str, str]
    keyring: Keyring | None
    now: Callable[[], datetime]
    patience: float
    randomness: Callable[[int], bytes]

    def is_new(self) -> bool:
        """Was there never a store here? One whose making was cut short holds nothing yet."""
        written = header.read(self.folder)
        store = self.folder / STORE_FILE
        if store.exists() and (store.stat().st_size > 0 or written is None):
            return False
        return written is None or written.schema == 0

    async def known(self) -> KeyFound:
        given = self._given()
        written = header.read(self.folder)
        if written is None:
            return await self._without_header(given)
        key, source = given or (await self._kept(written), written.source)
        if not written.fits(key):
            raise faults.WrongKey
        return _found(key, source, written)

    async def new(self) -> KeyFound:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise faults.FolderUnusable(detail=error.strerror or str(error)) from error
        if given := self._given():
            key, source = given
            written = header.fresh(source, "", key, self.now())
        elif self.keyring is not None:
            key = self.randomness(32)
            written = header.fresh(KeySource.KEYRING, shown_name(self.keyring), key, self.now())
            await self._keep_in(self.keyring, written, key)
        else:
            key = self._key_file()
            written = header.fresh(KeySource.KEY_FILE, "", key, self.now())
        header.write(self.folder, written)
        return _found(key, written.source, written)

    def _given(self) -> tuple[bytes, KeySource] | None:
        """The key that the environment gives, if any."""
        if text := self.environ.get("ECHODECK_KEY", "").strip():
            return _parsed(text, "ECHODECK_KEY"), KeySource.ENVIRONMENT
        if name := self.environ.get("ECHODECK_KEY_FILE", "").strip():
            try:
                text = Path(name).read_text("ascii").strip()
            except (OSError, UnicodeError) as error:
                detail = getattr(error, "strerror", None) or type(error).__name__
                raise faults.KeyUnreadable(source="ECHODECK_KEY_FILE", detail=detail) from error
            return _parsed(text, "ECHODECK_KEY_FILE"), KeySource.ENVIRONMENT_FILE
        return None

    async def _kept(self, written: Header) -> bytes:
        """The key from where the header says it is."""
        match written.source:
            case KeySource.ENVIRONMENT:
                raise faults.KeyMissing(source="ECHODECK_KEY")
            case KeySource.ENVIRONMENT_FILE:
                raise faults.KeyMissing(source="ECHODECK_KEY_FILE")
            case KeySource.KEY_FILE:
                path = self.folder / KEY_FILE
                if not path.exists():
                    raise faults.KeyMissing(source=str(path))
                return _read(path)
            case KeySource.KEYRING:
                text = await self._from_keyring(written)
                if text is None:
                    raise faults.KeyMissing(source=written.keyring or "keyring")
                return _parsed(text, written.keyring or "keyring")

    async def _from_keyring(self, written: Header) -> str | None:
        if self.keyring is None:
            return None
        return await ask(self.patience, self.keyring.get_password, SERVICE, _entry(written))

    async def _keep_in(self, keyring: Keyring, written: Header, key: bytes) -> None:
        """Put the key into the keyring, and believe it only when it comes back out."""
        await ask(self.patience, keyring.set_password, SERVICE, _entry(written), key.hex())
        if await self._from_keyring(written) != key.hex():
            raise faults.KeyringLocked(detail=f"{shown_name(keyring)} did not keep what it was given")

    def _key_file(self) -> bytes:
        """A new key in a file of its own. One that lies there already may still open backups: it stays."""
        path = self.folder / KEY_FILE
        if path.exists():
            return _read(path)
        key = self.randomness(32)
        partial = path.with_name(f"{KEY_FILE}.partial")
        partial.unlink(missing_ok=True)
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123
            file.write(key.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        return key

    async def _without_header(self, given: tuple[bytes, KeySource] | None) -> KeyFound:
        """A store whose header was lost gets a new one, once a key has opened it."""
        path = self.folder / KEY_FILE
        if given is None and not path.exists():
            raise faults.KeyMissing(source=str(self.folder / header.HEADER_FILE))
        key, source = given or (_read(path), KeySource.KEY_FILE)
        schema = await asyncio.to_thread(_schema_under, self.folder / STORE_FILE, key)
        written = header.fresh(source, "", key, self.now(), schema=schema)
        header.write(self.folder, written)
        return _found(key, source, written)


def _found(key: bytes, source: KeySource, written: Header) -> KeyFound:
    return KeyFound(key, source, written.store, source is not KeySource.KEY_FILE or written.said)


def _entry(written: Header) -> str:
    return f"key:{written.store}"


def _read(path: Path) -> bytes:
    try:
        return _parsed(path.read_text("ascii").strip(), str(path))
    except (OSError, UnicodeError) as error:
        raise faults.KeyUnreadable(source=str(path), detail=type(error).__name__) from error


def _parsed(text: str, source: str) -> bytes:
    if len(text) == 64 and text.isascii() and text.isalnum():
        with suppress(ValueError):
            return bytes.fromhex(text)
    raise faults.KeyUnreadable(source=source, detail=f"{len(text)} characters")


def _schema_under(store: Path, key: bytes) -> int:
    database = connection.only_reading(store, key)
    try:
        with closing(database):
            database.connect()
            return upgrade.found(database)
    except FILE_ERRORS as error:
        raise faults.WrongKey from error
