"""Showing what changes by itself: read anew when something happened, one reading at a time, with a
breath between two, and not at all while nobody looks."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QTimer

from gui.pages.page import Page

BREATH_MS = 500


class Refresh:
    """One reading that a page repeats.

    Args:
        read: reads and shows. title: what it is, in the host's words.
    """

    def __init__(self, page: Page, read: Callable[[], Coroutine[Any, Any, None]], title: str) -> None:
        self._page, self._read, self._title = page, read, title
        self._busy = False
        self._again = False
        self._breath = QTimer(page, singleShot=True, interval=BREATH_MS)
        self._breath.timeout.connect(self._breathed)

    def ask(self) -> None:
        """Something changed: show it now, or as soon as the reading before is over."""
        if self._page.over:
            return
        if self._busy or not self._page.isVisible():
            self._again = True
            return
        self._busy, self._again = True, False
        self._page.run(self._read(), self._title).finished(self._breath.start)

    def catch_up(self) -> None:
        """The page is looked at again: show what it missed."""
        if self._again:
            self.ask()

    def _breathed(self) -> None:
        self._busy = False
        self.catch_up()
