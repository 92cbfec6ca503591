"""What a run changed, to be read line by line, and each line taken back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.memory.notebook import DiffLine, RunLine
from core.words import count, say
from gui.models.changes import DiffModel, run_words
from gui.widgets.basics import Card, button, icon_button, label, row
from gui.widgets.flow import Flow
from gui.widgets.setting_row import CalmCombo
from gui.widgets.states import States
from gui.widgets.two_line import TwoLineList


class DiffView(Card):
    """The lines of a run.

    Attributes:
        run_wanted: another run is chosen, by its row id. undo_wanted: a DiffLine is to be taken back.
        undo_all_wanted: all of the run is. closed: the host has seen enough.
    """

    run_wanted = Signal(int)
    undo_wanted = Signal(object)
    undo_all_wanted = Signal(int)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.model = DiffModel(self)
        self.list = TwoLineList(say("What changed"), many=False, aside="accent", badges_first=True)
        self.list.show_model(self.model)
        self.back = icon_button("left", say("Back to the memories"), self.closed.emit)
        self.runs = CalmCombo()
        self.runs.setAccessibleName(say("Which run"))
        self.undo = button(say("Take this line back"), "normal", "undo", self._undo_chosen)
        self.undo_all = button(say("Take everything back"), "quiet", on_click=self._undo_all)
        self.shown = label("", "caption")
        self._states = States(self.list)
        title = QWidget()
        title.setLayout(row(self.back, label(say("What changed"), "heading")))
        head = Flow(title, self.runs, apart=True)
        self.put(head, self._states, row(self.shown, 1, self.undo_all, self.undo))
        self.body.setStretch(1, 1)
        self.runs.setMinimumContentsLength(12)
        self.runs.setSizeAdjustPolicy(CalmCombo.SizeAdjustPolicy.AdjustToContents)
        self.runs.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.runs.activated.connect(lambda _index: self.run_wanted.emit(self.runs.currentData()))
        self.list.aside_clicked.connect(self._undo_row)
        self.list.opened.connect(self._undo_row)
        self.list.removed.connect(self._undo_chosen)
        self.list.chosen.connect(self._show_buttons)

    def show_runs(self, runs: Sequence[RunLine], run_id: int) -> None:
        """Offer these runs; `run_id` is the one that is shown."""
        self.runs.clear()
        for run in runs:
            self.runs.addItem(run_words(run), run.row_id)
        self.runs.setCurrentIndex(self.runs.findData(run_id))
        self.runs.setVisible(bool(runs))

    def show_lines(self, lines: Sequence[DiffLine]) -> None:
        """Show what the run changed."""
        self.model.show(lines)
        self.shown.setText(count("{n} change", "{n} changes", len(lines)))
        if lines:
            self._states.show_full()
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self.model.index(0))
        else:
            self._states.show_empty(
                "history",
                say("Nothing was changed"),
                say("Each fact that a consolidation or you change appears here, and can be taken back."),
            )
        self._show_buttons()

    @property
    def run_id(self) -> int:
        """The run that is shown, 0 for what the host did."""
        return int(self.runs.currentData() or 0)

    def _undo_chosen(self) -> None:
        self._undo_row(self.list.currentIndex().row())

    def _undo_row(self, at: int) -> None:
        if 0 <= at < self.model.rowCount() and self.model.line(at).undoable:
            self.undo_wanted.emit(self.model.line(at))

    def _undo_all(self) -> None:
        self.undo_all_wanted.emit(self.run_id)

    def _show_buttons(self) -> None:
        at = self.list.currentIndex().row()
        self.undo.setEnabled(0 <= at < self.model.rowCount() and self.model.line(at).undoable)
        self.undo_all.setVisible(self.run_id > 0 and self.model.undoable > 1)
