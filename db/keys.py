"""Where the store's key comes from: the environment, the computer's keyring, else a file beside it.

A key file is only ever made for a new store on a computer without a keyring. An existing store's key is
looked for where its header says, and nowhere else; the environment may always give one, because that is
the host's own choice. Whoever calls `find` holds the folder's lock.

A second copy of the key may lie in the header, in a box that the recovery passphrase opens.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from secrets import token_bytes

from db import backup, connection, faults, header, upgrade
from db.base import FILE_ERRORS, sql
from db.complaints import fault_of
from db.header import Header, KeySource
from db.key_places import KEY_FILE, SERVICE, KeyPlaces, read_key
from db.keyrings import PATIENCE_SECONDS, Keyring
from db.sealing import COST, Cost, seal, unseal

__all__ = ["KEY_FILE", "SERVICE", "STORE_FILE", "KeyFound", "find", "is_exposed", "recover", "take"]

STORE_FILE = "echodeck.db"
NO_ROOM = 200_000  # bytes: with less a disk counts as full


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
        faults.KeyMissing, faults.KeyringChanged, faults.KeyUnreadable, faults.WrongKey,
        faults.KeyringLocked, faults.FolderUnusable, faults.StoreLost (there is none, and it was not to be
        made)
    """
    search = _Search(KeyPlaces(folder, environ, keyring, patience), now, randomness)
    if not search.is_new():
        return await search.known()
    if not make_new:
        path = folder / STORE_FILE
        raise faults.StoreLost(path=str(path), backup=backup.newest_path(path))
    return await search.new()


async def take(places: KeyPlaces, key: bytes, now: Callable[[], datetime]) -> KeyFound:
    """Keep a key that was found another way (by passphrase, in a file) where this computer keeps keys.

    The header then names that place: the host has asked for it.

    Raises:
        faults.WrongKey: it is not this store's. faults.KeyIsGiven: the environment gives another one.
        faults.KeyringLocked, faults.FolderUnusable
    """
    given = places.given()
    if given is not None and given[0] != key:
        raise faults.KeyIsGiven(source="ECHODECK_KEY")
    written = header.read(places.folder)
    if written is None:
        schema = await asyncio.to_thread(_schema_under, places.folder / STORE_FILE, key)
        source, keyring = places.best()
        written = header.fresh(source, keyring, key, now(), schema=schema)
    elif not (written.fits(key) or written.will_fit(key)):
        raise faults.WrongKey
    source, keyring = places.best()
    coming = not written.fits(key)
    await places.keep(source, written.store, key, coming=coming)
    written = replace(written, source=source, keyring=keyring, said=False)
    header.write(places.folder, written)
    return _found(key, source, written)


async def recover(folder: Path, passphrase: str) -> bytes:
    """The key that the recovery passphrase opens. Of two, during a change of keys, the one in force.

    Raises:
        faults.WrongPassphrase, faults.NoRecovery, faults.FolderUnusable
    """
    written = header.read(folder)
    if written is None:
        raise faults.NoRecovery
    return await asyncio.to_thread(_recovered, folder / STORE_FILE, written, passphrase)


def with_recovery(written: Header, key: bytes, passphrase: str, cost: Cost = COST) -> Header:
    """The header with the key in a box that the passphrase opens. Not for the loop's thread."""
    return replace(written, recovery=seal(passphrase, key, about(written.store), cost))


def about(store: str) -> str:
    """What a recovery box is for."""
    return f"echodeck recovery {store}"


def opens(store: Path, key: bytes) -> bool:
    """Does this key open this file?

    Raises:
        faults.DiskFull, faults.FolderUnusable: it cannot be told now.
    """
    database = connection.only_reading(store, key)
    try:
        with closing(database):
            database.connect()
            sql(database, "select count(*) from sqlite_master").fetchone()
    except FILE_ERRORS as error:
        told = connection.complaint(error)
        if not store.exists() or "not a database" in told or "malformed" in told:
            return False
        if shutil.disk_usage(store.parent).free < NO_ROOM:
            raise faults.DiskFull from error  # even to read, SQLite needs a little
        raise faults.FolderUnusable(detail=told) from error
    return True


