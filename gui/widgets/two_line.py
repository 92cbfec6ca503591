"""Rows of two lines in a list: what it is, and what is to be known of it; and the list that shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from gui.icons import icon
from gui.models.paged import ABOVE, ASIDE, BADGES, CAPTION, LINE, STRUCK, PagedModel
from gui.paper import Paper
from gui.theme import SPACE, TYPE, current
from gui.widgets.long_list import LongList
from gui.widgets.whole import elided

Index = QModelIndex | QPersistentModelIndex
HEIGHT = SPACE.wide + SPACE.large


class TwoLineDelegate(QStyledItemDelegate):
    """Draws a row from the roles of gui.models.paged. A line that was not read yet is drawn as a bar.

    Args:
        aside: the colour's role of what stands at the right. badges_first: draw them before the words.
    """

    def __init__(self, view: QAbstractItemView, aside: str = "muted", *, badges_first: bool = False) -> None:
        super().__init__(view)
        self._list = view
        self._aside = aside
        self._badges_first = badges_first

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(SPACE.sidebar, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self._paper = Paper(option.direction, option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        room = option.rect.adjusted(SPACE.medium, SPACE.small - 1, -SPACE.medium, -SPACE.small)
        caption = index.data(CAPTION)
        if caption is None:
            self._paint_placeholder(painter, room)
        else:
            self._paint_words(painter, room, index, caption)
        painter.restore()

    def aside_of(self, rect: QRect, index: Index) -> QRect:
        """Where the words at the right of a row are, given where the row is."""
        words = index.data(ASIDE) or ""
        if not words:
            return QRect()
        width = QFontMetrics(_font(TYPE.caption)).horizontalAdvance(words)
        place = QRect(rect.right() - SPACE.medium - width, rect.top(), width + SPACE.medium, rect.height())
        return Paper(self._list.layoutDirection(), rect).place(place)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            room = option.rect.adjusted(SPACE.tight, 1, -SPACE.tight, -1)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(current().colour("accent_soft" if chosen else "sunken"))
            painter.drawRoundedRect(room, SPACE.radius_control, SPACE.radius_control)

    def _paint_placeholder(self, painter: QPainter, room: QRect) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(current().colour("sunken"))
        for top, share in ((SPACE.tight, 2), (SPACE.large, 3)):
            bar = QRect(room.left(), room.top() + top, room.width() // share, SPACE.small)
            painter.drawRoundedRect(self._paper.place(bar), SPACE.tight, SPACE.tight)

    def _paint_words(self, painter: QPainter, room: QRect, index: Index, caption: str) -> None:
        plain, quiet = _font(TYPE.body), _font(TYPE.caption)
        badges = index.data(BADGES) or ()
        if self._badges_first:
            for name, role in badges:
                self._paint_icon(painter, room.left(), room.top(), name, role)
                room.setLeft(room.left() + SPACE.icon + SPACE.small)
        upper = QRect(room.left(), room.top(), room.width(), room.height() // 2)
        lower = QRect(room.left(), upper.bottom() + 1, room.width(), room.height() - upper.height())
        if not self._badges_first:
            for name, role in badges:
                upper.setRight(upper.right() - SPACE.icon - SPACE.tight)
                self._paint_icon(painter, upper.right() + SPACE.tight, upper.top(), name, role)
        for part, role, colour in ((upper, ABOVE, "muted"), (lower, ASIDE, self._aside)):
            if words := index.data(role):
                width = QFontMetrics(quiet).horizontalAdvance(words) + 1
                place = QRect(part.right() - width, part.top(), width, part.height())
                _write(self._paper, painter, place, words, quiet, colour)
                part.setRight(place.left() - SPACE.small)
        struck = bool(index.data(STRUCK))
        plain.setStrikeOut(struck)
        text = str(index.data(Qt.ItemDataRole.DisplayRole))
        _write(self._paper, painter, upper, text, plain, "muted" if struck else "text")
        _write(self._paper, painter, lower, caption, quiet, "muted")

    def _paint_icon(self, painter: QPainter, left: int, top: int, name: str, role: str) -> None:
        spot = QRect(QPoint(left, top), QSize(SPACE.icon, SPACE.icon))
        icon(name, role).paint(painter, self._paper.place(spot))


class TwoLineList(LongList):
    """A list of such rows, however many.

    Attributes:
        chosen: other rows are selected. opened: Enter or a double click on a row.
        aside_clicked: the words at the right of a row. removed: the Delete key.
    """

    chosen = Signal()
    opened = Signal(int)
    aside_clicked = Signal(int)
    removed = Signal()

    def __init__(self, name: str, *, many: bool, aside: str = "muted", badges_first: bool = False) -> None:
        super().__init__(HEIGHT, many=many)
        self._rows = TwoLineDelegate(self, aside, badges_first=badges_first)
        self.setItemDelegate(self._rows)
        self.setAccessibleName(name)
        self.activated.connect(lambda index: self.opened.emit(index.row()))

    def show_model(self, model: Any) -> None:
        """Show the rows of a model."""
        self.setModel(model)
        self.selectionModel().selectionChanged.connect(self._selection_changed)

    @property
    def chosen_count(self) -> int:
        """How many rows are selected; counted without visiting each."""
        selection = self.selectionModel().selection()
        return sum(part.bottom() - part.top() + 1 for part in selection.toList())

    def chosen_ids(self) -> list[int]:
        """The row ids of the selected rows, from the top; only for a paged model."""
        model = self.model()
        assert isinstance(model, PagedModel)
        parts = sorted((part.top(), part.bottom()) for part in self.selectionModel().selection().toList())
        return [row_id for first, last in parts for row_id in model.row_ids(first, last)]

    def keeping(self, change: Callable[[], object]) -> None:
        """Do what may reset the model, and select and show again what was selected and shown."""
        model = self.model()
        assert isinstance(model, PagedModel)
        chosen = self.chosen_ids() if self.chosen_count <= _KEPT_CHOSEN else []
        now = model.row_id(self.currentIndex().row())
        top = self.verticalScrollBar().value()
        change()
        selection = QItemSelection()
        for row_id in chosen:
            row = model.row_of(row_id)
            if row >= 0:
                selection.select(model.index(row), model.index(row))
        keys = self.selectionModel().SelectionFlag
        if not selection.isEmpty() or chosen:
            self.selectionModel().select(selection, keys.ClearAndSelect)
        row = model.row_of(now) if now else -1
        if row >= 0:
            self.selectionModel().setCurrentIndex(model.index(row), keys.NoUpdate)
        self.verticalScrollBar().setValue(top)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._rows.aside_of(self.visualRect(index), index).contains(
            event.position().toPoint()
        ):
            self.aside_clicked.emit(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def line(self, row: int) -> Any:
        """The line of a row."""
        return self.model().index(row, 0).data(LINE)

    def _selection_changed(self, *_: object) -> None:
        self.chosen.emit()


_KEPT_CHOSEN = 1000


def _write(paper: Paper, painter: QPainter, room: QRect, text: str, font: QFont, role: str) -> None:
    """One line of plain text, ending in … where there is no room."""
    painter.setFont(font)
    painter.setPen(current().colour(role))
    shown = elided(QFontMetrics(font), text[:500], room.width())
    paper.write(painter, room, shown)


def _font(pixels: int) -> QFont:
    font = QFont(QApplication.font())
    font.setPixelSize(pixels)
    return font
