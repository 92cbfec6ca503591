"""Copies of everything: made every day and by hand, looked into, put back, carried to another computer.

What says so needs the store closed; the folder's lock is taken for as long as it lasts.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from core import VERSION
from core.clock import Clock, SystemClock
from core.errors import PassphraseTooShort
from core.keys import FEWEST_SIGNS, Keys, computer_keyring
from db import aside, backup, faults, header, parcel, preview, state
from db import keys as store_keys
from db.backup import Backup, Reason
from db.header import Header
from db.keys import STORE_FILE
from db.lock import FolderLock
from db.parcel import Note
from db.preview import Contents
from db.sealing import unseal
from db.store import Store

__all__ = ["Backup", "Backups", "Contents", "Preview", "PutBack", "rescue"]

log = logging.getLogger(__name__)

TOKEN = "discord_token"
_INCOMING = "incoming.partial"
_OUTGOING = "outgoing.partial"


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be put back, and what it would replace.

    Attributes:
        made_at: when the copy was made, in UTC; None when it does not say.
        then: what is in it. now: what is in the store; None when it cannot be read.
    """

    made_at: datetime | None
    then: Contents
    now: Contents | None


@dataclass(frozen=True, slots=True)
class PutBack:
    """What became of the store that was there: kept as a backup when it could be read, else put aside."""

    backup: Path | None
    aside: Path | None


@dataclass(frozen=True, slots=True)
class _Source:
    """A copy that can be opened: its key, and the header of its store where that came along."""

    copy: Path
    key: bytes
    header: Header | None

    def moved(self, folder: Path, to: Path) -> _Source:
        """The same, when it lay among what was put aside."""
        if not self.copy.is_relative_to(folder):
            return self
        there = to / self.copy.relative_to(folder)
        return replace(self, copy=there) if there.exists() else self


