"""What scrolls: only down, never sideways. Its content keeps its width whether the bar is there or not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QWidget

from gui.theme import SPACE
from gui.widgets.basics import column, row

BAR = 12  # how wide the stylesheet draws it


class Scrolled(QScrollArea):
    """A column of cards that scrolls.

    Args:
        inside: the content. gutter: the room at its end in which the bar stands, when there is one; at the
            edge of a page that is the page's margin, so that cards end where everything else does.
        widest: the content grows no wider than this; 0: as wide as there is room.
    """

    def __init__(self, inside: QWidget, name: str, *, gutter: int = SPACE.large, widest: int = 0) -> None:
        super().__init__()
        self._gutter = gutter
        self._holder = QWidget()
        self._layout = column(inside)
        self._holder.setLayout(self._layout)
        if widest:
            inside.setMaximumWidth(widest)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        self.setWidget(self._holder)
        self.verticalScrollBar().rangeChanged.connect(self._make_room)
        self._make_room()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is in it needs another room: so does this."""
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._make_room()

    def minimumSizeHint(self) -> QSize:
        """As wide as what is in it: what is cut at its side would never be seen."""
        margins = self._layout.contentsMargins()
        wide = self._layout.minimumSize().width() - margins.left() - margins.right()
        return QSize(wide + self._gutter, super().minimumSizeHint().height())

    def _make_room(self, *_: object) -> None:
        bar = self.verticalScrollBar()
        shown = BAR if bar.maximum() > bar.minimum() else 0
        room = max(0, self._gutter - shown)
        left, right = (room, 0) if self.isRightToLeft() else (0, room)
        self._layout.setContentsMargins(left, 0, right, 0)


class Beside(QWidget):
    """Columns beside each other, or below each other where there is no room for that.

    Args:
        shares: how the width is shared out.
    """

    def __init__(self, *columns: QWidget, shares: Sequence[int] = (1, 1)) -> None:
        super().__init__()
        self._box = row(*columns, gap=SPACE.medium)
        self._columns = columns
        for at, share in enumerate(shares):
            self._box.setStretch(at, share)
        self.setLayout(self._box)

    def minimumSizeHint(self) -> QSize:
        """As they stand below each other."""
        widest = max(column.minimumSizeHint().width() for column in self._columns)
        return QSize(widest, super().minimumSizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Another width, or other content, may ask for the other way."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._turn()
        return super().event(event)

    def _turn(self) -> None:
        needed = sum(column.minimumSizeHint().width() for column in self._columns)
        fits = needed + SPACE.medium * (len(self._columns) - 1) <= self.width()
        wanted = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if self._box.direction() != wanted:
            self._box.setDirection(wanted)
