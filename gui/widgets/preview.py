"""The same question, answered by the persona as it is kept and as it stands on the form."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QScrollArea, QSizePolicy, QWidget

from core.words import say
from gui.help.asking import about
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label, retone, row

LONGEST_QUESTION = 400


class Answer(Card):
    """One answer as it grows."""

    def __init__(self, heading: str) -> None:
        super().__init__(kind="well")
        self.heading = label(heading, "caption")
        self.text = label("", wrap=True, selectable=True)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.by = label("", "caption")
        self.put(row(self.heading, 1, self.by), self.text)
        self.wait("")

    def wait(self, words: str) -> None:
        """Nothing is written yet."""
        self._put(words, "muted")
        self.by.setText("")

    def grow(self, text: str) -> None:
        """All of it so far."""
        self._put(text, "body")

    def _put(self, text: str, kind: str) -> None:
        retone(self.text, kind, "kind")
        self.text.setText(text)
        self.text.setAccessibleName(f"{self.heading.text()}: {text}")


class PreviewCard(Card):
    """Asks on demand. `asked`: with the question; `stopped`: enough."""

    asked = Signal(str)
    stopped = Signal()

    def __init__(self) -> None:
        super().__init__(say("Try it out"))
        about(self, "persona#try-it-before-you-save")
        self.question = QLineEdit(say("hey, how was your day?"))
        self.question.setAccessibleName(say("A question"))
        self.question.setMaxLength(LONGEST_QUESTION)
        self.question.setCursorPosition(0)  # narrow, its beginning is what tells
        self.question.returnPressed.connect(self._ask)
        self.ask = button(say("Ask"), "normal", "send", self._ask)
        self.stop = button(say("Stop"), "normal", "stop", self.stopped.emit)
        self.stop.hide()
        self.before = Answer(say("As it is kept"))
        self.after = Answer(say("With your changes"))
        self.note = label(say("Nothing of it is kept."), "caption", wrap=True)
        told = label(say("Ask, and read how they answer before you save."), "muted", wrap=True)
        inside = QWidget()
        inside.setLayout(column(self.before, self.after, self.note, 1, gap=SPACE.small))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(say("Answers"))
        asking = row(self.question, self.ask, self.stop)
        asking.setStretch(0, 1)
        self.put(told, asking, scroll)
        self.body.setStretch(self.body.count() - 1, 1)
        self.forget()

    def forget(self) -> None:
        """Nothing has been asked of this persona."""
        self.before.wait(say("Their answer appears here."))
        self.after.wait(say("Change something, ask again, and compare."))

    def set_asking(self, asking: bool) -> None:
        """Show that an answer is on its way."""
        self.ask.setVisible(not asking)
        self.stop.setVisible(asking)

    def _ask(self) -> None:
        if self.question.text().strip() and self.ask.isVisibleTo(self):
            self.asked.emit(self.question.text().strip())
