"""Copies of the store: encrypted under the same key, consistent, and opened once before they count.

Beside each lies the header of its store, so that a copy that was carried elsewhere can be opened there by
the recovery passphrase.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from db import connection, faults, header
from db.base import sql
from db.check import check
from db.complaints import fault_of

FOLDER = "backups"
_DAMAGED = "damaged"
_DAYS, _WEEKS, _MONTHS = 7, 4, 6
_UPGRADES = _RESTORES = 3
_MOMENT = "%Y-%m-%dT%H%M%S.%fZ"
_NAME = re.compile(r"(?P<moment>[0-9T.-]+Z)-(?P<reason>[a-z-]+)\.db")
_BESIDE = ("", "-wal", "-shm")


class Reason(StrEnum):
    """Why a copy was made. Copies made by hand are never thinned out."""

    DAILY = "daily"
    UPGRADE = "before-upgrade"
    BY_HAND = "by-hand"
    RESTORE = "before-restore"


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the store.

    Attributes:
        path: where it lies. made_at: when, in UTC. size: bytes.
    """

    path: Path
    made_at: datetime
    reason: Reason
    size: int

    def age(self, now: datetime) -> timedelta:
        """How old it is."""
        return now - self.made_at


def make(store: Path, key: bytes, reason: Reason, at: datetime) -> Backup:
    """Copy the store, which may be in use, into `backups` beside it.

    The copy has its final name only once it was opened with the key and found whole, and is on the disk.

    Args:
        store: the database file. key: its 32 bytes. at: the moment, aware.

    Raises:
        faults.DiskFull, faults.FolderUnusable, faults.StoreDamaged, faults.StoreReadOnly
    """
    name = f"{at.astimezone(UTC).strftime(_MOMENT)}-{reason}.db"
    folder = store.parent / FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise fault_of(error) from error
    partial = folder / f"{name}.partial"
    try:
        with connection.named_faults(lambda: faults.StoreDamaged(backup=newest_path(store))):
            _copy(store, key, partial)
        verify(partial, key)
        to_disk(partial)
        if (written := header.read(store.parent)) is not None:
            note_beside(folder / name, written)
        final = partial.replace(folder / name)
        to_disk(folder)
    finally:
        partial.unlink(missing_ok=True)
    return Backup(final, at, reason, final.stat().st_size)


def listed(store: Path) -> list[Backup]:
    """The store's backups, newest first."""
    return sorted(
        (copy for path in (store.parent / FOLDER).glob("*.db") if (copy := parsed(path)) is not None),
        key=lambda copy: copy.made_at,
        reverse=True,
    )


def newest(store: Path) -> Backup | None:
    """The newest backup, or None."""
    return next(iter(listed(store)), None)


def newest_path(store: Path) -> str:
    """Where the newest backup lies, for a sentence; a dash when there is none."""
    copy = newest(store)
    return str(copy.path) if copy is not None else "-"


def worth_keeping(moments: Iterable[datetime]) -> set[datetime]:
    """Which daily copies stay: the newest of each of the last 7 days, 4 weeks and 6 months that have any.

    Days, weeks (ISO) and months are those of UTC.
    """
    descending = sorted(moments, reverse=True)
    kept: set[datetime] = set()
    for most, period in ((_DAYS, _day), (_WEEKS, _week), (_MONTHS, _month)):
        newest_of: dict[object, datetime] = {}
        for moment in descending:
            newest_of.setdefault(period(moment), moment)
        kept.update(list(newest_of.values())[:most])
    return kept


def thin(store: Path) -> list[Path]:
    """Remove the copies that are no longer worth keeping; answers which."""
    copies = listed(store)
    kept = worth_keeping(copy.made_at for copy in copies if copy.reason is Reason.DAILY)
    gone = [copy.path for copy in copies if copy.reason is Reason.DAILY and copy.made_at not in kept]
    for reason, most in ((Reason.UPGRADE, _UPGRADES), (Reason.RESTORE, _RESTORES)):
        gone += [copy.path for copy in copies if copy.reason is reason][most:]
    for path in gone:
        path.unlink(missing_ok=True)
        beside(path).unlink(missing_ok=True)
    return gone


def beside(copy: Path) -> Path:
    """Where the header of a copy's store lies."""
    return copy.with_suffix(".json")


def note_beside(copy: Path, written: header.Header) -> None:
    """Put the header of its store beside a copy.

    Raises:
        faults.FolderUnusable
    """
    header.write_file(beside(copy), written)


