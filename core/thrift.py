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
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, _ARENAS)
