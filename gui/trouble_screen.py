"""What is shown instead of the window when the data cannot be opened: what happened, what can be done, and
the buttons that do it. Nothing is ever made anew in place of data that does not open, unless the host asks
for it; then the old data is put aside."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QProgressBar, QScrollArea, QWidget

from core.backups import Backups
from core.crash_words import describe
from core.errors import Explained
from core.words import say
from gui import links
from gui.help.asking import HelpLink, help_by_key
from gui.help.desk import HelpDesk
from gui.models.times import when
from gui.operation import Operation, Tasks
from gui.reading_order import ReadInOrder
from gui.stylesheet import RESOURCES
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label, line, row
from gui.widgets.passphrase import PassphraseForm
from gui.widgets.privacy_confirm import ConfirmStrip
from gui.widgets.put_back import PutBackCard, ask_for_copy
from gui.widgets.states import Glyph
from gui.widgets.trouble import TroubleNotice

# What can be done about which trouble, by its name in core.errors.
_KEY = ("KeyMissing", "KeyringChanged", "WrongKey", "KeyringLocked", "KeyUnreadable")
_DATA = ("StoreDamaged", "StoreLost", "MigrationFailed")


class TroubleScreen(ReadInOrder, QWidget):
    """A small window with choices; `choice` becomes `again` or `quit`.

    Args:
        trouble: in words. error: for the details, one click away. folder: the data folder.
        backups: what can put things right; None: there is nothing but trying again.
    """

    def __init__(
        self, trouble: Explained, error: BaseException, folder: Path, backups: Backups | None = None
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Echodeck")
        self.setWindowIcon(QIcon(str(RESOURCES / "icons" / "echodeck.svg")))
        self.setMinimumWidth(SPACE.reading)
        self.choice: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.tasks = Tasks()
        self.backups = backups
        self.what = label(str(trouble.what), "heading", wrap=True)
        self.step = label(str(trouble.step), wrap=True)
        words = column(self.what, self.step, gap=SPACE.small)
        head = row(Glyph("warn", "bad", SPACE.large * 2), words, gap=SPACE.medium)
        head.setStretch(1, 1)
        self._detail = QPlainTextEdit(describe(error, datetime.now(UTC)))
        self._detail.setReadOnly(True)
        self._detail.setProperty("kind", "mono")
        self._detail.setAccessibleName(say("Details"))
        self._detail.hide()
        self.again = button(say("Try again"), "primary", "again", lambda: self._choose("again"))
        self.leave = button(say("Quit"), on_click=lambda: self._choose("quit"))
        folder_button = button(say("Open the data folder"), on_click=lambda: links.open_folder(folder))
        details = button(say("Details"), "quiet", on_click=self._turn)
        self.help_desk = HelpDesk()
        help_by_key(self, trouble.topic)
        buttons = row(details, HelpLink(trouble.topic), 1, folder_button, self.leave, self.again)
        place = label(say("Data folder: {folder}", folder=folder), "caption", wrap=True, selectable=True)
        choices = self._choices(trouble.code)
        inside = QWidget()
        told = column(head, choices, place, self._detail, 1, gap=SPACE.medium)
        told.setContentsMargins(0, 0, SPACE.small, 0)
        inside.setLayout(told)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(say("What can be done"))
        scroll.setWidget(inside)
        layout = column(scroll, line(), buttons, gap=SPACE.medium)
        layout.setContentsMargins(SPACE.large, SPACE.large, SPACE.large, SPACE.medium)
        self.setLayout(layout)
        self.resize(SPACE.reading + SPACE.wide * 4, SPACE.form + SPACE.wide * 2)
        QShortcut(QKeySequence("Escape"), self).activated.connect(lambda: self._choose("quit"))

    async def end(self) -> None:
        """Stop what it does."""
        self.help_desk.end()
        await self.tasks.end()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self._choose("quit")

    # what can be done

    def _choices(self, code: str) -> QWidget:
        """The ways out, each a line with its button; what it asks for folds out below it."""
        holder = QWidget()
        layout = column(gap=SPACE.small)
        holder.setLayout(layout)
        self.failed = TroubleNotice()
        self.working = QProgressBar()
        self.working.setRange(0, 0)
        self.working.setTextVisible(False)
        self.working.hide()
        if self.backups is not None and code in _KEY:
            if self.backups.keys.state().recoverable:
                layout.addWidget(self._unlock())
            layout.addWidget(self._key_file())
        if self.backups is not None and code in (*_KEY, *_DATA):
            layout.addWidget(self._restore())
            layout.addWidget(self._fresh())
        layout.addWidget(self.working)
        layout.addWidget(self.failed)
        return holder

    def _unlock(self) -> Card:
        self.unlock = PassphraseForm(say("Unlock"), old=say("Your recovery passphrase"))
        self.unlock.given.connect(self._unlock_with)
        return _choice(
            "key",
            say("Unlock with the recovery passphrase"),
            say("The key is then kept where this computer keeps keys, and you are not asked again."),
            below=self.unlock,
        )

    def _key_file(self) -> Card:
        self.pick_key = button(say("Choose a key file…"), on_click=self._ask_for_key)
        told = say("A file with the 64 characters of the key, e.g. store.key of an older copy.")
        return _choice("lock", say("Give the key as a file"), told, act=self.pick_key)

    def _restore(self) -> Card:
        assert self.backups is not None
        listed = self.backups.listed()
        self.newest = button(say("Restore the newest…"), on_click=lambda: self.put_back.ask(listed[0].path))
        self.newest.setVisible(bool(listed))
        self.other = button(say("Choose another…"), on_click=self._ask_for_copy)
        self.put_back = PutBackCard(self.backups, self.tasks)
        self.put_back.wanted.connect(self._put_back)
        told = say("Put back a backup, or the file you made for moving to another computer.")
        if listed:
            told = say(
                "The newest backup is of {day}. What lies there now is put aside.",
                day=when(listed[0].made_at),
            )
        both = QWidget()
        both.setLayout(row(self.newest, self.other))
        return _choice("history", say("Restore a backup"), told, act=both, below=self.put_back)

    def _fresh(self) -> Card:
        self.fresh = button(say("Start fresh…"), on_click=self._ask_fresh)
        self.confirm = ConfirmStrip(say("Start fresh"), say("Not now"))
        self.confirm.confirmed.connect(self._start_fresh)
        told = say("Begin with nothing. The old data is put aside, and can be put back later.")
        return _choice("spark", say("Start fresh"), told, act=self.fresh, below=self.confirm)

    def _unlock_with(self, passphrase: str, _new: str) -> None:
        assert self.backups is not None
        self._do(self.backups.keys.unlock(passphrase), say("Unlocking"), self.unlock)

    def _ask_for_key(self) -> None:
        dialog = QFileDialog(self, say("Choose a key file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.take_key(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take_key(self, path: Path) -> None:
        """Try the key in a file."""
        assert self.backups is not None
        self._do(self.backups.keys.take_file(path), say("Trying the key"))

    def _ask_for_copy(self) -> None:
        assert self.backups is not None
        dialog = ask_for_copy(self, self.backups, say("Choose a backup"))
        dialog.fileSelected.connect(lambda path: self.put_back.ask(Path(path)))

    def _put_back(self, copy: Path, passphrase: str) -> None:
        assert self.backups is not None
        self._do(self.backups.put_back(copy, passphrase), say("Restoring"))

    def _ask_fresh(self) -> None:
        self.confirm.ask(
            say("Begin with nothing?"),
            say("Personas, memories and settings are put aside in the data folder, under set-aside."),
        )

    def _start_fresh(self) -> None:
        assert self.backups is not None
        self._do(self.backups.keys.start_fresh(), say("Putting the old data aside"))

    def _do(self, work: Coroutine[Any, Any, object], title: str, form: PassphraseForm | None = None) -> None:
        """Do it; when it is done, the data is opened again."""

        def failed(trouble: Explained) -> None:
            if form is not None and trouble.code == "WrongPassphrase":
                form.say_wrong(f"{trouble.what} {trouble.step}")
            else:
                self.failed.say(str(trouble.what), str(trouble.step), "bad", "", trouble.topic)

        self.failed.hide()
        self.working.setAccessibleName(title)
        self.working.show()
        doing: Operation[object] = Operation(self.tasks, title, work, failed)
        doing.success(lambda _done: self._choose("again")).finished(self.working.hide).start()

    def _choose(self, choice: str) -> None:
        if not self.choice.done():
            self.choice.set_result(choice)

    def _turn(self) -> None:
        self._detail.setVisible(self._detail.isHidden())


def _choice(
    icon_name: str, title: str, text: str, act: QWidget | None = None, below: QWidget | None = None
) -> Card:
    words = column(label(title, "strong"), label(text, "muted", wrap=True), gap=0)
    made = Card(kind="well")
    made.setAccessibleName(title)
    head = row(Glyph(icon_name, "accent", SPACE.large), words, act, gap=SPACE.medium)
    head.setStretch(1, 1)
    made.put(head)
    if below is not None:
        made.put(below)
    return made


class OpeningScreen(QWidget):
    """Shown when opening, or what is done in between, takes longer than a moment.

    Args:
        title: what goes on; empty: the data is opened.
    """

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Echodeck")
        self.setFixedSize(SPACE.form, SPACE.wide * 5)
        told = say("This can take a minute.") if title else say("This can take a minute after an update.")
        layout = column(
            1,
            row(1, label(title or say("Opening your data…"), "heading"), 1),
            row(1, label(told, "muted"), 1),
            1,
            gap=SPACE.medium,
        )
        self.setLayout(layout)
