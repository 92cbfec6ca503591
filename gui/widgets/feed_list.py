"""How a turn of the feed is drawn: when, where, what it did, how long, and why."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from core.feed import FeedTurn
from core.words import say
from gui.icons import icon
from gui.models.feed import KIND, TIME, TOOK, TURN, FeedModel
from gui.paper import Paper
from gui.theme import SPACE, TYPE, current
from gui.widgets.long_list import LongList
from gui.widgets.whole import elided

_HEIGHT = SPACE.control_height + SPACE.tight
_ICONS = {"replied": ("replied", "good"), "silent": ("silent", "muted"), "failed": ("warn", "bad")}


class FeedDelegate(QStyledItemDelegate):
    """Draws one turn on one line; what does not fit ends in …"""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(SPACE.form, _HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        colours = current().colours
        self._paper = Paper(option.direction, option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = option.rect.adjusted(SPACE.tight, 1, -SPACE.tight, -1)
        state = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.colour("accent_soft" if chosen else "sunken"))
            painter.drawRoundedRect(room, SPACE.radius_control, SPACE.radius_control)
        room = room.adjusted(SPACE.small, 0, -SPACE.small, 0)
        turn: FeedTurn | None = index.data(TURN)
        if turn is None:
            self._paint_placeholder(painter, room)
            painter.restore()
            return
        name, role = _ICONS[index.data(KIND)]
        middle = room.center().y() - SPACE.icon // 2
        spot = QRect(QPoint(room.left(), middle), QSize(SPACE.icon, SPACE.icon))
        icon(name, role).paint(painter, self._paper.place(spot))
        room.setLeft(room.left() + SPACE.icon + SPACE.small)
        quiet, plain = _font(TYPE.caption), _font(TYPE.body)
        self._write(painter, room, index.data(TIME), quiet, "muted", SPACE.wide + SPACE.small)
        narrow = room.width() < SPACE.form * 2 // 3  # the trace is open beside it
        self._write(painter, room, turn.place, plain, "muted", SPACE.sidebar // (3 if narrow else 2))
        if not narrow:
            self._write_right(painter, room, say("why?"), plain, "accent")
        if index.data(TOOK) and not narrow:
            self._write_right(painter, room, index.data(TOOK), quiet, "muted")
        self._write(painter, room, index.data(Qt.ItemDataRole.DisplayRole), plain, "text", room.width())
        painter.restore()

    def _paint_placeholder(self, painter: QPainter, room: QRect) -> None:
        """The line is being read."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(current().colour("sunken"))
        bar = QRect(room.left(), room.center().y() - SPACE.tight, room.width() // 2, SPACE.small)
        painter.drawRoundedRect(self._paper.place(bar), SPACE.tight, SPACE.tight)

    def _write(self, painter: QPainter, room: QRect, text: str, font: QFont, role: str, width: int) -> None:
        """Write at the left of `room`, in at most `width` pixels, and take that off the room."""
        space = QRect(room.left(), room.top(), min(width, room.width()), room.height())
        shown = elided(QFontMetrics(font), text, space.width())
        self._draw(painter, space, shown, font, role)
        room.setLeft(space.right() + SPACE.small)

    def _write_right(self, painter: QPainter, room: QRect, text: str, font: QFont, role: str) -> None:
        width = QFontMetrics(font).horizontalAdvance(text) + SPACE.tight
        space = QRect(room.right() - width, room.top(), width, room.height())
        self._draw(painter, space, text, font, role)
        room.setRight(space.left() - SPACE.medium)

    def _draw(self, painter: QPainter, room: QRect, text: str, font: QFont, role: str) -> None:
        painter.setFont(font)
        painter.setPen(current().colour(role))
        self._paper.write(painter, room, text)


class FeedList(LongList):
    """The feed, however long. `why` hands out the turn that a click or Enter asks about."""

    why = Signal(object)

    def __init__(self, model: FeedModel) -> None:
        super().__init__(_HEIGHT)
        self._turns = model
        self.setModel(model)
        self.setItemDelegate(FeedDelegate(self))
        self.setAccessibleName(say("What it is doing"))
        self.clicked.connect(self._asked)
        self.activated.connect(self._asked)

    def _asked(self, index: QModelIndex) -> None:
        turn = self._turns.turn(index)
        if turn is not None:
            self.why.emit(turn)

    def keeping(self, change: Callable[[], object]) -> None:
        """Do what may reset the model; what is chosen and in sight stays so."""
        chosen, top = self._turns.row_id(self.currentIndex().row()), self.verticalScrollBar().value()
        change()
        row = self._turns.row_of(chosen) if chosen else -1
        if row >= 0:
            self.setCurrentIndex(self._turns.index(row))
        self.verticalScrollBar().setValue(top)


def _font(pixels: int) -> QFont:
    font = QFont(QApplication.font())
    font.setPixelSize(pixels)
    return font
