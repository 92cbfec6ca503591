"""A part of a card, or, where there is nothing to show, a sentence in its place and what to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStackedWidget, QWidget

from gui.theme import SPACE
from gui.widgets.basics import button, column, label, row


class OrWords(QStackedWidget):
    """As tall as what it shows.

    Args:
        full: the part.
    """

    def __init__(self, full: QWidget) -> None:
        super().__init__()
        self._full = full
        self.words = label("", "muted", wrap=True)
        self.act: QPushButton | None = None
        self._place = column(self.words, gap=SPACE.small)
        self._place.setContentsMargins(0, SPACE.small, 0, SPACE.small)
        self._said = QWidget()
        self._said.setLayout(self._place)
        self.addWidget(full)
        self.addWidget(self._said)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    @property
    def state(self) -> str:
        """full or empty."""
        return "full" if self.currentWidget() is self._full else "empty"

    def show_full(self) -> None:
        """Show the part."""
        self.setCurrentWidget(self._full)
        self.updateGeometry()

    def show_words(self, words: str, act: str = "", on_act: Callable[[], object] | None = None) -> None:
        """Say why there is nothing, with a button that changes it."""
        self.words.setText(words)
        if self.act is None and act:
            self.act = button(act, "normal", on_click=on_act)
            self._place.addLayout(row(self.act, 1))
        self.setCurrentWidget(self._said)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        shown = self.currentWidget()
        return shown.sizeHint() if shown is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        shown = self.currentWidget()
        return shown.minimumSizeHint() if shown is not None else super().minimumSizeHint()
