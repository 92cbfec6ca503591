"""The cards of the Mood page: how it is now, what it needs, the day, and its quirks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from core.feelings.daily import HIGHEST, LOWEST, DailyMood
from core.feelings.describe import DAILY, EMOTIONS, NEEDS, day_said, mood_named
from core.feelings.life import Quirk
from core.feelings.needs import Needs
from core.feelings.state import State
from core.words import T, say
from gui.models.mood_points import AXES
from gui.models.quirk_log import QuirkLogModel
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label, row
from gui.widgets.captioned_list import CaptionedList
from gui.widgets.mood_plane import AxisBar, MoodPlane
from gui.widgets.or_words import OrWords
from gui.widgets.value_slider import ValueSlider, percent

# As the day's numbers are called where "today" stands above them.
_DAY = {
    "anger": T("Anger"),
    "joy": T("Joy"),
    "sadness": T("Sadness"),
    "energy": T("Energy"),
    "talkativeness": T("Talkativeness"),
}
assert set(_DAY) == set(DAILY)


class InsideCards(QWidget):
    """How it is inside, side by side; where that is too narrow, the first above the others."""

    def __init__(self, now: QWidget, needs: QWidget, day: QWidget) -> None:
        super().__init__()
        self._now, self._needs, self._day = now, needs, day
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACE.medium)
        self.setLayout(self._grid)
        self._narrow: bool | None = None
        self._arrange(narrow=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(narrow=event.size().width() < SPACE.form + SPACE.sidebar + SPACE.wide)

    def _arrange(self, *, narrow: bool) -> None:
        if narrow == self._narrow:
            return
        self._narrow = narrow
        places = ((0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)) if narrow else ((0, 0), (0, 1), (0, 2))
        for card, place in zip((self._now, self._needs, self._day), places, strict=True):
            self._grid.removeWidget(card)
            self._grid.addWidget(card, *place)
        for number, share in enumerate((1, 1, 0) if narrow else (7, 5, 5)):
            self._grid.setColumnStretch(number, share)


class NowCard(Card):
    """The mood in words and as a small picture."""

    def __init__(self) -> None:
        super().__init__(say("Now"))
        self.plane = MoodPlane()
        self.words = label("", "heading", wrap=True)
        self.felt = label("", "muted", wrap=True)
        self.bars = [AxisBar(say(name), number) for number, name in enumerate(AXES)]
        told = column(self.words, self.felt, 1, *self.bars, gap=SPACE.tight)
        side_by_side = row(self.plane, told, gap=SPACE.medium)
        side_by_side.setStretch(1, 1)
        self.put(side_by_side, 1)

    def show_state(self, state: State) -> None:
        """Show what is felt now."""
        words = say(mood_named(state.mood))
        self.words.setText(words[:1].upper() + words[1:])
        strongest = sorted(state.emotions, key=lambda each: -each.intensity)[:3]
        feels = ", ".join(say(EMOTIONS[each.emotion]) for each in strongest)
        self.felt.setText(say("It feels {emotions}.", emotions=feels) if feels else say("Nothing stirs it."))
        self.plane.show_mood(state.mood, state.home, words, say(mood_named(state.home)))
        for bar, value in zip(self.bars, (state.mood.p, state.mood.a, state.mood.d), strict=True):
            bar.put(value)


class NeedsCard(Card):
    """The needs as gauges that the host may set; `wanted` tells which and how much, 0…1."""

    wanted = Signal(str, float)

    def __init__(self) -> None:
        super().__init__(say("Needs"))
        self.gauges = {key: ValueSlider(say(name), 0, 100, percent, step=5) for key, name in NEEDS.items()}
        for key, gauge in self.gauges.items():
            gauge.settled.connect(lambda value, key=key: self.wanted.emit(key, value / 100))
        self.low = label("", "muted", wrap=True)
        self.put(*self.gauges.values(), 1, self.low)

    def show_needs(self, needs: Needs) -> None:
        """Show how well each is met."""
        for key, gauge in self.gauges.items():
            gauge.put(round(getattr(needs, key) * 100))
        least = min(needs._fields, key=lambda name: getattr(needs, name))
        if getattr(needs, least) < 0.4:
            self.low.setText(say("It misses: {need}.", need=NEEDS[least]))
        else:
            self.low.setText(say("It misses nothing."))


class DayCard(Card):
    """The day's numbers; `wanted` tells which and what, `redrawn` asks for another day."""

    wanted = Signal(str, int)
    redrawn = Signal()

    def __init__(self) -> None:
        super().__init__(say("Today"))
        self.redraw = button(say("Draw again"), "quiet", "dice")
        self.redraw.setToolTip(say("Draw the day's mood anew, from the persona, the last day and chance"))
        self.redraw.clicked.connect(lambda _checked=False: self.redrawn.emit())
        self.numbers = {key: ValueSlider(say(name), LOWEST, HIGHEST, str) for key, name in _DAY.items()}
        for key, number in self.numbers.items():
            number.settled.connect(lambda value, key=key: self.wanted.emit(key, value))
        self.words = label("", "muted", wrap=True)
        below = row(self.words, self.redraw)
        below.setStretch(0, 1)
        self.put(*self.numbers.values(), 1, below)

    def show_day(self, day: DailyMood) -> None:
        """Show today's numbers."""
        for key, number in self.numbers.items():
            number.put(getattr(day, key))
        words = say(day_said(day))
        self.words.setText(words[:1].upper() + words[1:] + ".")


