"""The mood as a small picture: a face on the plane of pleasure and arousal, the place it returns to, and
a bar for each of pleasure, arousal and dominance."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from core import figures
from core.feelings.mood import Octant, octant
from core.feelings.pad import NEUTRAL, Pad
from core.words import say
from gui.icons import icon
from gui.paper import LAST, Paper
from gui.spoken import CHART, PICTURE, spoken_as
from gui.theme import SPACE, TYPE, current


class MoodPlane(QWidget):
    """Unpleasant at the left, pleasant at the right; awake on top, calm below."""

    def __init__(self) -> None:
        super().__init__()
        self._mood = self._home = NEUTRAL
        self._octant = Octant.NEUTRAL
        spoken_as(self, PICTURE)
        side = 4 * SPACE.wide + SPACE.medium
        self.setFixedSize(side, side)

    def show_mood(self, mood: Pad, home: Pad, words: str, home_words: str) -> None:
        """Show where the mood is, and where it is drawn to."""
        self._mood, self._home = mood, home
        self._octant = octant(mood).octant
        told = say("The mood is {mood}; it is drawn to {home}.", mood=words, home=home_words)
        self.setAccessibleName(told)
        self.setToolTip(told)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(room, SPACE.radius_card, SPACE.radius_card)
        middle = room.center()
        end = SPACE.medium + SPACE.tight  # the axes leave room for what their ends are called
        painter.drawLine(QPointF(middle.x(), room.top() + end), QPointF(middle.x(), room.bottom() - end))
        painter.drawLine(QPointF(room.left() + end, middle.y()), QPointF(room.right() - end, middle.y()))
        self._name_ends(painter, room)
        home, mood = self._place(self._home, room), self._place(self._mood, room)
        painter.setPen(QPen(theme.colour("muted"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(home, SPACE.tight, SPACE.tight)
        painter.setPen(QPen(theme.colour("muted"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(home, mood)
        self._draw_face(painter, mood)
        painter.end()

    def _name_ends(self, painter: QPainter, room: QRectF) -> None:
        font = QFont(self.font())
        font.setPixelSize(TYPE.caption)
        painter.setFont(font)
        painter.setPen(current().colour("muted"))
        inside = room.adjusted(SPACE.tight, SPACE.tight / 2, -SPACE.tight, -SPACE.tight / 2)
        centre = Qt.AlignmentFlag.AlignHCenter
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # less is left for everybody here
        painter.drawText(inside, centre | Qt.AlignmentFlag.AlignTop, say("awake"))
        painter.drawText(inside, centre | Qt.AlignmentFlag.AlignBottom, say("calm"))
        level = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inside, level | Qt.AlignmentFlag.AlignLeft, "−")
        painter.drawText(inside, level | Qt.AlignmentFlag.AlignRight, "+")

    def _draw_face(self, painter: QPainter, at: QPointF) -> None:
        size = SPACE.wide
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(current().colour("accent_soft"))
        painter.drawEllipse(at, size / 2, size / 2)
        corner = (at - QPointF(size / 2, size / 2)).toPoint()
        icon(f"face-{self._octant.value}", "accent").paint(painter, QRect(corner, QSize(size, size)))

    def _place(self, mood: Pad, room: QRectF) -> QPointF:
        """Where a mood lies, the face staying inside."""
        inner = room.adjusted(SPACE.medium, SPACE.medium, -SPACE.medium, -SPACE.medium)
        middle = inner.center()
        return QPointF(
            middle.x() + mood.p * inner.width() / 2,
            middle.y() - mood.a * inner.height() / 2,
        )


class AxisBar(QWidget):
    """One axis of the mood, −1…1: a bar from the middle to where it is."""

    def __init__(self, name: str, series: int) -> None:
        super().__init__()
        self._name, self._series = name, series
        spoken_as(self, CHART)
        self._value = 0.0
        self.setFixedHeight(SPACE.large)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(5 * SPACE.wide)
        self.put(0.0)

    def put(self, value: float) -> None:
        """Show a value."""
        self._value = value
        self.setAccessibleName(f"{self._name}: {self._written()}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(TYPE.caption)
        painter.setFont(font)
        number = 5 * SPACE.small
        words = max(9 * SPACE.small, QFontMetrics(font).horizontalAdvance(self._name) + SPACE.small)
        painter.setPen(theme.colour("muted"))
        paper = Paper(self.layoutDirection(), self.rect())
        paper.write(painter, QRect(0, 0, words, self.height()), self._name)
        painter.setPen(theme.colour("text"))
        end = QRect(self.width() - number, 0, number, self.height())
        paper.write(painter, end, self._written(), LAST)
        thick = SPACE.small
        track = QRectF(words, (self.height() - thick) / 2, self.width() - words - number, thick)
        track = paper.place_f(track)
        self._draw(painter, track, theme.colour("line"), QRectF(track))
        middle = track.center().x()
        reach = self._value * track.width() / 2
        filled = QRectF(min(middle, middle + reach), track.top(), abs(reach), track.height())
        self._draw(painter, track, theme.series(self._series), filled)
        painter.fillRect(QRectF(middle - 0.5, track.top() - 2, 1, thick + 4), theme.colour("edge"))
        painter.end()

    def _draw(self, painter: QPainter, track: QRectF, colour: QColor, part: QRectF) -> None:
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.setClipRect(part)
        painter.drawRoundedRect(track, SPACE.tight, SPACE.tight)
        painter.restore()

    def _written(self) -> str:
        return figures.signed(self._value, 2)
