"""The keys of the window, and the sheet that lists them. On a Mac, Ctrl is ⌘."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from core.words import T, Text, say
from gui.keys import PAGES, page_keys, shown
from gui.reading_order import ReadInOrder, go_to, stops
from gui.theme import SPACE
from gui.widgets.basics import button, column, label, row

if TYPE_CHECKING:
    from gui.window import MainWindow

_KEYS = QKeySequence.StandardKey
SHEET = "Ctrl+/"
_LISTED: tuple[tuple[Text, tuple[str | QKeySequence.StandardKey, ...]], ...] = (
    (T("Settings"), ("Ctrl+,",)),
    (T("Search"), (_KEYS.Find,)),
    (T("Undo"), (_KEYS.Undo,)),
    (T("Redo"), (_KEYS.Redo,)),
    (T("Save"), (_KEYS.Save,)),
    (T("To the pages' names, and back"), ("F6",)),
    (T("Close what stands beside it"), ("Escape",)),
    (T("Copy"), (_KEYS.Copy,)),
    (T("Reply to the message"), ("R",)),
    (T("Why?"), ("W",)),
    (T("Move the line up or down"), ("Alt+Up", "Alt+Down")),
    (T("What else can be done"), ("Shift+F10",)),
    (T("Help"), ("F1",)),
    (T("Keyboard shortcuts"), (SHEET,)),
    (T("Quit"), ("Ctrl+Q",)),
)


def set_keys(window: MainWindow) -> None:
    """Give the window its keys."""
    for number, name in enumerate(window.names[:PAGES], start=1):
        _key(window, page_keys(number), partial(window.go, name))
    _key(window, "Ctrl+,", partial(window.go, "settings"))
    _key(window, _KEYS.Find, partial(_find, window))
    _key(window, _KEYS.Undo, partial(_take_back, window))
    _key(window, "F6", partial(_next_area, window))
    _key(window, "Escape", partial(_escape, window))
    _key(window, SHEET, lambda: ShortcutSheet(window).open())
    _key(window, "Ctrl+Q", window.quit)


def _key(window: MainWindow, keys: str | QKeySequence.StandardKey, act: Callable[[], object]) -> None:
    QShortcut(QKeySequence(keys), window).activated.connect(act)


def _find(window: MainWindow) -> None:
    if window.page is not None:
        window.page.begin_search()


def _take_back(window: MainWindow) -> None:
    """What the page did last, or else what the newest toast offers to undo."""
    if window.page is None or not window.page.take_back():
        window.toasts.undo()


def _escape(window: MainWindow) -> None:
    """Close what lies over the page, or what stands beside its content, or the toasts: one at a time."""
    if window.notices.isVisible():
        window.notices.hide()
    elif window.page is None or not window.page.step_back():
        window.toasts.put_away()


def _next_area(window: MainWindow) -> None:
    """From the sidebar to the page and back."""
    focused, page = window.focusWidget(), window.page
    if page is None:
        return
    if focused is not None and window.sidebar.isAncestorOf(focused):
        go_to(next(iter(stops(page)), page), Qt.FocusReason.ShortcutFocusReason)
    else:
        window.sidebar.button(page.name).setFocus(Qt.FocusReason.ShortcutFocusReason)


class ShortcutSheet(ReadInOrder, QDialog):
    """All keys at a glance."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(say("Keyboard shortcuts"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE.large)
        self._grid.setVerticalSpacing(SPACE.tight)
        titles = window.sidebar.titles[:PAGES]
        for number, title in enumerate(titles, start=1):
            self._add(number - 1, 0, title, (page_keys(number),))
        for number, (words, keys) in enumerate(_LISTED):
            self._add(number, 2, say(words), keys)
        close = button(say("Close"), "primary", on_click=self.accept)
        layout = column(self._inside(), row(1, close), gap=SPACE.medium)
        layout.setContentsMargins(SPACE.large, SPACE.large, SPACE.large, SPACE.medium)
        self.setLayout(layout)

    def _add(self, at: int, side: int, words: str, keys: Sequence[str | QKeySequence.StandardKey]) -> None:
        self._grid.addWidget(label(words), at, side)
        self._grid.addWidget(label(", ".join(shown(each) for each in keys), "muted"), at, side + 1)

    def _inside(self) -> QWidget:
        made = QWidget()
        made.setLayout(self._grid)
        return made
