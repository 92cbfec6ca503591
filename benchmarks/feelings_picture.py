"""Draws the scripted weeks of benchmarks.feelings_week into a picture, with Qt's painter and no window."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QPainter, QPen, QPolygonF

from benchmarks.feelings_week import Lived, Look

WIDTH, PANEL, GAP = 1280, 170, 46
LEFT, RIGHT, TOP, BOTTOM = 70, 110, 62, 70
_INK, _FAINT, _PAPER = QColor("#1f2430"), QColor("#d9dde5"), QColor("#ffffff")
_COLOURS = ("#2a7f62", "#c2453d", "#3f63b5", "#a7741b", "#7a4fa3")
# Only these messages get a mark that is explained below the picture.
_NOTED = {"insult": "#c2453d", "apology": "#2a7f62"}

Value = Callable[[Look], float | None]


def draw(script: dict[str, Any], lived: Lived, path: Path) -> None:
    """Write the picture: mood, the four values of each person, needs; days along the bottom."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QGuiApplication.instance() or QGuiApplication([])
    panels = _panels(script)
    height = TOP + len(panels) * (PANEL + GAP) + BOTTOM
    image = QImage(WIDTH, height, QImage.Format.Format_RGB32)
    image.fill(_PAPER)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(QFont("DejaVu Sans", 10))
    try:
        _title(painter, script)
        for at, panel in enumerate(panels):
            area = QRectF(LEFT, TOP + at * (PANEL + GAP), WIDTH - LEFT - RIGHT, PANEL)
            _Panel(painter, area, script["days"] * 24.0).draw(*panel, lived.looks)
            _marks(painter, area, script)
        _legend(painter, height)
    finally:
        painter.end()
    if not image.save(str(path)):
        raise OSError(f"{path} could not be written")
    del app


def _panels(script: dict[str, Any]) -> list[tuple[str, float, float, list[tuple[str, Value]]]]:
    people = list(script["people"])
    mood: list[tuple[str, Value]] = [
        (name, lambda look, axis=axis: look.mood[axis])  # type: ignore[misc]
        for axis, name in enumerate(("pleasure", "arousal", "dominance"))
    ]
    panels = [("Mood", -1.0, 1.0, mood)]
    for metric, low, high in (("anger", 0, 10), ("rapport", 0, 10), ("trust", 0, 10), ("formality", -5, 5)):
        lines: list[tuple[str, Value]] = [
            (who, lambda look, who=who, metric=metric: look.bonds.get(who, {}).get(metric))  # type: ignore[misc]
            for who in people
        ]
        panels.append((metric.capitalize(), float(low), float(high), lines))
    needs: list[tuple[str, Value]] = [
        (name, lambda look, name=name: look.needs[name])  # type: ignore[misc]
        for name in ("contact", "novelty", "rest", "recognition")
    ]
    return [*panels, ("Needs", 0.0, 1.0, needs)]


class _Panel:
    def __init__(self, painter: QPainter, area: QRectF, hours: float) -> None:
        self._painter, self._area, self._hours = painter, area, hours

    def draw(
        self, title: str, low: float, high: float, lines: Sequence[tuple[str, Value]], looks: Sequence[Look]
    ) -> None:
        self._frame(title, low, high)
        ends = [
            (self._line(QColor(_COLOURS[at]), value, low, high, looks), _COLOURS[at], name)
            for at, (name, value) in enumerate(lines)
        ]
        below = float("-inf")
        for y, colour, name in sorted(ends):
            below = max(y, below + 15)
            self._painter.setPen(QColor(colour))
            self._painter.drawText(QPointF(self._area.right() + 8, below + 4), name)

    def _frame(self, title: str, low: float, high: float) -> None:
        paint, area = self._painter, self._area
        for part in (0.0, 0.5, 1.0):
            y = area.bottom() - part * area.height()
            paint.setPen(QPen(_FAINT, 1))
            paint.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            paint.setPen(_INK)
            label = QRectF(0, y - 10, LEFT - 8, 20)
            paint.drawText(
                label,
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                f"{low + part * (high - low):g}",
            )
        for day in range(int(self._hours // 24) + 1):
            x = self._x(day * 24.0)
            paint.setPen(QPen(_FAINT, 1))
            paint.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            if day * 24 < self._hours:
                paint.setPen(_INK)
                paint.drawText(QPointF(x + 4, area.bottom() + 16), f"day {day + 1}")
        paint.setPen(_INK)
        paint.drawText(QPointF(area.left(), area.top() - 8), title)

    def _line(self, colour: QColor, value: Value, low: float, high: float, looks: Sequence[Look]) -> float:
        """Draw a line and answer how far down it ends."""
        points = [
            QPointF(self._x(look.hour), self._area.bottom() - (v - low) / (high - low) * self._area.height())
            for look in looks
            if (v := value(look)) is not None
        ]
        self._painter.setPen(QPen(colour, 2))
        self._painter.drawPolyline(QPolygonF(points))
        return points[-1].y()

    def _x(self, hour: float) -> float:
        return self._area.left() + hour / self._hours * self._area.width()


def _marks(painter: QPainter, area: QRectF, script: dict[str, Any]) -> None:
    for line in script["messages"]:
        colour = _NOTED.get(line.get("note", ""))
        if colour:
            hours, minutes = line["at"].split(":")
            hour = (line["day"] - 1) * 24 + int(hours) + int(minutes) / 60
            x = area.left() + hour / (script["days"] * 24) * area.width()
            painter.setPen(QPen(QColor(colour), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))


def _title(painter: QPainter, script: dict[str, Any]) -> None:
    painter.setPen(_INK)
    painter.setFont(QFont("DejaVu Sans", 13))
    painter.drawText(QPointF(LEFT, 28), f"Two weeks of {script['persona']['name']}'s feelings")
    painter.setFont(QFont("DejaVu Sans", 10))


def _legend(painter: QPainter, height: int) -> None:
    x = float(LEFT)
    for name, colour in _NOTED.items():
        painter.setPen(QPen(QColor(colour), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, height - 34), QPointF(x + 26, height - 34))
        painter.setPen(_INK)
        painter.drawText(QPointF(x + 34, height - 30), f"Bob's {name}")
        x += 150
