"""Text that people wrote, laid out to be painted: plain, wrapped anywhere it must, in its own direction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QPainter, QTextLayout, QTextOption

_LINE_BREAK = "\u2028"  # what a text layout takes for a new line


@dataclass(frozen=True, slots=True)
class Laid:
    """A text in its lines. `width` is what the widest line takes, in device-independent pixels."""

    layout: QTextLayout
    width: float
    height: float

    def draw(self, painter: QPainter, left: float, top: float) -> None:
        """Paint it in the painter's pen."""
        self.layout.draw(painter, QPointF(left, top))


def lay_out(text: str, font: QFont, room: int) -> Laid:
    """Break a text into lines that are at most `room` pixels wide. Nothing in it is ever read as markup."""
    return _laid(text, font.toString(), room)


@lru_cache(maxsize=512)
def _laid(text: str, font_name: str, room: int) -> Laid:
    font = QFont()
    font.fromString(font_name)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    layout = QTextLayout(text.replace("\r\n", "\n").replace("\n", _LINE_BREAK), font)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    wide = _break(layout, room)
    if wide < room:  # again, so that right-to-left lines end where the widest does
        _break(layout, wide)
    return Laid(layout, wide, layout.boundingRect().height())


def unbroken(words: str) -> str:
    """`words` whose percent signs stay on the line of their number."""
    return words.replace(" %", "\u00a0%")


def _break(layout: QTextLayout, room: float) -> float:
    """Lay out within `room`; answers the width of the widest line."""
    layout.beginLayout()
    top, widest = 0.0, 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(room)
        line.setPosition(QPointF(0, top))
        top += line.height()
        widest = max(widest, line.naturalTextWidth())
    layout.endLayout()
    return min(room, widest + 1)
