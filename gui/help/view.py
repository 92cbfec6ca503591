"""The part of the help window that is read: a page of the guide, with pictures that fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QImage, QImageReader, QPainter, QResizeEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QTextEdit

from core.guide import GuidePage
from core.words import say
from gui.help.text import places, write
from gui.theme import SPACE, current

_LOOK = "-light"
_SETTLES_MS = 120


class GuideView(QTextBrowser):
    """Shows a page. Links are told by `anchorClicked`, and never followed by itself.

    Args:
        folder: where the pages lie; pictures are named from there.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._page: GuidePage | None = None
        self._words: tuple[str, ...] = ()
        self._pictures = _Pictures(folder)
        self._width = 0
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName(say("The guide's text"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Its bar has its place from the start: pictures are fitted before anything can be scrolled.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._write_again)
        current().changed.connect(self._write_again)

    def show_page(self, page: GuidePage, anchor: str = "", words: tuple[str, ...] = ()) -> None:
        """Show a page from `anchor` on, with some words marked."""
        self._page, self._words = page, words
        self._write()
        self.setAccessibleName(page.title)
        self.go_to(anchor)

    def go_to(self, anchor: str) -> None:
        """Scroll to a heading; to the top when there is none of that name."""
        at = places(self.document()).get(anchor, 0)
        block = self.document().findBlock(at)
        top = self.document().documentLayout().blockBoundingRect(block).top() if at else 0
        self.setTextCursor(QTextCursor(block))  # a screen reader goes on reading there
        self.verticalScrollBar().setValue(int(top) - (SPACE.small if at else 0))

    def loadResource(self, kind: int, url: QUrl | str) -> Any:
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return None  # nothing else is ever fetched
        return self._pictures.scaled(QUrl(url).toString(), self._widest(), self.devicePixelRatioF())

    def resizeEvent(self, event: QResizeEvent) -> None:
        aside = max(0, (self.width() - SPACE.reading - 2 * SPACE.large) // 2)
        self.setViewportMargins(aside, 0, aside, 0)
        super().resizeEvent(event)
        if self._widest() != self._width:
            self._again.start(_SETTLES_MS)

    def _widest(self) -> int:
        """How wide a picture may be, in device-independent pixels."""
        return max(SPACE.sidebar, self.viewport().width() - 2 * SPACE.large)

    def _write(self) -> None:
        if self._page is None:
            return
        self._width = self._widest()
        self.document().clear()
        write(self.document(), self._page, current().colours, self._width, self._pictures.size)
        self._mark()

    def _write_again(self) -> None:
        bar = self.verticalScrollBar()
        share = bar.value() / max(1, bar.maximum())
        self._write()
        bar.setValue(round(share * bar.maximum()))

    def _mark(self) -> None:
        marked = []
        for word in self._words:
            found = self.document().find(word)
            while not found.isNull():
                one = QTextEdit.ExtraSelection()
                one.cursor = found
                one.format.setBackground(current().colour("warn_soft"))
                one.format.setFontUnderline(True)
                marked.append(one)
                found = self.document().find(word, found)
        self.setExtraSelections(marked)


class _Pictures:
    """The pictures of the guide. Of one that was taken in light and in dark, the one that suits is shown."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sizes: dict[str, QSize] = {}
        self._scaled: dict[tuple[str, int, float, str], QImage] = {}

    def size(self, name: str) -> QSize:
        if name not in self._sizes:
            self._sizes[name] = QImageReader(str(self._folder / name)).size()
        return self._sizes[name]

    def scaled(self, name: str, widest: int, ratio: float) -> QImage:
        """A picture, no wider than that, sharp on a screen of that ratio."""
        suiting = self._suiting(name)
        key = (suiting, widest, ratio, current().name)
        if key not in self._scaled:
            image = QImage(str(self._folder / suiting))
            most = round(widest * ratio)
            if image.width() > most:
                image = image.scaledToWidth(most, Qt.TransformationMode.SmoothTransformation)
            image.setDevicePixelRatio(ratio if image.width() >= most else 1.0)
            self._scaled[key] = _framed(image)
        return self._scaled[key]

    def _suiting(self, name: str) -> str:
        dark = name.replace(_LOOK, "-dark")
        return dark if current().name != "light" and (self._folder / dark).is_file() else name


def _framed(image: QImage) -> QImage:
    """A thin line around it: a light window on a light page would have no edge."""
    if image.isNull():
        return image
    framed = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(framed)
    painter.setPen(current().colour("line"))
    size = framed.deviceIndependentSize().toSize()
    painter.drawRect(0, 0, size.width() - 1, size.height() - 1)
    painter.end()
    return framed
