"""Qt's application object."""

from __future__ import annotations

import sys

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from gui import spoken
from gui.stylesheet import RESOURCES


def make_application() -> QApplication:
    """Qt's application object, dressed; the one there is when there is one."""
    known = QApplication.instance()
    application = known if isinstance(known, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("Echodeck")
    application.setApplicationDisplayName("Echodeck")
    application.setDesktopFileName("echodeck")
    application.setWindowIcon(QIcon(str(RESOURCES / "icons" / "echodeck.svg")))
    spoken.begin()
    return application
