"""The end of everything that is kept: noted first, carried out when the store is shut, finished at the next
start should anything come between. Nothing of it can be undone.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core import logs
from core.errors import FolderUnusable
from core.secrets import SERVICE, Keyring
from core.words import T, Text
from db import faults, header
from db.faults import KeyringLocked
from db.key_places import entry
from db.keyrings import ask
from db.lock import LOCK_FILE

log = logging.getLogger(__name__)

MARK = "erase-everything"
RECEIPT = "erased-everything.json"
_KEYRING_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Emptied:
    """What went: so many files, so many bytes, and entries of the computer's keyring."""

    files: int
    size: int
    keys: int


def note_down(folder: Path, at: datetime) -> None:
    """Decide it: from here on it is carried out, whatever comes between.

    Raises:
        core.errors.FolderUnusable: it could not be written down; nothing was decided.
    """
    partial = folder / f"{MARK}.partial"
    try:
        with partial.open("w", encoding="utf-8") as file:
            file.write(at.isoformat())
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / MARK)
    except OSError as error:
        raise FolderUnusable(path=str(folder), detail=error.strerror or str(error)) from error


def is_decided(folder: Path) -> bool:
    """Is everything in this folder to go?"""
    return (folder / MARK).exists()


async def carry_out(folder: Path, keyring: Keyring | None) -> Emptied:
    """Empty the folder, whose lock is held and whose store is shut, and drop its keys.

    The keys go first: without them nothing that might be left can be read. The mark goes last.
    """
    keys = await _drop_keys(folder, keyring)
    files, size = await asyncio.to_thread(_empty, folder)
    done = Emptied(files, size, keys)
    (folder / RECEIPT).write_text(json.dumps([files, size, keys]), encoding="utf-8")
    (folder / MARK).unlink(missing_ok=True)
    log.info("everything was erased: %d files, %d bytes, %d keys", files, size, keys)
    return done


def receipt(folder: Path) -> Text | None:
    """What an erasure of everything did, told once; None when there was none."""
    path = folder / RECEIPT
    if not path.exists():
        return None
    files, size, keys = json.loads(path.read_text("utf-8"))
    path.unlink()
    return T(
        "Everything was erased: {files} files with {size} kB, and {keys} keys. Echodeck is new.",
        files=files,
        size=size // 1024,
        keys=keys,
    )


async def _drop_keys(folder: Path, keyring: Keyring | None) -> int:
    try:
        known = header.read(folder)
    except faults.FolderUnusable:
        known = None
    if keyring is None or known is None:
        return 0
    dropped = 0
    entries = (entry(known.store), entry(known.store, coming=True), f"token:{known.store}")
    for name in entries:
        try:
            if await ask(_KEYRING_SECONDS, keyring.get_password, SERVICE, name) is not None:
                await ask(_KEYRING_SECONDS, keyring.delete_password, SERVICE, name)
                dropped += 1
        except KeyringLocked as error:
            log.warning("the keyring kept an entry: %s", error)
    return dropped


def _empty(folder: Path) -> tuple[int, int]:
    """Remove all but the lock, the mark, and the log that is being written, which is emptied."""
    logs.forget_all(folder / "logs")
    every = [path for path in folder.rglob("*") if path.is_file() and path.name not in (LOCK_FILE, MARK)]
    size = sum(path.stat().st_size for path in every)
    for path in sorted(folder.iterdir()):
        if path.name in (LOCK_FILE, MARK):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=path.name == "logs")
        else:
            path.unlink()
    return len(every), size