class Backups:
    """The copies of one data folder.

    Args:
        opened: the store, while it is open; needed to make a backup.
    """

    def __init__(self, folder: Path, keys: Keys, clock: Clock, opened: Store | None = None) -> None:
        self.folder = folder
        self._opened = opened
        self.keys = keys
        self._clock = clock

    def with_open(self, store: Store) -> Backups:
        """The same, for a store that is open now."""
        return Backups(self.folder, self.keys, self._clock, store)

    @property
    def store(self) -> Path:
        """The data file."""
        return self.folder / STORE_FILE

    def listed(self) -> list[Backup]:
        """The backups of the folder, newest first."""
        return backup.listed(self.store)

    async def every(self) -> list[Backup]:
        """The same, beside the loop."""
        return await asyncio.to_thread(self.listed)

    async def make(self) -> Backup:
        """Make one now; it is not thinned out later.

        Raises:
            db.faults.StoreClosed: the store is not open. db.faults.StoreFault
        """
        if self._opened is None:
            raise faults.StoreClosed
        return await self._opened.back_up(Reason.BY_HAND, self._clock.now())

    async def needs_passphrase(self, copy: Path) -> bool:
        """Is a passphrase needed to open a copy (a backup or a parcel)?"""
        if parcel.is_parcel(copy):
            return True
        own = await self._own_key()
        return own is None or not await asyncio.to_thread(_opens, copy, own)

    async def preview(self, copy: Path, passphrase: str = "") -> Preview:
        """What is in a copy (a backup or a parcel), and what it would replace; nothing is changed.

        Raises:
            db.faults.WrongPassphrase, db.faults.NoRecovery, db.faults.NoParcel, db.faults.StoreDamaged,
            db.faults.NewerStore
        """
        now = await self._contents_now()
        if parcel.is_parcel(copy):
            note = await asyncio.to_thread(parcel.look, copy, passphrase)
            size = await asyncio.to_thread(lambda: copy.stat().st_size)
            then = Contents(**note.counts, newest=None, size=size)
            return Preview(datetime.fromisoformat(note.made_at), then, now)
        source = await self._open(copy, passphrase)
        then = await asyncio.to_thread(preview.look_into, source.copy, source.key)
        return Preview(_made_at(copy), then, now)

    # the store is closed

    async def put_back(self, copy: Path, passphrase: str = "") -> PutBack:
        """Put a backup, or a parcel, in the store's place.

        What was there is kept as a backup first; what cannot be read is put aside. In a folder without a
        store the copy keeps its key and its recovery passphrase, else it gets those of the folder.

        Raises:
            db.faults.StoreFault: nothing was changed.
        """
        await asyncio.to_thread(self.folder.mkdir, 0o700, parents=True, exist_ok=True)
        with FolderLock(self.folder):
            if parcel.is_parcel(copy):
                return await self._bring_in(copy, passphrase)
            return await self._place(await self._open(copy, passphrase))

    async def _bring_in(self, sent: Path, passphrase: str) -> PutBack:
        into = self.folder / _INCOMING
        try:
            await asyncio.to_thread(_emptied, into)
            note = await asyncio.to_thread(parcel.unpack, sent, passphrase, into)
            came = header.read_file(into / "header.json")
            done = await self._place(_Source(into / STORE_FILE, bytes.fromhex(note.key), came))
            await asyncio.to_thread(_put_files, into / "files", self.folder, self._clock.now())
            return done
        finally:
            await asyncio.to_thread(shutil.rmtree, into, ignore_errors=True)

    async def _place(self, source: _Source) -> PutBack:
        contents = await asyncio.to_thread(preview.look_into, source.copy, source.key)
        log.info("putting back a copy with %s messages", contents.messages)
        now = self._clock.now()
        own = await self._own_key()
        moved: Path | None = None
        if own is None and not self._is_new():
            moved = await asyncio.to_thread(aside.put_aside, self.folder, now)
            source = source.moved(self.folder, moved)
        if own is None:
            own = await self._adopt(source)
        kept = await asyncio.to_thread(self._keep_present, own, now)
        other = source.key if source.key != own else None
        damaged = await asyncio.to_thread(backup.restore, self.store, own, source.copy, now, other)
        if kept is not None and damaged is not None:
            await asyncio.to_thread(_remove, damaged)
            damaged = None
        return PutBack(kept, moved or damaged)

    def _is_new(self) -> bool:
        return header.read(self.folder) is None and not self.store.exists()

    async def _adopt(self, source: _Source) -> bytes:
        """The folder takes over the copy's key, with its recovery passphrase; else it gets a new one."""
        places = await self.keys.places()
        if source.header is None or not source.header.fits(source.key) or places.given() is not None:
            return (await self.keys.find(make_new=True)).key
        where, keyring = places.best()
        came = source.header
        await places.keep(where, came.store, source.key)
        created = self._clock.now().isoformat()
        fresh = Header(
            came.store, where, keyring, created, came.fingerprint, came.schema, recovery=came.recovery
        )
        header.write(self.folder, fresh)
        return source.key

    def _keep_present(self, key: bytes, now: datetime) -> Path | None:
        if not self.store.exists() or not self.store.stat().st_size:
            return None
        try:
            made = backup.make(self.store, key, Reason.RESTORE, now)
        except (faults.StoreDamaged, faults.WrongKey):
            return None
        backup.thin(self.store)
        return made.path

    # moving

    async def pack(self, target: Path, passphrase: str, token: str | None) -> int:
        """Put everything into one file that the passphrase opens; answers its size in bytes.

        The store may be open. The passphrase need not be the recovery passphrase.

        Args:
            token: the bot's token, to be taken along; None where there is none, or it comes from outside.

        Raises:
            core.errors.PassphraseTooShort; db.faults.DiskFull, db.faults.FolderUnusable
        """
        if len(passphrase.strip()) < FEWEST_SIGNS:
            raise PassphraseTooShort(fewest=FEWEST_SIGNS)
        found = await self.keys.find()
        out = self.folder / _OUTGOING
        try:
            await asyncio.to_thread(_emptied, out)
            return await asyncio.to_thread(self._pack, out, target, found.key, passphrase, token)
        finally:
            await asyncio.to_thread(shutil.rmtree, out, ignore_errors=True)

    def _pack(self, out: Path, target: Path, key: bytes, passphrase: str, token: str | None) -> int:
        copy, now = out / STORE_FILE, self._clock.now()
        backup.under_key(self.store, key, key, copy)
        if token is not None:
            state.keep_in_copy(copy, key, TOKEN, token, now)
        contents = asdict(preview.look_into(copy, key))
        del contents["newest"], contents["size"]
        written = header.read(self.folder)
        if written is not None:
            header.write_file(out / "header.json", written)
        note = Note(key.hex(), now.isoformat(), VERSION, contents)
        beside = out / "header.json" if written is not None else None
        return parcel.pack(target, self.folder, copy, note, passphrase, beside, self.keys.cost)

    # keys of copies

    async def _own_key(self) -> bytes | None:
        """The folder's own key, or None when there is none, or it is not to be had."""
        try:
            found = await self.keys.find()
        except (
            faults.KeyMissing,
            faults.KeyringChanged,
            faults.WrongKey,
            faults.KeyUnreadable,
            faults.StoreLost,
        ):
            return None
        return found.key

    async def _open(self, copy: Path, passphrase: str) -> _Source:
        """Find out which key opens a copy.

        Raises:
            db.faults.WrongPassphrase, db.faults.NoRecovery, db.faults.StoreDamaged
        """
        beside = backup.header_of(copy)
        own = await self._own_key()
        if own is not None and await asyncio.to_thread(_opens, copy, own):
            return _Source(copy, own, beside)
        if beside is None or beside.recovery is None:
            raise faults.NoRecovery
        key = await asyncio.to_thread(unseal, passphrase, beside.recovery, store_keys.about(beside.store))
        if not await asyncio.to_thread(_opens, copy, key):
            raise faults.StoreDamaged(backup=backup.newest_path(self.store))
        return _Source(copy, key, beside)

    async def _contents_now(self) -> Contents | None:
        own = await self._own_key()
        if own is None or not self.store.exists():
            return None
        try:
            return await asyncio.to_thread(preview.look_into, self.store, own, in_use=True)
        except faults.StoreFault:
            return None


def _opens(copy: Path, key: bytes) -> bool:
    try:
        return store_keys.opens(copy, key)
    finally:
        backup.tidy(copy)


def _made_at(copy: Path) -> datetime | None:
    known = backup.parsed(copy)
    return known.made_at if known is not None else None


def _emptied(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)


def _remove(store: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        store.with_name(store.name + ending).unlink(missing_ok=True)


def _put_files(came: Path, folder: Path, at: datetime) -> None:
    """Put the other files in their places; those that are there already are put aside."""
    if not came.exists():
        return
    kept = folder / aside.FOLDER / aside.moment_of(at) / "files"
    for path in sorted(came.iterdir()):
        present = folder / path.name
        if present.exists():
            kept.mkdir(mode=0o700, parents=True, exist_ok=True)
            present.replace(kept / path.name)
        path.replace(present)


def rescue(folder: Path, environ: Mapping[str, str]) -> Backups:
    """What puts a folder right whose data does not open, on this computer."""
    clock = SystemClock()
    return Backups(folder, Keys(folder, environ, computer_keyring(), clock), clock)
