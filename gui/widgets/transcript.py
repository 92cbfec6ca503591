"""A conversation as a list of bubbles: it stays at its end while it grows, and answers to mouse and keys."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu

from core.words import say
from gui.icons import icon
from gui.models.practice import Bubble, Kind, TranscriptModel
from gui.theme import SPACE
from gui.widgets.basics import retone
from gui.widgets.bubble import BubbleDelegate


class TranscriptView(QListView):
    """The conversation. It stays at its end while it grows, unless somebody scrolled up to read.

    Attributes:
        why_wanted: somebody asks why; with the turn's id. reply_wanted: with the row's message id.
        copied: a message went to the clipboard.
    """

    why_wanted = Signal(str)
    reply_wanted = Signal(int)
    copied = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.delegate = BubbleDelegate(self)
        self.setItemDelegate(self.delegate)
        self.setAccessibleName(say("Conversation"))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self._at_end = True
        self._from_end: int | None = None
        bar = self.verticalScrollBar()
        bar.setSingleStep(SPACE.large)
        bar.rangeChanged.connect(self._stay)
        retone(bar, "true", "idle")  # a bar with nothing to scroll is not seen
        bar.rangeChanged.connect(lambda least, most: retone(bar, str(least == most).lower(), "idle"))
        bar.valueChanged.connect(self._scrolled)

    @property
    def transcript(self) -> TranscriptModel:
        """The model, as what it is."""
        return cast("TranscriptModel", self.model())

    def go_to_end(self) -> None:
        """Show the newest, and stay there."""
        self._at_end = True
        self.transcript.put_earlier_away()
        self.scrollToBottom()

    # what it is asked to do

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        where = event.position().toPoint()
        index = self.indexAt(where)
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            bubble: Bubble = index.data(TranscriptModel.BUBBLE)
            places = self.delegate.places(bubble, self.visualRect(index))
            if places.why.contains(where):
                self.why_wanted.emit(bubble.turn_id)
            elif places.reply.contains(where):
                self.reply_wanted.emit(bubble.id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        where = event.position().toPoint()
        index = self.indexAt(where)
        hand = False
        if index.isValid():
            places = self.delegate.places(index.data(TranscriptModel.BUBBLE), self.visualRect(index))
            hand = places.why.contains(where) or places.reply.contains(where)
        pointer = Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(pointer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """R answers the row, W asks why, Ctrl+C copies it."""
        bubble: Bubble | None = self.currentIndex().data(TranscriptModel.BUBBLE)
        if bubble is None:
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._copy(bubble)
        elif event.key() == Qt.Key.Key_R and bubble.id and bubble.kind is not Kind.QUIET:
            self.reply_wanted.emit(bubble.id)
        elif event.key() == Qt.Key.Key_W and bubble.turn_id:
            self.why_wanted.emit(bubble.turn_id)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos()) if event.reason() != event.Reason.Keyboard else self.currentIndex()
        if not index.isValid():
            return
        bubble: Bubble = index.data(TranscriptModel.BUBBLE)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if bubble.id and bubble.kind is not Kind.QUIET:
            menu.addAction(icon("reply"), say("Reply"), lambda: self.reply_wanted.emit(bubble.id))
        menu.addAction(icon("copy"), say("Copy"), lambda: self._copy(bubble))
        if bubble.turn_id:
            menu.addAction(icon("question"), say("Why?"), lambda: self.why_wanted.emit(bubble.turn_id))
        menu.popup(self.viewport().mapToGlobal(self.visualRect(index).center()))

    def _copy(self, bubble: Bubble) -> None:
        QGuiApplication.clipboard().setText(bubble.text)
        self.copied.emit()

    # where it stands

    def _scrolled(self, value: int) -> None:
        bar = self.verticalScrollBar()
        self._at_end = value >= bar.maximum() - SPACE.small
        if value <= bar.minimum() + SPACE.small and self.transcript.has_earlier and bar.maximum() > 0:
            self._from_end = bar.maximum() - value
            self.transcript.show_earlier()

    def _stay(self, _low: int, high: int) -> None:
        bar = self.verticalScrollBar()
        if self._from_end is not None:
            kept, self._from_end = self._from_end, None
            bar.setValue(high - kept)
        elif self._at_end:
            bar.setValue(high)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FontChange:
            self.scheduleDelayedItemsLayout()
        return super().event(event)
