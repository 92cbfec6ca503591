"""What a run changed, line by line; and how far a run is, person by person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.events import ConsolidationProgress
from core.memory.diff import CAME, CHANGED, CONFIRMED, WENT
from core.memory.notebook import DiffLine, RunLine
from core.words import count, say
from gui.models.moments import whole
from gui.models.paged import ASIDE, BADGES, CAPTION, LINE, ROOT, STRUCK

Index = QModelIndex | QPersistentModelIndex

SIGNS = {
    CAME: ("add", "good"),
    CONFIRMED: ("check", "info"),
    CHANGED: ("edit", "warn"),
    WENT: ("close", "bad"),
}


def run_words(run: RunLine) -> str:
    """A run, as it is chosen."""
    if run.cause == "host":
        return say("What you changed by hand")
    if run.cause == "daily":
        return say("Daily run, {at}", at=whole(run.at))
    return say("Your run, {at}", at=whole(run.at))


class DiffModel(QAbstractListModel):
    """The lines of a run."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[DiffLine] = []

    def show(self, lines: Sequence[DiffLine]) -> None:
        """Show these. The same lines in another state stay where they are."""
        if [line.row_id for line in lines] == [line.row_id for line in self._lines]:
            self._lines = list(lines)
            if lines:
                self.dataChanged.emit(self.index(0), self.index(len(lines) - 1))
            return
        self.beginResetModel()
        self._lines = list(lines)
        self.endResetModel()

    def line(self, row: int) -> DiffLine:
        """The line of a row."""
        return self._lines[row]

    @property
    def undoable(self) -> int:
        """How many lines can still be taken back."""
        return sum(line.undoable for line in self._lines)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{line.was} → {line.text}" if line.was else line.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{line.text}, {self._caption(line)}"
            case _ if role == LINE:
                return line
            case _ if role == CAPTION:
                return self._caption(line)
            case _ if role == ASIDE:
                return say("Undo") if line.undoable else ""
            case _ if role == BADGES:
                return (SIGNS[line.sign],)
            case _ if role == STRUCK:
                return line.undone
        return None

    def _caption(self, line: DiffLine) -> str:
        parts = [line.person, say(line.title)]
        if line.undone:
            parts.append(say("taken back"))
        elif line.detail is not None:
            parts.append(say(line.detail))
        return " · ".join(parts)


class ProgressModel(QAbstractListModel):
    """The people of a run: who is being read, and what came of those that are done; the latest on top."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._people: list[ConsolidationProgress] = []

    def clear(self) -> None:
        """A new run begins."""
        self.beginResetModel()
        self._people = []
        self.endResetModel()

    def put(self, moved: ConsolidationProgress) -> None:
        """A run is with a person, or done with them."""
        if self._people and self._people[0].person_id == moved.person_id:
            self._people[0] = moved
            self.dataChanged.emit(self.index(0), self.index(0))
            return
        self.beginInsertRows(ROOT, 0, 0)
        self._people.insert(0, moved)
        self.endInsertRows()

    @property
    def done(self) -> int:
        """How many people are read to the end."""
        return sum(person.step != "reading" for person in self._people)

    @property
    def sums(self) -> tuple[int, int, int]:
        """How many facts are new, said again, no longer true."""
        people = self._people
        return (
            sum(person.inserted for person in people),
            sum(person.confirmed for person in people),
            sum(person.closed for person in people),
        )

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._people)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        moved = self._people[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{moved.name}: {outcome(moved)}"
        return None


def outcome(moved: ConsolidationProgress) -> str:
    """What came of a person, in words."""
    if moved.step == "reading":
        return say("being read…")
    return tally(moved.inserted, moved.confirmed, moved.closed) or say("nothing new")


def tally(inserted: int, confirmed: int, closed: int, held_back: int = 0) -> str:
    """Numbers of changed facts in words; empty when there are none."""
    words = (
        (inserted, count("{n} new", "{n} new", inserted)),
        (confirmed, count("{n} said again", "{n} said again", confirmed)),
        (closed, count("{n} no longer true", "{n} no longer true", closed)),
        (held_back, count("{n} held back", "{n} held back", held_back)),
    )
    return ", ".join(text for number, text in words if number)
