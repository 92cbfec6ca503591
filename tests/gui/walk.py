"""Walking a window as somebody does who cannot see it or has no mouse: what each control is called, what
it is said to be, and where Tab goes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGraphicsView,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QTableView,
    QTextEdit,
    QTreeView,
    QWidget,
)

MOST_STOPS = 400
_LOOKED_AT = 30
_ACTED_ON = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QGraphicsView,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
)
_R = QAccessible.Role
_ROLES: tuple[tuple[type[QWidget], tuple[QAccessible.Role, ...]], ...] = (
    (QPushButton, (_R.Button, _R.ButtonMenu, _R.CheckBox, _R.RadioButton, _R.PageTab)),
    (QAbstractButton, (_R.Button, _R.CheckBox, _R.RadioButton)),
    (QComboBox, (_R.ComboBox,)),
    (QLineEdit, (_R.EditableText,)),
    (QPlainTextEdit, (_R.EditableText,)),
    (QTextEdit, (_R.EditableText,)),
    (QAbstractSpinBox, (_R.SpinBox,)),
    (QAbstractSlider, (_R.Slider,)),
    (QListView, (_R.List,)),
    (QTableView, (_R.Table, _R.List)),
    (QTreeView, (_R.Tree, _R.List)),
    (QGraphicsView, (_R.Chart,)),
    (QScrollArea, (_R.Client, _R.Pane)),
)


def shown(root: QWidget) -> Iterator[QWidget]:
    """What is seen of a window, its overlays too; another window above it is not."""
    for widget in root.findChildren(QWidget):
        if widget.isVisible() and widget.window() is root:
            yield widget


def controls(root: QWidget) -> list[QWidget]:
    """What somebody can do something with."""
    return [
        widget
        for widget in shown(root)
        if not isinstance(widget, QScrollBar | QLabel | QHeaderView)
        and not isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox)
        and widget.focusProxy() is None
        and (isinstance(widget, _ACTED_ON) or widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    ]


def name_of(widget: QWidget) -> str:
    """What a screen reader calls it. Of a box of choices Qt tells what is chosen, on Linux, and the name as
    what describes it."""
    spoken = QAccessible.queryAccessibleInterface(widget)
    if isinstance(widget, QComboBox):
        return widget.accessibleName() if spoken.text(QAccessible.Text.Description) else ""
    return "" if spoken is None else str(spoken.text(QAccessible.Text.Name))


def called(widget: QWidget) -> str:
    """For whoever reads that a test failed."""
    return f"{type(widget).__name__} {name_of(widget)!r} in {type(widget.parentWidget()).__name__}"


def badly_named(root: QWidget) -> list[str]:
    """Controls without a name of words, and those that cannot be told from another by role and name."""
    found = []
    known: set[tuple[object, str]] = set()
    for widget in controls(root):
        name, role = name_of(widget), QAccessible.queryAccessibleInterface(widget).role()
        if len(re.findall(r"[^\W\d_]", name)) < 2 or name == type(widget).__name__:
            found.append(f"no words: {called(widget)}")
        elif (role, name) in known:
            found.append(f"twice: {called(widget)}")
        known.add((role, name))
    return found


def badly_taken(root: QWidget) -> list[str]:
    """Controls that a screen reader takes for something else than what they are."""
    found = []
    for widget in controls(root):
        spoken = QAccessible.queryAccessibleInterface(widget)
        fitting = next((roles for kind, roles in _ROLES if isinstance(widget, kind)), ())
        if spoken.role() not in fitting:
            found.append(f"{spoken.role().name}: {called(widget)}")
        elif isinstance(widget, QAbstractButton) and widget.isCheckable():
            state = spoken.state()
            if bool(state.checked) is not widget.isChecked():
                found.append(f"not said to be on: {called(widget)}")
    return found


def nameless_rows(root: QWidget) -> list[str]:
    """Lists with rows of which nothing can be said."""
    found = []
    for view in shown(root):
        if not isinstance(view, QListView | QTableView | QTreeView) or (model := view.model()) is None:
            continue
        columns = 1 if isinstance(view, QListView) else _header(view).count()
        for row in range(min(_LOOKED_AT, model.rowCount(QModelIndex()))):
            cells = [model.index(row, column) for column in range(columns)]
            roles = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole)
            if not any(str(cell.data(role) or "").strip() for cell in cells for role in roles):
                found.append(f"row {row} of {called(view)}")
    return found


def _header(view: QTableView | QTreeView) -> QHeaderView:
    return view.horizontalHeader() if isinstance(view, QTableView) else view.header()


def tabbed(window: QWidget, key: Qt.Key = Qt.Key.Key_Tab) -> list[QWidget]:
    """Where Tab goes, once around from where the focus is."""
    first = QApplication.focusWidget()
    visited: list[QWidget] = []
    while len(visited) < MOST_STOPS:
        present = QApplication.focusWidget()
        assert present is not None, "the focus got lost"
        if present is first and visited:
            return visited
        visited.append(present)
        QTest.keyClick(present, key)
        if QApplication.focusWidget() is present:
            raise AssertionError(f"Tab does not leave {called(present)}")
    raise AssertionError(f"Tab goes round and never comes back to {called(visited[0])}")


def unreached(window: QWidget, visited: list[QWidget]) -> list[str]:
    """Controls that Tab passed by, and those it came to twice."""
    enabled = [widget for widget in controls(window) if widget.isEnabled()]
    missed = [f"missed: {called(widget)}" for widget in enabled if widget not in visited]
    twice = [f"twice: {called(widget)}" for widget, n in Counter(visited).items() if n > 1]
    return missed + twice


def out_of_order(visited: list[QWidget]) -> list[str]:
    """Steps of Tab that go up, or back to the left, where the two things stand beside each other."""
    return [
        f"{called(one)} → {called(other)}"
        for one, other in pairwise(visited)
        if _goes_back(*_beside_each_other(one, other))
    ]


def _goes_back(one: QRect, other: QRect) -> bool:
    same_line = one.top() <= other.bottom() and other.top() <= one.bottom()
    same_column = one.left() <= other.right() and other.left() <= one.right()
    if same_line and same_column:
        return False
    return (same_line and other.right() < one.left()) or (same_column and other.bottom() < one.top())


def _beside_each_other(one: QWidget, other: QWidget) -> tuple[QRect, QRect]:
    """The two pieces of the closest thing that holds both, each with one of them in it."""
    above_one, above_other = _up(one), _up(other)
    known = {id(widget) for widget in above_other}
    common = next(widget for widget in above_one if id(widget) in known)
    return _piece(above_one, common), _piece(above_other, common)


def _up(widget: QWidget | None) -> list[QWidget]:
    found = []
    while widget is not None:
        found.append(widget)
        widget = None if widget.isWindow() else widget.parentWidget()
    return found


def _piece(line: list[QWidget], common: QWidget) -> QRect:
    at = next(number for number, widget in enumerate(line) if widget is common)
    if at == 0:
        return QRect()
    piece = line[at - 1]
    return QRect(piece.mapTo(common, QPoint(0, 0)), piece.size())
