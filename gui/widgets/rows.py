"""Lines of text as rows that can be added, edited in place, moved (by dragging or keys) and removed."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QPlainTextEdit,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from core.words import say
from gui.icons import icon
from gui.models.personas import LinesModel
from gui.theme import SPACE, current
from gui.widgets.basics import column, icon_button, label, row
from gui.widgets.field import HintField
from gui.widgets.text import Laid, lay_out

Index = QModelIndex | QPersistentModelIndex
GRIP = SPACE.large


class _RowDelegate(QStyledItemDelegate):
    """Draws a row: a grip and the text, wrapped, letter by letter as it was written."""

    def __init__(self, longest: int, view: QListView) -> None:
        super().__init__(view)
        self._longest = longest
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        width = self._view.viewport().width()
        laid = self._laid(index, width)
        return QSize(width, max(round(laid.height) + SPACE.medium, SPACE.control_height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        style_option = cast("Any", option)
        rect: QRect = style_option.rect
        colours = current()
        painter.save()
        if style_option.state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.colour("accent_soft"))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), SPACE.radius_control, SPACE.radius_control)
        grip = QRect(rect.x() + SPACE.tight, rect.center().y() - SPACE.small, SPACE.medium, SPACE.medium)
        icon("grip", "muted").paint(painter, grip)
        laid = self._laid(index, rect.width())
        painter.setPen(colours.colour("text"))
        top = rect.y() + (rect.height() - laid.height) / 2
        laid.draw(painter, rect.x() + GRIP + SPACE.tight, top)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = _LineEditor(self._longest, parent)
        editor.setAccessibleName(say("Edit the line"))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        cast("_LineEditor", editor).setPlainText(str(index.data(Qt.ItemDataRole.EditRole)))
        cast("_LineEditor", editor).selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        text = " ".join(cast("_LineEditor", editor).toPlainText().split())
        model.setData(index, text[: self._longest])

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = cast("Any", option).rect
        room = rect.adjusted(GRIP, 0, 0, 0)
        editor.setGeometry(room.united(QRect(room.topLeft(), QSize(room.width(), SPACE.control_height))))

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter ends the editing; the editor would take it for a new line."""
        if event.type() == QEvent.Type.KeyPress and cast("QKeyEvent", event).key() in (
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
        ):
            self.commitData.emit(cast("QWidget", editor))
            self.closeEditor.emit(cast("QWidget", editor))
            return True
        return super().eventFilter(editor, event)

    def _laid(self, index: Index, width: int) -> Laid:
        room = max(SPACE.large, width - GRIP - SPACE.medium)
        return lay_out(str(index.data()), self._view.font(), room)


class _LineEditor(QPlainTextEdit):
    """Edits one line in place, wrapped."""

    def __init__(self, longest: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._longest = longest
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._cut)

    def _cut(self) -> None:
        text = self.toPlainText()
        if len(text) > self._longest:
            at = self.textCursor().position()
            self.setPlainText(text[: self._longest])
            cursor = self.textCursor()
            cursor.setPosition(min(at, self._longest))
            self.setTextCursor(cursor)


class RowList(QListView):
    """The rows; as tall as what is in it, so that the page scrolls and not the list."""

    removing = Signal(int)
    moving = Signal(int, int)

    def __init__(self, longest: int) -> None:
        super().__init__()
        self.setItemDelegate(_RowDelegate(longest, self))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.setTabKeyNavigation(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if model is not None:
            for changed in (
                model.rowsInserted,
                model.rowsRemoved,
                model.rowsMoved,
                model.modelReset,
                model.dataChanged,
            ):
                changed.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Up/Down moves a row, Delete removes it, Enter edits it."""
        at = self.currentIndex().row()
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        editing = self.state() == QAbstractItemView.State.EditingState
        if at < 0 or editing:
            super().keyPressEvent(event)
        elif alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moving.emit(at, -1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removing.emit(at)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self, *_: object) -> None:
        model = self.model()
        rows = model.rowCount() if model is not None else 0
        option = QStyleOptionViewItem()
        delegate = self.itemDelegate()
        tall = sum(delegate.sizeHint(option, model.index(at, 0)).height() for at in range(rows))
        self.setVisible(rows > 0)
        self.setFixedHeight(tall + 2 * SPACE.tight)
        self.scheduleDelayedItemsLayout()


class Rows(QWidget):
    """A list of lines with its name, its buttons and the field that adds one."""

    def __init__(self, model: LinesModel, name: str, hint: str, longest: int, most: int | None) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._model = model
        self._most = most
        self.view = RowList(longest)
        self.view.setAccessibleName(name)
        self.view.setToolTip(say("Drag a line to move it, or use Alt+Up and Alt+Down."))
        self.view.setModel(model)
        self.counter = label("", "caption")
        self.up = icon_button("up", say("Move the line up"), lambda: self._move(-1))
        self.down = icon_button("down", say("Move the line down"), lambda: self._move(1))
        self.delete = icon_button("remove", say("Delete the line"), self._remove)
        self.add = icon_button("add", say("Add the line"), self._add)
        for made in (self.up, self.down, self.delete, self.add):
            made.setAccessibleName(f"{name}: {made.toolTip()}")  # a page has several such lists
        self.field = HintField()
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(say("Add to {list}", list=name))
        self.field.setMaxLength(longest)
        self.field.returnPressed.connect(self._add)
        head = row(label(name, "strong"), self.counter, 1, self.up, self.down, self.delete, gap=SPACE.tight)
        head.setSpacing(SPACE.tight)
        self.setLayout(column(head, self.view, row(self.field, self.add), gap=SPACE.tight))
        self.view.removing.connect(lambda _row: self._remove())
        self.view.moving.connect(lambda _row, by: self._move(by))
        self.view.selectionModel().currentChanged.connect(self._refresh)
        for changed in (model.rowsInserted, model.rowsRemoved, model.rowsMoved, model.modelReset):
            changed.connect(self._refresh)
        self._refresh()

    def _add(self) -> None:
        if self._most is not None and self._model.rowCount() >= self._most:
            return
        if self._model.add(self.field.text()):
            self.field.clear()
            self.view.setCurrentIndex(self._model.index(self._model.rowCount() - 1))

    def _move(self, by: int) -> None:
        at = self.view.currentIndex().row()
        root = QModelIndex()
        self._model.moveRows(root, at, 1, root, at + 2 if by > 0 else at - 1)

    def _remove(self) -> None:
        at = self.view.currentIndex().row()
        if at >= 0:
            self._model.remove(at)
            self.view.setCurrentIndex(self._model.index(min(at, self._model.rowCount() - 1)))

    def _refresh(self, *_: object) -> None:
        rows, at = self._model.rowCount(), self.view.currentIndex().row()
        self.up.setEnabled(at > 0)
        self.down.setEnabled(0 <= at < rows - 1)
        self.delete.setEnabled(at >= 0)
        full = self._most is not None and rows >= self._most
        self.add.setEnabled(not full)
        self.field.setEnabled(not full)
        counted = say("{n} of {most}", n=rows, most=self._most) if self._most is not None else str(rows)
        self.counter.setText(counted)
