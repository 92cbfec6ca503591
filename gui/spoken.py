"""What a screen reader is told a thing is, where Qt cannot know it: what is drawn, and buttons that are
places to go to."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAccessibleWidget, QWidget

_MARK = "spokenAs"
PICTURE, CHART, PAGE, PROGRESS = "Graphic", "Chart", "PageTab", "ProgressBar"
_PRESS = "Press"
_factory_is_there = False


def spoken_as(widget: QWidget, role: str) -> None:
    """Let a screen reader call a widget by a role: PICTURE, CHART, PAGE or PROGRESS."""
    widget.setProperty(_MARK, role)


def begin() -> None:
    """From now on Qt asks here first; once for each application."""
    global _factory_is_there
    if not _factory_is_there:
        QAccessible.installFactory(_interface)
        _factory_is_there = True


class _Drawn(QAccessibleWidget):
    """A widget with a role of our choosing; its name and description are the widget's own."""

    def __init__(self, widget: QWidget, role: str) -> None:
        super().__init__(widget, QAccessible.Role[role])


class _Place(_Drawn):
    """A button that leads somewhere, and shows whether one is there."""

    def state(self) -> QAccessible.State:
        state = super().state()
        button = self.widget()
        if isinstance(button, QAbstractButton):
            state.selectable = True
            state.selected = state.checked = button.isChecked()
        return state

    def actionNames(self) -> list[str]:
        return [_PRESS, *super().actionNames()]

    def doAction(self, name: str) -> None:
        button = self.widget()
        if name == _PRESS and isinstance(button, QAbstractButton):
            button.click()
        else:
            super().doAction(name)


def _interface(_class_name: str, thing: QObject) -> QAccessibleWidget | None:
    role = str(thing.property(_MARK) or "")
    if not role or not isinstance(thing, QWidget):
        return None
    return _Place(thing, role) if isinstance(thing, QAbstractButton) else _Drawn(thing, role)
