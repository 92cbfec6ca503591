"""A page of the guide as a document: Markdown, dressed in the theme's colours and sizes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtGui import (
    QBrush,
    QFontDatabase,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextTable,
)

from core.guide import GuidePage, slug
from gui.theme import SPACE, TYPE, Colours

_SIZES = {1: TYPE.display, 2: TYPE.title, 3: TYPE.heading}
_ABOVE = {1: 0, 2: SPACE.wide, 3: SPACE.large}
_PROPERTY = QTextFormat.Property
_LINE_HEIGHT = 140  # per cent


# The size of a picture by its name, in device-independent pixels; empty when there is none.
Sizes = Callable[[str], QSize]


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of text with one look: where it stands in the document."""

    start: int
    length: int
    look: QTextCharFormat


def markdown(text: str) -> str:
    """What Qt can read of a page: it loses the rest of a table after a tag of HTML."""
    without_notes = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    return re.sub(r"\s*<br\s*/?>\s*", " ", without_notes)


def write(document: QTextDocument, page: GuidePage, colours: Colours, widest: int, sizes: Sizes) -> None:
    """Fill a document with a page.

    Args:
        widest: for pictures, in device-independent pixels. sizes: tells how large a picture is.
    """
    document.setMarkdown(markdown(page.text), QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
    document.setIndentWidth(SPACE.large)
    document.setDocumentMargin(SPACE.large)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    for block in list(blocks(document)):
        _dress_block(cursor, block, colours)
        for fragment in list(fragments(block)):
            _dress_fragment(cursor, fragment, block, colours, widest, sizes)
    for table in (frame for frame in document.rootFrame().childFrames() if isinstance(frame, QTextTable)):
        _dress_table(table, colours)
    cursor.endEditBlock()


def places(document: QTextDocument) -> dict[str, int]:
    """Where each heading stands, by its anchor."""
    found: dict[str, int] = {}
    for block in blocks(document):
        if block.blockFormat().headingLevel():
            found.setdefault(slug(block.text()), block.position())
    return found


def blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    """All paragraphs, those in tables too."""
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def fragments(block: QTextBlock) -> Iterator[Fragment]:
    """The pieces of a paragraph."""
    at = block.begin()
    while not at.atEnd():
        piece = at.fragment()
        if piece.isValid():
            yield Fragment(piece.position(), piece.length(), piece.charFormat())
        at += 1


def _dress_block(cursor: QTextCursor, block: QTextBlock, colours: Colours) -> None:
    known = block.blockFormat()
    look = QTextBlockFormat()
    level = known.headingLevel()
    is_code = known.hasProperty(_PROPERTY.BlockCodeFence) or known.hasProperty(_PROPERTY.BlockCodeLanguage)
    if not _is_picture(block):
        look.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    if level:
        look.setTopMargin(_ABOVE.get(level, SPACE.medium))
        look.setBottomMargin(SPACE.small)
    elif is_code:
        look.setBackground(QBrush(colours.colour("sunken")))
        look.setLeftMargin(SPACE.small)
    elif known.hasProperty(_PROPERTY.BlockQuoteLevel):
        look.setBackground(QBrush(colours.colour("accent_soft")))
        look.setLeftMargin(0)
        look.setRightMargin(0)
        look.setTopMargin(SPACE.small)
        look.setBottomMargin(SPACE.small)
    elif block.textList() is not None:
        look.setBottomMargin(SPACE.tight)
    elif QTextCursor(block).currentTable() is None:
        look.setBottomMargin(SPACE.small + SPACE.tight)
    cursor.setPosition(block.position())
    cursor.mergeBlockFormat(look)


def _is_picture(block: QTextBlock) -> bool:
    """Its height is the picture's, and more would be a gap."""
    return any(fragment.look.isImageFormat() for fragment in fragments(block))


def _dress_fragment(
    cursor: QTextCursor, fragment: Fragment, block: QTextBlock, colours: Colours, widest: int, sizes: Sizes
) -> None:
    look = QTextCharFormat(fragment.look)
    level = block.blockFormat().headingLevel()
    look.setProperty(_PROPERTY.FontPixelSize, _SIZES.get(level, TYPE.body))
    look.clearProperty(_PROPERTY.FontPointSize)
    look.clearProperty(_PROPERTY.FontSizeAdjustment)
    look.setForeground(QBrush(colours.colour("text")))
    if fragment.look.isImageFormat():
        look = _fitted(fragment.look.toImageFormat(), widest, sizes)
    elif fragment.look.isAnchor():
        look.setForeground(QBrush(colours.colour("accent")))
        look.setFontUnderline(True)
    elif fragment.look.fontFixedPitch() or block.blockFormat().hasProperty(_PROPERTY.BlockCodeFence):
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        look.setFontFamilies(["JetBrains Mono", "DejaVu Sans Mono", "Menlo", "Consolas", fixed.family()])
        look.setProperty(_PROPERTY.FontPixelSize, TYPE.caption if not level else _SIZES.get(level, TYPE.body))
        look.setBackground(QBrush(colours.colour("sunken")))
    cursor.setPosition(fragment.start)
    cursor.setPosition(fragment.start + fragment.length, QTextCursor.MoveMode.KeepAnchor)
    cursor.setCharFormat(look)


def _fitted(look: QTextImageFormat, widest: int, sizes: Sizes) -> QTextImageFormat:
    size = sizes(look.name())
    if not size.isEmpty():
        width = min(size.width(), widest)
        look.setWidth(width)
        look.setHeight(round(size.height() * width / size.width()))
    return look


def _dress_table(table: QTextTable, colours: Colours) -> None:
    look = table.format()
    look.setBorder(1)
    look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    look.setBorderBrush(QBrush(colours.colour("line")))
    look.setBorderCollapse(True)
    look.setCellPadding(SPACE.small)
    look.setCellSpacing(0)
    look.setTopMargin(SPACE.small)
    look.setBottomMargin(SPACE.medium)
    look.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    table.setFormat(look)
    for column in range(table.columns()):
        cell = table.cellAt(0, column)
        head = cell.format()
        head.setBackground(QBrush(colours.colour("sunken")))
        cell.setFormat(head)
