"""What the self-test found, a traffic light each: a shape, a name, a sentence, and the button that helps."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from core.doctor.check import Check, CheckState
from core.words import T, Text, say
from gui.help.asking import HelpLink
from gui.help.topics import CHECKS
from gui.theme import SPACE
from gui.widgets.basics import button, column, label, line, row
from gui.widgets.states import Glyph

_GLYPHS = {
    CheckState.OK: ("good", "good"),
    CheckState.WARN: ("warn", "warn"),
    CheckState.FAIL: ("bad", "bad"),
    CheckState.SKIP: ("off", "muted"),
}
_STATES = {
    CheckState.OK: T("fine"),
    CheckState.WARN: T("worth a look"),
    CheckState.FAIL: T("broken"),
    CheckState.SKIP: T("not looked at"),
}

NAMES: dict[str, Text] = {
    "program": T("Program"),
    "version": T("Versions"),
    "folder": T("Data folder"),
    "space": T("Disk space"),
    "key": T("Key"),
    "keyring": T("Keyring"),
    "recovery": T("Recovery passphrase"),
    "store": T("Data"),
    "backup": T("Backups"),
    "settings": T("Settings"),
    "token": T("Token"),
    "discord": T("Discord"),
    "intents": T("What it may read"),
    "permissions": T("Permissions"),
    "gateway": T("Connection"),
    "ollama": T("Ollama"),
    "loaded": T("Model in memory"),
    "model": T("Model"),
    "starter": T("Starter brain"),
    "screen": T("Screen"),
    "libraries": T("System libraries"),
    "clock": T("Clock"),
    "active": T("Switched on"),
    "quiet": T("Quiet"),
    "persona": T("Persona"),
    "talkativeness": T("Talkativeness"),
    "heard": T("What it heard last"),
    "entrance": T("Whom it is open to"),
    "echo": T("Echo"),
}

# The word on the button, by what it does; the rest open the page of that name.
_ACTS: dict[str, Text] = {
    "guide": T("Open the guide"),
    "back_up": T("Back up now"),
    "start_ollama": T("Start Ollama"),
    "close_key_file": T("Close it to others"),
    "safekeeping": T("Backups and keys"),
    "models": T("Models"),
    "session": T("Session"),
    "settings": T("Settings"),
    "persona": T("Persona"),
    "logs": T("Logs"),
    "privacy": T("Privacy"),
    "training": T("Training"),
}


class CheckRow(QWidget):
    """One light. `fixed`: its button was pressed; hands out what it does."""

    fixed = Signal(str)

    def __init__(self, check: Check) -> None:
        super().__init__()
        self.check = check
        title, state = say(NAMES[check.name]), say(_STATES[check.state])
        self.detail = label(say(check.detail), wrap=True)
        step = label(say(check.fix), "muted", wrap=True) if check.fix is not None else None
        self.act: QPushButton | None = None
        if check.act:
            self.act = button(say(_ACTS[check.act]), on_click=lambda: self.fixed.emit(check.act))
            self.act.setAccessibleName(f"{title}: {self.act.text()}")
        topic = CHECKS.get(check.name, "") if check.state in (CheckState.WARN, CheckState.FAIL) else ""
        self.help = HelpLink(topic, title)
        below = row(self.act, self.help, 1) if self.act is not None or topic else None
        told = column(label(title, "strong"), self.detail, step, gap=0)
        layout = row(Glyph(*_GLYPHS[check.state]), column(told, below, gap=SPACE.tight), gap=SPACE.medium)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.setAccessibleName(f"{title}: {state}. {say(check.detail)}")


class CheckRows(QWidget):
    """Lights below each other; what needs somebody comes first. `fixed`: a button was pressed."""

    fixed = Signal(str)

    def __init__(self, sort: bool = True) -> None:
        super().__init__()
        self._sort = sort
        self.rows: list[CheckRow] = []
        self._layout = column(gap=SPACE.small)
        self.setLayout(self._layout)

    def show_all(self, checks: Sequence[Check]) -> None:
        """Show these."""
        while (item := self._layout.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        order = [CheckState.FAIL, CheckState.WARN, CheckState.OK, CheckState.SKIP]
        shown = sorted(checks, key=lambda check: order.index(check.state)) if self._sort else checks
        self.rows = []
        for check in shown:
            if self.rows:
                self._layout.addWidget(line())
            made = CheckRow(check)
            made.fixed.connect(self.fixed)
            self.rows.append(made)
            self._layout.addWidget(made)
