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
        CHANGE: role of the change itself. WHY: role of its moment and reason.
    """

    CHANGE = int(Qt.ItemDataRole.UserRole)
    WHY = CHANGE + 1

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
                return _step(change)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{_step(change)} {_why(change)}"
            case self.WHY:
                return _why(change)
            case self.CHANGE:
                return change
        return None


def _step(change: QuirkChange) -> str:
    """The quirk and how far it went: "hums while typing: 50 % → 58 %"."""
    words = f"{change.text}: {change.before:.0%} → {change.after:.0%}"
    return say("{change} (taken back)", change=words) if change.undone else words


def _why(change: QuirkChange) -> str:
    return f"{when(change.at)} · {say(change.reason)}"
