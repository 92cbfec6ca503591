"""Who answers when help is asked for: opens the help window at the topic, for every window it serves."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSettings
from PySide6.QtGui import QKeySequence, QShortcut, QWhatsThisClickedEvent
from PySide6.QtWidgets import QWidget

from core.guide import START, Guide
from core.words import current_language
from gui.help.asking import topic_at
from gui.help.window import HelpWindow


class HelpDesk(QObject):
    """Opens the guide. The window is made when it is first wanted, and there is only one.

    Args:
        remembered: where the help window's size is kept; None: nowhere.
    """

    def __init__(self, remembered: QSettings | None = None, guide: Guide | None = None) -> None:
        super().__init__()
        self._remembered = remembered
        self._guide = guide or Guide()
        self.window: HelpWindow | None = None

    def serve(self, top: QWidget) -> None:
        """Answer a window: what rises to it, and F1 in it, by what the keyboard is on."""
        top.installEventFilter(self)
        keys = QShortcut(QKeySequence("F1"), top)
        keys.activated.connect(lambda: self.open(topic_at(top.focusWidget() or top)))

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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWhatsThisClickedEvent):
            self.open(event.href())
            return True
        return False
