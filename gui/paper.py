"""What is painted by hand, for readers from either side. Where the window is read from the right, places are
mirrored; a text is always written in its own direction, so that `#general` and `2.1 GB` stay themselves."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle

LEVEL = Qt.AlignmentFlag.AlignVCenter
FIRST, LAST = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class Paper:
    """What is painted on. Places are given as for readers from the left.

    Attributes:
        direction: of the window. whole: what is mirrored as one, e.g. a row.
    """

    direction: Qt.LayoutDirection
    whole: QRect

    def place(self, room: QRect) -> QRect:
        """Where a place is for the reader."""
        return QStyle.visualRect(self.direction, self.whole, room)

    def place_f(self, room: QRectF) -> QRectF:
        """The same, for places between pixels."""
        if self.direction != Qt.LayoutDirection.RightToLeft:
            return room
        left = self.whole.left() + self.whole.right() + 1 - room.right()
        return QRectF(left, room.top(), room.width(), room.height())

    def write(self, painter: QPainter, room: QRect, text: str, side: Qt.AlignmentFlag = FIRST) -> None:
        """One line of text at a side of its room, or in its middle."""
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        flags = QStyle.visualAlignment(self.direction, side | LEVEL)
        painter.drawText(self.place(room), int(flags.value) | int(Qt.TextFlag.TextSingleLine.value), text)
