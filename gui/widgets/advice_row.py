"""A model worth having: why, how large, under which licence, and the button that fetches it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.figures import short
from core.llm.catalogue import Recommended
from core.llm.machine import GIB, Machine
from core.words import say
from gui.models.brains import FITS
from gui.theme import SPACE
from gui.widgets.basics import button, column, label, row


class AdviceRow(QWidget):
    """One model. `wanted`: fetch it."""

    wanted = Signal(str)

    def __init__(self, advised: Recommended, machine: Machine, *, best: bool, here: bool) -> None:
        """
        Args:
            best: it is the one to take first. here: it is installed.
        """
        super().__init__()
        self.model = advised.model
        best_words = say("best for this computer")
        self.best = label(best_words, "pill", "accent") if best else None
        facts = [
            say("{size} GB", size=short(advised.size_gib)),
            say(FITS[machine.fit(int(advised.size_gib * GIB))]) if machine.memory_bytes else "",
            say("{licence} licence", licence=advised.licence)
            if advised.open
            else say("{licence} licence, with conditions", licence=advised.licence),
        ]
        self.about = label(" · ".join(fact for fact in facts if fact), "caption", wrap=True)
        self.why = label(say(advised.why), "muted", wrap=True)
        name = row(label(advised.model, "strong"), self.best, 1, gap=SPACE.small)
        words = column(name, self.why, self.about, gap=0)
        self.get = button(say("Download"), "normal", "download", lambda: self.wanted.emit(self.model))
        self.get.setAccessibleName(say("Download {model}", model=advised.model))
        if here:
            self.get.hide()
        self.here = label(say("is here"), "pill", "good") if here else None
        line = row(words, self.here, self.get, gap=SPACE.medium)
        line.setStretch(0, 1)
        self.setLayout(line)

    def show_running(self, running: bool) -> None:
        """Its download is under way, or is not any more."""
        self.get.setEnabled(not running)
