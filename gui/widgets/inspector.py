"""The trace of a reply, with what the host can say and do about it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from core.feed import FeedTurn
from core.words import T, Text, say
from gui.icons import icon
from gui.theme import SPACE
from gui.widgets.basics import button, icon_button
from gui.widgets.flow import Flow
from gui.widgets.trace import TracePanel

GOOD, BAD, NEVER, REROLL, REPLAY = "good", "bad", "never", "reroll", "replay"
_ACTS: dict[str, tuple[str, Text]] = {
    GOOD: ("thumb-up", T("Good: make it an example of how it writes")),
    BAD: ("thumb-down", T("Not a good reply")),
    NEVER: ("never", T("Never say that")),
    REROLL: ("again", T("Take it back and answer again")),
}


class Inspector(TracePanel):
    """A trace with links, and what can be done about the reply. `acted`: one of the five above."""

    acted = Signal(str)

    def __init__(self) -> None:
        super().__init__(links=True)
        self.acts: dict[str, QPushButton] = {}
        for key, (glyph, words) in _ACTS.items():
            self.acts[key] = icon_button(glyph, say(words), partial(self.acted.emit, key))
        for key in (GOOD, BAD, NEVER):
            self.acts[key].setCheckable(True)
        self.replay = button(say("Replay"), "normal", "replay", lambda: self.acted.emit(REPLAY))
        self.body.insertWidget(1, Flow(*self.acts.values(), self.replay, gap=SPACE.tight, apart=True))
        self.setFixedWidth(SPACE.sidebar * 3 // 2 + SPACE.large)

    def show_turn(self, turn: FeedTurn) -> None:
        super().show_turn(turn)
        for made in self.acts.values():
            made.setVisible(turn.replied)

    def show_verdict(self, verdict: str) -> None:
        """What the host thought of it; empty for nothing yet."""
        for key in (GOOD, BAD, NEVER):
            chosen = key == verdict
            self.acts[key].setChecked(chosen)
            self.acts[key].setIcon(icon(_ACTS[key][0], "accent" if chosen else "text"))
            words = say(_ACTS[key][1])
            name = say("{act} (chosen; press again to take it back)", act=words) if chosen else words
            self.acts[key].setToolTip(name)
            self.acts[key].setAccessibleName(name)

    def show_can_reroll(self, can: bool) -> None:
        """Is it the latest reply there?"""
        self.acts[REROLL].setEnabled(can)
        words = say(_ACTS[REROLL][1]) if can else say("Only the latest reply of a place can be written anew")
        self.acts[REROLL].setToolTip(words)
        self.acts[REROLL].setAccessibleName(words)
