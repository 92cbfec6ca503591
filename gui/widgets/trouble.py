"""A trouble in a sentence, with what to do and a button that does it."""

from __future__ import annotations

from PySide6.QtCore import Signal

from gui.help.asking import HelpLink
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label, retone, row
from gui.widgets.states import Glyph


class TroubleNotice(Card):
    """A coloured strip; hidden until there is something to say. `acted`: its button was pressed."""

    acted = Signal()

    def __init__(self) -> None:
        super().__init__(kind="notice")
        self._glyph = Glyph("warn", "bad", SPACE.large)
        self.what = label("", "strong", wrap=True)
        self.step = label("", wrap=True)
        self.act = button("…", on_click=self.acted.emit)
        words = column(self.what, self.step, gap=SPACE.tight)
        self.help = HelpLink()
        line = row(self._glyph, words, self.help, self.act, gap=SPACE.medium)
        line.setStretch(1, 1)
        self.body.setContentsMargins(SPACE.medium, SPACE.small, SPACE.medium, SPACE.small)
        self.body.addLayout(line)
        self.hide()

    def say(self, what: str, step: str, level: str, act: str, topic: str = "") -> None:
        """Show it.

        Args:
            level: good, warn, bad or info. act: the word on the button, or empty for none.
            topic: where the guide says more, or empty.
        """
        retone(self, level)
        self._glyph.put(level, level)
        self.what.setText(what)
        self.step.setText(step)
        self.act.setText(act)
        self.act.setAccessibleName(act)
        self.act.setVisible(bool(act))
        self.help.put(topic, what)
        self.setAccessibleName(f"{what} {step}")
        self.show()
