"""Where the key is kept, and the passphrase that opens the data without it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.keys import KeyState
from core.words import say
from gui.help.asking import about
from gui.widgets.basics import Card, button, label, row
from gui.widgets.lights import Light, LightRow
from gui.widgets.passphrase import PassphraseForm


class RecoveryCard(Card):
    """The recovery passphrase. `kept`: (old, new); `removed`, `tested`: the passphrase."""

    kept = Signal(str, str)
    removed = Signal(str)
    tested = Signal(str)

    def __init__(self) -> None:
        super().__init__(say("Recovery passphrase"))
        about(self, "backups#the-recovery-passphrase")
        self.light = LightRow(say("Without this computer's key"))
        self.why = label(
            say(
                "The passphrase opens your data and its backups when this computer, its keyring or your "
                "account is gone. Nobody else has it: without it, a lost key is lost data."
            ),
            "muted",
            wrap=True,
        )
        self.set = button(say("Set a passphrase…"), "primary", "key", lambda: self._fold(self.new))
        self.change = button(say("Change…"), on_click=lambda: self._fold(self.both))
        self.test = button(say("Test…"), on_click=lambda: self._fold(self.try_it))
        self.remove = button(say("Remove…"), "quiet", on_click=lambda: self._fold(self.drop))
        self.new = PassphraseForm(say("Keep it"), new=say("A new passphrase"), dropped=self.fold)
        self.both = PassphraseForm(
            say("Keep it"), old=say("The present passphrase"), new=say("A new passphrase"), dropped=self.fold
        )
        self.try_it = PassphraseForm(say("Test"), old=say("Your passphrase"), dropped=self.fold)
        self.drop = PassphraseForm(say("Remove it"), old=say("The present passphrase"), dropped=self.fold)
        self.new.given.connect(lambda _old, new: self.kept.emit("", new))
        self.both.given.connect(self.kept)
        self.try_it.given.connect(lambda old, _new: self.tested.emit(old))
        self.drop.given.connect(lambda old, _new: self.removed.emit(old))
        self.forms = (self.new, self.both, self.try_it, self.drop)
        self.put(self.light, self.why, row(self.set, self.change, self.test, self.remove, 1), *self.forms)
        self.fold()

    def show_state(self, state: KeyState) -> None:
        """Say whether there is one."""
        told = say("a passphrase opens it") if state.recoverable else say("nothing opens it")
        self.light.show_light(Light("good" if state.recoverable else "warn", told))
        self.set.setVisible(not state.recoverable)
        for made in (self.change, self.test, self.remove):
            made.setVisible(state.recoverable)

    def fold(self) -> None:
        """Put the forms away."""
        for form in self.forms:
            form.hide()

    def say_wrong(self, words: str) -> None:
        """Say it in the form that is open."""
        for form in self.forms:
            if not form.isHidden():
                form.say_wrong(words)

    def _fold(self, form: QWidget) -> None:
        for each in self.forms:
            each.setVisible(each is form)
            if each is form:
                each.ask()


class KeyCard(Card):
    """Where the key is. `rotated`: a new one is wanted; with the passphrase, where there is one."""

    rotated = Signal(str)

    def __init__(self) -> None:
        super().__init__(say("Key"))
        about(self, "backups#the-key")
        self.light = LightRow(say("The key of your data"))
        self.where = label("", "muted", wrap=True)
        self.about = label(
            say("A new key: all data and backups here are written anew. Echodeck opens again afterwards."),
            "muted",
            wrap=True,
        )
        self.act = button(say("Change the key…"), "normal", "refresh", self._ask)
        self.form = PassphraseForm(
            say("Change the key"), old=say("Your recovery passphrase"), dropped=self._fold
        )
        self.form.given.connect(lambda old, _new: self._decided(old))
        self.go = button(say("Change the key"), "primary", on_click=lambda: self._decided(""))
        self.drop = button(say("Cancel"), on_click=self._fold)
        self.sure = QWidget()
        self.sure.setLayout(row(self.go, self.drop, 1))
        self._recoverable = False
        self.put(self.light, self.where, row(self.act, 1), self.about, self.form, self.sure)
        self._fold()

    def show_state(self, state: KeyState, can_change: bool) -> None:
        """Say where it is.

        Args:
            can_change: everything can be closed and opened again.
        """
        self._recoverable = state.recoverable
        if state.in_keyring:
            light = Light("good", say("kept by this computer"))
        elif state.given:
            light = Light("good", say("given from outside"))
        else:
            light = Light("warn", say("in a file: who reads it reads your data"))
        self.light.show_light(light)
        self.where.setText(say("It is {where}.", where=say(state.where)))
        self.act.setVisible(can_change and not state.given)

    def _ask(self) -> None:
        self.about.show()
        self.form.setVisible(self._recoverable)
        self.sure.setVisible(not self._recoverable)
        if self._recoverable:
            self.form.ask()

    def _fold(self) -> None:
        for piece in (self.about, self.form, self.sure):
            piece.hide()

    def _decided(self, passphrase: str) -> None:
        self._fold()
        self.rotated.emit(passphrase)
