"""Where the window comes back: where it was, unless the screen it was on has gone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize

GRIP = QSize(160, 32)  # so much of the title must be seen to drag the window by


def reachable(frame: QRect, screens: Sequence[QRect]) -> bool:
    """Can the host take hold of a window with this frame?

    Args:
        screens: what is free of task bars, on each screen.
    """
    title = QRect(frame.topLeft(), QSize(frame.width(), GRIP.height()))
    seen = (screen.intersected(title) for screen in screens)
    return any(part.width() >= GRIP.width() and part.height() >= GRIP.height() // 2 for part in seen)


def brought_back(frame: QRect, screens: Sequence[QRect]) -> QRect:
    """The frame as it is while it can be reached, else in the middle of the first screen, no larger
    than that."""
    if not screens or reachable(frame, screens):
        return frame
    room = screens[0]
    size = QSize(min(frame.width(), room.width()), min(frame.height(), room.height()))
    left = room.left() + (room.width() - size.width()) // 2
    top = room.top() + (room.height() - size.height()) // 2
    return QRect(QPoint(left, top), size)
