"""A list of any length over a query: it knows how many rows there are, and reads the lines that are seen."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from core.words import say

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()

LINE = int(Qt.ItemDataRole.UserRole) + 1
CAPTION = LINE + 1
ASIDE = LINE + 2
BADGES = LINE + 3
STRUCK = LINE + 4
ABOVE = LINE + 5

CHUNK = 64
KEPT = 64 * CHUNK
_WAITING_CHUNKS = 4


class HasRowId(Protocol):
    """A line of a list."""

    @property
    def row_id(self) -> int: ...


Line = TypeVar("Line", bound=HasRowId)


class PagedModel(QAbstractListModel, Generic[Line]):
    """Lines by their row ids. A row whose line was not read yet shows a placeholder and asks for it.

    Attributes:
        wanted: row ids whose lines are to be read; answer with `fill`, or `missed` when that failed.
            One question at a time: what has come into sight last is asked for first.
    """

    wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: array[int] = array("q")
        self._total = 0
        self._lines: dict[int, Line] = {}
        self._old: set[int] = set()
        self._gone: set[int] = set()
        self._waiting: list[int] = []
        self._asked: int | None = None

    # what is shown

    @property
    def complete(self) -> bool:
        """Is the order of all rows known?"""
        return len(self._ids) == self._total

    def show(self, total: int, lines: Sequence[Line]) -> None:
        """Show another list: so many rows, of which these are the first."""
        self.beginResetModel()
        self._ids = array("q", (line.row_id for line in lines))
        self._total = total
        self._start_over(lines)
        self.endResetModel()

    def know(self, ids: array[int]) -> None:
        """Here are the row ids of all, in their order. Rows that stay where they are are not touched."""
        if len(ids) != self._total or ids[: len(self._ids)] != self._ids:
            self.beginResetModel()
            self._ids, self._total = ids, len(ids)
            self.endResetModel()
            return
        self._ids = ids
        self._repaint(0, self._total - 1)

    def refresh(self, ids: array[int], lines: Sequence[Line]) -> None:
        """What the list is made of has changed: these are all rows now, and the first lines. What was read
        before is old, but better than nothing, until it is read again."""
        kept = self._lines
        if ids == self._ids:
            self._start_over(lines, kept)
            self._repaint(0, self._total - 1)
            return
        self.beginResetModel()
        self._ids, self._total = ids, len(ids)
        self._start_over(lines, kept)
        self.endResetModel()

    def fill(self, lines: Iterable[Line]) -> None:
        """Here are lines that were wanted."""
        asked, self._asked = self._asked, None
        if asked is not None:
            wanted = self._of_chunk(asked)
            self._gone.update(wanted)
            self._old.difference_update(wanted)
        for line in lines:
            self._lines.pop(line.row_id, None)
            self._lines[line.row_id] = line
            self._gone.discard(line.row_id)
            self._old.discard(line.row_id)
        while len(self._lines) > KEPT:
            del self._lines[next(iter(self._lines))]
        if asked is not None:
            self._repaint(asked * CHUNK, min(self._total, (asked + 1) * CHUNK) - 1)
        self._ask()

    def missed(self) -> None:
        """The lines that were wanted could not be read."""
        self._asked = None
        self._waiting.clear()

    # looking at it

    def line(self, row: int) -> Line | None:
        """The line of a row, None while it is not here; it is asked for then."""
        if not 0 <= row < len(self._ids):
            return None
        row_id = self._ids[row]
        line = self._lines.get(row_id)
        if (line is None and row_id not in self._gone) or row_id in self._old:
            self._want(row // CHUNK)
        return line

    def row_id(self, row: int) -> int:
        """The row id of a row, 0 when it is not known yet."""
        return self._ids[row] if 0 <= row < len(self._ids) else 0

    def row_ids(self, first: int, last: int) -> list[int]:
        """The row ids from one row to another, both included."""
        return list(self._ids[first : last + 1])

    def row_of(self, row_id: int) -> int:
        """The row of a row id, −1 when it is not here."""
        try:
            return self._ids.index(row_id)
        except ValueError:
            return -1

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else self._total

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self.line(index.row())
        if role == LINE:
            return line
        if line is None:
            return say("…") if role == Qt.ItemDataRole.DisplayRole else None
        return self.told(line, role)

    def told(self, line: Line, role: int) -> Any:
        """What a line says in a role; for a subclass."""
        raise NotImplementedError

    # asking for lines

    def _want(self, chunk: int) -> None:
        if chunk == self._asked:
            return
        if chunk in self._waiting:
            self._waiting.remove(chunk)
        self._waiting.append(chunk)
        del self._waiting[:-_WAITING_CHUNKS]
        if self._asked is None:
            self._ask()

    def _ask(self) -> None:
        if not self._waiting:
            return
        self._asked = self._waiting.pop()
        self.wanted.emit(self._of_chunk(self._asked))

    def _of_chunk(self, chunk: int) -> list[int]:
        return self.row_ids(chunk * CHUNK, (chunk + 1) * CHUNK - 1)

    def _start_over(self, lines: Sequence[Line], before: Mapping[int, Line] | None = None) -> None:
        new = {line.row_id: line for line in lines}
        self._lines = {**(before or {}), **new}
        self._old, self._gone = set(self._lines) - set(new), set()
        self._waiting.clear()
        self._asked = None

    def _repaint(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first), self.index(last))
