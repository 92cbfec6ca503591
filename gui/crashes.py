"""What is put before the host when something broke that nobody foresaw: calm words, the whole report, and
what can be done. The report stays on this computer (core/crash.py)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QWidget

from core.crash import CrashBook, CrashReport
from core.events import Subscription
from core.words import say
from gui import links
from gui.help.asking import help_by_key
from gui.pages.page import Toast
from gui.reading_order import ReadInOrder
from gui.theme import SPACE
from gui.widgets.basics import button, column, label, row
from gui.widgets.states import Glyph
from gui.window import MainWindow

MOST_DIALOGS = 3


class CrashDialog(ReadInOrder, QDialog):
    """A report, and what can be done with it.

    Args:
        going_on: it broke just now and Echodeck goes on; else it is an earlier report that is looked at.
        open_folder: shows a folder to the host. copy: to the clipboard.

    Attributes:
        restarted: the host wants Echodeck to start again.
    """

    restarted = Signal()

    def __init__(
        self,
        report: CrashReport,
        parent: QWidget | None,
        *,
        going_on: bool,
        open_folder: Callable[[Path], None] = links.open_folder,
        copy: Callable[[str], None] = links.copy,
    ) -> None:
        super().__init__(parent)
        help_by_key(self, "troubleshooting#something-unexpected-happened")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("page")
        self.setWindowTitle(say("Something went wrong"))
        self.resize(SPACE.reading, SPACE.form)
        if going_on:
            told = say("Echodeck goes on, and what was saved is safe. If anything looks odd, start it again.")
        else:
            told = say("What was saved is safe. This is what is known of it.")
        kept = say(
            "This is all that was kept of it. It lies on this computer and is sent nowhere: if you want "
            "somebody to look at it, copy it and send it yourself."
        )
        self.text = QPlainTextEdit(report.text)
        self.text.setReadOnly(True)
        self.text.setProperty("kind", "mono")
        self.text.setAccessibleName(say("Report"))
        self.text.setTabChangesFocus(True)
        self.copied = label("", "caption", "good")
        self.copy = button(say("Copy"), "normal", "copy", lambda: self._copy(copy, report))
        self.folder = button(say("Open folder"), "normal", "folder", lambda: open_folder(report.path.parent))
        self.restart = button(say("Start again"), "normal", "again", self._restart)
        self.restart.setVisible(going_on)
        self.go_on = button(say("Go on") if going_on else say("Close"), "primary", on_click=self.accept)
        self.go_on.setDefault(True)
        words = column(
            label(say("Something went wrong"), "heading", wrap=True), label(told, wrap=True), gap=SPACE.tight
        )
        head = row(Glyph("warn", "warn", SPACE.large * 2), words, gap=SPACE.medium)
        head.setStretch(1, 1)
        buttons = row(self.copy, self.folder, self.copied, 1, self.restart, self.go_on)
        layout = column(head, self.text, label(kept, "caption", wrap=True), buttons, gap=SPACE.medium)
        layout.setStretch(1, 1)
        layout.setContentsMargins(SPACE.large, SPACE.large, SPACE.large, SPACE.medium)
        self.setLayout(layout)
        self.go_on.setFocus()

    def _copy(self, copy: Callable[[str], None], report: CrashReport) -> None:
        copy(report.text)
        self.copied.setText(say("Copied."))

    def _restart(self) -> None:
        self.accept()
        self.restarted.emit()


class Crashes:
    """Tells the host of what breaks while the window is there, and of what ended the last run.

    Args:
        restart: closes everything and opens it again.
    """

    def __init__(self, book: CrashBook, window: MainWindow, restart: Callable[[], None]) -> None:
        self._book = book
        self._window = window
        self._restart = restart
        self._listening: Subscription | None = None
        self._shown = 0
        self.dialog: CrashDialog | None = None

    async def begin(self) -> None:
        """Listen, and say once that the last run did not end as it should."""
        self._listening = self._book.listen(self._broke)
        last = await self._book.of_last_run()
        if last is not None:
            told = say("Last time Echodeck ended unexpectedly. What was saved is safe.")
            self._toast(told, last)

    def end(self) -> None:
        """Tell no more."""
        if self._listening is not None:
            self._listening.end()
            self._listening = None
        if self.dialog is not None:
            self.dialog.close()

    def show(self, report: CrashReport, *, going_on: bool = False) -> None:
        """Put a report before the host, one at a time."""
        if self.dialog is not None:
            return
        self.dialog = CrashDialog(report, QApplication.activeModalWidget() or self._window, going_on=going_on)
        self.dialog.restarted.connect(self._restart)
        self.dialog.finished.connect(self._closed)
        self.dialog.show()

    def _broke(self, report: CrashReport) -> None:
        if self._window.isVisible() and self.dialog is None and self._shown < MOST_DIALOGS:
            self._shown += 1
            self.show(report, going_on=True)
        else:
            self._toast(say("Something went wrong. Echodeck goes on."), report)

    def _toast(self, told: str, report: CrashReport) -> None:
        self._window.toasts.show(Toast(told, "warn", say("See the report"), lambda: self.show(report)))

    def _closed(self, _result: int) -> None:
        self.dialog = None
