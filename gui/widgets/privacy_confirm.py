"""A question inside the page before something that cannot be undone."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from core.words import say
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label, retone, row
from gui.widgets.states import Glyph


class ConfirmStrip(Card):
    """Hidden until it is asked.

    Attributes:
        confirmed: the host said yes.

    Args:
        yes, no: the words on its buttons. word: has to be typed first; empty: nothing has to be.
    """

    confirmed = Signal()

    def __init__(self, yes: str, no: str, word: str = "") -> None:
        super().__init__(kind="notice")
        self._word = word
        retone(self, "bad")
        self.what = label("", "strong", wrap=True)
        self.step = label("", wrap=True)
        self.yes = button(yes, "danger", "remove", self._confirm)
        self.no = button(no, "normal", on_click=self.hide)
        self.typed = QLineEdit()
        self.typed.setPlaceholderText(word)
        self.typed.setAccessibleName(say("Type {word} to go on", word=word))
        self.typed.setFixedWidth(SPACE.sidebar)
        if not word:
            self.typed.hide()
        self.typed.textChanged.connect(lambda _text: self._weigh())
        words = column(self.what, self.step, gap=SPACE.tight)
        top = row(Glyph("warn", "bad", SPACE.large), words, gap=SPACE.medium)
        top.setStretch(1, 1)
        self.put(top, row(1, self.typed, self.no, self.yes))
        self.hide()

    def ask(self, what: str, step: str) -> None:
        """Ask; the harmless answer has the keyboard."""
        self.what.setText(what)
        self.step.setText(step)
        self.setAccessibleName(f"{what} {step}")
        self.typed.clear()
        self._weigh()
        self.show()
        (self.typed if self._word else self.no).setFocus()

    def _weigh(self) -> None:
        self.yes.setEnabled(not self._word or self.typed.text().strip().casefold() == self._word.casefold())

    def _confirm(self) -> None:
        self.hide()
        self.confirmed.emit()
