"""Copies of the store: encrypted under the same key, consistent, and opened once before they count."""

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

from db import connection, faults
from db.base import sql
from db.check import check

FOLDER = "backups"
_DAMAGED = "damaged"
_DAYS, _WEEKS, _MONTHS = 7, 4, 6
_UPGRADES = 3
_MOMENT = "%Y-%m-%dT%H%M%S.%fZ"
_NAME = re.compile(r"(?P<moment>[0-9T.-]+Z)-(?P<reason>[a-z-]+)\.db")
_BESIDE = ("", "-wal", "-shm")


class Reason(StrEnum):
    """Why a copy was made. Copies made by hand are never thinned out."""

    DAILY = "daily"
    UPGRADE = "before-upgrade"
    BY_HAND = "by-hand"


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
        raise faults.FolderUnusable(detail=error.strerror or str(error)) from error
    partial = folder / f"{name}.partial"
    try:
        with connection.named_faults(lambda: faults.StoreDamaged(backup=newest_path(store))):
            _copy(store, key, partial)
        verify(partial, key)
        _to_disk(partial)
        final = partial.replace(folder / name)
        _to_disk(folder)
    finally:
        partial.unlink(missing_ok=True)
    return Backup(final, at, reason, final.stat().st_size)


def listed(store: Path) -> list[Backup]:
    """The store's backups, newest first."""
    return sorted(
        (copy for path in (store.parent / FOLDER).glob("*.db") if (copy := _parsed(path)) is not None),
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
    upgrades = [copy for copy in copies if copy.reason is Reason.UPGRADE]
    gone = [copy.path for copy in copies if copy.reason is Reason.DAILY and copy.made_at not in kept]
    gone += [copy.path for copy in upgrades[_UPGRADES:]]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def restore(store: Path, key: bytes, copy: Path, at: datetime) -> Path | None:
    """Put a copy in the store's place; the file that lay there is moved aside, never deleted.

    The store must be closed and the folder's lock held. Whatever interrupts this, the old file or the
    new one is whole, and calling it again ends it.

    Returns:
        Where the old file lies now, or None when there was none.

    Raises:
        faults.WrongKey, faults.StoreDamaged: the copy itself is of no use; nothing was changed.
        faults.DiskFull, faults.FolderUnusable
    """
    verify(copy, key)
    fresh = store.with_name(f"{store.name}.restoring")
    aside = store.parent / _DAMAGED / f"{at.astimezone(UTC).strftime(_MOMENT)}.db"
    try:
        aside.parent.mkdir(mode=0o700, exist_ok=True)
        shutil.copyfile(copy, fresh)
        fresh.chmod(0o600)
        _to_disk(fresh)
        existed = store.exists()
        for ending in _BESIDE:
            old = store.with_name(store.name + ending)
            if old.exists():
                old.replace(aside.with_name(aside.name + ending))
        fresh.replace(store)
        _to_disk(store.parent)
    except OSError as error:
        raise faults.FolderUnusable(detail=error.strerror or str(error)) from error
    return aside if existed else None


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
        # Reading a file in WAL mode leaves its two companions behind.
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


def _to_disk(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows has no such thing for folders
    file = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _parsed(path: Path) -> Backup | None:
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
