"""The small pieces every page is made of. They know the theme's names, never its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.icons import icon
from gui.theme import SPACE, TYPE, current
from gui.widgets.flow import FlowLayout

Box = TypeVar("Box", QHBoxLayout, QVBoxLayout)


def label(
    text: str = "", kind: str = "body", tone: str = "", *, wrap: bool = False, selectable: bool = False
) -> QLabel:
    """Words on the page. Always plain text, so that what people wrote stays what they wrote.

    Args:
        kind: body, muted, caption, strong, heading, title, display, mono or pill.
        tone: good, warn, bad, info or accent, or nothing.
    """
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setWordWrap(wrap)
    made.setProperty("kind", kind)
    made.setProperty("tone", tone)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        made.setAccessibleName(text[:80])
    if kind == "pill":
        made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def retone(widget: QWidget, tone: str, name: str = "tone") -> None:
    """Give a widget another tone (or another property the stylesheet looks at), now."""
    if widget.property(name) != tone:
        widget.setProperty(name, tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


class ElidedLabel(QLabel):
    """One line of plain text that ends in … when there is no room; the whole is in the tooltip."""

    def __init__(self, text: str = "", kind: str = "body") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("kind", kind)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._whole = ""
        self.put(text)

    def put(self, text: str) -> None:
        """Show `text`."""
        self._whole = " ".join(text.split())
        self._fit()

    def whole(self) -> str:
        """The text, uncut."""
        return self._whole

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(SPACE.large, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = max(0, self.contentsRect().width())
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        if shown != self.text():
            self.setText(shown)
        self.setAccessibleName(self._whole)
        # A tooltip guesses its format: without the mark, what looks like HTML would be drawn as such.
        self.setToolTip(plain_tooltip(self._whole) if shown != self._whole else "")


def plain_tooltip(text: str) -> str:
    """`text` as a tooltip that is drawn letter by letter, whatever is in it."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<span>{escaped}</span>"


def plain(text: str) -> str:
    """`text` as a button's or a menu's words: an & is one, and no mark of a key."""
    return text.replace("&", "&&")


