"""Two questions that need more than a button: which words a merged memory has, and how one is split."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QStringListModel, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from core.memory.notebook import FactLine, Part, SaidLine
from core.words import count, say
from gui.help.asking import help_by_key
from gui.models.moments import whole
from gui.reading_order import ReadInOrder
from gui.theme import SPACE
from gui.widgets.basics import ElidedLabel, Segments, button, column, label, row

FIRST, BOTH, SECOND = "first", "both", "second"


class MergeDialog(ReadInOrder, QDialog):
    """Several facts that say the same. `agreed`: make one of them, in these words."""

    agreed = Signal(str)

    def __init__(self, facts: Sequence[FactLine], parent: QWidget) -> None:
        super().__init__(parent)
        help_by_key(self, "memory#put-something-right")
        self.setWindowTitle(say("Merge memories"))
        self.setMinimumWidth(SPACE.form)
        best = max(facts, key=lambda fact: (fact.reference_count, fact.last_mentioned))
        self.wordings = QListView()
        self.wordings.setModel(QStringListModel([fact.text for fact in facts], self.wordings))
        self.wordings.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.wordings.setWordWrap(True)
        self.wordings.setAccessibleName(say("The memories to merge"))
        self.wordings.setSpacing(SPACE.tight)
        self.wordings.setFixedHeight(min(SPACE.sidebar, len(facts) * SPACE.wide + SPACE.medium))
        self.text = QPlainTextEdit(best.text)
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(SPACE.wide * 2 + SPACE.medium)
        self.text.setAccessibleName(say("The words that stay"))
        self.ok = button(say("Merge"), "primary", "merge", self._agree)
        cancel = button(say("Cancel"), on_click=self.reject)
        told = count(
            "{n} memory becomes one; it keeps its messages.",
            "{n} memories become one; it keeps the messages of all.",
            len(facts),
        )
        layout = column(
            label(told, "muted", wrap=True),
            label(say("Choose the best words"), "strong"),
            self.wordings,
            label(say("or write them yourself"), "strong"),
            self.text,
            row(1, cancel, self.ok),
            gap=SPACE.small,
        )
        layout.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        self.setLayout(layout)
        self.wordings.selectionModel().selectionChanged.connect(self._picked)
        self.text.textChanged.connect(self._show_ok)

    def _picked(self, _now: QItemSelection, _before: QItemSelection) -> None:
        self.text.setPlainText(str(self.wordings.currentIndex().data()))

    def _show_ok(self) -> None:
        self.ok.setEnabled(bool(self.text.toPlainText().strip()))

    def _agree(self) -> None:
        self.agreed.emit(self.text.toPlainText())
        self.accept()


class SplitDialog(ReadInOrder, QDialog):
    """A fact that says two things. `agreed`: make these parts of it."""

    agreed = Signal(object)

    def __init__(self, fact: FactLine, sources: Sequence[SaidLine], parent: QWidget) -> None:
        super().__init__(parent)
        help_by_key(self, "memory#put-something-right")
        self.setWindowTitle(say("Split a memory"))
        self.setMinimumWidth(SPACE.form)
        self._sources = [said.platform_id for said in sources]
        self.first = _field(say("The first memory"), fact.text)
        self.second = _field(say("The second memory"), "")
        self.second.setPlaceholderText(say("What else it says"))
        self.choices = [self._choice(said) for said in sources]
        self.ok = button(say("Split"), "primary", "split", self._agree)
        cancel = button(say("Cancel"), on_click=self.reject)
        layout = column(
            label(say("One memory becomes two."), "muted", wrap=True),
            label(say("The first memory"), "strong"),
            self.first,
            label(say("The second memory"), "strong"),
            self.second,
            label(say("Which message says which?"), "strong"),
            self._choices_area(sources),
            row(1, cancel, self.ok),
            gap=SPACE.small,
        )
        layout.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        self.setLayout(layout)
        for field in (self.first, self.second):
            field.textChanged.connect(self._show_ok)
        for choice in self.choices:
            choice.chosen.connect(self._show_ok)
        self._show_ok()

    def _choice(self, said: SaidLine) -> Segments:
        words = ((FIRST, say("First")), (BOTH, say("Both")), (SECOND, say("Second")))
        return Segments(words, said.text or said.wording, BOTH)

    def _choices_area(self, sources: Sequence[SaidLine]) -> QScrollArea:
        inside = QWidget()
        layout = column(gap=SPACE.small)
        for said, choice in zip(sources, self.choices, strict=True):
            told = column(
                ElidedLabel(said.text or said.wording),
                label(f"{said.author} · {whole(said.at)}", "caption"),
                gap=0,
            )
            line = row(told, choice, gap=SPACE.medium)
            line.setStretch(0, 1)
            layout.addLayout(line)
        layout.addStretch(1)
        inside.setLayout(layout)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(say("The messages of the memory"))
        area.setWidget(inside)
        area.setMinimumHeight(min(len(sources), 4) * (SPACE.wide + SPACE.medium) + SPACE.small)
        return area

    def parts(self) -> tuple[Part, Part]:
        """The two memories as they stand in the fields."""
        sides = {FIRST: (0,), BOTH: (0, 1), SECOND: (1,)}
        mine: tuple[list[int], list[int]] = ([], [])
        for platform_id, choice in zip(self._sources, self.choices, strict=True):
            for side in sides[choice.key]:
                mine[side].append(platform_id)
        return Part(self.first.text(), tuple(mine[0])), Part(self.second.text(), tuple(mine[1]))

    def _show_ok(self, *_: object) -> None:
        self.ok.setEnabled(all(part.text.strip() and part.sources for part in self.parts()))

    def _agree(self) -> None:
        self.agreed.emit(self.parts())
        self.accept()


def _field(name: str, text: str) -> QLineEdit:
    made = QLineEdit(text)
    made.setAccessibleName(name)
    return made
