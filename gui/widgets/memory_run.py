"""A consolidation while it runs: how far, who is read, what came of those before; and how to stop it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListView, QProgressBar, QSizePolicy

from core.events import ConsolidationProgress
from core.words import count, say
from gui.models.changes import ProgressModel, tally
from gui.theme import SPACE
from gui.widgets.basics import Card, button, icon_button, label, row

READING = "reading"


class RunCard(Card):
    """Hidden until a run begins.

    Attributes:
        cancelled: the host wants it stopped. diff_wanted: the host wants to read what it changed.
    """

    cancelled = Signal()
    diff_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__(kind="notice")
        self.setProperty("tone", "info")
        self._run_id = 0
        self.words = label("", "strong", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(say("How far the consolidation is"))
        self.cancel = button(say("Cancel"), on_click=self.cancelled.emit)
        self.diff = button(say("Show what changed"), on_click=lambda: self.diff_wanted.emit(self._run_id))
        self.close_button = icon_button("close", say("Put away"), self.hide)
        self.model = ProgressModel(self)
        self.people = QListView()
        self.people.setModel(self.model)
        self.people.setUniformItemSizes(True)
        self.people.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.people.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.people.setAccessibleName(say("Person by person"))
        self.people.setFixedHeight(SPACE.wide * 2 + SPACE.small)
        line = row(self.words, self.cancel, self.diff, self.close_button)
        line.setStretch(0, 1)
        self.body.setContentsMargins(SPACE.medium, SPACE.small, SPACE.small, SPACE.small)
        self.put(line, self.bar, self.people)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def begin(self, *, mine: bool) -> None:
        """A run begins. `mine`: the host began it here and can stop it here."""
        self._run_id = 0
        self.model.clear()
        self.words.setText(say("Looking for messages that were not read yet…"))
        self.bar.setRange(0, 0)
        self._show(running=True, mine=mine)

    def moved(self, moved: ConsolidationProgress, *, mine: bool) -> None:
        """A run is with a person, or done with them."""
        if not self.running:
            self.begin(mine=mine)
        self._run_id = moved.run_id
        self.model.put(moved)
        self.bar.setRange(0, max(1, moved.total))
        self.bar.setValue(moved.done)
        at = moved.done + 1 if moved.step == READING else moved.done
        self.words.setText(
            say("Sorting memories: {name} ({at} of {total})", name=moved.name, at=at, total=moved.total)
        )

    def over(self, run_id: int, people: int, sums: tuple[int, int, int, int]) -> None:
        """It has ended well.

        Args:
            sums: how many facts are new, said again, no longer true, held back.
        """
        self._run_id = run_id
        if not people:
            self.words.setText(say("Nothing to read: every message was read before."))
        else:
            whom = count("{n} person read", "{n} people read", people)
            found = tally(*sums) or say("nothing new")
            self.words.setText(f"{whom}: {found}.")
        self._show(running=False)

    def stopped(self, words: str) -> None:
        """It was stopped, or broke; `words` say which."""
        self.words.setText(words)
        self._show(running=False)

    @property
    def run_id(self) -> int:
        """The run that is shown, 0 until it has written something."""
        return self._run_id

    @property
    def running(self) -> bool:
        """Is a run shown that has not ended?"""
        return not self.isHidden() and not self.bar.isHidden()

    def _show(self, *, running: bool, mine: bool = False) -> None:
        self.bar.setVisible(running)
        self.cancel.setVisible(running and mine)
        self.diff.setVisible(not running and self._run_id > 0)
        self.close_button.setVisible(not running)
        self.people.setVisible(running)
        self.setAccessibleName(self.words.text())
        self.show()
