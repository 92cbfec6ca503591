"""What the host keeps an eye on: attempts to steer the bot, who is shut out, who exported or erased what."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from core.holdings import Watch
from core.words import count, say
from gui.models.privacy import HappeningsModel, attempts_told, blocks_told, log_told
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label, row
from gui.widgets.or_words import OrWords
from gui.widgets.two_line import TwoLineList


class WatchCard(Card):
    """A short list with what it is for, or that there is nothing."""

    def __init__(self, heading: str, about: str, nothing: str) -> None:
        super().__init__(heading)
        self._nothing = nothing
        self.model = HappeningsModel(self)
        self.list = TwoLineList(heading, many=False)
        self.list.show_model(self.model)
        self.about = label(about, "muted", wrap=True)
        self.states = OrWords(self.list)
        self.put(self.about, self.states)
        self.body.setStretchFactor(self.states, 1)

    def refresh(self) -> None:
        """Show the rows, or the words in their place."""
        if self.model.rowCount():
            self.states.show_full()
            self.body.setAlignment(self.states, Qt.AlignmentFlag(0))
        else:
            self.body.setAlignment(self.states, Qt.AlignmentFlag.AlignTop)
            self.states.show_words(self._nothing)


class PrivacyWatch(QWidget):
    """The three cards."""

    def __init__(self) -> None:
        super().__init__()
        self.attempts = WatchCard(
            say("Attempts to steer it"),
            say("It answers them in character, learns nothing from them and uses no tools."),
            say("Nobody tried. What looks like an attempt will stand here, without its words."),
        )
        self.busiest = label("", "caption", wrap=True)
        self.attempts.put(self.busiest)
        self.blocked = WatchCard(
            say("Shut out"),
            say("You decide it here, those who run a server with /settings people."),
            say("Nobody is shut out."),
        )
        self.decide = button(say("Decide whom it listens to"), "link", "right")
        self.blocked.put(row(self.decide, 1))
        self.log = WatchCard(
            say("Exports and erasures"),
            say("Who had data handed out or erased. Nobody who was erased is named."),
            say("Nothing was exported or erased yet."),
        )
        right = column(self.blocked, self.log, gap=SPACE.medium)
        right.setStretch(0, 1)
        right.setStretch(1, 1)
        whole = row(self.attempts, right, gap=SPACE.medium)
        whole.setStretch(0, 1)
        whole.setStretch(1, 1)
        whole.setContentsMargins(0, 0, SPACE.large, 0)
        self.setLayout(whole)

    def show_watch(self, watch: Watch, now: datetime) -> None:
        """Show it."""
        self.attempts.model.show(attempts_told(watch.attempts, now))
        self.blocked.model.show(blocks_told(watch.blocked))
        self.log.model.show(log_told(watch.log))
        often = [(name, count("{n} time", "{n} times", many)) for name, many in watch.busiest if name]
        most = ", ".join(f"{name} ({times})" for name, times in often)
        self.busiest.setText(say("Most in thirty days: {people}", people=most) if most else "")
        self.busiest.setVisible(bool(most))
        for card in (self.attempts, self.blocked, self.log):
            card.refresh()
