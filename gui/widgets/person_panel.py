"""Everything about the person who is chosen, one card below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from core.feelings.history import Change
from core.feelings.state import Bond
from core.people import Profile, Quote
from core.words import T, say
from gui.models import relationships
from gui.theme import SPACE
from gui.widgets.basics import column
from gui.widgets.chart import TimeChart
from gui.widgets.chart_card import ChartCard
from gui.widgets.person_card import BondCard, TalksCard, WhoCard
from gui.widgets.scrolled import Scrolled

STRETCHES = {
    "week": (T("Week"), timedelta(days=7)),
    "month": (T("Month"), timedelta(days=31)),
    "all": (T("All"), None),
}
_TICKS = (-5.0, 0.0, 5.0, 10.0)


class PersonPanel(Scrolled):
    """One person. It shows what it is handed; what the host does is told by its cards."""

    def __init__(self) -> None:
        self.who, self.bond, self.talks = WhoCard(), BondCard(), TalksCard()
        name = say("Anger, rapport, trust and formality over time")
        self.chart = TimeChart(name, -5.0, 10.0, _TICKS, SPACE.sidebar)
        stretches = [(key, say(words)) for key, (words, _) in STRETCHES.items()]
        self.history = ChartCard(say("What changed it"), stretches, "all", (self.chart,))
        self.changes: Sequence[Change] = ()
        self.quotes: Mapping[int, Quote] = {}
        whole = QWidget()
        whole.setLayout(column(self.who, self.bond, self.history, self.talks, 1, gap=SPACE.medium))
        super().__init__(whole, say("The person"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def since(self, now: datetime) -> datetime | None:
        """From when on the history is shown; None from the beginning."""
        length = STRETCHES[self.history.range.key][1]
        return None if length is None else now - length

    def show_person(
        self,
        profile: Profile,
        bond: Bond,
        changes: Sequence[Change],
        quotes: Mapping[int, Quote],
        now: datetime,
    ) -> None:
        """Show somebody."""
        self.changes, self.quotes = changes, quotes
        self.who.show_profile(profile, now)
        self.bond.show_bond(bond)
        self.talks.show_talks(profile.talks, profile.name)
        self._show_history(bond, profile, now)

    def _show_history(self, bond: Bond, profile: Profile, now: datetime) -> None:
        if not self.changes:
            words = say(
                "Nothing changed it in this time. What {name} says to it does, and so do you, above.",
                name=profile.name,
            )
            self.history.show_words(words)
            return
        since = self.since(now) or self.changes[0].at - (now - self.changes[0].at) * 0.02
        self.history.show_charts(
            (relationships.history_lines(self.changes, bond, now),),
            relationships.history_marks(self.changes, self.quotes),
            since.timestamp(),
            max(now, since + timedelta(minutes=1)).timestamp(),
            (relationships.history_summary(self.changes, bond),),
        )
