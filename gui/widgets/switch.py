"""A switch: on or off, at once."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox

from gui.theme import SPACE, current


class Switch(QCheckBox):
    """A check box drawn as a switch. The knob's place says its state, not only the colour."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(self.sizeHint())
        current().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(SPACE.large * 2, SPACE.large + SPACE.tight)

    def hitButton(self, point: QPoint) -> bool:
        return self.rect().contains(point)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = current().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        on, enabled = self.isChecked(), self.isEnabled()
        painter.setPen(QPen(colours.colour("edge" if enabled else "line"), 1))
        painter.setBrush(colours.colour("accent" if on and enabled else "sunken"))
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        size = track.height() - 6
        left = track.right() - size - 3 if on else track.left() + 3
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("on_accent" if on and enabled else "muted"))
        painter.drawEllipse(QRectF(left, track.top() + 3, size, size))
        if self.hasFocus():
            painter.setPen(QPen(colours.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2)
        painter.end()
