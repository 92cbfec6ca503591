"""Bubbles: how what people wrote is measured and painted, letter by letter, however long it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from core.words import say
from gui.icons import icon
from gui.models.practice import Bubble, Kind, TranscriptModel
from gui.paper import Paper
from gui.theme import SPACE, TYPE, current
from gui.widgets.text import Laid, lay_out
from gui.widgets.whole import elided

Index = QModelIndex | QPersistentModelIndex
PAD = SPACE.small + SPACE.tight
WIDEST_SHARE = 0.72
HEIGHTS_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Places:
    """Where the pieces of a row are, in the view's pixels; an empty rectangle is not there."""

    name: QRect
    box: QRect
    quote: QRect
    text: QPoint
    why: QRect
    reply: QRect


class BubbleDelegate(QStyledItemDelegate):
    """Measures and paints bubbles. The bot's stand left, people's right, remarks in the middle: for readers
    from the right, too, so that who speaks is where it always was. A text keeps its own direction."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._heights: dict[tuple[Any, ...], int] = {}

    # measuring

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        bubble: Bubble = index.data(TranscriptModel.BUBBLE)
        width = self._view.viewport().width()
        font = self._view.font()
        key = (bubble.kind, bubble.text, bubble.follows, bool(bubble.quote), width, font.pixelSize())
        if key not in self._heights:
            if len(self._heights) >= HEIGHTS_KEPT:
                self._heights.clear()
            self._heights[key] = self._height(bubble, width)
        return QSize(width, self._heights[key])

    def height(self, bubble: Bubble, width: int) -> int:
        """How high a bubble is in a view of this width."""
        return self._height(bubble, width)

    def places(self, bubble: Bubble, rect: QRect) -> Places:
        """Where everything of a row stands inside `rect`."""
        laid = self._laid(bubble, rect.width())
        if bubble.kind is Kind.QUIET:
            return self._quiet_places(laid, rect)
        caption = QFontMetrics(self._caption())
        inner = round(laid.width)
        if bubble.quote:
            inner = max(inner, min(caption.horizontalAdvance(bubble.quote) + PAD, self._widest(rect.width())))
        top = rect.y() + (SPACE.tight if bubble.follows else SPACE.medium)
        own = bubble.kind is Kind.SAID
        width = inner + 2 * PAD
        left = rect.right() - SPACE.medium - width if own else rect.x() + SPACE.medium
        name = QRect()
        if not bubble.follows:
            name = QRect(left if not own else rect.x(), top, rect.width(), caption.height())
            if own:
                name.setRight(left + width)
            top += caption.height() + SPACE.tight
        quote_height = caption.height() + SPACE.small if bubble.quote else 0
        box = QRect(left, top, width, round(laid.height) + quote_height + 2 * SPACE.small)
        quote = QRect(left + PAD, top + SPACE.small, inner, caption.height()) if bubble.quote else QRect()
        text = QPoint(left + PAD, top + SPACE.small + quote_height)
        why = self._why(bubble, box, caption)
        return Places(name, box, quote, text, why, self._reply(bubble, box, why))

    # painting

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        style_option = cast("Any", option)
        selected = bool(style_option.state & QStyle.StateFlag.State_Selected)
        under_mouse = bool(style_option.state & QStyle.StateFlag.State_MouseOver)
        bubble: Bubble = index.data(TranscriptModel.BUBBLE)
        self.paint_bubble(painter, bubble, style_option.rect, selected=selected, under_mouse=under_mouse)

    def paint_bubble(
        self, painter: QPainter, bubble: Bubble, rect: QRect, *, selected: bool, under_mouse: bool
    ) -> None:
        """Paint one bubble inside `rect`."""
        places = self.places(bubble, rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if bubble.kind is Kind.QUIET:
            self._paint_quiet(painter, bubble, places, rect)
        else:
            self._paint_spoken(painter, bubble, places, rect, selected=selected)
        if bubble.turn_id:
            self._caption_text(painter, places.why, say("why?"), "accent", underlined=under_mouse or selected)
        if places.reply.isValid() and bubble.mark:
            icon(bubble.mark, "accent").paint(painter, places.reply)
        elif places.reply.isValid() and (under_mouse or selected):
            icon("reply", "muted").paint(painter, places.reply)
        painter.restore()

    def _paint_spoken(
        self, painter: QPainter, bubble: Bubble, places: Places, rect: QRect, *, selected: bool
    ) -> None:
        theme = current()
        own = bubble.kind is Kind.SAID
        if not bubble.follows:
            side = Qt.AlignmentFlag.AlignRight if own else Qt.AlignmentFlag.AlignLeft
            self._caption_text(painter, places.name, bubble.name, "muted", side=side)
        painter.setPen(theme.colour("accent" if selected else "line"))
        painter.setBrush(theme.colour("surface" if own else "accent_soft"))
        painter.drawRoundedRect(places.box, SPACE.radius_card, SPACE.radius_card)
        if bubble.quote:
            bar = QRect(places.quote.topLeft(), QSize(2, places.quote.height()))
            painter.fillRect(bar, theme.colour("edge"))
            self._caption_text(painter, places.quote.adjusted(PAD, 0, 0, 0), bubble.quote, "muted")
        waiting = bubble.kind is Kind.GROWING and not bubble.text
        painter.setPen(theme.colour("muted" if waiting else "text"))
        self._laid(bubble, rect.width()).draw(painter, places.text.x(), places.text.y())

    def _paint_quiet(self, painter: QPainter, bubble: Bubble, places: Places, rect: QRect) -> None:
        painter.setPen(current().colour("muted"))
        icon("silent", "muted").paint(painter, places.name)
        self._laid(bubble, rect.width()).draw(painter, places.text.x(), places.text.y())

    def _caption_text(
        self,
        painter: QPainter,
        rect: QRect,
        text: str,
        role: str,
        *,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        underlined: bool = False,
    ) -> None:
        font = self._caption()
        font.setUnderline(underlined)
        painter.setFont(font)
        painter.setPen(current().colour(role))
        shown = elided(QFontMetrics(font), text, rect.width())
        Paper(Qt.LayoutDirection.LeftToRight, rect).write(painter, rect, shown, side)

    # the pieces

    def _height(self, bubble: Bubble, width: int) -> int:
        places = self.places(bubble, QRect(0, 0, width, 0))
        return places.box.bottom() + 1 + (SPACE.small if bubble.kind is Kind.QUIET else SPACE.tight)

    def _laid(self, bubble: Bubble, width: int) -> Laid:
        if bubble.kind is Kind.QUIET:
            return lay_out(bubble.text, self._caption(), self._widest(width))
        text = bubble.text
        if bubble.kind is Kind.GROWING and not text:
            text = say("is typing…")
        return lay_out(text, self._view.font(), self._widest(width))

    def _quiet_places(self, laid: Laid, rect: QRect) -> Places:
        caption = QFontMetrics(self._caption())
        why_width = caption.horizontalAdvance(say("why?")) + SPACE.small
        glyph = SPACE.medium
        whole = glyph + SPACE.small + round(laid.width) + SPACE.small + why_width
        left = rect.x() + max(0, (rect.width() - whole) // 2)
        top = rect.y() + SPACE.small
        text = QPoint(left + glyph + SPACE.small, top)
        box = QRect(text, QSize(round(laid.width), round(laid.height)))
        icon_box = QRect(left, top + (caption.height() - glyph) // 2, glyph, glyph)
        why = QRect(
            box.right() + SPACE.small, box.bottom() - caption.height() + 1, why_width, caption.height()
        )
        return Places(icon_box, box, QRect(), text, why, QRect())

    def _why(self, bubble: Bubble, box: QRect, caption: QFontMetrics) -> QRect:
        if not bubble.turn_id:
            return QRect()
        width = caption.horizontalAdvance(say("why?")) + SPACE.tight
        return QRect(
            box.right() + SPACE.small, box.bottom() - caption.height() - SPACE.tight, width, caption.height()
        )

    def _reply(self, bubble: Bubble, box: QRect, why: QRect) -> QRect:
        """Beside the bubble, on the side that is free, behind "why?" where there is one."""
        if bubble.kind is Kind.GROWING:
            return QRect()
        glyph = SPACE.medium
        beside = why if why.isValid() else box
        left = beside.right() + SPACE.small
        if bubble.kind is Kind.SAID:
            left = box.left() - SPACE.small - glyph
        return QRect(left, box.bottom() - SPACE.small - glyph, glyph, glyph)

    def _widest(self, width: int) -> int:
        return max(SPACE.wide, min(SPACE.form, round(width * WIDEST_SHARE) - 2 * PAD))

    def _caption(self) -> QFont:
        font = QFont(self._view.font())
        font.setPixelSize(TYPE.caption)
        return font
