"""The log as a table: when, how bad, which part, what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.log_index import LogFound
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
MOST_READ = 4096
_CUT_SHORT = LogLine(datetime.fromtimestamp(0, UTC), "info", "", "")


def matches(line: LogLine, level: str, search: str) -> bool:
    """Does a new line belong to what is shown? `level` is the least one wanted."""
    words = search.casefold()
    loud = LEVELS.index(line.level) >= LEVELS.index(level)
    return loud and any(words in part.casefold() for part in (line.text, line.name, line.detail))


def whole(line: LogLine) -> str:
    """Everything a line says, for the details and the clipboard."""
    head = f"{line.at.astimezone():%Y-%m-%d %H:%M:%S.%f} {line.level} {line.name}"
    return "\n".join(part for part in (head, line.text, line.detail) if part)


def _instant(line: LogLine) -> int:
    """The moment, as exactly as it stands in the file: in milliseconds."""
    return int(line.at.timestamp() * 1000)


class LogLines(QAbstractTableModel):
    """Lines of the log, newest first, however many; each is read when it is looked at."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found = LogFound()
        self._live: list[LogLine] = []
        self._read: dict[int, LogLine] = {}

    def show(self, found: LogFound, wanted: Callable[[LogLine], bool]) -> None:
        """Show these. Lines that came while they were looked for, and are wanted too, stay on top."""
        newest = found.line(0) if len(found) else None
        since = _instant(newest) if newest is not None else -1
        self.beginResetModel()
        self._live = [line for line in self._live if _instant(line) > since and wanted(line)]
        self._found, self._read = found, {}
        self.endResetModel()

    def put(self, line: LogLine) -> None:
        """A new line goes on top."""
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._live.append(line)
        self.endInsertRows()

    @property
    def heard(self) -> int:
        """How many lines were put on top since the log was read."""
        return len(self._live)

    def line(self, index: Index) -> LogLine:
        """The line of a row."""
        if index.row() < len(self._live):
            return self._live[-1 - index.row()]
        row = index.row() - len(self._live)
        if row not in self._read:
            if len(self._read) >= MOST_READ:
                self._read.clear()
            self._read[row] = self._found.line(row) or _CUT_SHORT
        return self._read[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._live) + len(self._found)

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
        line = self.line(index)
        if role == Qt.ItemDataRole.DisplayRole:
            at = f"{line.at.astimezone():%H:%M:%S}"
            words = (at, say(LEVEL_WORDS[line.level]), line.name, " ".join(line.text.split())[:500])
            return words[index.column()]
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 1:
            return icon(*_ICONS[line.level])
        return None
