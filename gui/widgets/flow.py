"""Pieces side by side that go on in the next line where there is no more room: in a narrow window, or in a
language with longer words."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QStyle, QWidget

from gui.theme import SPACE

_Line = list[tuple[QLayoutItem, QSize]]


class FlowLayout(QLayout):
    """Pieces side by side, wrapped.

    Args:
        gap: between two pieces, and between two lines. apart: the last piece stands at the end of its line.
    """

    def __init__(self, gap: int = SPACE.small, *, apart: bool = False) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._apart = apart
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def insert(self, at: int, widget: QWidget) -> None:
        """Put a widget before the one at `at`."""
        self.addWidget(widget)
        self._items.insert(at, self._items.pop())
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = self._lines(width)
        return sum(_tallest(line) for line in lines) + self._gap * max(0, len(lines) - 1)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        top = rect.y() + max(0, rect.height() - self.heightForWidth(rect.width())) // 2
        lines = self._lines(rect.width())
        for line in lines:
            self._place(line, QRect(rect.x(), top, rect.width(), _tallest(line)), last=line is lines[-1])
            top += _tallest(line) + self._gap

    def sizeHint(self) -> QSize:
        """All of it in one line."""
        shown = self._shown()
        wide = sum(item.sizeHint().width() for item in shown) + self._gap * max(0, len(shown) - 1)
        return QSize(wide, max((item.sizeHint().height() for item in shown), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        return size

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if (widget := item.widget()) is None or not widget.isHidden()]

    def _lines(self, width: int) -> list[_Line]:
        lines: list[_Line] = []
        used = 0
        for item in self._shown():
            hint = item.sizeHint()
            size = QSize(min(hint.width(), max(1, width)), hint.height())
            if not lines or used + size.width() > width:
                lines.append([])
                used = 0
            lines[-1].append((item, size))
            used += size.width() + self._gap
        return lines

    def _place(self, line: _Line, room: QRect, *, last: bool) -> None:
        """Put one line's pieces side by side as they are read, each in the middle of the line's height."""
        holder = self.parentWidget()
        reads = holder.layoutDirection() if holder is not None else Qt.LayoutDirection.LeftToRight
        left = room.x()
        for item, size in line:
            if self._apart and last and item is line[-1][0]:
                left = max(left, room.x() + room.width() - size.width())
            place = QRect(QPoint(left, room.y() + (room.height() - size.height()) // 2), size)
            item.setGeometry(QStyle.visualRect(reads, room, place))
            left += size.width() + self._gap


class Flow(QWidget):
    """Buttons in a row that wraps.

    Args:
        apart: the last one stands at the end, away from the others.
    """

    def __init__(self, *pieces: QWidget, gap: int = SPACE.small, apart: bool = False) -> None:
        super().__init__()
        layout = FlowLayout(gap, apart=apart)
        for piece in pieces:
            layout.addWidget(piece)
        self.setLayout(layout)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)


def _tallest(line: _Line) -> int:
    return max((size.height() for _, size in line), default=0)
