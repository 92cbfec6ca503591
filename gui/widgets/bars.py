"""Bars with their names: shares of something, told apart by length and number and not by colour alone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.paper import Paper
from gui.spoken import CHART, spoken_as
from gui.theme import SPACE, TYPE, current
from gui.widgets.basics import plain_tooltip
from gui.widgets.whole import elided

Bar = tuple[str, float, str]


class Bars(QWidget):
    """Bars below each other. Each is a name, a share 0…1 and what is written at its end."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._bars: list[Bar] = []
        spoken_as(self, CHART)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        current().changed.connect(self.update)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show these."""
        self._bars = list(bars)
        told = "; ".join(f"{name} {told}" for name, _, told in bars)
        self.setAccessibleDescription(told)
        self.setToolTip(plain_tooltip(told))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(SPACE.sidebar, len(self._bars) * SPACE.large)

    def minimumSizeHint(self) -> QSize:
        return QSize(SPACE.sidebar // 2, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paper = Paper(self.layoutDirection(), self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(TYPE.caption)
        painter.setFont(font)
        measure = QFontMetrics(font)
        names = max((measure.horizontalAdvance(name) for name, _, _ in self._bars), default=0)
        names = min(names, self.width() * 3 // 5)
        ends = max((measure.horizontalAdvance(told) for _, _, told in self._bars), default=0)
        room = max(SPACE.large, self.width() - names - ends - 2 * SPACE.small)
        for at, (name, share, told) in enumerate(self._bars):
            top = at * SPACE.large
            painter.setPen(current().colour("text"))
            shown = elided(measure, name, names)
            paper.write(painter, QRect(0, top, names, SPACE.large), shown)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(current().colour("sunken"))
            tall = SPACE.small
            ground = QRectF(names + SPACE.small, top + (SPACE.large - tall) / 2, room, tall)
            painter.drawRoundedRect(paper.place_f(ground), tall / 2, tall / 2)
            painter.setBrush(current().colour("accent"))
            full = QRectF(ground)
            full.setWidth(max(tall, room * min(1.0, max(0.0, share))) if share > 0 else 0)
            painter.drawRoundedRect(paper.place_f(full), tall / 2, tall / 2)
            painter.setPen(current().colour("muted"))
            paper.write(painter, QRect(round(ground.right()) + SPACE.small, top, ends, SPACE.large), told)
        painter.end()


class Columns(QWidget):
    """Columns beside each other, such as the hours of a day; only their outline counts."""

    def __init__(self, name: str, first: str, last: str) -> None:
        super().__init__()
        self._name, self._first, self._last = name, first, last
        self._shares: list[float] = []
        spoken_as(self, CHART)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        current().changed.connect(self.update)

    def show_shares(self, shares: Sequence[float], told: str) -> None:
        """Show these; `told` says it in words."""
        self._shares = list(shares)
        self.setAccessibleDescription(told)
        self.setToolTip(told)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(SPACE.sidebar, 3 * SPACE.large)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._shares:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(TYPE.caption)
        painter.setFont(font)
        foot = self.height() - SPACE.medium
        most = max(self._shares) or 1.0
        wide = self.width() / len(self._shares)
        painter.setPen(Qt.PenStyle.NoPen)
        for at, share in enumerate(self._shares):
            tall = max(1.0, (foot - SPACE.tight) * share / most)
            painter.setBrush(current().colour("accent" if share else "line"))
            painter.drawRoundedRect(QRectF(at * wide + 1, foot - tall, max(1.0, wide - 2), tall), 1, 1)
        painter.setPen(current().colour("muted"))
        below = QRectF(0, foot, self.width(), SPACE.medium)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), self._first)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), self._last)
        painter.end()
