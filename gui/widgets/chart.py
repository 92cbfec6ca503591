"""One chart over time: lines or a stacked ribbon, drawn by pyqtgraph in the colours of the theme, with
marks that the mouse and the arrow keys point at, and a summary for whoever does not see it.

pyqtgraph takes a quarter of a second to load, so nobody does until a chart is drawn; `warm` loads it on
another thread.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QBrush,
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPen,
)
from PySide6.QtWidgets import QFrame, QGraphicsItem, QGraphicsView, QSizePolicy

from core.figures import short
from gui.models.series import Line
from gui.spoken import CHART, spoken_as
from gui.theme import SPACE, TYPE, current
from gui.widgets.basics import column
from gui.widgets.date_axis import date_axis

DASHES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotDotLine,
    Qt.PenStyle.SolidLine,
)
_WIDE = 2.0
_AREA_ALPHA = 150


async def warm() -> None:
    """Load pyqtgraph without holding up the window."""
    await asyncio.to_thread(import_module, "pyqtgraph")


class TimeChart(QFrame):
    """Values over time.

    Attributes:
        pointed: the number of the mark that is pointed at, −1 for none any more.

    Args:
        name: what a screen reader calls it. low, high: the ends of the scale. ticks: its numbers.
        height: in device-independent pixels.
    """

    pointed = Signal(int)

    def __init__(self, name: str, low: float, high: float, ticks: Sequence[float], height: int) -> None:
        super().__init__()
        self.setFixedHeight(height)
        self._name, self._low, self._high, self._ticks = name, low, high, ticks
        self._lines: Sequence[Line] = ()
        self._marks: Sequence[float] = ()
        self._items: list[tuple[Any, Line]] = []
        self._at = -1
        self._view: Any = None
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._body = column(gap=0)
        self.setLayout(self._body)
        current().changed.connect(self._dress)

    @property
    def view(self) -> QGraphicsView:
        """What has the focus and draws. There once something was drawn."""
        assert isinstance(self._view, QGraphicsView)
        return self._view

    @property
    def at(self) -> int:
        """The mark that is pointed at, −1 for none."""
        return self._at

    def draw(
        self, lines: Sequence[Line], marks: Sequence[float], since: float, until: float, summary: str
    ) -> None:
        """Draw anew.

        Args:
            marks: the moments that can be pointed at, oldest first. since, until: what is shown of time.
            summary: the chart in words.
        """
        if self._view is None:
            self._build()
        for item, _ in self._items:
            self._view.removeItem(item)
        self._lines, self._marks = lines, marks
        self._items = [(self._item(line), line) for line in lines]
        self._draw_rug()
        self._view.setXRange(since, until, padding=0)
        self._view.setAccessibleDescription(summary)
        self._at = min(self._at, len(marks) - 1)
        self._show_cursor()
        self._dress()

    def rescale(self, low: float, high: float, ticks: Sequence[float]) -> None:
        """Give it another scale."""
        self._low, self._high, self._ticks = low, high, ticks
        if self._view is not None:
            self._scale()

    def point(self, at: int, words: str = "") -> None:
        """Point at a mark without telling; −1 points at none.

        Args:
            words: what there is to say of it, for a screen reader.
        """
        self._at = at
        if self._view is not None:
            self._show_cursor()
            if words:
                self._view.setAccessibleDescription(words)
                change = QAccessibleEvent(self._view, QAccessible.Event.DescriptionChanged)
                QAccessible.updateAccessibility(change)

    def step(self, by: int) -> None:
        """Point at the next mark (1) or the one before (−1), and tell."""
        if self._marks:
            at = len(self._marks) - 1 if self._at < 0 and by < 0 else self._at + by
            self._tell(max(0, min(len(self._marks) - 1, at)))

    # how it is built

    def _build(self) -> None:
        graph = import_module("pyqtgraph")
        self._graph = graph
        plot = graph.PlotItem(enableMenu=False, axisItems={"bottom": date_axis(graph)})
        self._view = graph.PlotWidget(plotItem=plot, background=None)
        self._view.setProperty("kind", "chart")
        self._view.setAccessibleName(self._name)
        spoken_as(self._view, CHART)
        self._view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._view.setFrameShape(QFrame.Shape.NoFrame)
        self._view.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._view.setMouseEnabled(False, False)
        self._view.hideButtons()
        plot.vb.setDefaultPadding(0)
        left = self._view.getAxis("left")
        left.setWidth(SPACE.wide)
        left.enableAutoSIPrefix(False)
        left.setStyle(hideOverlappingLabels=False)
        self._view.getAxis("bottom").setHeight(SPACE.large)
        self._rug = graph.PlotCurveItem(connect="pairs")
        self._view.addItem(self._rug)
        self._cursor = graph.InfiniteLine(angle=90, movable=False)
        self._cursor.setZValue(10)
        self._cursor.hide()
        self._view.addItem(self._cursor)
        self._scale()
        self._view.viewport().setMouseTracking(True)
        self._view.viewport().installEventFilter(self)
        self._view.installEventFilter(self)
        self._body.addWidget(self._view)

    def _scale(self) -> None:
        self._view.setYRange(self._low, self._high, padding=0.06)
        self._view.getAxis("left").setTicks([[(tick, short(tick).replace("-", "−")) for tick in self._ticks]])

    def _draw_rug(self) -> None:
        """A short stroke at the foot for each moment that can be pointed at."""
        reach = self._high - self._low
        foot, head = self._low - 0.06 * reach, self._low - 0.01 * reach
        self._rug.setData(
            np.repeat(np.asarray(self._marks, float), 2), np.tile((foot, head), len(self._marks))
        )

    def _item(self, line: Line) -> Any:
        xs, ys = np.asarray(line.xs, float), np.asarray(line.ys, float)
        curve = self._graph.PlotCurveItem(xs, ys, antialias=True)
        if line.base is None:
            made = curve
        else:
            floor = self._graph.PlotCurveItem(xs, np.asarray(line.base, float))
            made = self._graph.FillBetweenItem(floor, curve)
        made.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)  # the cursor moves, the lines do not
        self._view.addItem(made)
        return made

    # how it looks

    def _dress(self) -> None:
        """Wear the colours of the theme."""
        if self._view is None:
            return
        theme = current()
        font = QFont(self.font())
        font.setPixelSize(TYPE.caption)
        for side in ("left", "bottom"):
            axis = self._view.getAxis(side)
            axis.setStyle(tickFont=font, tickLength=-SPACE.tight)
            axis.setPen(QPen(theme.colour("line")))
            axis.setTextPen(QPen(theme.colour("muted")))
        self._view.showGrid(x=False, y=True, alpha=0.5)
        self._cursor.setPen(_stroke(theme.colour("text")))
        self._rug.setPen(_stroke(theme.colour("edge")))
        for item, line in self._items:
            colour = theme.series(line.series)
            if line.base is None:
                item.setPen(pen_of(line.series))
            else:
                area = QColor(colour)
                area.setAlpha(_AREA_ALPHA)
                item.setBrush(QBrush(area))
                item.setPen(QPen(Qt.PenStyle.NoPen))

    def _show_cursor(self) -> None:
        if 0 <= self._at < len(self._marks):
            self._cursor.setPos(self._marks[self._at])
            self._cursor.show()
        else:
            self._cursor.hide()

    # mouse and keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress):
            assert isinstance(event, QMouseEvent)
            self._hovered(event.position())
        elif event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        """Left and Right step, Home and End jump, Escape points at nothing. Answers whether it was ours."""
        match event.key():
            case Qt.Key.Key_Left:
                self.step(-1)
            case Qt.Key.Key_Right:
                self.step(1)
            case Qt.Key.Key_Home if self._marks:
                self._tell(0)
            case Qt.Key.Key_End if self._marks:
                self._tell(len(self._marks) - 1)
            case Qt.Key.Key_Escape if self._at >= 0:
                self._tell(-1)
            case _:
                return False
        return True

    def _hovered(self, where: QPointF) -> None:
        """Point at what moved the line to where it is under the mouse: the last mark, or one right here."""
        box = self._view.plotItem.vb
        scene = self._view.mapToScene(where.toPoint())
        near, _ = box.viewPixelSize()
        second = box.mapSceneToView(scene).x() + near * SPACE.small
        self._tell(bisect_right(self._marks, second) - 1)

    def _tell(self, at: int) -> None:
        if at != self._at:
            self._at = at
            self._show_cursor()
            self.pointed.emit(at)


def _stroke(colour: QColor) -> QPen:
    """A thin line that is as thin however the chart is scaled."""
    pen = QPen(colour, 1)
    pen.setCosmetic(True)
    return pen


def pen_of(series: int) -> QPen:
    """The pen of a line, in the colours of the theme in force."""
    pen = QPen(current().series(series), _WIDE)
    pen.setCosmetic(True)
    pen.setStyle(DASHES[series % len(DASHES)])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen
