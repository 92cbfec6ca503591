"""The first time the window is closed: where Echodeck goes, and that it can be otherwise."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from core.words import say
from gui.help.asking import help_by_key
from gui.reading_order import ReadInOrder
from gui.theme import SPACE
from gui.widgets.basics import button, column, label, row


class ClosingDialog(ReadInOrder, QDialog):
    """`decided`: True to keep running beside the clock, False to end. Closing it decides nothing."""

    decided = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        help_by_key(self, "session#beside-the-clock")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(say("Closing the window"))
        self.setMinimumWidth(SPACE.form)
        told = say(
            "Echodeck can go on beside the clock, so that the bot stays online. Its icon there opens the "
            "window again, and has the way out."
        )
        later = say("You can change this in Settings, under Window.")
        self.stay = button(say("Keep running"), "primary", on_click=lambda: self._decide(stay=True))
        self.leave = button(say("Quit"), on_click=lambda: self._decide(stay=False))
        self.stay.setDefault(True)
        layout = column(
            label(say("Keep running in the background?"), "heading", wrap=True),
            label(told, wrap=True),
            label(later, "caption", wrap=True),
            row(1, self.leave, self.stay),
            gap=SPACE.medium,
        )
        layout.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        self.setLayout(layout)

    def _decide(self, *, stay: bool) -> None:
        self.accept()
        self.decided.emit(stay)
