"""One person: who they are, how it stands with them (for the host to set), what changed it, and what was
said last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from core.feelings.describe import METRICS
from core.feelings.relationship import HIGHEST, LOWEST, shown
from core.feelings.state import Bond
from core.people import Profile, Talk
from core.words import T, count, say
from gui.models.times import ago, day_of, when
from gui.theme import SPACE
from gui.widgets.basics import Card, ElidedLabel, button, column, label, row
from gui.widgets.or_words import OrWords
from gui.widgets.value_slider import ValueSlider, signed

LIFE = {
    "new": (T("new"), "info"),
    "acquainted": (T("acquainted"), "accent"),
    "regular": (T("regular"), "good"),
    "dormant": (T("dormant"), ""),
    "opted_out": (T("opted out"), "warn"),
    "erased": (T("erased"), "bad"),
}
ENDS = {
    "anger": (T("calm"), T("furious")),
    "rapport": (T("distant"), T("very close")),
    "trust": (T("distrustful"), T("fully trusting")),
    "formality": (T("casual"), T("formal")),
}
_MOST_NAMES = 8


class WhoCard(Card):
    """Who somebody is. `memories`: the host wants to see what is remembered of them."""

    memories = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name = ElidedLabel("", "title")
        self.life = label("", "pill")
        self.bot = label(say("a bot"), "pill", "info")
        self.seen = label("", "muted", wrap=True)
        self.names = label("", "muted", wrap=True)
        self.remembered = button(say("Memories"), "normal", "memories", self.memories.emit)
        top = row(self.name, self.life, self.bot, self.remembered)
        top.setStretch(0, 1)
        self.put(top, self.seen, self.names)

    def show_profile(self, profile: Profile, now: datetime) -> None:
        """Show them."""
        self.name.put(profile.name)
        words, tone = LIFE.get(profile.state, (T("new"), ""))
        self.life.setText(say(words))
        self.life.setProperty("tone", tone)
        self.life.style().unpolish(self.life)
        self.life.style().polish(self.life)
        self.bot.setVisible(profile.is_bot)
        seen = say(
            "First seen {first}, last seen {last}.",
            first=day_of(profile.first_seen),
            last=ago(profile.last_seen, now),
        )
        wrote = count("{n} message.", "{n} messages.", profile.messages)
        self.seen.setText(f"{seen} {wrote}")
        others = [name for name in profile.names if name != profile.name]
        self.names.setText(say("Also seen as {names}.", names=", ".join(others[:_MOST_NAMES])))
        self.names.setVisible(bool(others))
        kept = profile.facts + profile.episodes
        self.remembered.setText(count("{n} memory", "{n} memories", kept))
        self.remembered.setAccessibleName(say("Memories of {name}: {n}", name=profile.name, n=kept))


class BondCard(Card):
    """How it stands with somebody. `wanted`: the host sets a value. `reset`: everything as at the start."""

    wanted = Signal(str, int)
    reset = Signal()

    def __init__(self) -> None:
        back = button(say("Set back"), "quiet", "reset")
        back.setToolTip(say("Everything as it begins with somebody new; the history stays"))
        super().__init__(say("How it stands"), back)
        back.clicked.connect(lambda _checked=False: self.reset.emit())
        self.back = back
        self.sliders: dict[str, ValueSlider] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE.large)
        grid.setVerticalSpacing(SPACE.small)
        for at, (metric, name) in enumerate(METRICS.items()):
            low, high = (round(getattr(end, metric)) for end in (LOWEST, HIGHEST))
            low_word, high_word = ENDS[metric]
            slider = ValueSlider(say(name), low, high, signed, ends=(say(low_word), say(high_word)))
            slider.settled.connect(lambda value, metric=metric: self.wanted.emit(metric, value))
            self.sliders[metric] = slider
            grid.addWidget(slider, at // 2, at % 2)
        self.put(grid)

    def show_bond(self, bond: Bond) -> None:
        """Show the whole numbers."""
        for metric, value in shown(bond.metrics)._asdict().items():
            self.sliders[metric].put(round(value))

    def settle(self) -> None:
        """What the host moved a moment ago is decided now, for the person it was moved for."""
        for slider in self.sliders.values():
            slider.settle()


class TalksCard(Card):
    """The last conversations with somebody."""

    def __init__(self) -> None:
        super().__init__(say("Last conversations"))
        self._talks = QWidget()
        self._shown: Sequence[Talk] = ()
        self._lines = column(gap=SPACE.medium)
        self._talks.setLayout(self._lines)
        self.states = OrWords(self._talks)
        self.put(self.states)

    def show_talks(self, talks: Sequence[Talk], name: str) -> None:
        """Show them, the newest first."""
        if not talks:
            words = say("Nothing is kept. What {name} writes will stand here.", name=name)
            self.states.show_words(words)
            self._shown = ()
            return
        self.states.show_full()
        if talks == self._shown:
            return
        self._shown = talks
        while (item := self._lines.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for talk in talks:
            self._lines.addWidget(_talk(talk))


def _talk(talk: Talk) -> QWidget:
    made = QWidget()
    place = (
        say("#{channel} on {server}", channel=talk.channel, server=talk.guild)
        if talk.channel
        else say("In private")
    )
    pieces = column(label(f"{place} · {when(talk.lines[0].at)}", "caption"), gap=SPACE.tight)
    for said in talk.lines:
        words = label(" ".join(said.text.split()) or "…", wrap=True)
        who = ElidedLabel(said.name, "strong" if said.is_self else "muted")
        who.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        who.setFixedWidth(2 * SPACE.wide + SPACE.small)
        line = row(who, words)
        line.setAlignment(who, Qt.AlignmentFlag.AlignTop)
        line.setStretch(1, 1)
        pieces.addLayout(line)
    made.setLayout(pieces)
    return made
