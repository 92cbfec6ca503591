"""What is said in passing: toasts in the corner, and the small history they stay in."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QStackedWidget, QWidget

from core.words import say
from gui.pages.page import Page, Toast
from gui.theme import SPACE
from gui.widgets.basics import button, column, icon_button, label, line, row
from gui.widgets.states import Glyph

SHOWN_MS = 7000
SHOWN_WITH_BUTTON_MS = 12000
MOST_AT_ONCE = 3
REMEMBERED = 50


@dataclass(frozen=True, slots=True)
class Said:
    """A toast with its moment, in local time."""

    toast: Toast
    at: datetime


class ToastCard(QFrame):
    """One toast. `over` fires when its time is up or it was put away."""

    over = Signal()

    def __init__(self, toast: Toast) -> None:
        super().__init__()
        self.setProperty("kind", "toast")
        self.setAccessibleName(toast.text)
        self.setFixedWidth(SPACE.form * 2 // 3)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        words = label(toast.text, wrap=True)
        self.act = button(toast.act, "quiet", on_click=lambda: self._acted(toast)) if toast.act else None
        close = icon_button("close", say("Put away"), self.over.emit)
        layout = row(Glyph(toast.level, toast.level), words, self.act, close, gap=SPACE.small)
        layout.setStretch(1, 1)
        layout.setContentsMargins(SPACE.medium, SPACE.small, SPACE.small, SPACE.small)
        self.setLayout(layout)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.over)
        self._timer.start(SHOWN_WITH_BUTTON_MS if toast.act else SHOWN_MS)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start(SHOWN_MS)
        super().leaveEvent(event)

    def _acted(self, toast: Toast) -> None:
        if toast.on_act is not None:
            toast.on_act()
        self.over.emit()


class Toasts(QObject):
    """Shows toasts over `host`, in its lower right corner, and remembers them.

    Args:
        now: the local time.
    """

    def __init__(self, host: QWidget, now: Callable[[], datetime]) -> None:
        super().__init__(host)
        self._host = host
        self._now = now
        self._cards: list[ToastCard] = []
        self.history: deque[Said] = deque(maxlen=REMEMBERED)
        host.installEventFilter(self)
        if isinstance(host, QStackedWidget):
            host.currentChanged.connect(lambda _page: self._arrange())

    @property
    def left(self) -> int:
        """Where the pages begin, from the window's left edge."""
        return self._host.mapTo(self._host.window(), QPoint(0, 0)).x()

    @property
    def cards(self) -> list[ToastCard]:
        """Those on the screen, oldest first."""
        return list(self._cards)

    def show(self, toast: Toast) -> ToastCard:
        """Say something in passing."""
        self.history.appendleft(Said(toast, self._now()))
        card = ToastCard(toast)
        card.setParent(self._host)
        card.over.connect(lambda: self._take_away(card))
        self._cards.append(card)
        for old in self._cards[:-MOST_AT_ONCE]:
            self._take_away(old)
        card.show()
        self._arrange()
        return card

    def say_anew(self) -> None:
        """The language is another: what can be said in it stays in the history, the rest was in passing."""
        self.put_away()
        kept = [
            replace(said, toast=replace(said.toast, text=said.toast.anew()))
            for said in self.history
            if said.toast.anew is not None
        ]
        self.history.clear()
        self.history.extend(kept)

    def undo(self) -> None:
        """Press Undo on the newest card that offers it."""
        offered = [
            card.act for card in self._cards if card.act is not None and card.act.text() == say("Undo")
        ]
        if offered:
            offered[-1].click()

    def put_away(self) -> None:
        """Take all of them off the screen; the history keeps them."""
        for card in self.cards:
            self._take_away(card)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide):
            self._arrange()
        return super().eventFilter(watched, event)

    def _take_away(self, card: ToastCard) -> None:
        if card in self._cards:
            self._cards.remove(card)
            card.hide()
            card.deleteLater()
            self._arrange()

    def _arrange(self) -> None:
        bottom = self._floor() - SPACE.large
        for card in reversed(self._cards):
            layout = card.layout()
            height = layout.totalHeightForWidth(card.width()) if layout is not None else 0
            card.setFixedHeight(max(height, SPACE.wide + SPACE.large))
            bottom -= card.height()
            card.move(self._host.width() - card.width() - SPACE.large, bottom)
            card.raise_()
            bottom -= SPACE.small

    def _floor(self) -> int:
        """The lower edge of what toasts may cover: never what somebody is about to press."""
        page = self._host.currentWidget() if isinstance(self._host, QStackedWidget) else None
        foot = page.foot if isinstance(page, Page) else None
        if foot is not None:
            foot.installEventFilter(self)  # a page still loading has it nowhere yet; twice is once
        if foot is None or not foot.isVisible():
            return self._host.height()
        return foot.mapTo(self._host, QPoint(0, 0)).y() + SPACE.medium


class Notices(QFrame):
    """The history, as a panel over the page."""

    def __init__(self, host: QWidget, toasts: Toasts) -> None:
        super().__init__(host)
        self._host = host
        self._toasts = toasts
        self.setProperty("kind", "toast")
        self.setAccessibleName(say("Notices"))
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setAccessibleName(say("Notices"))
        head = row(label(say("Notices"), "heading"), 1, icon_button("close", say("Close"), self.hide))
        layout = column(head, line(), self._scroll, gap=SPACE.small)
        layout.setContentsMargins(SPACE.medium, SPACE.small, SPACE.small, SPACE.medium)
        self.setLayout(layout)
        self.hide()

    def open(self) -> None:
        """Show what was said, the newest first."""
        fresh = QWidget()
        layout = column(gap=SPACE.medium)
        for said in self._toasts.history:
            words = column(label(said.toast.text, wrap=True), label(f"{said.at:%H:%M}", "caption"), gap=0)
            entry = row(Glyph(said.toast.level, said.toast.level), words, gap=SPACE.small)
            entry.setStretch(1, 1)
            layout.addLayout(entry)
        if not self._toasts.history:
            layout.addWidget(label(say("Nothing has happened yet that you should know."), "muted", wrap=True))
        layout.addStretch(1)
        fresh.setLayout(layout)
        self._scroll.setWidget(fresh)
        host = self._host
        width = min(SPACE.form * 2 // 3, host.width() - SPACE.wide)
        needed = layout.totalHeightForWidth(width - 2 * SPACE.wide) + 3 * SPACE.wide
        height = min(max(needed, SPACE.sidebar), SPACE.form, host.height() - 2 * SPACE.large)
        left = self._toasts.left + SPACE.small
        self.setGeometry(left, host.height() - height - SPACE.large, width, height)
        self.show()
        self.raise_()
        self.setFocus()
