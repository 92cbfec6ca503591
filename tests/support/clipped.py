"""What a person could not read: words that need more room than they have, pieces that lie over each other
or outside of what holds them, and content that only a sideways scroll would show."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

from PySide6.QtCore import QModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QGraphicsView,
    QHeaderView,
    QLabel,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSpinBox,
    QStackedLayout,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QTabBar,
    QTableView,
    QTreeView,
    QWidget,
)

from gui.widgets.basics import ElidedLabel
from gui.widgets.whole import ElidedButton, TellsWhole, whole_of

_ROUNDING = 1  # a pixel, where Qt rounds a width
_ROWS = 8  # of a list are looked at


def clipped(shown: QWidget) -> list[str]:
    """Everything in a window that is shown which a person could not read, in words."""
    found: list[str] = []
    for widget in (shown, *shown.findChildren(QWidget)):
        if widget.isVisible():
            found += [f"{_where(widget)}: {words}" for words in _of(widget)]
    return found


def _of(widget: QWidget) -> Iterator[str]:
    for kind, look in _LOOKS:
        if isinstance(widget, kind):
            yield from look(widget)
            break
    yield from _apart(widget)


# words


def _label(label: QLabel) -> Iterator[str]:
    words = label.text()
    if not words:
        return
    needed, room = _plain(label, words), label.contentsRect().size()
    if isinstance(label, ElidedLabel):
        if words != label.whole() and not _tells(label.toolTip(), label.whole()):
            yield f"ends in … and has no tooltip: {label.whole()!r}"
        if room.width() <= QFontMetrics(label.font()).horizontalAdvance("…"):
            yield f"nothing of it is seen: {label.whole()!r}"
    elif needed.width() > room.width() + _ROUNDING:
        yield f"{words!r} needs {needed.width()} px, has {room.width()}"
    if needed.height() > room.height() + _ROUNDING:
        yield f"{words!r} needs {needed.height()} px of height, has {room.height()}"


def _plain(label: QLabel, words: str) -> QSize:
    """The room that the words need, at the width the label has."""
    metrics, flags = label.fontMetrics(), int(label.alignment())
    if not label.wordWrap():
        return metrics.size(0, words)
    flags |= int(Qt.TextFlag.TextWordWrap)
    return metrics.boundingRect(QRect(0, 0, label.contentsRect().width(), 1 << 20), flags, words).size()


def _button(button: QAbstractButton) -> Iterator[str]:
    words = button.text().replace("&&", "&")
    if not words or button.property("kind") == "choice" or _tells_whole(button):
        return
    hint = button.sizeHint()
    if hint.width() > button.width() + _ROUNDING:
        yield f"the button {words!r} needs {hint.width()} px, has {button.width()}"
    if hint.height() > button.height() + _ROUNDING:
        yield f"the button {words!r} needs {hint.height()} px of height, has {button.height()}"
    if button.isCheckable() and button.property("kind") == "nav":
        bold = QFont(button.font())
        bold.setWeight(QFont.Weight.DemiBold)
        more = QFontMetrics(bold).horizontalAdvance(words) - button.fontMetrics().horizontalAdvance(words)
        if hint.width() + more > button.width() + _ROUNDING:
            yield f"{words!r} needs {hint.width() + more} px once it is chosen, has {button.width()}"


def _tells_whole(button: QAbstractButton) -> bool:
    if not isinstance(button, ElidedButton):
        return False
    cut = button.text().removesuffix("…").strip()
    return _tells(button.toolTip(), cut) or button.sizeHint().width() <= button.width()


def _combo(combo: QComboBox) -> Iterator[str]:
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    field = combo.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, combo
    )
    icon = combo.iconSize().width() + 4 if any(_has_icon(combo, at) for at in range(combo.count())) else 0
    for at in range(combo.count()):
        words = combo.itemText(at)
        needed = combo.fontMetrics().horizontalAdvance(words) + icon
        seen = at == combo.currentIndex()
        if seen and needed > field.width() + _ROUNDING and not _tells(combo.toolTip(), words):
            yield f"the choice {words!r} needs {needed} px, has {field.width()}, and has no tooltip"


def _has_icon(combo: QComboBox, at: int) -> bool:
    return not combo.itemIcon(at).isNull()


def _line_edit(edit: QLineEdit) -> Iterator[str]:
    if isinstance(edit.parent(), QSpinBox):
        return
    words = edit.placeholderText()
    room = edit.contentsRect().width() - _padding(edit) - (24 if edit.isClearButtonEnabled() else 0)
    needed = edit.fontMetrics().horizontalAdvance(words)
    if words and not edit.text() and needed > room + _ROUNDING and not _tells(edit.toolTip(), words):
        yield f"the hint {words!r} needs {needed} px, has {room}"


def _padding(edit: QLineEdit) -> int:
    margins = edit.textMargins()
    return margins.left() + margins.right() + 2 * (9 + 2 + 1)  # the sheet's, Qt's own, the border's


def _text_edit(edit: QPlainTextEdit) -> Iterator[str]:
    words = edit.placeholderText()
    if not words or edit.toPlainText():
        return
    room = edit.viewport().size()
    flags = int(Qt.TextFlag.TextWordWrap)
    needed = edit.fontMetrics().boundingRect(QRect(0, 0, room.width() - 8, 1 << 20), flags, words)
    if needed.height() > room.height():
        yield f"the hint {words!r} needs {needed.height()} px of height, has {room.height()}"


def _spin(spin: QSpinBox) -> Iterator[str]:
    if spin.sizeHint().height() > spin.height() + _ROUNDING:
        yield f"{spin.text()!r} has too little height"
    words = f"{spin.prefix()}{spin.textFromValue(spin.maximum())}{spin.suffix()}"
    room = spin.findChild(QLineEdit)
    if room is not None and spin.fontMetrics().horizontalAdvance(spin.text()) > room.width():
        yield f"{words!r} needs more than {room.width()} px"


def _tabs(bar: QTabBar) -> Iterator[str]:
    for at in range(bar.count()):
        if bar.fontMetrics().horizontalAdvance(bar.tabText(at)) > bar.tabRect(at).width():
            yield f"the tab {bar.tabText(at)!r} is cut"


def _header(header: QHeaderView) -> Iterator[str]:
    model = header.model()
    if header.orientation() != Qt.Orientation.Horizontal or model is None:
        return
    for at in range(header.count()):
        words = str(model.headerData(at, Qt.Orientation.Horizontal) or "")
        needed = header.sectionSizeFromContents(at).width()
        if words and not header.isSectionHidden(at) and needed > header.sectionSize(at) + _ROUNDING:
            yield f"the column {words!r} needs {needed} px, has {header.sectionSize(at)}"


# rows


def _rows(view: QAbstractItemView) -> Iterator[str]:
    if isinstance(view, QHeaderView):
        yield from _header(view)
        return
    yield from _scrolled(view)
    if not type(view.itemDelegate()).__module__.startswith("PySide6"):
        yield from _painted(view)
    elif isinstance(view, (QTableView, QTreeView)) and type(view.itemDelegate()).__module__.startswith(
        "PySide6"
    ):
        yield from _cells(view)


def _cells(view: QTableView | QTreeView) -> Iterator[str]:
    """Cells that Qt draws: what ends in … has to tell the whole in its tooltip."""
    model = view.model()
    if model is None:
        return
    for row in range(min(model.rowCount(), 50)):
        for column in range(model.columnCount(QModelIndex())):
            index = model.index(row, column)
            room = view.visualRect(index)
            if room.isEmpty():
                continue
            words = str(index.data() or "")
            needed = view.itemDelegate().sizeHint(QStyleOptionViewItem(), index).width()
            told = str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
            if needed > room.width() + _ROUNDING and not _tells(told, words):
                yield f"the cell {words!r} needs {needed} px, has {room.width()}, and has no tooltip"


def _painted(view: QAbstractItemView) -> Iterator[str]:
    """Rows that are painted: they keep to their place, and what is cut in them can be asked for."""
    index, looked_at = view.indexAt(QPoint(view.viewport().width() // 2, 1)), 0
    while index.isValid() and looked_at < _ROWS:
        row, looked_at = index.row(), looked_at + 1
        rect = view.visualRect(index)
        if not view.viewport().rect().contains(rect):
            index = index.siblingAtRow(row + 1)
            continue
        if _strays(view, index, rect):
            yield f"row {row} paints outside of its place"
        cut = whole_of(view, index)
        if cut and not isinstance(view, TellsWhole):
            yield f"row {row} ends in … and has no tooltip: {cut!r}"
        index = index.siblingAtRow(row + 1)


def _strays(view: QAbstractItemView, index: QModelIndex, rect: QRect) -> bool:
    """Does a row leave ink beside its place?"""
    around = 24
    sheet = QImage(rect.width() + 2 * around, rect.height() + 2 * around, QImage.Format.Format_ARGB32)
    sheet.fill(Qt.GlobalColor.transparent)
    option = QStyleOptionViewItem()
    view.initViewItemOption(option)
    option.rect = rect  # type: ignore[attr-defined]
    painter = QPainter(sheet)
    painter.translate(QPoint(around, around) - rect.topLeft())
    view.itemDelegate().paint(painter, option, index)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    painter.fillRect(rect.adjusted(-1, -1, 1, 1), Qt.GlobalColor.transparent)
    painter.end()
    blank = QImage(sheet.size(), QImage.Format.Format_ARGB32)
    blank.fill(Qt.GlobalColor.transparent)
    return bool(sheet != blank)


def _scrolled(area: QAbstractScrollArea) -> Iterator[str]:
    """Nothing is read by scrolling sideways."""
    if isinstance(area, QGraphicsView):
        return
    bar = area.horizontalScrollBar()
    inside = area.widget() if isinstance(area, QScrollArea) else None
    if inside is not None and inside.width() > area.viewport().width() + _ROUNDING:
        yield f"its content is {inside.width()} px wide, it shows {area.viewport().width()}"
    elif bar.maximum() > bar.minimum() and not isinstance(area, QPlainTextEdit):
        yield f"it would have to be scrolled sideways by {bar.maximum()} px"


# places


def _apart(widget: QWidget) -> Iterator[str]:
    """What a widget's layout holds lies inside of the widget and apart from each other."""
    pieces = [piece for piece in _held(widget) if piece.isVisible()]
    room = widget.rect()
    for piece in pieces:
        if not room.adjusted(-1, -1, 1, 1).contains(piece.geometry()) and not isinstance(widget, QScrollArea):
            yield f"{_name(piece)} at {_box(piece.geometry())} is not inside of {_box(room)}"
    for at, one in enumerate(pieces):
        for other in pieces[at + 1 :]:
            both = one.geometry().intersected(other.geometry())
            if both.width() > _ROUNDING and both.height() > _ROUNDING:
                yield f"{_name(one)} and {_name(other)} overlap by {both.width()}×{both.height()} px"


