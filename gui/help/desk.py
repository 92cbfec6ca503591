"""Who answers when help is asked for: opens the help window at the topic."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from core.guide import START, Guide
from core.words import current_language
from gui.help.window import HelpWindow


class HelpDesk:
    """Opens the guide. The window is made when it is first wanted, and there is only one.

    Args:
        remembered: where the help window's size is kept; None: nowhere.
    """

    def __init__(self, remembered: QSettings | None = None, guide: Guide | None = None) -> None:
        self._remembered = remembered
        self._guide = guide or Guide()
        self.window: HelpWindow | None = None

    def open(self, topic: str = START) -> None:
        """Open the guide at a topic."""
        if self.window is not None and self.window.spoken != current_language():
            self.end()
        if self.window is None:
            self.window = HelpWindow(self._guide, self._remembered)
        self.window.open(topic or START)

    def end(self) -> None:
        """Close the help window for good."""
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()
            self.window = None