def is_exposed(folder: Path) -> bool:
    """Can others on this computer read the key file? Always False without one, and on Windows."""
    path = folder / KEY_FILE
    return os.name != "nt" and path.exists() and bool(path.stat().st_mode & 0o077)


@dataclass(frozen=True, slots=True)
class _Search:
    places: KeyPlaces
    now: Callable[[], datetime]
    randomness: Callable[[int], bytes]

    @property
    def folder(self) -> Path:
        return self.places.folder

    def is_new(self) -> bool:
        """Was there never a store here? One whose making was cut short holds nothing yet."""
        written = header.read(self.folder)
        store = self.folder / STORE_FILE
        if store.exists() and (store.stat().st_size > 0 or written is None):
            return False
        return written is None or written.schema == 0

    async def known(self) -> KeyFound:
        given = self.places.given()
        written = header.read(self.folder)
        if written is None:
            return await self._without_header(given)
        if written.turning is not None:
            return await self._while_turning(given, written)
        key, source = given or (await self.places.kept(written), written.source)
        if not written.fits(key):
            raise faults.WrongKey
        return _found(key, source, written)

    async def new(self) -> KeyFound:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise fault_of(error) from error
        given = self.places.given()
        source, keyring = self.places.best()
        if given is not None:
            key, source = given
            written = header.fresh(source, "", key, self.now())
        elif source is KeySource.KEY_FILE and self.places.file().exists():
            key = read_key(self.places.file(), str(self.places.file()))  # it may still open backups
            written = header.fresh(source, keyring, key, self.now())
        else:
            key = self.randomness(32)
            written = header.fresh(source, keyring, key, self.now())
            await self.places.keep(source, written.store, key)
        header.write(self.folder, written)
        return _found(key, written.source, written)

    async def _while_turning(self, given: tuple[bytes, KeySource] | None, written: Header) -> KeyFound:
        """A change of keys was cut short: the key that opens the file, be it the old one or the new one."""
        found = await candidates(self.places, written)
        if given is not None:
            found = [*given[:1], *found]
        store = self.folder / STORE_FILE
        for key in found:
            if await asyncio.to_thread(opens, store, key):
                return _found(key, given[1] if given is not None else written.source, written)
        raise faults.WrongKey

    async def _without_header(self, given: tuple[bytes, KeySource] | None) -> KeyFound:
        """A store whose header was lost gets a new one, once a key has opened it."""
        path = self.places.file()
        if given is None and not path.exists():
            raise faults.KeyMissing(source=str(self.folder / header.HEADER_FILE))
        key, source = given or (read_key(path, str(path)), KeySource.KEY_FILE)
        schema = await asyncio.to_thread(_schema_under, self.folder / STORE_FILE, key)
        written = header.fresh(source, "", key, self.now(), schema=schema)
        header.write(self.folder, written)
        return _found(key, source, written)


async def candidates(places: KeyPlaces, written: Header) -> list[bytes]:
    """The keys that may open a store whose key is being changed: the new one, and the old one.

    Raises:
        faults.KeyringLocked; faults.KeyMissing or faults.KeyringChanged when neither is there.
    """
    found: list[bytes] = []
    missing: faults.StoreFault | None = None
    for coming in (True, False):
        try:
            found.append(await places.kept(written, coming=coming))
        except (faults.KeyMissing, faults.KeyringChanged) as error:
            missing = error
    if not found and missing is not None and places.given() is None:
        raise missing
    return found


def _recovered(store: Path, written: Header, passphrase: str) -> bytes:
    boxes = [written.recovery, written.turning.recovery if written.turning is not None else None]
    known = [box for box in boxes if box is not None]
    if not known:
        raise faults.NoRecovery
    found: list[bytes] = []
    for box in known:
        try:
            found.append(unseal(passphrase, box, about(written.store)))
        except faults.WrongPassphrase:
            continue
    if not found:
        raise faults.WrongPassphrase
    return next((key for key in found if opens(store, key)), found[0])


def _found(key: bytes, source: KeySource, written: Header) -> KeyFound:
    return KeyFound(key, source, written.store, source is not KeySource.KEY_FILE or written.said)


def _schema_under(store: Path, key: bytes) -> int:
    database = connection.only_reading(store, key)
    try:
        with closing(database):
            database.connect()
            return upgrade.found(database)
    except FILE_ERRORS as error:
        raise faults.WrongKey from error
