"""What the computer complains of, by the names of the store's faults."""

from __future__ import annotations

import errno

from db import faults


def fault_of(error: OSError) -> faults.StoreFault:
    """What a complaint about a file or folder means."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        return faults.DiskFull()
    return faults.FolderUnusable(detail=error.strerror or str(error))
