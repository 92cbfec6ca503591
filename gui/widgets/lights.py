"""Lights that say how something is: an icon of its own shape and a word, never a colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from core.session import SessionState
from core.words import say
from gui.theme import SPACE
from gui.widgets.basics import ElidedLabel, column, label, row
from gui.widgets.states import Glyph

ICONS = {"good": "good", "warn": "warn", "bad": "bad", "info": "waiting", "off": "off"}
ROLES = {"good": "good", "warn": "warn", "bad": "bad", "info": "info", "off": "muted"}


@dataclass(frozen=True, slots=True)
class Light:
    """How something is.

    Attributes:
        tone: good, warn, bad, info (on its way) or off. words: the same in words, short.
    """

    tone: str
    words: str


class LightRow(QWidget):
    """A light with what it is about and how that is."""

    def __init__(self, about: str) -> None:
        super().__init__()
        self._about = about
        self._glyph = Glyph("off", "muted")
        self._words = ElidedLabel("", "caption")
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        lines = column(label(about, "strong"), self._words, gap=0)
        layout = row(self._glyph, lines, gap=SPACE.small)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.show_light(Light("off", say("not checked yet")))

    def show_light(self, light: Light) -> None:
        """Show how it is now."""
        self.light = light
        self._glyph.put(ICONS[light.tone], ROLES[light.tone])
        self._words.put(light.words)
        self.setAccessibleName(f"{self._about}: {light.words}")


def state_light(state: SessionState) -> Light:
    """A state of the bot's life on Discord in a word."""
    return {
        SessionState.STOPPED: Light("off", say("stopped")),
        SessionState.STARTING: Light("info", say("starting")),
        SessionState.ONLINE: Light("good", say("online")),
        SessionState.RECONNECTING: Light("warn", say("reconnecting")),
        SessionState.STOPPING: Light("info", say("stopping")),
        SessionState.FAILED: Light("bad", say("failed")),
    }[state]


class StatePill(QFrame):
    """Where the bot's life stands, beside the button that changes it."""

    def __init__(self) -> None:
        super().__init__()
        self._glyph = Glyph("off", "muted")
        self.words = label("", "strong")
        self.setLayout(row(self._glyph, self.words, gap=SPACE.small))

    def show_state(self, state: SessionState, name: str) -> None:
        """Show the state; `name` is the bot's own name on Discord, or empty."""
        light = state_light(state)
        words = say("{state} as {name}", state=light.words, name=name) if name else light.words
        self._glyph.put(ICONS[light.tone], ROLES[light.tone])
        self.words.setText(words)
        self.setAccessibleName(words)
