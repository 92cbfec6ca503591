"""Putting a store aside, whole, so that another can take its place; nothing is ever thrown away."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from db import backup, header
from db.complaints import fault_of
from db.header import Header

FOLDER = "set-aside"
_MOMENT = "%Y-%m-%dT%H%M%S.%fZ"

# The rest of the folder (templates, logs) belongs to the host, not to this store.
_THE_STORES = ("backups", "conversations", "store.json")
_BEGINNINGS = ("echodeck.db", "store.key")


def put_aside(folder: Path, at: datetime) -> Path:
    """Move the store with its header, key file and backups into a folder of their own; answers which.

    That folder is laid out as a data folder: Echodeck opens it when it is told to.

    Raises:
        faults.FolderUnusable
    """
    target = folder / FOLDER / moment_of(at)
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The header goes last: while it is here, what is left is not taken for a new folder.
        names = sorted(path.name for path in folder.iterdir() if _is_the_stores(path.name))
        for name in sorted(names, key=lambda name: name == header.HEADER_FILE):
            (folder / name).replace(target / name)
    except OSError as error:
        raise fault_of(error) from error
    return target


def note_beside_backups(store: Path, written: Header) -> None:
    """Put a header beside every backup of the store that its key opens.

    Raises:
        faults.FolderUnusable
    """
    for copy in backup.listed(store):
        known = header.read_file(backup.beside(copy.path))
        if known is None or (known.store, known.fingerprint) == (written.store, written.fingerprint):
            backup.note_beside(copy.path, written)


def moment_of(at: datetime) -> str:
    """A moment as part of a file's name."""
    return at.astimezone(UTC).strftime(_MOMENT)


def _is_the_stores(name: str) -> bool:
    return name in _THE_STORES or name.startswith(_BEGINNINGS)
