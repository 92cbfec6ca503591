"""Fields for passphrases: hidden, shown on demand, with what is wrong or how strong it is below."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from core.keys import strength
from core.words import say
from gui.icons import icon
from gui.theme import SPACE
from gui.widgets.basics import button, column, icon_button, label, retone, row

_TONES = {"short": "bad", "weak": "warn", "fair": "info", "good": "good"}


class PassphraseField(QWidget):
    """One passphrase; what is typed is hidden until the eye is pressed."""

    typed = Signal(str)
    entered = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setPlaceholderText(name)
        self.line.setAccessibleName(name)
        self.line.textChanged.connect(self.typed)
        self.line.returnPressed.connect(self.entered)
        self.eye = icon_button("show", say("Show the passphrase"), self._turn)
        self.eye.setAccessibleName(f"{name}: {self.eye.toolTip()}")
        layout = row(self.line, self.eye, gap=SPACE.small)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def name_it(self, name: str) -> None:
        """Let a screen reader call it so, where a page has two of the same."""
        self.line.setAccessibleName(name)
        self.eye.setAccessibleName(f"{name}: {self.eye.toolTip()}")

    @property
    def text(self) -> str:
        """What was typed."""
        return self.line.text()

    def clear(self) -> None:
        """Empty and hidden again."""
        self.line.clear()
        if self.line.echoMode() == QLineEdit.EchoMode.Normal:
            self._turn()

    def _turn(self) -> None:
        hidden = self.line.echoMode() == QLineEdit.EchoMode.Password
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        self.eye.setIcon(icon("hide" if hidden else "show"))
        words = say("Hide the passphrase") if hidden else say("Show the passphrase")
        self.eye.setToolTip(words)
        self.eye.setAccessibleName(f"{self.line.accessibleName()}: {words}")


class PassphraseForm(QWidget):
    """Asks for a passphrase, for a new one, or for both. `given`: the old one and the new one.

    Args:
        act: the word on its button. old, new: the names of the fields; empty: there is no such field.
        dropped: called when the host thinks better of it; None: there is no way back in here.
    """

    given = Signal(str, str)

    def __init__(
        self, act: str, *, old: str = "", new: str = "", dropped: Callable[[], object] | None = None
    ) -> None:
        super().__init__()
        self.old = PassphraseField(old) if old else None
        self.new = PassphraseField(new) if new else None
        self.again = PassphraseField(say("The same once more")) if new else None
        self.hint = label("", "caption", wrap=True)
        self.wrong = label("", "caption", "bad", wrap=True)
        self.act = button(act, "primary", on_click=self._give)
        cancel = button(say("Cancel"), on_click=dropped) if dropped is not None else None
        if cancel is not None:
            cancel.setAccessibleName(f"{act}: {cancel.text()}")
        if self.again is not None:
            self.again.name_it(f"{new}: {self.again.line.accessibleName()}")
        fields = [field for field in (self.old, self.new, self.again) if field is not None]
        self.setLayout(column(*fields, self.hint, self.wrong, row(self.act, cancel, 1), gap=SPACE.small))
        for field in fields:
            field.typed.connect(lambda _text: self._weigh())
            field.entered.connect(self._give)
        self._weigh()

    def ask(self) -> None:
        """Empty, and with the keyboard in the first field."""
        for field in (self.old, self.new, self.again):
            if field is not None:
                field.clear()
        self.say_wrong("")
        first = self.old or self.new
        if first is not None:
            first.line.setFocus()

    def say_wrong(self, words: str) -> None:
        """Say what is wrong with what was given; nothing when it is empty."""
        self.wrong.setText(words)
        self.wrong.setVisible(bool(words))

    def _weigh(self) -> None:
        self.say_wrong("")
        old_there = self.old is None or bool(self.old.text.strip())
        if self.new is None or self.again is None:
            self.hint.hide()
            self.act.setEnabled(old_there)
            return
        found = strength(self.new.text)
        same = self.new.text == self.again.text
        words, tone = say(found.hint), _TONES[found.level]
        if found.level != "short" and self.again.text and not same:
            words, tone = say("The two are not the same."), "bad"
        self.hint.setText(words)
        self.hint.setAccessibleName(words)
        retone(self.hint, tone if self.new.text else "")
        self.act.setEnabled(old_there and found.level != "short" and same)

    def _give(self) -> None:
        if self.act.isEnabled():
            self.given.emit(self.old.text if self.old else "", self.new.text if self.new else "")