def header_of(copy: Path) -> header.Header | None:
    """The header of a copy's store: beside it, or in its folder, or where its folder lies; None without one.

    Raises:
        faults.FolderUnusable: it is there and cannot be read.
    """
    near = (beside(copy), copy.parent / header.HEADER_FILE, copy.parent.parent / header.HEADER_FILE)
    return next((found for path in near if (found := header.read_file(path)) is not None), None)


def restore(store: Path, key: bytes, copy: Path, at: datetime, copy_key: bytes | None = None) -> Path | None:
    """Put a copy in the store's place; the file that lay there is moved aside, never deleted.

    Args:
        copy_key: the key that opens the copy, where it is another one; the store gets it under its own.

    The store must be closed and the folder's lock held. Whatever interrupts this, the old file or the
    new one is whole, and calling it again ends it.

    Returns:
        Where the old file lies now, or None when there was none.

    Raises:
        faults.WrongKey, faults.StoreDamaged: the copy itself is of no use; nothing was changed.
        faults.DiskFull, faults.FolderUnusable
    """
    if copy_key is None:
        verify(copy, key)
    fresh = store.with_name(f"{store.name}.restoring")
    aside = store.parent / _DAMAGED / f"{at.astimezone(UTC).strftime(_MOMENT)}.db"
    try:
        aside.parent.mkdir(mode=0o700, exist_ok=True)
        if copy_key is not None:
            under_key(copy, copy_key, key, fresh)
        else:
            shutil.copyfile(copy, fresh)
            fresh.chmod(0o600)
            to_disk(fresh)
        existed = store.exists()
        for ending in _BESIDE:
            old = store.with_name(store.name + ending)
            if old.exists():
                old.replace(aside.with_name(aside.name + ending))
        fresh.replace(store)
        to_disk(store.parent)
    except OSError as error:
        raise fault_of(error) from error
    return aside if existed else None


def under_key(file: Path, old: bytes, new: bytes, target: Path) -> None:
    """Write a copy of a file under another key, read it once, and have it on the disk.

    Raises:
        faults.StoreDamaged, faults.DiskFull, faults.FolderUnusable
    """
    target.unlink(missing_ok=True)
    try:
        with connection.named_faults(_useless):
            with closing(connection.only_reading(file, old)) as database:
                database.connect()
                sql(database, "vacuum into ?", (str(target),))
            target.chmod(0o600)
            if old != new:
                with closing(connection.plainly_writing(target, old)) as database:
                    database.connect()
                    sql(database, f"pragma rekey = \"x'{new.hex()}'\"")
        verify(target, new)
        to_disk(target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def verify(copy: Path, key: bytes) -> None:
    """Open a copy and read all of it.

    Raises:
        faults.StoreDamaged: it does not open with this key, or is not whole. Params: backup (a dash).
    """
    database = connection.only_reading(copy, key)
    try:
        with connection.named_faults(_useless), closing(database):
            database.connect()
            if check(database).problems:
                raise _useless()
    finally:
        tidy(copy)


def tidy(copy: Path) -> None:
    """Reading a file leaves its log and its index behind: take them away, but never of a store in use."""
    for ending in _BESIDE[1:]:
        copy.with_name(copy.name + ending).unlink(missing_ok=True)


def _useless() -> faults.StoreFault:
    return faults.StoreDamaged(backup="-")


def _copy(store: Path, key: bytes, target: Path) -> None:
    database = connection.only_reading(store, key)
    with closing(database):
        database.connect()
        sql(database, "vacuum into ?", (str(target),))
    target.chmod(0o600)


def to_disk(path: Path) -> None:
    """Have a file, or what lies in a folder, on the disk before going on."""
    if os.name == "nt" and path.is_dir():
        return  # Windows has no such thing for folders
    file = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def parsed(path: Path) -> Backup | None:
    """A file that is a backup by its name, or None."""
    found = _NAME.fullmatch(path.name)
    if found is None or found["reason"] not in list(Reason):
        return None
    moment = datetime.strptime(found["moment"], _MOMENT).replace(tzinfo=UTC)
    return Backup(path, moment, Reason(found["reason"]), path.stat().st_size)


_Period = Callable[[datetime], object]


def _day(moment: datetime) -> object:
    return moment.astimezone(UTC).date()


def _week(moment: datetime) -> object:
    return moment.astimezone(UTC).isocalendar()[:2]


def _month(moment: datetime) -> object:
    return (moment.astimezone(UTC).year, moment.astimezone(UTC).month)
