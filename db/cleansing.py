"""Backups from which something has to go: worked on beside, opened once more, and only then put in place."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from peewee import Database

from db import backup, connection, faults, upgrade
from db.backup import Backup
from db.base import FILE_ERRORS, sql

Answer = TypeVar("Answer")

_ENDING = ".cleaning.partial"


def look(copy: Path, key: bytes, question: Callable[[Database], Answer]) -> Answer:
    """Ask something of a backup.

    Raises:
        faults.StoreDamaged: it does not open with this key, or cannot be read.
    """
    database = connection.only_reading(copy, key)
    try:
        with connection.named_faults(_useless), closing(database):
            database.connect()
            return question(database)
    finally:
        backup.tidy(copy)


def cleanse(copy: Path, key: bytes, work: Callable[[Database], Answer]) -> Answer:
    """Do `work` on a backup, in one transaction. It keeps name and age, and takes the schema of today.

    Killed at any moment, the backup is the old one or the new one, whole.

    Raises:
        faults.StoreFault: the backup is as it was.
    """
    partial = copy.with_name(f"{copy.name}{_ENDING}")
    stamp = copy.stat()
    try:
        backup.under_key(copy, key, key, partial)
        answer = _work_on(partial, key, work)
        backup.verify(partial, key)
        backup.to_disk(partial)
        partial.replace(copy)
        os.utime(copy, (stamp.st_atime, stamp.st_mtime))
        backup.to_disk(copy.parent)
    finally:
        partial.unlink(missing_ok=True)
        backup.tidy(partial)
    return answer


def all_copies(store: Path) -> list[Backup]:
    """The backups of a store, newest first; what a kill left behind goes."""
    for left in (store.parent / backup.FOLDER).glob(f"*{_ENDING}"):
        left.unlink(missing_ok=True)
    return backup.listed(store)


def _work_on(file: Path, key: bytes, work: Callable[[Database], Answer]) -> Answer:
    database = connection.plainly_writing(file, key)
    try:
        with connection.named_faults(_useless), closing(database):
            database.connect()
            sql(database, "pragma secure_delete = 1")
            upgrade.upgrade(database, lambda: None)
            with database.atomic():
                answer = work(database)
            sql(database, "vacuum")
            return answer
    except FILE_ERRORS as error:
        raise _useless() from error


def _useless() -> faults.StoreFault:
    return faults.StoreDamaged(backup="-")
