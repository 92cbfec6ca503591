"""One role of the models: what it is for, which model does it, and who really does it now."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.errors import Explained
from core.llm.brain import Role
from core.llm.roles import Choice
from core.llm.shelf import Shelf, purpose
from core.words import say
from gui.models.brains import RoleChoicesModel
from gui.theme import SPACE
from gui.widgets.basics import column, label, retone, row
from gui.widgets.setting_row import CalmCombo


class RoleRow(QWidget):
    """`chosen`: the host chose this value for the role's setting."""

    chosen = Signal(str)

    def __init__(self, role: Role, fixed_by: str | None) -> None:
        super().__init__()
        self.role = role
        names = {Role.CHAT: say("Chat"), Role.SCORING: say("Scoring"), Role.EMBEDDING: say("Embedding")}
        self.choices = RoleChoicesModel(role, self)
        self.combo = CalmCombo()
        self.combo.setModel(self.choices)
        self.combo.setAccessibleName(say("Model for: {role}", role=names[role]))
        self.combo.setMinimumWidth(SPACE.form // 2)
        self.combo.setEnabled(fixed_by is None)
        self.combo.activated.connect(self._activated)
        self.now = label("", "caption", wrap=True)
        fixed = (
            label(say("Set by {name} in the environment.", name=fixed_by), "caption") if fixed_by else None
        )
        words = column(label(names[role], "strong"), label(say(purpose(role)), "muted"), 1, gap=0)
        layout = row(words, column(self.combo, self.now, fixed, gap=SPACE.tight), gap=SPACE.medium)
        layout.setStretch(0, 1)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def show_shelf(self, shelf: Shelf) -> None:
        """Offer what can be chosen, and say what is in force."""
        self.choices.show(shelf)
        self.combo.setCurrentIndex(self.choices.row_of(shelf.wished[self.role]))
        found = shelf.in_use[self.role]
        if self.role is Role.EMBEDDING and not shelf.wished[self.role].startswith("ollama:"):
            self._say(say("Now the small model that ships with Echodeck."), "")
        elif isinstance(found, Explained):
            self._say(str(found.what), "warn")
        elif found.fallback is not None:
            why = str(found.fallback).rstrip(".")
            self._say(say("Now {model}, because {why}.", model=_called(found), why=why), "warn")
        else:
            self._say(say("Now {model}.", model=_called(found)), "")

    def _say(self, words: str, tone: str) -> None:
        self.now.setText(words)
        retone(self.now, tone)

    def _activated(self, row_index: int) -> None:
        setting = self.choices.data(self.choices.index(row_index), RoleChoicesModel.SETTING)
        if setting is not None:
            self.chosen.emit(setting)


def _called(choice: Choice) -> str:
    """What a host calls the model in force."""
    return say("the starter brain") if choice.brain.name == "starter" else choice.model
