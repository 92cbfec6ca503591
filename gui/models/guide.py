"""The guide as a list: its contents, or what was found in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.guide import NEWS, START, Guide, Section
from core.words import say
from gui.models.paged import CAPTION

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
DEPTH = Qt.ItemDataRole.UserRole + 90  # of a row: 0 a group, 1 a page, 2 a section


@dataclass(frozen=True, slots=True)
class GuideLine:
    """A row.

    Attributes:
        topic: where it leads; empty for the name of a group. depth: 0 a group, 1 a page, 2 a section.
        below: the page that a found section stands on.
    """

    title: str
    topic: str
    depth: int = 1
    below: str = ""


def contents(guide: Guide, open_page: str) -> list[GuideLine]:
    """All pages in their groups; of the one that is open its sections too."""
    lines = [GuideLine(guide.page(START).title, START)]
    for group in guide.groups:
        lines.append(GuideLine(group.title, "", 0))
        for name, title in zip(group.pages, group.titles, strict=True):
            lines += _page(guide, name, open_page, title)
    return [*lines, GuideLine("", "", 0), *_page(guide, NEWS, open_page, say("What's new"))]


def found(guide: Guide, sections: Sequence[Section]) -> list[GuideLine]:
    """What a search found."""
    return [
        GuideLine(section.title, section.topic, below=guide.page(section.page).title) for section in sections
    ]


def _page(guide: Guide, name: str, open_page: str, title: str) -> list[GuideLine]:
    inside = guide.page(name).sections if name == open_page else ()
    below = [GuideLine(section.title, section.topic, 2) for section in inside if section.level == 2]
    return [GuideLine(title, name), *below]


class GuideModel(QAbstractListModel):
    """Rows of the guide."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[GuideLine] = []

    def show(self, lines: Sequence[GuideLine]) -> None:
        """Show these."""
        self.beginResetModel()
        self._lines = list(lines)
        self.endResetModel()

    def line(self, row: int) -> GuideLine | None:
        """The line of a row."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def row_of(self, topic: str) -> int:
        """Where a topic stands; its page when it has no row of its own; -1 when neither has."""
        topics = [line.topic for line in self._lines]
        for wanted in (topic, topic.partition("#")[0]):
            if wanted in topics:
                return topics.index(wanted)
        return -1

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        line = self.line(index.row())
        if line is None or not line.topic:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.line(index.row()) if index.isValid() else None
        if line is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return line.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{line.title}, {line.below}" if line.below else line.title
            case _ if role == CAPTION:
                return line.below
            case _ if role == DEPTH:
                return line.depth
        return None
