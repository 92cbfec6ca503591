"""The window comes back as it was left, and where it can be reached."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QSplitter, QWidget

from core.events import Bus
from gui.pages.page import Page
from gui.placing import brought_back, reachable
from gui.widgets.basics import column
from gui.widgets.sidebar import Place
from gui.window import MainWindow, PageEntry

LEFT, RIGHT = QRect(0, 0, 1920, 1040), QRect(1920, 0, 2560, 1400)


class Divided(Page):
    """A page in two parts."""

    def __init__(self, bus: Bus) -> None:
        super().__init__("divided", "divided", bus)
        self.splitter = QSplitter()
        for _ in range(2):
            self.splitter.addWidget(QWidget())
        self.splitter.setChildrenCollapsible(False)
        self.content.setLayout(column(self.splitter))


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Callable[[], MainWindow]]:
    bus = Bus()
    windows: list[MainWindow] = []

    def open_window() -> MainWindow:
        entries = [
            PageEntry(Place("first", "first", "session", 0), lambda: Page("first", "first", bus)),
            PageEntry(Place("divided", "divided", "session", 0), lambda: Divided(bus)),
        ]
        window = MainWindow(entries, bus, tmp_path)
        window.show()
        windows.append(window)
        return window

    yield open_window
    for window in windows:
        await window.end()
        window.deleteLater()


async def test_page_size_and_splitters_are_as_they_were(opened: Callable[[], MainWindow]) -> None:
    before = opened()
    before.resize(1000, 760)
    before.go("divided")
    page = before.page
    assert isinstance(page, Divided)
    page.splitter.setSizes([200, 600])
    left = page.splitter.sizes()
    before.on_close = lambda: None
    before.close()
    before.hide()
    after = opened()
    assert after.page is not None
    assert after.page.name == "divided"
    assert (after.width(), after.height()) == (1000, 760)
    assert isinstance(after.page, Divided)
    assert after.page.splitter.sizes() == left


async def test_what_was_told_once_is_known_next_time(opened: Callable[[], MainWindow]) -> None:
    before = opened()
    assert not before.was_told("tray")
    before.note_told("tray")
    assert opened().was_told("tray")


@pytest.mark.parametrize(
    ("frame", "screens", "same"),
    [
        (QRect(100, 100, 1280, 800), [LEFT], True),
        (QRect(2000, 100, 1280, 800), [LEFT, RIGHT], True),
        (QRect(2000, 100, 1280, 800), [LEFT], False),  # the screen at the right has gone
        (QRect(-1200, 100, 1280, 800), [LEFT], False),  # only a sliver is left to see
        (QRect(100, -400, 1280, 800), [LEFT], False),  # its title is above the edge
        (QRect(1700, 900, 1280, 800), [LEFT], True),  # half of it is off, but it can be dragged
        (QRect(5000, 5000, 4000, 3000), [LEFT], False),
    ],
)
def test_a_window_that_cannot_be_reached_comes_back(frame: QRect, screens: list[QRect], same: bool) -> None:
    there = brought_back(frame, screens)
    assert (there == frame) is same
    assert reachable(there, screens)
    if not same:
        assert screens[0].contains(there)


def test_without_any_screen_nothing_moves() -> None:
    assert brought_back(LEFT, []) == LEFT
