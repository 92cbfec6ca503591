"""Garbage is collected on Qt's thread only.

Python collects wherever it happens to run, also on the store's threads; a widget that is part of a cycle
would then be destroyed there, its timers with it, which Qt forbids and sometimes pays for with a crash.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTimer

LOOK_EVERY_MS = 250


@contextmanager
def collected_here() -> Iterator[None]:
    """Collect on this thread, by a timer, for as long as the block runs."""
    gc.disable()
    gc.freeze()  # what was loaded until now stays: no collection needs to look at it
    timer = QTimer()
    timer.setInterval(LOOK_EVERY_MS)
    timer.timeout.connect(collect_what_is_due)
    timer.start()
    try:
        yield
    finally:
        timer.stop()
        gc.unfreeze()
        gc.collect()  # what Qt left behind goes now, here, and not later on some other thread
        gc.enable()


def collect_what_is_due() -> None:
    """Collect each generation that Python itself would have collected by now."""
    for generation, (count, threshold) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)):
        if threshold and count > threshold:
            gc.collect(generation)
