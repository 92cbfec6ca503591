"""The picture of a persona, round, with what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from core.words import say
from gui.pictures import rounded
from gui.theme import SPACE, current
from gui.widgets.basics import button, column, label, row

SIDE = SPACE.wide * 2


class Portrait(QWidget):
    """`wanted`: another picture. `removed`: none."""

    wanted = Signal()
    removed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._picture: bytes | None = None
        self._name = ""
        self.picture = QLabel()
        self.picture.setFixedSize(SIDE, SIDE)
        self.choose = button(say("Choose a picture…"), "normal", "picture", self.wanted.emit)
        self.remove = button(say("Remove the picture"), "quiet", "", self.removed.emit)
        told = label(say("PNG, JPEG or WebP. It goes out with their card."), "caption", wrap=True)
        buttons = row(self.choose, self.remove, 1, gap=SPACE.small)
        layout = row(self.picture, column(buttons, told, gap=SPACE.tight), gap=SPACE.medium)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        current().changed.connect(self._draw)
        self.show_picture(None, "")

    def show_picture(self, picture: bytes | None, name: str) -> None:
        """Show a picture (a PNG), or the first letter of the name."""
        self._picture, self._name = picture, name
        self.remove.setVisible(picture is not None)
        self.picture.setAccessibleName(
            say("The picture of {name}", name=name) if picture is not None else say("No picture yet")
        )
        self._draw()

    def _draw(self) -> None:
        self.picture.setPixmap(rounded(self._picture, self._name, SIDE, self.devicePixelRatioF()))
