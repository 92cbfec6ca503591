"""A transcript of any length: only what is in sight is read, measured and painted."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import (
    QEvent,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QTableView,
)

from core.conversation.archive import TranscriptLine
from core.words import say
from gui.icons import icon
from gui.models.paged import LINE
from gui.models.transcript import LinesModel
from gui.theme import SPACE, current
from gui.widgets.transcript_row import GUESS, LineDelegate

_MOST_ROUNDS = 4


class LongTranscript(QTableView):
    """The transcript. It stays at its end while it grows, unless somebody scrolled up to read; what is in
    sight stays where it is while rows above it get their height.

    Attributes:
        why_wanted: somebody asks why; with the turn's id. copied: a message went to the clipboard.
    """

    why_wanted = Signal(str)
    copied = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows = LineDelegate(self)
        self.setItemDelegate(self.rows)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(GUESS)
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAccessibleName(say("Transcript"))
        self._at_end = True
        self._last = 0
        self._measuring = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.measure)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        current().changed.connect(self.viewport().update)

    def show_model(self, model: LinesModel) -> None:
        """Show the rows of a model."""
        self.setModel(model)
        model.dataChanged.connect(lambda *_: self._soon.start())
        model.rowsInserted.connect(lambda *_: self._soon.start())
        model.modelReset.connect(self._soon.start)

    @property
    def lines(self) -> LinesModel:
        """The model, as what it is."""
        return cast("LinesModel", self.model())

    def keeping(self, change: Callable[[], object]) -> None:
        """Do what may reset the model; the line at the top of the window stays there, and what is chosen
        stays chosen."""
        at_end = self._at_end
        top = max(0, self.rowAt(0))
        anchor, offset = self.lines.row_id(top), self.rowViewportPosition(top)
        chosen = self.lines.row_id(self.currentIndex().row())
        change()
        row = self.lines.row_of(chosen) if chosen else -1
        if row >= 0:
            self.setCurrentIndex(self.lines.index(row))
        at = self.lines.row_of(anchor) if anchor else -1
        if at_end or at < 0:
            self.go_to_end()
        else:
            self.verticalScrollBar().setValue(self.verticalHeader().sectionPosition(at) - offset)
            self._at_end = False
        self.measure()

    def in_sight(self) -> list[int]:
        """The row ids of what is in sight."""
        first, last = self._span()
        return self.lines.row_ids(first, last)

    def go_to_end(self) -> None:
        """Show the newest, and stay there."""
        self._at_end = True
        self.measure()
        self.scrollToBottom()

    def go_to_beginning(self) -> None:
        """Show the oldest."""
        self._at_end = False
        self.scrollToTop()

    def go_to(self, row_id: int) -> bool:
        """Show a message and choose it; False when it is not here."""
        row = self.lines.row_of(row_id)
        if row < 0:
            return False
        self._at_end = False
        index = self.lines.index(row)
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        self._soon.start()
        return True

    # measuring what is in sight

    def measure(self) -> None:
        """Give the rows in sight the height they need. Each may push others into sight."""
        if self._measuring or self.model() is None:
            return
        self._measuring = True
        for _ in range(_MOST_ROUNDS):
            if not self._measure_once():
                break
        self._measuring = False
        self.viewport().update()

    def _measure_once(self) -> bool:
        first, last = self._span()
        anchor = last if self._at_end else self._anchor(first, last)
        before = self.rowViewportPosition(anchor) + (self.rowHeight(anchor) if self._at_end else 0)
        changed = False
        for row in range(first, last + 1):
            line = self.lines.line(row)
            needed = GUESS if line is None else self.rows.row_height(line)
            if self.rowHeight(row) != needed:
                self.setRowHeight(row, needed)
                changed = True
        if changed:
            self.updateGeometries()
            bar = self.verticalScrollBar()
            after = self.rowViewportPosition(anchor) + (self.rowHeight(anchor) if self._at_end else 0)
            bar.setValue(bar.maximum() if self._at_end else bar.value() + after - before)
        return changed

    def _anchor(self, first: int, last: int) -> int:
        """The row that keeps its place: the chosen one when it is in sight, else the first that is wholly
        in sight, or the last when somebody scrolls up."""
        chosen = self.currentIndex().row()
        if first <= chosen <= last:
            return chosen
        return last if self.verticalScrollBar().value() < self._last else min(first + 1, last)

    def _span(self) -> tuple[int, int]:
        rows = self.lines.rowCount()
        first = self.rowAt(0)
        last = self.rowAt(self.viewport().height() - 1)
        return max(0, first), (rows - 1 if last < 0 else last)

    def _scrolled(self, value: int) -> None:
        if not self._measuring:
            self._at_end = value >= self.verticalScrollBar().maximum() - SPACE.small
            self.measure()
            self._last = value

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._soon.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._soon.start()

    # what it is asked to do

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        turn_id = self._why_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and turn_id:
            self.why_wanted.emit(turn_id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        hand = bool(self._why_at(event.position().toPoint()))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """W or Enter asks why, Ctrl+C copies, Home and End go to the first and the last."""
        line: TranscriptLine | None = self.currentIndex().data(LINE)
        if line is not None and event.matches(QKeySequence.StandardKey.Copy):
            self._copy(line)
        elif line is not None and line.turn_id and event.key() in (Qt.Key.Key_W, Qt.Key.Key_Return):
            self.why_wanted.emit(line.turn_id)
        elif event.key() == Qt.Key.Key_End:
            self.setCurrentIndex(self.lines.index(self.lines.rowCount() - 1))
            self.go_to_end()
        elif event.key() == Qt.Key.Key_Home:
            self.setCurrentIndex(self.lines.index(0))
            self.go_to_beginning()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos()) if event.reason() != event.Reason.Keyboard else self.currentIndex()
        line: TranscriptLine | None = index.data(LINE) if index.isValid() else None
        if line is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icon("copy"), say("Copy"), lambda: self._copy(line))
        if line.turn_id:
            menu.addAction(icon("question"), say("Why?"), lambda: self.why_wanted.emit(line.turn_id))
        menu.popup(self.viewport().mapToGlobal(self.visualRect(index).center()))

    def _why_at(self, where: QPoint) -> str:
        index = self.indexAt(where)
        line: TranscriptLine | None = index.data(LINE) if index.isValid() else None
        return self.rows.why_at(line, self.visualRect(index), where) if line is not None else ""

    def _copy(self, line: TranscriptLine) -> None:
        QGuiApplication.clipboard().setText(line.text)
        self.copied.emit()
