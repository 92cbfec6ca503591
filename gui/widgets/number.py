"""A number that may be left open."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator

from gui.theme import SPACE
from gui.widgets.basics import fit_hint
from gui.widgets.field import OneLine


class NumberField(OneLine):
    """A whole number, or nothing: then the placeholder says what counts. `given`: the number, or None."""

    given = Signal(object)

    def __init__(self, name: str, least: int, most: int, otherwise: str = "") -> None:
        super().__init__()
        self.setValidator(QIntValidator(least, most, self))
        self.setPlaceholderText(otherwise)
        self.setAccessibleName(name)
        fit_hint(self, SPACE.sidebar // 2)
        self.edited.connect(self._tell)

    def show_number(self, number: float | None) -> None:
        """Show a number without telling."""
        if number is not None or self.hasAcceptableInput():
            self.put("" if number is None else f"{number:g}")

    def _tell(self, text: str) -> None:
        if not text.strip() or self.hasAcceptableInput():
            self.given.emit(int(text) if text.strip() else None)
