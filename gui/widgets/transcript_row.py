"""A row of a long transcript: the day where one begins, the message, and why there was no reply."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QTableView

from core.conversation.archive import TranscriptLine
from gui.models.moments import date
from gui.models.paged import LINE
from gui.models.transcript import begins_day, remark, spoken
from gui.theme import SPACE, TYPE, current
from gui.widgets.bubble import BubbleDelegate

Index = QModelIndex | QPersistentModelIndex
GUESS = SPACE.wide + SPACE.large  # how high a row is taken to be until it was measured


class LineDelegate(BubbleDelegate):
    """A row: the day where one begins, the message, and below it why there was no reply."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(cast(Any, view))

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        line = index.data(LINE)
        return QSize(self._view.viewport().width(), GUESS if line is None else self.row_height(line))

    def row_height(self, line: TranscriptLine) -> int:
        """How high the row of a line is."""
        return sum(rect.height() for _, rect in self.pieces(line, QRect()))

    def pieces(self, line: TranscriptLine, row: QRect) -> list[tuple[Any, QRect]]:
        """The pieces of a row from its top: a day (None), bubbles, each with its rectangle. They are as wide
        as the view, whatever the column is just now, so that they are painted as they were measured."""
        rect = QRect(0, row.top(), self._view.viewport().width(), row.height())
        top = rect.top()
        found: list[tuple[Any, QRect]] = []
        if begins_day(line):
            found.append((None, QRect(rect.left(), top, rect.width(), SPACE.wide + SPACE.small)))
            top += SPACE.wide + SPACE.small
        for bubble in (spoken(line), remark(line)):
            if bubble is not None:
                high = self.height(bubble, rect.width())
                found.append((bubble, QRect(rect.left(), top, rect.width(), high)))
                top += high
        return found

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: TranscriptLine | None = index.data(LINE)
        style = cast("Any", option)
        if line is None:
            self._paint_placeholder(painter, style.rect, index.row())
            return
        chosen = bool(style.state & QStyle.StateFlag.State_Selected)
        under_mouse = bool(style.state & QStyle.StateFlag.State_MouseOver)
        for bubble, rect in self.pieces(line, style.rect):
            if bubble is None:
                self._paint_day(painter, rect, line)
            else:
                self.paint_bubble(painter, bubble, rect, selected=chosen, under_mouse=under_mouse)

    def why_at(self, line: TranscriptLine, rect: QRect, where: QPoint) -> str:
        """The turn whose "why?" is at a point of a row; empty elsewhere."""
        for bubble, piece in self.pieces(line, rect):
            if bubble is not None and bubble.turn_id and self.places(bubble, piece).why.contains(where):
                return str(bubble.turn_id)
        return ""

    def _paint_day(self, painter: QPainter, rect: QRect, line: TranscriptLine) -> None:
        font = QFont(self._view.font())
        font.setPixelSize(TYPE.caption)
        words = date(line.at)
        painter.save()
        painter.setFont(font)
        width = QFontMetrics(font).horizontalAdvance(words) + 2 * SPACE.small
        middle = rect.center().y()
        painter.setPen(current().colour("line"))
        painter.drawLine(rect.left() + SPACE.medium, middle, rect.right() - SPACE.medium, middle)
        gap = QRect(rect.center().x() - width // 2, rect.top(), width, rect.height())
        painter.fillRect(gap.adjusted(0, SPACE.small, 0, -SPACE.small), current().colour("surface"))
        painter.setPen(current().colour("muted"))
        painter.drawText(gap, int(Qt.AlignmentFlag.AlignCenter), words)
        painter.restore()

    def _paint_placeholder(self, painter: QPainter, rect: QRect, row: int) -> None:
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(current().colour("sunken"))
        width = rect.width() * (3 + row % 4) // 12
        bar = QRect(rect.left() + SPACE.medium, rect.top() + SPACE.small, width, rect.height() - SPACE.medium)
        painter.drawRoundedRect(bar, SPACE.radius_card, SPACE.radius_card)
        painter.restore()
