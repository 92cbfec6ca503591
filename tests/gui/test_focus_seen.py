"""Whoever goes through the window by keyboard sees where they are, at each kind of control and in every
theme: enough of it changes, and changes enough (WCAG 2.2, "focus appearance")."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTableView,
    QTreeView,
    QWidget,
)

from gui.models.series import Line
from gui.reading_order import go_to
from gui.theme import PALETTES, apply, contrast
from gui.tour_views import painted
from gui.widgets.basics import button, column, icon_button
from gui.widgets.chart import TimeChart
from gui.widgets.chips import Chip
from gui.widgets.setting_row import CalmCombo
from gui.widgets.sliders import CalmSlider
from gui.widgets.switch import Switch

SEEN = 3.0
SHARE = 0.75  # of a line one pixel wide around it; corners and ends are round


def _checked(made: QPushButton) -> QPushButton:
    made.setCheckable(True)
    made.setChecked(True)
    return made


def _choices() -> CalmCombo:
    made = CalmCombo()
    made.addItems(["one", "other"])
    return made


def _on(made: Switch) -> Switch:
    made.setChecked(True)
    return made


def _list(view: QListView | QTableView | QTreeView) -> QWidget:
    view.setModel(QStringListModel(["one", "other"], view))
    view.setFixedSize(200, 120)
    return view


def _scrolled() -> QWidget:
    made = QScrollArea()
    inside = QWidget()
    inside.setFixedSize(400, 400)
    made.setWidget(inside)
    made.setFixedSize(200, 120)
    return made


def _chart() -> QWidget:
    made = TimeChart("Mood", -1, 1, (-1, 0, 1), 120)
    made.draw([Line("Pleasure", [0.0, 60.0], [0.1, 0.4], 0)], [0.0], 0.0, 60.0, "It rose.")
    return made


KINDS: dict[str, Callable[[], QWidget]] = {
    **{
        kind: lambda kind=kind: button("Press here", kind)  # type: ignore[misc]
        for kind in ("normal", "primary", "quiet", "danger", "link")
    },
    "icon": lambda: icon_button("close", "Close"),
    "page": lambda: button("Session", "nav"),
    "page that is open": lambda: _checked(button("Session", "nav")),
    "segment": lambda: button("All", "segment"),
    "segment that is chosen": lambda: _checked(button("All", "segment")),
    "choice": lambda: button("Finn", "choice"),
    "choice that is chosen": lambda: _checked(button("Finn", "choice")),
    "chip": lambda: Chip("curious"),
    "switch off": lambda: Switch("Motion"),
    "switch on": lambda: _on(Switch("Motion")),
    "line": lambda: QLineEdit("some words"),
    "lines": lambda: QPlainTextEdit("some words"),
    "box of choices": _choices,
    "slider": lambda: CalmSlider(Qt.Orientation.Horizontal),
    "list": lambda: _list(QListView()),
    "table": lambda: _list(QTableView()),
    "tree": lambda: _list(QTreeView()),
    "scrolled": _scrolled,
    "chart": _chart,
}


@pytest.mark.parametrize("theme", PALETTES)
async def test_the_focus_is_seen_at_every_kind_of_control(theme: str, application: QApplication) -> None:
    apply(application, theme)
    window, elsewhere = QWidget(), QPushButton("elsewhere")
    window.setObjectName("page")
    window.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    controls = {name: make() for name, make in KINDS.items()}
    layout = column(elsewhere, gap=16)
    for made in controls.values():
        layout.addWidget(made)
    layout.setContentsMargins(16, 16, 16, 16)
    window.setLayout(layout)
    window.resize(640, layout.minimumSize().height())
    window.show()
    window.activateWindow()
    await painted()
    found = {}
    for name, made in controls.items():
        made = made.view if isinstance(made, TimeChart) else made
        elsewhere.setFocus()
        before = _pixels(window, made)
        go_to(made, Qt.FocusReason.TabFocusReason)
        assert made.hasFocus(), name
        share = _changed(before, _pixels(window, made)) / (2 * (made.width() + made.height()))
        if share < SHARE:
            found[name] = round(share, 2)
    window.hide()
    window.deleteLater()
    await painted()
    assert found == {}


def _pixels(window: QWidget, control: QWidget) -> npt.NDArray[np.uint32]:
    where = control.rect().translated(control.mapTo(window, control.rect().topLeft()))
    image = window.grab(where.adjusted(-4, -4, 4, 4)).toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    return rows[:, : image.width()].copy()


def _changed(before: npt.NDArray[np.uint32], after: npt.NDArray[np.uint32]) -> int:
    """How many pixels became a colour that is told from the one that was there."""
    pairs, counts = np.unique(np.stack([before.ravel(), after.ravel()]), axis=1, return_counts=True)
    return sum(
        int(times)
        for was, now, times in zip(*pairs, counts, strict=True)
        if was != now and contrast(_name(was), _name(now)) >= SEEN
    )


def _name(pixel: np.uint32) -> str:
    return QColor.fromRgb(int(pixel)).name()
