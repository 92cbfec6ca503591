"""The backups as rows: when, why, and how large."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from core.backups import Backup
from core.words import T, say
from gui.models.privacy import size_words
from gui.models.times import ago, when

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()

BELOW = int(Qt.ItemDataRole.UserRole) + 1
SIZE = BELOW + 1

_WHY = {
    "daily": T("made by itself"),
    "before-upgrade": T("made before an update"),
    "by-hand": T("made by hand"),
    "before-restore": T("what was there before a restore"),
}


class BackupModel(QAbstractListModel):
    """All backups, newest first."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Backup] = []
        self._now: datetime | None = None

    def put_all(self, backups: Sequence[Backup], now: datetime) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows, self._now = list(backups), now
        self.endResetModel()

    def backup(self, row: int) -> Backup:
        """The backup in a row."""
        return self._rows[row]

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or self._now is None:
            return None
        backup = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return when(backup.made_at)
            case _ if role == BELOW:
                return say("{ago}, {why}", ago=ago(backup.made_at, self._now), why=say(_WHY[backup.reason]))
            case _ if role == SIZE:
                return size_words(backup.size)
            case Qt.ItemDataRole.AccessibleTextRole:
                return say(
                    "Backup of {day}, {why}, {size}",
                    day=when(backup.made_at),
                    why=say(_WHY[backup.reason]),
                    size=size_words(backup.size),
                )
        return None
