"""The changes of quirks as a list, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.feelings.reflection import QuirkChange
from core.words import say
from gui.models.times import when

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class QuirkLogModel(QAbstractListModel):
    """What became of quirks, and why.

    Attributes:
        CHANGE: role of the change itself. WHY: role of its moment and reason. STEP: role of how far it went.
    """

    CHANGE = int(Qt.ItemDataRole.UserRole)
    WHY = CHANGE + 1
    STEP = CHANGE + 2

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changes: list[QuirkChange] = []

    def show(self, changes: Sequence[QuirkChange]) -> None:
        """Show these."""
        if list(changes) == self._changes:
            return
        self.beginResetModel()
        self._changes = list(changes)
        self.endResetModel()

    def at(self, row: int) -> QuirkChange:
        """The change of a row."""
        return self._changes[row]

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._changes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        change = self._changes[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return change.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{change.text}: {_step(change)}. {_why(change)}"
            case self.WHY:
                return _why(change)
            case self.STEP:
                return _step(change)
            case self.CHANGE:
                return change
        return None


def _step(change: QuirkChange) -> str:
    """How far it went, in percent: "50 → 58 %"."""
    step = f"{change.before * 100:.0f} → {change.after * 100:.0f} %"
    return say("{step}, taken back", step=step) if change.undone else step


def _why(change: QuirkChange) -> str:
    return f"{when(change.at)} · {say(change.reason)}"
