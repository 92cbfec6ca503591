"""What is shown instead of the window when the data cannot be opened: what happened, what to do, and
the buttons that do it. Nothing is ever made anew in place of data that does not open."""

from __future__ import annotations

import asyncio
import traceback
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from core.errors import Explained
from core.words import say
from gui import links
from gui.stylesheet import RESOURCES
from gui.theme import SPACE
from gui.widgets.basics import button, column, label, line, row
from gui.widgets.states import Glyph


class TroubleScreen(QWidget):
    """A small window with a choice; `choice` becomes `again` or `quit`.

    Args:
        trouble: in words. error: for the details, one click away. folder: the data folder.
    """

    def __init__(self, trouble: Explained, error: BaseException, folder: Path) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Echodeck")
        self.setWindowIcon(QIcon(str(RESOURCES / "icons" / "echodeck.svg")))
        self.setMinimumWidth(SPACE.form + SPACE.wide * 2)
        self.choice: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.what = label(str(trouble.what), "heading", wrap=True)
        self.step = label(str(trouble.step), wrap=True)
        words = column(self.what, self.step, gap=SPACE.small)
        head = row(Glyph("warn", "bad", SPACE.large * 2), words, gap=SPACE.medium)
        head.setStretch(1, 1)
        self._detail = QPlainTextEdit("".join(traceback.format_exception(error)))
        self._detail.setReadOnly(True)
        self._detail.setProperty("kind", "mono")
        self._detail.setAccessibleName(say("Details"))
        self._detail.hide()
        self.again = button(say("Try again"), "primary", "again", lambda: self._choose("again"))
        self.leave = button(say("Quit"), on_click=lambda: self._choose("quit"))
        folder_button = button(say("Open the data folder"), on_click=lambda: links.open_folder(folder))
        details = button(say("Details"), "quiet", on_click=self._turn)
        buttons = row(details, 1, folder_button, self.leave, self.again)
        place = label(say("Data folder: {folder}", folder=folder), "caption", wrap=True, selectable=True)
        layout = column(head, place, self._detail, line(), buttons, gap=SPACE.medium)
        layout.setContentsMargins(SPACE.large, SPACE.large, SPACE.large, SPACE.medium)
        self.setLayout(layout)
        QShortcut(QKeySequence("Escape"), self).activated.connect(lambda: self._choose("quit"))

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self._choose("quit")

    def _choose(self, choice: str) -> None:
        if not self.choice.done():
            self.choice.set_result(choice)

    def _turn(self) -> None:
        self._detail.setVisible(self._detail.isHidden())


class OpeningScreen(QWidget):
    """Shown when opening takes longer than a moment: a migration, a check, a slow disk."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Echodeck")
        self.setFixedSize(SPACE.form, SPACE.wide * 5)
        layout = column(
            1,
            row(1, label(say("Opening your data…"), "heading"), 1),
            row(1, label(say("This can take a minute after an update."), "muted"), 1),
            1,
            gap=SPACE.medium,
        )
        self.setLayout(layout)