class PrimaryButton(QPushButton):
    """The one button of a page that leads on. A line around it would not be told from its own colour, so
    the focus is a line inside."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(current().colour("on_accent"), 2))
            room = QRectF(self.rect()).adjusted(SPACE.tight, SPACE.tight, -SPACE.tight, -SPACE.tight)
            painter.drawRoundedRect(room, SPACE.radius_control / 2, SPACE.radius_control / 2)
            painter.end()


def button(
    text: str,
    kind: str = "normal",
    icon_name: str = "",
    on_click: Callable[[], object] | None = None,
    *,
    shortcut: str = "",
) -> QPushButton:
    """A button with words on it.

    Args:
        kind: normal, primary (one a page), quiet, danger or link.
    """
    made = PrimaryButton(text) if kind == "primary" else QPushButton(text)
    made.setProperty("kind", kind)
    made.setAccessibleName(text)
    made.setAutoDefault(False)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    if icon_name:
        roles = {"primary": "on_accent", "danger": "bad", "link": "accent"}
        made.setIcon(icon(icon_name, roles.get(kind, "text")))
        made.setIconSize(QSize(SPACE.icon + SPACE.small, SPACE.icon))  # air between icon and words
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    if shortcut:
        made.setShortcut(QKeySequence(shortcut))
    if kind in ("nav", "segment"):
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click shows its choice; the ring is for the keyboard
    return made


def icon_button(
    icon_name: str, name: str, on_click: Callable[[], object] | None = None, *, tone: str = "text"
) -> QPushButton:
    """A button that is only an icon; `name` is its tooltip and what a screen reader says."""
    made = button("", "icon", "", on_click)
    made.setIcon(icon(icon_name, tone))
    made.setIconSize(QSize(SPACE.icon, SPACE.icon))
    made.setToolTip(name)
    made.setAccessibleName(name)
    return made


def fit_hint(field: QLineEdit, least: int) -> None:
    """Give a field a fixed width in which its hint can be read, `least` pixels at least."""
    hint = field.fontMetrics().horizontalAdvance(field.placeholderText())
    field.setFixedWidth(max(least, hint + SPACE.wide))


def row(*pieces: QWidget | QLayout | int | None, gap: int = SPACE.small) -> QHBoxLayout:
    """Pieces side by side. A number is a stretch; None is skipped."""
    return _fill(QHBoxLayout(), pieces, gap)


def column(*pieces: QWidget | QLayout | int | None, gap: int = SPACE.small) -> QVBoxLayout:
    """Pieces below each other. A number is a stretch; None is skipped."""
    return _fill(QVBoxLayout(), pieces, gap)


def _fill(box: Box, pieces: Sequence[QWidget | QLayout | int | None], gap: int) -> Box:
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(gap)
    for piece in pieces:
        if isinstance(piece, QWidget):
            box.addWidget(piece)
        elif isinstance(piece, int):
            box.addStretch(piece)
        elif piece is not None:
            box.addLayout(piece)
    return box


def line() -> QFrame:
    """A quiet divider."""
    made = QFrame()
    made.setProperty("kind", "line")
    return made


class Card(QFrame):
    """A surface with a heading and whatever belongs together. Put things into `body`."""

    def __init__(self, heading: str = "", *actions: QWidget, kind: str = "card") -> None:
        super().__init__()
        self.setProperty("kind", kind)
        self.body = column(gap=SPACE.small)
        self.body.setContentsMargins(SPACE.medium, SPACE.medium, SPACE.medium, SPACE.medium)
        self.setLayout(self.body)
        if heading or actions:
            self.body.addLayout(self._headed(heading, actions))
        if heading:
            self.setAccessibleName(heading)

    def _headed(self, heading: str, actions: Sequence[QWidget]) -> QHBoxLayout:
        """The heading with what stands beside it: as high in each card, whatever that is."""
        words = label(heading, "heading", wrap=True)
        words.setMinimumHeight(SPACE.large)
        words.setMinimumWidth(min(SPACE.sidebar, _heading_width(heading)))  # a short one stays on its line
        tallest = max((action.sizeHint().height() for action in actions), default=0)
        beyond = max(0, tallest - SPACE.large) // 2
        if beyond:
            self.body.setContentsMargins(SPACE.medium, SPACE.medium - beyond, SPACE.medium, SPACE.medium)
        head = row(words, *actions)
        head.setStretch(0, 1)
        return head

    def put(self, *pieces: QWidget | QLayout | int) -> Card:
        """Add pieces at the end, and answer the card."""
        for piece in pieces:
            if isinstance(piece, QWidget):
                self.body.addWidget(piece)
            elif isinstance(piece, int):
                self.body.addStretch(piece)
            else:
                self.body.addLayout(piece)
        return self


def _heading_width(heading: str) -> int:
    font = QFont(QApplication.font())
    font.setPixelSize(TYPE.heading)
    font.setWeight(QFont.Weight.DemiBold)
    return QFontMetrics(font).horizontalAdvance(heading) + 2


class Segments(QWidget):
    """A few choices side by side, one of them chosen; `chosen` tells the key when it changes."""

    chosen = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], name: str, first: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[str, QPushButton] = {}
        for key, words in choices:
            made = button(words, "segment")
            made.setCheckable(True)
            made.setAccessibleName(f"{name}: {words}")
            made.setAutoExclusive(True)  # one of several, a screen reader says
            self._group.addButton(made)
            self._buttons[key] = made
        flow = FlowLayout(SPACE.tight)
        for made in self._buttons.values():
            flow.addWidget(made)
        self.setLayout(flow)
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.choose(first or choices[0][0])
        self._group.buttonClicked.connect(self._clicked)

    def choose(self, key: str) -> None:
        """Choose without telling."""
        self._buttons[key].setChecked(True)

    def rename(self, key: str, words: str) -> None:
        """Put other words on a choice."""
        self._buttons[key].setText(words)
        self._buttons[key].setAccessibleName(f"{self.accessibleName()}: {words}")

    @property
    def key(self) -> str:
        """What is chosen."""
        return next(key for key, made in self._buttons.items() if made.isChecked())

    def _clicked(self, _button: QAbstractButton) -> None:
        self.chosen.emit(self.key)