def _held(widget: QWidget) -> list[QWidget]:
    """What the widget's layout, and the layouts inside of it, hold."""
    whole = widget.layout()
    if whole is None or isinstance(whole, QStackedLayout):
        return []
    layouts = (whole, *whole.findChildren(QLayout))
    inside = [child for child in widget.children() if isinstance(child, QWidget)]
    return [child for child in inside if any(layout.indexOf(child) >= 0 for layout in layouts)]


# words about it


def _tells(tooltip: str, words: str) -> bool:
    told = html.unescape(re.sub(r"<[^>]*>", "", tooltip))
    return " ".join(words.split()) in " ".join(told.split())


def _where(widget: QWidget) -> str:
    path = [_name(widget)]
    parent = widget.parentWidget()
    while parent is not None and len(path) < 4:
        if type(parent).__module__.startswith("gui"):
            path.append(type(parent).__name__)
        parent = parent.parentWidget()
    return " < ".join(path)


def _name(widget: QWidget) -> str:
    said = widget.accessibleName() or (widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else "")
    at = widget.mapTo(widget.window(), QPoint(0, 0))
    return f"{type(widget).__name__}({said[:40]!r} at {at.x()},{at.y()})"


def _box(rect: QRect) -> str:
    return f"{rect.x()},{rect.y()} {rect.width()}×{rect.height()}"


_LOOKS: tuple[tuple[type[QWidget] | tuple[type[QWidget], ...], Callable[..., Iterator[str]]], ...] = (
    (QLabel, _label),
    ((QPushButton, QCheckBox, QRadioButton), _button),
    (QComboBox, _combo),
    (QLineEdit, _line_edit),
    (QPlainTextEdit, _text_edit),
    (QSpinBox, _spin),
    (QTabBar, _tabs),
    (QAbstractItemView, _rows),
    (QAbstractScrollArea, _scrolled),
)
