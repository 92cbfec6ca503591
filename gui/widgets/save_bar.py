"""The bar that is there while something is unsaved, and asks when somebody wants to go."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal

from core.words import say
from gui.theme import SPACE
from gui.widgets.basics import Card, button, label, retone, row


class SaveBar(Card):
    """Save · Discard. `saved`, `discarded`: the host's wish."""

    saved = Signal()
    discarded = Signal()

    def __init__(self) -> None:
        super().__init__(kind="notice")
        self.words = label("", "strong", wrap=True)
        self.stay = button(say("Stay"), "quiet", on_click=self.forget_leaving)
        self.discard = button(say("Discard"), "normal", on_click=self.discarded.emit)
        self.save = button(say("Save"), "primary", "save", self.saved.emit)
        self._leave: Callable[[], None] | None = None
        self._name = ""
        layout = row(self.words, self.stay, self.discard, self.save)
        layout.setStretch(0, 1)
        self.body.setContentsMargins(SPACE.medium, SPACE.small, SPACE.small, SPACE.small)
        self.body.addLayout(layout)
        self.show_for("", dirty=False)

    def show_for(self, name: str, *, dirty: bool) -> None:
        """Be there while `name` has unsaved changes."""
        self._name = name
        self.setVisible(dirty)
        if not dirty:
            self._leave = None
        self._say()

    def ask_before(self, leave: Callable[[], None]) -> None:
        """Somebody wants to go: `leave` is called once it was decided."""
        self._leave = leave
        self._say()
        self.save.setFocus()

    def forget_leaving(self) -> None:
        """They stay after all."""
        self._leave = None
        self._say()

    def take_leave(self) -> Callable[[], None] | None:
        """What was waiting for the decision; it waits no longer."""
        leave, self._leave = self._leave, None
        self._say()
        return leave

    def _say(self) -> None:
        leaving = self._leave is not None
        if leaving:
            self.words.setText(say("Save the changes to {name} before you go?", name=self._name))
        else:
            self.words.setText(say("You changed {name}.", name=self._name))
        self.setAccessibleName(self.words.text())
        retone(self, "warn" if leaving else "info")
        self.stay.setVisible(leaving)
