"""Where the host was on a page: what had the keyboard, and how far down they had gone. A page that is made
anew, in another language, has the same widgets in the same order."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QScrollArea, QWidget


@dataclass(frozen=True, slots=True)
class Staying:
    """A place on a page.

    Attributes:
        focused: the number of the widget that has the keyboard, among all; None: none has.
        scrolled: how far each scroll area has gone down, in pixels.
    """

    focused: int | None
    scrolled: tuple[int, ...]

    @classmethod
    def on(cls, page: QWidget) -> Staying:
        """Where the host is."""
        focused = next((at for at, each in enumerate(page.findChildren(QWidget)) if each.hasFocus()), None)
        return cls(
            focused, tuple(area.verticalScrollBar().value() for area in page.findChildren(QScrollArea))
        )

    def again(self, page: QWidget) -> None:
        """Go there, once the page is laid out."""
        QTimer.singleShot(0, page, lambda: self._go(page))

    def _go(self, page: QWidget) -> None:
        for area, far in zip(page.findChildren(QScrollArea), self.scrolled, strict=False):
            area.verticalScrollBar().setValue(far)
        widgets = page.findChildren(QWidget)
        if self.focused is not None and self.focused < len(widgets):
            widgets[self.focused].setFocus()
