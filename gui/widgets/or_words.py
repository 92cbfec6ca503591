"""A part of a card, or, where there is nothing to show, a sentence in its place and what to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QWidget

from gui.theme import SPACE
from gui.widgets.basics import button, column, label, row


class OrWords(QWidget):
    """As tall as what it shows.

    Attributes:
        words: the sentence. act: the button below it, once there was one.

    Args:
        full: the part.
    """

    def __init__(self, full: QWidget) -> None:
        super().__init__()
        self._full = full
        self.words = label("", "muted", wrap=True)
        self.act: QPushButton | None = None
        self._place = column(self.words, gap=SPACE.medium)
        self._place.setContentsMargins(0, SPACE.small, 0, SPACE.small)
        self._said = QWidget()
        self._said.setLayout(self._place)
        self._said.hide()
        self.setLayout(column(full, self._said, gap=0))

    @property
    def state(self) -> str:
        """full or empty."""
        return "empty" if self._full.isHidden() else "full"

    def show_full(self) -> None:
        """Show the part."""
        self._said.hide()
        self._full.show()

    def show_words(self, words: str, act: str = "", on_act: Callable[[], object] | None = None) -> None:
        """Say why there is nothing, with a button that changes it."""
        self.words.setText(words)
        if self.act is None and act:
            self.act = button(act, "normal", on_click=on_act)
            self._place.addLayout(row(self.act, 1))
        self._full.hide()
        self._said.show()
