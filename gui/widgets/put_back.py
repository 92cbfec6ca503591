"""Putting a backup, or what came from another computer, in place of what is there: ask for the passphrase
where one is needed, show what is in it and what it replaces, and only then do it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from core.backups import Backups, Preview
from core.errors import Explained
from core.words import count, say
from gui.models.privacy import size_words
from gui.models.times import when
from gui.operation import Operation, Tasks
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label, retone, row
from gui.widgets.passphrase import PassphraseForm
from gui.widgets.states import Glyph


def ask_for_copy(parent: QWidget, backups: Backups, title: str) -> QFileDialog:
    """A dialog for a backup or a file made for moving; connect to its `fileSelected`."""
    dialog = QFileDialog(parent, title, str(backups.folder / "backups"))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters([say("Backups and files for moving (*.db *.echodeck)"), say("All files (*)")])
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


class PutBackCard(Card):
    """Hidden until a copy is chosen. `wanted`: the host saw what is in it and wants it (path, passphrase)."""

    wanted = Signal(object, str)

    def __init__(self, backups: Backups, tasks: Tasks) -> None:
        super().__init__(kind="notice")
        retone(self, "info")
        self._backups, self._tasks = backups, tasks
        self._copy: Path | None = None
        self._passphrase = ""
        self.what = label("", "strong", wrap=True)
        self.step = label("", wrap=True)
        self.form = PassphraseForm(say("Look into it"), old=say("Its passphrase"), dropped=self.hide)
        self.form.given.connect(lambda old, _new: self._look(old))
        self.act = button(say("Put it back"), "danger", "history", self._decided)
        self.drop = button(say("Leave everything as it is"), on_click=self.hide)
        self._buttons = QWidget()
        self._buttons.setLayout(row(self.act, self.drop, 1))
        words = column(self.what, self.step, self.form, self._buttons, gap=SPACE.small)
        line = row(Glyph("history", "info", SPACE.large), words, gap=SPACE.medium)
        line.setStretch(1, 1)
        self.body.addLayout(line)
        self.hide()

    def ask(self, copy: Path) -> None:
        """Begin with a copy."""
        self._copy, self._passphrase = copy, ""
        self._show(say("Looking into {name}…", name=copy.name), "")
        asking = Operation(
            self._tasks, say("Looking into it"), self._backups.needs_passphrase(copy), self._failed
        )
        asking.success(self._known).start()

    def _known(self, needs: bool) -> None:
        if not needs:
            self._look("")
            return
        self._show(
            say("{name} opens with a passphrase.", name=self._copy.name if self._copy else ""),
            say("The recovery passphrase it was made with, or the one it was packed with for moving."),
            form=True,
        )
        self.form.ask()

    def _look(self, passphrase: str) -> None:
        if self._copy is None:
            return
        self._passphrase = passphrase
        looking = self._backups.preview(self._copy, passphrase)
        Operation(self._tasks, say("Looking into it"), looking, self._failed).success(
            self._show_preview
        ).start()

    def _show_preview(self, preview: Preview) -> None:
        made = when(preview.made_at) if preview.made_at is not None else say("an unknown day")
        self._show(
            say("A copy of {day}: {contents}.", day=made, contents=_contents(preview)), _replaces(preview)
        )
        self._buttons.show()
        self.drop.setFocus()

    def _failed(self, trouble: Explained) -> None:
        if trouble.code == "WrongPassphrase" and self.form.isVisible():
            self.form.say_wrong(f"{trouble.what} {trouble.step}")
        else:
            self._show(str(trouble.what), str(trouble.step))

    def _decided(self) -> None:
        copy, passphrase = self._copy, self._passphrase
        self.form.ask()
        self.hide()
        if copy is not None:
            self.wanted.emit(copy, passphrase)

    def _show(self, what: str, step: str, form: bool = False) -> None:
        self.what.setText(what)
        self.step.setText(step)
        self.step.setVisible(bool(step))
        self.form.setVisible(form)
        self._buttons.hide()
        self.setAccessibleName(f"{what} {step}")
        self.show()


def _contents(preview: Preview) -> str:
    then = preview.then
    people = count("{n} person", "{n} people", then.people)
    memories = count("{n} memory", "{n} memories", then.memories)
    messages = count("{n} message", "{n} messages", then.messages)
    return f"{people}, {memories}, {messages}, {size_words(then.size)}"


def _replaces(preview: Preview) -> str:
    if preview.now is None:
        return say("What is there now cannot be read, or is nothing; it is put aside, not deleted.")
    now = count("{n} message", "{n} messages", preview.now.messages)
    return say("It takes the place of what is there now ({now}), which is kept as a backup first.", now=now)
