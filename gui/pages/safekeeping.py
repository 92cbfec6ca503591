"""Backups and keys: what is kept safe, how it is opened when the key is gone, and how it moves."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QBoxLayout, QWidget

from core.backups import Backup, Backups
from core.errors import Explained
from core.events import Bus
from core.keys import KeyState
from core.secrets import Secrets
from core.words import count, say
from gui import links
from gui.models.backups import BELOW, SIZE, BackupModel
from gui.models.privacy import size_words
from gui.models.times import day_of
from gui.pages.page import Page
from gui.reopening import Between, Reopen
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, icon_button, label, row
from gui.widgets.captioned_list import CaptionedList
from gui.widgets.key_cards import KeyCard, RecoveryCard
from gui.widgets.passphrase import PassphraseForm
from gui.widgets.put_back import PutBackCard, ask_for_copy
from gui.widgets.saving import ask_where
from gui.widgets.scrolled import Beside
from gui.widgets.states import States


class SafekeepingPage(Page):
    """The page.

    Args:
        secrets: has the bot's token, which moves along.
        reopen: closes everything for work that needs it closed; None: such work is not offered.
    """

    def __init__(
        self,
        backups: Backups,
        secrets: Secrets,
        bus: Bus,
        now: Callable[[], datetime],
        reopen: Reopen | None = None,
    ) -> None:
        super().__init__("safekeeping", say("Backups and keys"), bus)
        self._backups, self._secrets, self._now, self._reopen = backups, secrets, now, reopen
        self.model = BackupModel()
        self.recovery = RecoveryCard()
        self.key = KeyCard()
        self.put_back = PutBackCard(backups, self.tasks)
        self._build()
        self.recovery.kept.connect(self._keep_passphrase)
        self.recovery.tested.connect(self._test_passphrase)
        self.recovery.removed.connect(self._remove_passphrase)
        self.key.rotated.connect(self._rotate)
        self.put_back.wanted.connect(self._restore)

    async def load(self) -> None:
        self._show_state(self._backups.keys.state())
        self._show_backups(await self._backups.every())

    # how it is built

    def _build(self) -> None:
        self.make = button(say("Back up now"), "normal", "save", self._make)
        self.list = CaptionedList(BELOW, SIZE)
        self.list.setModel(self.model)
        self.list.setAccessibleName(say("Backups"))
        self.list.setMinimumHeight(SPACE.sidebar)
        self.list.selectionModel().selectionChanged.connect(lambda *_: self._chosen())
        self.list.activated.connect(lambda index: self.put_back.ask(self.model.backup(index.row()).path))
        self.kept = label("", "muted", wrap=True)
        self.restore = button(say("Restore…"), "normal", "history", self._ask_restore)
        self.other = button(say("From a file…"), "normal", "folder", self._ask_other)
        self.show_folder = icon_button(
            "open", say("Open the folder"), lambda: links.open_folder(self._backups.folder / "backups")
        )
        self.states_of_list = States(self.list)
        buttons = row(self.restore, self.other, 1, self.show_folder)
        copies = Card(say("Backups"), self.make).put(self.kept, self.states_of_list, buttons)
        copies.body.setStretch(2, 1)
        left = column(self.recovery, self.key, 1, gap=SPACE.medium)
        right = column(copies, self._moving(), gap=SPACE.medium)
        right.setStretch(0, 1)
        both = Beside(_held(left), _held(right))
        inside = QWidget()
        cards = column(self.put_back, both, gap=SPACE.medium)
        cards.setStretch(1, 1)
        inside.setLayout(cards)
        self.fill_scrolled(inside)

    def _moving(self) -> Card:
        told = label(
            say(
                "Personas, memories, settings, pictures and the token in one file that a passphrase opens. "
                "Pack it here, carry it over, and bring it in there."
            ),
            "muted",
            wrap=True,
        )
        self.pack = button(say("Pack everything…"), "normal", "export", self._ask_pack)
        self.bring = button(say("Bring in…"), "normal", "download", self._ask_bring)
        self.packing = PassphraseForm(
            say("Choose where…"), new=say("A passphrase for the file"), dropped=lambda: self.packing.hide()
        )
        self.packing.given.connect(lambda _old, new: self._ask_target(new))
        self.packing.hide()
        return Card(say("Move to another computer")).put(told, row(self.pack, self.bring, 1), self.packing)

    # what it shows

    def _show_state(self, state: KeyState) -> None:
        self.recovery.show_state(state)
        self.key.show_state(state, self._reopen is not None)
        for act in (self.restore, self.other, self.bring):
            act.setVisible(self._reopen is not None)

    def _show_backups(self, backups: list[Backup]) -> None:
        self.model.put_all(backups, self._now())
        if backups:
            total = size_words(sum(backup.size for backup in backups))
            told = count(
                "{n} backup, {size} together.", "{n} backups, {size} together.", len(backups), size=total
            )
            kept = say(
                "One a day; of older ones one a week, then one a month. Each was opened and read once."
            )
            self.kept.setText(f"{told} {kept}")
            self.states_of_list.show_full()
            first = self.model.index(0, 0)
            self.list.selectionModel().select(first, QItemSelectionModel.SelectionFlag.SelectCurrent)
        else:
            self.kept.setText("")
            title, text = say("No backup yet"), say("One is made every day while Echodeck runs.")
            self.states_of_list.show_empty("history", title, text)
        self._chosen()

    def _chosen(self) -> None:
        self.restore.setEnabled(bool(self.list.selectionModel().selectedIndexes()))

    # backups

    def _make(self) -> None:
        self.run(self._backups.make(), say("Backing up"), self._made)

    def _made(self, backup: Backup) -> None:
        self.toast(say("Backed up and checked: {size}", size=size_words(backup.size)), "good")
        self.reload()

    def _ask_restore(self) -> None:
        chosen = self.list.selectionModel().selectedIndexes()
        if chosen:
            self.put_back.ask(self.model.backup(chosen[0].row()).path)

    def _ask_other(self) -> None:
        dialog = ask_for_copy(self, self._backups, say("Choose a backup"))
        dialog.fileSelected.connect(lambda path: self.put_back.ask(Path(path)))

    def _ask_bring(self) -> None:
        dialog = ask_for_copy(self, self._backups, say("Choose the file from the other computer"))
        dialog.fileSelected.connect(lambda path: self.put_back.ask(Path(path)))

    def _restore(self, copy: Path, passphrase: str) -> None:
        async def restore() -> str:
            done = await self._backups.put_back(copy, passphrase)
            if done.backup is not None:
                return say("Restored. What was there before is kept among the backups.")
            return say("Restored. What was there before is put aside in the data folder.")

        self._do_closed(say("Restoring…"), restore)

    # moving

    def _ask_pack(self) -> None:
        self.packing.show()
        self.packing.ask()

    def _ask_target(self, passphrase: str) -> None:
        title, name = say("Where to put the file"), say("Echodeck {day}", day=day_of(self._now()))
        kinds = [(say("Everything of Echodeck"), "echodeck")]
        ask_where(self, title, name, kinds, lambda target: self.pack_into(target, passphrase))

    def pack_into(self, target: Path, passphrase: str) -> None:
        """Pack everything into a file."""

        async def pack() -> int:
            token = None if self._secrets.token_is_fixed else await self._secrets.token()
            return await self._backups.pack(target, passphrase, token)

        self.packing.hide()
        self.run(pack(), say("Packing everything"), lambda size: self._packed(target, size))

    def _packed(self, target: Path, size: int) -> None:
        told = say("Everything is in {name} ({size}).", name=target.name, size=size_words(size))
        self.toast(told, "good", say("Show it"), lambda: links.open_folder(target.parent))

    # keys

    def _keep_passphrase(self, old: str, new: str) -> None:
        self._with_passphrase(
            self._backups.keys.set_passphrase(new, old or None),
            say("Keeping the passphrase"),
            say("Kept. It opens your data, and the backups, on any computer."),
        )

    def _test_passphrase(self, passphrase: str) -> None:
        testing = self._backups.keys.test_passphrase(passphrase)
        self._with_passphrase(testing, say("Testing the passphrase"), say("That is it: it opens your data."))

    def _remove_passphrase(self, passphrase: str) -> None:
        removing = self._backups.keys.remove_passphrase(passphrase)
        self._with_passphrase(
            removing, say("Removing the passphrase"), say("Removed. It opens nothing any more.")
        )

    def _with_passphrase(self, work: Coroutine[Any, Any, None], title: str, done: str) -> None:
        def over(_none: None) -> None:
            self.recovery.fold()
            self._show_state(self._backups.keys.state())
            self.toast(done, "good")

        def failed(trouble: Explained) -> None:
            if trouble.code in ("WrongPassphrase", "PassphraseTooShort"):
                self.recovery.say_wrong(f"{trouble.what} {trouble.step}")
            else:
                self.toast_trouble(trouble)

        self.run(work, title, over).failure(failed)

    def _rotate(self, passphrase: str) -> None:
        async def rotate() -> str:
            await self._backups.keys.rotate(passphrase or None)
            return say("The key was changed, and the backups with it.")

        self._do_closed(say("Changing the key…"), rotate)

    def _do_closed(self, title: str, work: Callable[[], Coroutine[Any, Any, str]]) -> None:
        if self._reopen is not None:
            self._reopen(Between(title, work))


def _held(cards: QBoxLayout) -> QWidget:
    made = QWidget()
    made.setLayout(cards)
    return made
