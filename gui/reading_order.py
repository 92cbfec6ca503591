"""Tab goes the way a page is read: from the top to the bottom, and in a row from its beginning to its end,
whenever and in whatever sequence the page's pieces were made."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFrame,
    QGridLayout,
    QLayout,
    QLineEdit,
    QMainWindow,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QWidget,
)

# What is one stop, whatever it is made of: the field of a box of numbers, the viewport of a list.
_WHOLE = (QAbstractSpinBox, QComboBox, QLineEdit)


class ReadInOrder:
    """A window in which Tab goes the way it is read. Stands before Qt's class among the bases."""

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab, or Shift+Tab when not `forward`."""
        assert isinstance(self, QWidget)
        wanted = _after(list(_pieces(self)), QApplication.focusWidget(), 1 if forward else -1)
        if wanted is None:
            return False
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        go_to(wanted, reason)
        return True


def stops(root: QWidget) -> list[QWidget]:
    """Where Tab stops inside something that is shown, in the order it is read."""
    return [piece for piece in _pieces(root) if takes_focus(piece)]


def takes_focus(widget: QWidget) -> bool:
    """Does Tab stop here? At every choice of a group, too: Qt by itself stops at one of them only."""
    wants = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) or _is_choice(widget)
    return wants and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None


def go_to(widget: QWidget, reason: Qt.FocusReason) -> None:
    """Give a widget the focus, so that it is seen, and scroll it into sight."""
    widget.setFocus(reason)
    if isinstance(widget, QScrollArea):
        _Ring(widget)
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()


class _Ring(QFrame):
    """Shows that the keyboard scrolls an area. A frame of its own would move what is in it."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area)
        self.setProperty("kind", "ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        area.installEventFilter(self)
        self.setGeometry(area.rect())
        self.show()
        self.raise_()

    def eventFilter(self, area: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
            self.deleteLater()
        elif event.type() == QEvent.Type.Resize and isinstance(area, QScrollArea):
            self.setGeometry(area.rect())
        return False


def _is_choice(widget: QWidget) -> bool:
    if not isinstance(widget, QAbstractButton) or not widget.isCheckable():
        return False
    group = widget.group()
    return widget.autoExclusive() if group is None else group.exclusive()


def _after(pieces: list[QWidget], focused: QWidget | None, step: int) -> QWidget | None:
    """The stop after (or before) the piece that has the focus or that holds it; round at the end."""
    at = -1 if step > 0 else 0
    while focused is not None:
        if focused in pieces:
            at = pieces.index(focused)
            break
        focused = focused.parentWidget()
    for distance in range(1, len(pieces) + 1):
        piece = pieces[(at + step * distance) % len(pieces)]
        if takes_focus(piece):
            return piece
    return None


def _pieces(root: QWidget) -> Iterator[QWidget]:
    """Everything that is seen inside, as it is read."""
    for child in _children(root):
        if child.isVisible() and not child.isWindow():
            yield child
            if not isinstance(child, _WHOLE):
                yield from _pieces(child)


def _children(widget: QWidget) -> list[QWidget]:
    """The pieces of a widget as they are read; what lies over the others comes last."""
    found = _arranged(widget)
    if isinstance(widget, QAbstractScrollArea):
        return found
    known = set(found)
    over = [child for child in widget.children() if isinstance(child, QWidget) and child not in known]
    if isinstance(widget, QStackedWidget):
        over = [child for child in over if widget.indexOf(child) < 0]
    return found + over


def _arranged(widget: QWidget) -> list[QWidget]:
    match widget:
        case QMainWindow():
            return [part for part in (widget.centralWidget(), widget.statusBar()) if part is not None]
        case QScrollArea():
            return [inside] if (inside := widget.widget()) is not None else []
        case QAbstractScrollArea():
            return []
        case QStackedWidget():
            return [shown] if (shown := widget.currentWidget()) is not None else []
        case QSplitter():
            return [part for at in range(widget.count()) if (part := widget.widget(at)) is not None]
    layout = widget.layout()
    pieces = [child for child in widget.children() if isinstance(child, QWidget)]
    return list(_of_layout(layout, pieces)) if isinstance(layout, QLayout) else []


def _of_layout(layout: QLayout, pieces: list[QWidget]) -> Iterator[QWidget]:
    """The pieces that stand in a layout and in those inside it. Its items are not asked for: PySide keeps
    what it made of a stretch, and takes what comes to its place in memory later for a stretch, too."""
    inner = [each for each in layout.children() if isinstance(each, QLayout)]
    held: list[QWidget | QLayout] = [*pieces, *inner]
    places = [layout.indexOf(each) for each in held]
    for _, number in sorted((_place(layout, at), number) for number, at in enumerate(places) if at >= 0):
        inside = held[number]
        if isinstance(inside, QWidget):
            yield inside
        else:
            yield from _of_layout(inside, pieces)


def _place(layout: QLayout, at: int) -> tuple[int, int]:
    """Where an item is read: of a grid row by row, however it was filled."""
    if isinstance(layout, QGridLayout):
        found: tuple[int, ...] = tuple(layout.getItemPosition(at))  # type: ignore[arg-type]
        return found[0], found[1]
    return at, 0
