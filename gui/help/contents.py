"""How a row of the contents is drawn: groups quiet, pages plain, sections further in."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.models.guide import DEPTH
from gui.paper import Paper
from gui.theme import SPACE, TYPE, current

Index = QModelIndex | QPersistentModelIndex
_SIZES = (TYPE.caption, TYPE.body, TYPE.caption)


class ContentsDelegate(QStyledItemDelegate):
    """Draws a row; what does not fit ends in …"""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        view.setMouseTracking(True)
        current().changed.connect(view.viewport().update)

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, SPACE.wide + (SPACE.small if index.data(DEPTH) == 0 else -SPACE.tight))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        depth = index.data(DEPTH)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if depth and (chosen or option.state & QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(current().colour("accent_soft" if chosen else "sunken"))
            painter.drawRoundedRect(
                option.rect.adjusted(0, 1, 0, -1), SPACE.radius_control, SPACE.radius_control
            )
        room = option.rect.adjusted(SPACE.small if depth < 2 else SPACE.large, 0, -SPACE.small, 0)
        if depth == 0:
            room.setTop(room.bottom() - SPACE.large)
        self._write(painter, room, str(index.data() or ""), depth)
        painter.restore()

    def _write(self, painter: QPainter, room: QRect, words: str, depth: int) -> None:
        font = QFont(self._view.font())
        font.setPixelSize(_SIZES[depth])
        if depth == 0:
            font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(current().colour("muted" if depth == 0 else "text"))
        shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        Paper(self._view.layoutDirection(), self._view.viewport().rect()).write(painter, room, shown)
