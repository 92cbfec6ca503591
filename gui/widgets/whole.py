"""What has no room ends in …, and its whole is told where the pointer rests: in rows that are painted, and
on buttons whose words nobody can foresee."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QPushButton, QSizePolicy, QStyleOptionViewItem, QToolTip

from gui.theme import SPACE
from gui.widgets.basics import plain, plain_tooltip

_cut: list[str] | None = None  # while somebody asks what is cut


def elided(metrics: QFontMetrics, text: str, width: int) -> str:
    """`text` on one line, ending in … where it is wider than `width` (pixels)."""
    line = " ".join(text.split())
    shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, width)
    if shown != line and _cut is not None:
        _cut.append(line)
    return shown


def cut_by(paint: Callable[[], object]) -> list[str]:
    """What ends in … while `paint` paints, whole."""
    global _cut
    found: list[str] = []
    _cut = found
    try:
        paint()
    finally:
        _cut = None
    return found


class TellsWhole:
    """A list whose rows tell what is cut in them as their tooltip. Stands before Qt's class."""

    def viewportEvent(self, event: QEvent) -> bool:
        view = cast("QAbstractItemView", self)
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            told = whole_of(view, view.indexAt(event.pos()))
            if told:
                QToolTip.showText(event.globalPos(), plain_tooltip(told), view.viewport())
                return True
        return bool(super().viewportEvent(event))  # type: ignore[misc]


def whole_of(view: QAbstractItemView, index: Any) -> str:
    """What of a row ends in …, whole; empty where nothing does."""
    if not index.isValid():
        return ""
    option = QStyleOptionViewItem()
    view.initViewItemOption(option)
    cast("Any", option).rect = view.visualRect(index)
    nowhere = QPixmap(1, 1)
    painter = QPainter(nowhere)
    try:
        return "\n".join(cut_by(lambda: view.itemDelegate().paint(painter, option, index)))
    finally:
        painter.end()


class ElidedButton(QPushButton):
    """A quiet button that ends in … where there is no room; the whole is in the tooltip."""

    def __init__(self, text: str, kind: str = "link") -> None:
        super().__init__()
        self.setProperty("kind", kind)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setIconSize(QSize(SPACE.icon + SPACE.small, SPACE.icon))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._whole = text
        self.setText(plain(text))

    def sizeHint(self) -> QSize:
        """As wide as the whole needs."""
        size = super().sizeHint()
        more = self.fontMetrics().horizontalAdvance(self._whole)
        more -= self.fontMetrics().horizontalAdvance(self.text().replace("&&", "&"))
        return QSize(size.width() + more + 2, size.height())  # where Qt rounds a width

    def minimumSizeHint(self) -> QSize:
        return QSize(SPACE.sidebar // 2, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.sizeHint().width() - 2 - self.fontMetrics().horizontalAdvance(self._whole)
        shown = elided(self.fontMetrics(), self._whole, max(0, self.width() - beside))
        if plain(shown) != self.text():
            self.setText(plain(shown))
        self.setToolTip(plain_tooltip(self._whole) if shown != self._whole else "")
