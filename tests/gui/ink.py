"""What a window really draws: every text with its colour, and the ground it stands on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPaintDevice, QPaintEngine, QPaintEngineState, QTextItem, QTransform
from PySide6.QtWidgets import QWidget

from gui.theme import contrast

_FIRST_PRIVATE, _LAST_PRIVATE = "\ue000", "\uf8ff"  # where the icon font has its pictures


@dataclass(frozen=True, slots=True)
class Ink:
    """A text as it was drawn.

    Attributes:
        colour: of its letters, seen on `ground`. is_icon: it is a picture of the icon font.
    """

    text: str
    colour: str
    ground: str
    where: QRect

    @property
    def contrast(self) -> float:
        return contrast(self.colour, self.ground)

    @property
    def is_icon(self) -> bool:
        return all(_FIRST_PRIVATE <= letter <= _LAST_PRIVATE for letter in self.text)


def inks(window: QWidget) -> Iterator[Ink]:
    """Every text that a window draws where it can be seen."""
    pixels = _pixels(window)
    tall, wide = pixels.shape
    sheet = _Sheet(wide, tall)
    window.render(sheet)
    for text, pen, room in sheet.engine.written:
        where = room.toAlignedRect().intersected(QRect(0, 0, wide, tall))
        if not text.strip() or where.width() * where.height() <= room.width() * room.height() / 2:
            continue
        seen = pixels[where.top() : where.bottom() + 1, where.left() : where.right() + 1]
        colours, counts = np.unique(seen, return_counts=True)
        if len(colours) > 1:  # else it lies under another thing, or was scrolled away
            ground = QColor.fromRgb(int(colours[counts.argmax()])).name().upper()  # letters cover less of it
            yield Ink(text, _over(pen, ground), ground, where)


def _pixels(window: QWidget) -> npt.NDArray[np.uint32]:
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    return rows[:, : image.width()].copy()


def _over(pen: QColor, ground: str) -> str:
    """The colour that a see-through one comes to on a ground."""
    below, share = QColor(ground), pen.alphaF()
    parts = [
        round(share * one + (1 - share) * other)
        for one, other in zip(pen.getRgb()[:3], below.getRgb()[:3], strict=True)
    ]
    return QColor(*parts).name().upper()


class _Engine(QPaintEngine):
    """Writes down the texts that are painted, and paints nothing."""

    def __init__(self) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self.written: list[tuple[str, QColor, QRectF]] = []
        self._pen, self._where, self._shown = QColor(), QTransform(), 1.0

    def begin(self, _device: QPaintDevice) -> bool:
        return True

    def end(self) -> bool:
        return True

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def updateState(self, state: QPaintEngineState) -> None:
        changed = state.state()
        if changed & QPaintEngine.DirtyFlag.DirtyPen:
            self._pen = state.pen().color()
        if changed & QPaintEngine.DirtyFlag.DirtyTransform:
            self._where = state.transform()
        if changed & QPaintEngine.DirtyFlag.DirtyOpacity:
            self._shown = state.opacity()

    def drawTextItem(self, at: QPointF, item: QTextItem) -> None:
        room = QRectF(at.x(), at.y() - item.ascent(), item.width(), item.ascent() + item.descent())
        pen = QColor(self._pen)
        pen.setAlphaF(pen.alphaF() * self._shown)
        self.written.append((item.text(), pen, self._where.mapRect(room)))

    def drawPixmap(self, *_: Any) -> None:
        """Not written down."""

    drawImage = drawPath = drawPolygon = drawRects = drawEllipse = drawPixmap  # noqa: N815 (Qt's names)
    drawLines = drawPoints = drawTiledPixmap = drawPixmap  # noqa: N815


class _Sheet(QPaintDevice):
    """Something to paint on that only remembers."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self.engine = _Engine()
        self._width, self._height = width, height

    def paintEngine(self) -> QPaintEngine:
        return self.engine

    def metric(self, asked: QPaintDevice.PaintDeviceMetric) -> int:
        kind = QPaintDevice.PaintDeviceMetric
        sizes = {kind.PdmWidth: self._width, kind.PdmHeight: self._height}
        scale = {kind.PdmDevicePixelRatio: 1, kind.PdmDevicePixelRatioScaled: 1 << 16}
        return int((sizes | scale).get(asked, 96))