class QuirksCard(Card):
    """Quirks with their strength, and what became of them; each change can be taken back.

    Attributes:
        wanted: the host sets a strength, 0…1, of the quirk with this text. undone: a change's id.
    """

    wanted = Signal(str, float)
    undone = Signal(int)

    def __init__(self, log: QuirkLogModel) -> None:
        super().__init__(say("Quirks"))
        self.sliders: dict[str, ValueSlider] = {}
        self._log = log
        self._sliders = column(gap=SPACE.small)
        holder = QWidget()
        holder.setLayout(column(self._sliders, 1))
        self.list = CaptionedList(QuirkLogModel.WHY, QuirkLogModel.STEP)
        self.list.setModel(log)
        self.list.setAccessibleName(say("What became of its quirks"))
        self.list.setMinimumHeight(SPACE.sidebar // 2 + SPACE.wide)
        self.undo = button(say("Take back"), "normal", "undo", self._take_back)
        self._log_states = OrWords(self.list)
        head = row(label(say("What became of them"), "strong"), 1, self.undo)
        right = column(head, self._log_states, 1)
        halves = row(holder, right, gap=SPACE.large)
        halves.setStretch(0, 1)
        halves.setStretch(1, 1)
        whole = QWidget()
        whole.setLayout(halves)
        self.states = OrWords(whole)
        self.put(self.states)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.list.selectionModel().currentChanged.connect(self._show_undo)
        log.modelReset.connect(self._show_undo)
        self._show_undo()

    def show_quirks(self, quirks: Sequence[Quirk]) -> None:
        """Show each with its strength; and whether anything became of any."""
        if [quirk.text for quirk in quirks] != list(self.sliders):
            self._rebuild([quirk.text for quirk in quirks])
        for quirk in quirks:
            self.sliders[quirk.text].put(round(quirk.strength * 100))
        if self._log.rowCount():
            self._log_states.show_full()
        else:
            self._log_states.show_words(say("Nothing yet. Each night it looks back at the day."))
        self._show_undo()

    def _rebuild(self, texts: Sequence[str]) -> None:
        while (item := self._sliders.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.sliders = {text: ValueSlider(text, 0, 100, percent, step=5, above=True) for text in texts}
        for text, slider in self.sliders.items():
            slider.settled.connect(lambda value, text=text: self.wanted.emit(text, value / 100))
            self._sliders.addWidget(slider)

    def _show_undo(self, _now: QModelIndex | None = None, _before: QModelIndex | None = None) -> None:
        at = self.list.currentIndex()
        change = at.data(QuirkLogModel.CHANGE) if at.isValid() else None
        self.undo.setEnabled(change is not None and not change.undone)

    def _take_back(self) -> None:
        at = self.list.currentIndex()
        if at.isValid():
            self.undone.emit(self._log.at(at.row()).id)
