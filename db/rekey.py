"""The store, and its backups, under another key. Killed at any moment, the store opens.

    1 write the journal into the header 2 keep the new key beside the old  3 a copy under the new key
    4 the copy takes the store's place  5 every backup likewise  6 the new key takes the old one's place
    7 the note of the new key goes      8 the header knows only the new one

Up to 4 the old key opens, and `settle` undoes what was begun; from 4 on the new one does, and `settle`
ends it. Both are kept all the while. Backups follow, so that whoever got hold of the old key reads none
of them, here at least.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from secrets import token_bytes

from db import backup, connection, faults, header, keys
from db.base import sql
from db.header import Header, Turning
from db.key_places import GIVEN, KeyPlaces
from db.sealing import COST, Cost, Sealed, unseal

log = logging.getLogger(__name__)

_ENDING = ".turning"

# Told before each step, for the tests that kill it there.
Stepped = Callable[[str], None]


def _unheard(_step: str) -> None:
    pass


async def rotate(
    places: KeyPlaces,
    passphrase: str | None,
    *,
    cost: Cost = COST,
    randomness: Callable[[int], bytes] = token_bytes,
    stepped: Stepped = _unheard,
) -> bytes:
    """Give the folder's store a new key; answers it. The store is closed and the folder's lock held.

    Args:
        passphrase: the recovery passphrase, where there is one: the new key goes into its box.

    Raises:
        faults.KeyIsGiven: the key comes from the environment. faults.WrongPassphrase
        faults.StoreDamaged, faults.DiskFull, faults.FolderUnusable, faults.KeyringLocked
    """
    written = await _settled_header(places)
    if written.source in GIVEN or places.given() is not None:
        raise faults.KeyIsGiven(source=GIVEN.get(written.source, "ECHODECK_KEY"))
    old, new = await places.kept(written), randomness(32)
    if not written.fits(old):
        raise faults.WrongKey
    boxed = await asyncio.to_thread(_boxed_anew, written, passphrase, new, cost)
    stepped("write the journal")
    turning = Turning(header.fingerprint(written.store, new), boxed)
    header.write(places.folder, replace(written, turning=turning))
    try:
        stepped("keep the new key")
        await places.keep(written.source, written.store, new, coming=True)
        await asyncio.to_thread(_turn_store, places.folder / keys.STORE_FILE, old, new, stepped)
    except Exception:
        await settle(places)  # before the copy took the store's place: as if nothing had been
        raise
    await _finish(places, old, new, stepped)
    return new


async def settle(places: KeyPlaces) -> None:
    """End, or undo, a change of keys that was cut short. Harmless when there was none.

    The store is closed and the folder's lock held.

    Raises:
        faults.KeyMissing, faults.KeyringLocked, faults.WrongKey, faults.FolderUnusable
    """
    written = header.read(places.folder)
    if written is None or written.turning is None:
        return
    store = places.folder / keys.STORE_FILE
    found = await keys.candidates(places, written)
    if (given := places.given()) is not None:
        found.append(given[0])
    new = next((key for key in found if written.will_fit(key)), None)
    old = next((key for key in found if written.fits(key)), None)
    if new is not None and await asyncio.to_thread(keys.opens, store, new):
        log.info("a change of keys that was cut short is ended")
        await _finish(places, old, new, _unheard)
    elif old is not None and await asyncio.to_thread(keys.opens, store, old):
        log.info("a change of keys that was cut short is undone")
        _partial(store).unlink(missing_ok=True)
        await places.forget_coming(written)
        header.write(places.folder, replace(written, turning=None))
    else:
        raise faults.WrongKey


async def _settled_header(places: KeyPlaces) -> Header:
    await settle(places)
    written = header.read(places.folder)
    if written is None:
        raise faults.KeyMissing(source=str(places.folder / header.HEADER_FILE))
    return written


def _boxed_anew(written: Header, passphrase: str | None, new: bytes, cost: Cost) -> Sealed | None:
    if written.recovery is None:
        return None
    unseal(passphrase or "", written.recovery, keys.about(written.store))
    return keys.with_recovery(written, new, passphrase or "", cost).recovery


def _turn_store(store: Path, old: bytes, new: bytes, stepped: Stepped) -> None:
    stepped("copy the store")
    _empty_log(store, old)
    backup.under_key(store, old, new, _partial(store))
    stepped("put the copy in place")
    for ending in ("-wal", "-shm"):  # empty, and of the file that goes
        store.with_name(store.name + ending).unlink(missing_ok=True)
    _partial(store).replace(store)
    backup.to_disk(store.parent)


def _empty_log(store: Path, key: bytes) -> None:
    with (
        connection.named_faults(lambda: faults.StoreDamaged(backup=backup.newest_path(store))),
        closing(connection.tidying(store, key)) as database,
    ):
        database.connect()
        sql(database, "pragma wal_checkpoint(truncate)").fetchone()


async def _finish(places: KeyPlaces, old: bytes | None, new: bytes, stepped: Stepped) -> None:
    """From the moment on when the store is under the new key."""
    written = header.read(places.folder)
    assert written is not None
    assert written.turning is not None
    after = replace(
        written,
        fingerprint=written.turning.fingerprint,
        recovery=written.turning.recovery,
        turning=None,
    )
    await asyncio.to_thread(_turn_backups, places.folder / keys.STORE_FILE, old, new, after, stepped)
    stepped("replace the old key")
    if places.given() is None:
        await places.keep(written.source, written.store, new)
    stepped("forget the note")
    await places.forget_coming(after)
    stepped("close the journal")
    header.write(places.folder, after)


def _turn_backups(store: Path, old: bytes | None, new: bytes, after: Header, stepped: Stepped) -> None:
    for copy in backup.listed(store):
        try:
            if old is not None and not keys.opens(copy.path, new):
                stepped(f"turn {copy.path.name}")
                _turn_backup(copy.path, old, new)
            stepped(f"note the key of {copy.path.name}")
            if keys.opens(copy.path, new):
                backup.note_beside(copy.path, after)
        except faults.StoreDamaged:
            log.warning("a backup could not be read and keeps its old key: %s", copy.path.name)
        finally:
            backup.tidy(copy.path)


def _turn_backup(copy: Path, old: bytes, new: bytes) -> None:
    partial = copy.with_name(f"{copy.name}.partial")
    backup.under_key(copy, old, new, partial)
    stamp = copy.stat()
    partial.replace(copy)
    os.utime(copy, (stamp.st_atime, stamp.st_mtime))


def _partial(store: Path) -> Path:
    return store.with_name(f"{store.name}{_ENDING}")
