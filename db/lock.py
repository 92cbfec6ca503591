"""One data folder, one Echodeck: a lock that the operating system takes back when we die.

The file `lock` stays where it is for good; only the lock on it comes and goes. It holds the pid of
whoever has it, for the sentence that tells a second start about the first.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from db import faults
from db.complaints import fault_of

LOCK_FILE = "lock"

if sys.platform == "win32":
    import msvcrt

    # Windows keeps others from reading a locked byte: lock one far behind the pid.
    _FAR_BYTE = 1 << 20

    def _take(file: int) -> None:
        os.lseek(file, _FAR_BYTE, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(file: int) -> None:
        # flock belongs to this opening of the file, so that a second one in this process is kept out too.
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FolderLock:
    """The hold on a data folder, from its making until `release` or the end of the process.

    Args:
        folder: the data folder; it must exist.

    Raises:
        faults.StoreInUse: another process (or another store in this one) has it. Params: pid.
        faults.FolderUnusable: the lock file cannot be made. Params: detail.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self._file: int | None = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise fault_of(error) from error
        try:
            _take(self._file)
        except OSError as error:
            os.close(self._file)
            self._file = None
            raise faults.StoreInUse(pid=holder(folder)) from error
        os.ftruncate(self._file, 0)
        os.lseek(self._file, 0, os.SEEK_SET)
        os.write(self._file, str(os.getpid()).encode())

    def __enter__(self) -> FolderLock:
        return self

    def __exit__(self, *failure: object) -> None:
        self.release()

    def release(self) -> None:
        """Let the folder go. Harmless when called again."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def holder(folder: Path) -> int | None:
    """The pid last written into the folder's lock file, or None. It may have ended since."""
    try:
        return int((folder / LOCK_FILE).read_text())
    except (OSError, ValueError):
        return None
