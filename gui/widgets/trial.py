"""A question to a model, its answer as it grows, and how fast it wrote."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from core.figures import number
from core.llm.brain import Role
from core.llm.shelf import Shelf
from core.llm.trial import Trial
from core.words import say
from gui.help.asking import about
from gui.models.brains import shown_name
from gui.theme import SPACE
from gui.widgets.basics import Card, button, label, row
from gui.widgets.preview import LONGEST_QUESTION, Answer
from gui.widgets.setting_row import CalmCombo


class TrialCard(Card):
    """Asks on demand. `asked`: with the question; `stopped`: enough."""

    asked = Signal(str)
    stopped = Signal()

    def __init__(self) -> None:
        super().__init__(say("Try a model"))
        about(self, "models#try-one")
        self.question = QLineEdit(say("Tell me something nice about the sea."))
        self.question.setAccessibleName(say("A question"))
        self.question.setMaxLength(LONGEST_QUESTION)
        self.question.setCursorPosition(0)  # narrow, its beginning is what tells
        self.question.returnPressed.connect(self._ask)
        self.which = CalmCombo()
        self.which.setAccessibleName(say("Model to try"))
        self.which.setFixedWidth(SPACE.sidebar)
        self.which.addItem(say("The chat model"), "")
        self.ask = button(say("Ask"), "normal", "send", self._ask)
        self.stop = button(say("Stop"), "normal", "stop", self.stopped.emit)
        self.stop.hide()
        self.answer = Answer(say("Answer"))
        asking = row(self.which, self.question, self.ask, self.stop)
        asking.setStretch(1, 1)
        self.put(
            label(say("Without a persona, only to see how fast and how well it writes."), "muted", wrap=True)
        )
        self.put(asking, self.answer, 1)
        self.answer.wait(say("Its answer appears here."))

    @property
    def setting(self) -> str:
        """The model to try, as settings name it; empty for the one that writes the replies."""
        return str(self.which.currentData() or "")

    def show_shelf(self, shelf: Shelf) -> None:
        """Offer what can write."""
        before = self.setting
        self.which.clear()
        self.which.addItem(say("The chat model"), "")
        for model in shelf.models:
            if model.can(Role.CHAT):
                self.which.addItem(shown_name(model), model.setting)
        self.choose(before)

    def choose(self, setting: str) -> None:
        """Try this one."""
        self.which.setCurrentIndex(max(0, self.which.findData(setting)))

    def set_asking(self, asking: bool) -> None:
        """Show that an answer is on its way."""
        self.ask.setVisible(not asking)
        self.stop.setVisible(asking)
        if asking:
            self.answer.wait(say("It is thinking; the first time it has to be loaded."))

    def show_trial(self, trial: Trial, model: str) -> None:
        """Say how it went."""
        self.answer.grow(trial.text.strip() or say("It wrote nothing."))
        self.answer.by.setText(
            say(
                "{model} · {speed} tokens/s · first word after {first} s",
                model=model,
                speed=number(trial.tokens_per_s),
                first=number(trial.first_s, 1),
            )
        )

    def _ask(self) -> None:
        if self.question.text().strip() and not self.stop.isVisibleTo(self):
            self.asked.emit(self.question.text().strip())
