"""Memory that is given back."""

from __future__ import annotations

import ctypes
import sys

_ARENA_MAX = -8  # M_ARENA_MAX in glibc's malloc.h
_ARENAS = 2


def few_arenas() -> None:
    """Let all threads share two heaps; to be called before threads begin.

    glibc gives each thread a heap of its own, up to sixteen on two cores, and what is freed in one is of no
    use to another: measured over 30 minutes of talk, the process grew by 3.4 MB in ten minutes with them and
    by 0.2 with two (`benchmarks.soak`). Where the C library is another one, nothing happens.
    """
    _asked("mallopt", _ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Return to the system what is free: after a night or a backup much is, which by day nobody needs.

    Takes some milliseconds; for a thread of its own.
    """
    _asked("malloc_trim", 0)


def _asked(name: str, *values: int) -> None:
    asked = getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None
    if asked is not None:
        asked(*values)
