"""What the lines of a chart are called: a stroke of each in its colour and dash, and its name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.models.series import Line
from gui.theme import SPACE, current
from gui.widgets.basics import label, row
from gui.widgets.chart import pen_of
from gui.widgets.flow import FlowLayout


class Swatch(QWidget):
    """A stroke as the chart draws it, or a square of its area."""

    def __init__(self, series: int, *, area: bool) -> None:
        super().__init__()
        self._series, self._area = series, area
        self.setFixedSize(SPACE.large if not area else SPACE.medium, SPACE.medium)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        if self._area:
            size = SPACE.small + SPACE.tight
            square = QRectF(SPACE.tight / 2, middle - size / 2, size, size)
            painter.setPen(current().series(self._series))
            painter.setBrush(current().series(self._series))
            painter.drawRoundedRect(square, SPACE.tight / 2, SPACE.tight / 2)
        else:
            painter.setPen(pen_of(self._series))
            painter.drawLine(QPointF(0, middle), QPointF(self.width(), middle))
        painter.end()


class Legend(QWidget):
    """The names of a chart's lines."""

    def __init__(self) -> None:
        super().__init__()
        self._row = FlowLayout(SPACE.small + SPACE.tight)
        self._entries: list[QWidget] = []
        self._shown: list[tuple[str, int, bool]] = []
        self.setLayout(self._row)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Name these lines."""
        wanted = [(line.name, line.series, line.base is not None) for line in lines]
        if wanted == self._shown:
            return
        self._shown = wanted
        for old in self._entries:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._entries = [_entry(*each) for each in wanted]
        for entry in self._entries:
            self._row.addWidget(entry)


def _entry(name: str, series: int, area: bool) -> QWidget:
    made = QWidget()
    made.setLayout(row(Swatch(series, area=area), label(name, "caption"), gap=SPACE.tight))
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made
