"""A list whose rows have two lines: what, and below it, quieter, why."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.paper import FIRST, LAST, Paper
from gui.theme import SPACE, TYPE, current
from gui.widgets.long_list import LongList
from gui.widgets.whole import elided

Index = QModelIndex | QPersistentModelIndex
_HEIGHT = 2 * SPACE.large + SPACE.small


class CaptionedDelegate(QStyledItemDelegate):
    """Draws a row; what does not fit ends in …

    Args:
        below: role of the second line. right: role of a word at the end of the first line, or None.
    """

    def __init__(self, below: int, right: int | None, parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self._list, self._below, self._right = parent, below, right

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(SPACE.sidebar, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self._paper = Paper(option.direction, option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = option.rect.adjusted(SPACE.tight, 1, -SPACE.tight, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(current().colour("accent_soft" if chosen else "sunken"))
            painter.drawRoundedRect(room, SPACE.radius_control, SPACE.radius_control)
        room = room.adjusted(SPACE.small, SPACE.tight, -SPACE.small, -SPACE.tight)
        top = QRect(room.left(), room.top(), room.width(), room.height() // 2)
        below = QRect(room.left(), top.bottom() + 1, room.width(), room.height() // 2)
        if self._right is not None and (words := index.data(self._right)):
            top.setRight(top.right() - self._write(painter, top, words, right=True) - SPACE.small)
        self._write(painter, top, index.data())
        self._write(painter, below, index.data(self._below), quiet=True)
        painter.restore()

    def _write(
        self, painter: QPainter, room: QRect, text: str, *, quiet: bool = False, right: bool = False
    ) -> int:
        """Write in `room`; answers the width it took."""
        font = QFont(self._list.font())
        font.setPixelSize(TYPE.caption if quiet or right else TYPE.body)
        measure = QFontMetrics(font)
        shown = elided(measure, str(text or ""), room.width())
        side = LAST if right else FIRST
        painter.setFont(font)
        painter.setPen(current().colour("muted" if quiet or right else "text"))
        self._paper.write(painter, room, shown, side)
        return measure.horizontalAdvance(shown)


class CaptionedList(LongList):
    """A list of such rows, of any length."""

    def __init__(self, below: int, right: int | None = None) -> None:
        super().__init__(_HEIGHT)
        self.setItemDelegate(CaptionedDelegate(below, right, self))
