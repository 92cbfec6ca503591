"""A widget in a cycle dies on Qt's thread, wherever Python would have collected it."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref

from PySide6.QtCore import QObject, QTimer

from gui.garbage import collect_what_is_due


async def test_a_widget_in_a_cycle_dies_on_qts_thread() -> None:
    died_on: list[int] = []

    def lose_a_cycle() -> None:
        lost = QObject()
        lost.itself = lost  # type: ignore[attr-defined]
        lost.timer = QTimer(lost)  # type: ignore[attr-defined]
        weakref.finalize(lost, lambda: died_on.append(threading.get_ident()))

    lose_a_cycle()
    await asyncio.to_thread(lambda: [[] for _ in range(200_000)])  # work enough for many collections
    assert died_on == []
    while not died_on:
        collect_what_is_due()
        gc.collect()
    assert died_on == [threading.get_ident()]
