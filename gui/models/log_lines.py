"""The log as a table: when, how bad, which part, what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.logs import LEVELS, LogLine
from core.words import T, Text, say
from gui.icons import icon

Index = QModelIndex | QPersistentModelIndex

COLUMNS: tuple[Text, ...] = (T("Time"), T("Level"), T("Part"), T("What happened"))
LEVEL_WORDS: dict[str, Text] = {
    "debug": T("Debug"),
    "info": T("Info"),
    "warning": T("Warning"),
    "error": T("Error"),
    "critical": T("Critical"),
}
_ICONS = {
    "debug": ("off", "muted"),
    "info": ("info", "info"),
    "warning": ("warn", "warn"),
    "error": ("bad", "bad"),
    "critical": ("bad", "bad"),
}
MOST = 1000


def matches(line: LogLine, level: str, search: str) -> bool:
    """Does a new line belong to what is shown? `level` is the least one wanted."""
    words = search.casefold()
    loud = LEVELS.index(line.level) >= LEVELS.index(level)
    return loud and any(words in part.casefold() for part in (line.text, line.name, line.detail))


def whole(line: LogLine) -> str:
    """Everything a line says, for the details and the clipboard."""
    head = f"{line.at.astimezone():%Y-%m-%d %H:%M:%S.%f} {line.level} {line.name}"
    return "\n".join(part for part in (head, line.text, line.detail) if part)


class LogLines(QAbstractTableModel):
    """Lines of the log, newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[LogLine] = []

    def put_all(self, lines: Sequence[LogLine]) -> None:
        """Show these, newest first."""
        self.beginResetModel()
        self._lines = list(lines)[:MOST]
        self.endResetModel()

    def put(self, line: LogLine) -> None:
        """A new line goes on top."""
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._lines.insert(0, line)
        self.endInsertRows()
        if len(self._lines) > MOST:
            self.beginRemoveRows(QModelIndex(), MOST, len(self._lines) - 1)
            del self._lines[MOST:]
            self.endRemoveRows()

    def line(self, index: Index) -> LogLine:
        """The line of a row."""
        return self._lines[index.row()]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return say(COLUMNS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            at = f"{line.at.astimezone():%H:%M:%S}"
            words = (at, say(LEVEL_WORDS[line.level]), line.name, " ".join(line.text.split())[:500])
            return words[index.column()]
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 1:
            return icon(*_ICONS[line.level])
        return None
