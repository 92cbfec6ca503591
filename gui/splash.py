"""The first thing that is seen: a small window while the rest is still being read from the disk. It knows as
little as possible, for everything it knew would have to be read before it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget

from gui.application import make_application
from gui.single import ask_running_to_show
from gui.stylesheet import RESOURCES

_PICTURE = 64
_EDGE = 24
_NAME = 28


class Splash(QWidget):
    """The name and its picture, until there is another window."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(None, Qt.WindowType.SplashScreen | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowTitle("Echodeck")
        picture, name = QLabel(), QLabel("Echodeck")
        picture.setPixmap(QIcon(str(RESOURCES / "icons" / "echodeck.svg")).pixmap(_PICTURE))
        font = name.font()
        font.setPixelSize(_NAME)
        name.setFont(font)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_EDGE, _EDGE, _EDGE * 2, _EDGE)
        layout.setSpacing(_EDGE)
        layout.addWidget(picture)
        layout.addWidget(name)
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Another window is there: this one goes."""
        if event.type() == QEvent.Type.Show and watched is not self and _is_window(watched):
            self.put_away()
        return False

    def put_away(self) -> None:
        """Nothing is waited for any more."""
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self.close()
        self.deleteLater()
        _present.clear()


_present: list[Splash] = []  # nobody else would hold it


def _is_window(watched: QObject) -> bool:
    return isinstance(watched, QWidget) and watched.isWindow()


def begin(data_dir: Path, minimised: bool) -> bool:
    """Show that it starts; False when it runs already with this folder, and that one came forward.

    Args:
        minimised: nothing is to be seen.
    """
    if ask_running_to_show(data_dir):
        return False
    application = make_application()
    if not minimised:
        splash = Splash(application)
        _present.append(splash)
        splash.adjustSize()
        if (screen := splash.screen()) is not None:
            splash.move(screen.availableGeometry().center() - splash.rect().center())
        splash.show()
        application.sync()  # no loop runs yet that would paint it
    return True
