"""Who answers when help is asked for: opens the help window at the topic, for every window it serves."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSettings
from PySide6.QtGui import QKeySequence, QShortcut, QWhatsThisClickedEvent
from PySide6.QtWidgets import QWidget

from core import VERSION
from core.guide import NEWS, START, Guide
from core.words import current_language, say
from gui.help.asking import topic_at
from gui.help.window import HelpWindow
from gui.pages.page import Toast
from gui.window import WINDOW_FILE, MainWindow


class HelpDesk(QObject):
    """Opens the guide. The window is made when it is first wanted, and there is only one.

    Args:
        folder: where the help window's size is kept.
    """

    def __init__(self, folder: Path, guide: Guide | None = None) -> None:
        super().__init__()
        self._folder = folder
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
            kept = QSettings(str(self._folder / WINDOW_FILE), QSettings.Format.IniFormat)
            self.window = HelpWindow(self._guide, kept)
        self.window.open(topic or START)

    def greet(self, window: MainWindow, version: str = VERSION) -> None:
        """After an update say once, in passing, that there is something new. Whoever is here for the first
        time has read nothing older, and is told nothing."""
        is_first = not window.was_told("versions")
        if not window.was_told(f"version-{version}") and not is_first:
            told = say("Echodeck was updated to version {version}.", version=version)
            window.toasts.show(Toast(told, "info", say("What's new"), lambda: self.open(NEWS)))
        window.note_told("versions")
        window.note_told(f"version-{version}")

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
