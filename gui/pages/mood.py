"""Mood: how it feels now, what moved it, what it needs, what day it has, and what became of its quirks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from core.clock import Clock
from core.errors import Explained
from core.events import Bus, FeelingsChanged, PersonaChanged
from core.feelings.describe import DAILY, NEEDS
from core.feelings.history import Point
from core.feelings.life import Feelings
from core.feelings.state import State
from core.people import People, Quote
from core.persona.identity import KeptPersona, Personas
from core.words import T, Text, say
from gui.models import mood_points
from gui.models.quirk_log import QuirkLogModel
from gui.pages.page import Page
from gui.refresh import Refresh
from gui.theme import SPACE
from gui.widgets import export
from gui.widgets.basics import Segments, column
from gui.widgets.chart import TimeChart, warm
from gui.widgets.chart_card import ChartCard
from gui.widgets.mood_cards import DayCard, InsideCards, NeedsCard, NowCard, QuirksCard

Act = Callable[[], Coroutine[Any, Any, object]]
REALMS = (("discord", T("Discord")), ("practice", T("Practice")))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time back from now, and how densely the curve is drawn in it."""

    words: Text
    length: timedelta
    step: timedelta


STRETCHES = {
    "hours": Stretch(T("6 hours"), timedelta(hours=6), timedelta(minutes=2)),
    "day": Stretch(T("Day"), timedelta(days=1), timedelta(minutes=5)),
    "week": Stretch(T("Week"), timedelta(days=7), timedelta(minutes=30)),
    "month": Stretch(T("Month"), timedelta(days=31), timedelta(hours=2)),
}
_TICKS = (-1.0, -0.5, 0.0, 0.5, 1.0)


class MoodPage(Page):
    """The inner life of the persona the bot is being."""

    def __init__(
        self, feelings: Feelings, people: People, personas: Personas, clock: Clock, bus: Bus
    ) -> None:
        super().__init__("mood", say("Mood"), bus)
        self._feelings, self._people, self._personas, self._clock = feelings, people, personas, clock
        self._kept: KeptPersona | None = None
        self._state: State | None = None
        self._points: list[Point] = []
        self._quotes: dict[int, Quote] = {}
        self._strengths: dict[str, float] = {}
        self.realm = Segments([(key, say(words)) for key, words in REALMS], say("Where"))
        self.now, self.needs, self.day = NowCard(), NeedsCard(), DayCard()
        self.log = QuirkLogModel(self)
        self.quirks = QuirksCard(self.log)
        name, height = say("Pleasure, arousal and dominance over time"), SPACE.sidebar - 6 * SPACE.small
        self.mood_chart = TimeChart(name, -1.0, 1.0, _TICKS, height)
        height = 3 * SPACE.wide
        self.emotion_chart = TimeChart(say("Emotions over time"), 0.0, 1.0, (0.0, 0.5, 1.0), height)
        stretches = [(key, say(stretch.words)) for key, stretch in STRETCHES.items()]
        charts = (self.mood_chart, self.emotion_chart)
        self.timeline = ChartCard(say("What moved it"), stretches, "day", charts)
        self._refresh = Refresh(self, self._read, say("Reading the mood"))
        self._build()
        self._connect()

    async def load(self) -> None:
        await warm()
        self._kept = await self._personas.active()
        self.realm.setVisible(self._kept is not None)
        if self._kept is None:
            self.states.show_empty(
                "mood",
                say("Nobody yet"),
                say("The mood is a persona's. Make one, talk to it, and see here what that does to it."),
                say("Open Persona"),
                lambda: self.wanted.emit("persona"),
            )
            return
        await self._read()
        self.states.show_full()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh.catch_up()

    # how it is built

    def _build(self) -> None:
        self.tools.addWidget(self.realm)
        cards = InsideCards(self.now, self.needs, self.day)
        whole = QWidget()
        whole.setLayout(column(cards, self.timeline, self.quirks, 1, gap=SPACE.medium))
        self.fill_scrolled(whole).setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.states.show_loading()

    def _connect(self) -> None:
        self.realm.chosen.connect(lambda _realm: self._show_again())
        self.timeline.range.chosen.connect(lambda _stretch: self._show_again())
        self.timeline.export.connect(self._ask_where)
        self.needs.wanted.connect(self._set_need)
        self.day.wanted.connect(self._set_daily)
        self.day.redrawn.connect(self._draw_day)
        self.quirks.wanted.connect(self._set_quirk)
        self.quirks.undone.connect(self._undo_quirk)
        self.listen(FeelingsChanged, self._feelings_changed)
        self.listen(PersonaChanged, self._persona_changed)

    # what it shows

    async def _read(self) -> None:
        """Read everything that is shown, and show it."""
        kept, realm, until = self._kept, self.realm.key, self._clock.now()
        if kept is None:
            return
        stretch = STRETCHES[self.timeline.range.key]
        who, since = (kept.id, kept.persona), until - stretch.length
        state = await self._feelings.state(*who, realm=realm)
        quirks = await self._feelings.quirks(*who)
        changes = await self._feelings.quirk_changes(kept.id)
        points = await self._feelings.timeline(kept.id, since, until, realm=realm)
        samples = await self._feelings.curve(*who, since, until, stretch.step, realm=realm)
        caused = [point.message for point in points if point.message is not None]
        quotes = await self._people.quotes(realm, caused)
        drawn = await asyncio.to_thread(mood_points.drawn, samples, points, quotes)
        if (realm, STRETCHES[self.timeline.range.key]) != (self.realm.key, stretch):
            return  # the host has gone on meanwhile; that reading is on its way
        self._state, self._points, self._quotes = state, points, quotes
        self.now.show_state(state)
        self.needs.show_needs(state.needs)
        self.day.show_day(state.daily)
        self.log.show(changes)
        self.quirks.show_quirks(quirks)
        self._strengths = {quirk.text: quirk.strength for quirk in quirks}
        self._show_quirk_state(bool(quirks))
        self._show_timeline(drawn, since, until)

    def _show_timeline(self, drawn: mood_points.Drawn, since: datetime, until: datetime) -> None:
        if not self._points:
            self.timeline.show_words(
                say(
                    "Nothing moved it in this time. Whatever is said to it does: talk to it, or choose a "
                    "longer stretch."
                ),
                say("Open Practice"),
                lambda: self.wanted.emit("practice"),
            )
            return
        self.emotion_chart.rescale(0.0, drawn.top, (0.0, 0.5, 1.0) if drawn.top < 1.5 else (0.0, 1.0))
        ends = since.timestamp(), until.timestamp()
        self.timeline.show_charts((drawn.axes, drawn.emotions), drawn.marks, *ends, drawn.told)

    def _show_quirk_state(self, any_quirks: bool) -> None:
        if any_quirks:
            self.quirks.states.show_full()
        else:
            self.quirks.states.show_words(
                say("It has no quirks. A quirk is a habit that grows or fades with how people take it."),
                say("Give it one"),
                lambda: self.wanted.emit("persona"),
            )

    def _show_again(self) -> None:
        self.run(self._read(), say("Reading the mood"))

    def _feelings_changed(self, changed: FeelingsChanged) -> None:
        if changed.realm == self.realm.key or changed.person_id is None:
            self._refresh.ask()

    def _persona_changed(self, _changed: PersonaChanged) -> None:
        self.reload()

    # what the host does

    def _set_need(self, name: str, value: float) -> None:
        if self._kept is None or self._state is None:
            return
        before, realm = getattr(self._state.needs, name), self.realm.key
        put = partial(self._feelings.set_need, self._kept.id, self._kept.persona, name, realm=realm)
        words = say("{what} is {value} % now.", what=NEEDS[name], value=round(value * 100))
        self._do(lambda: put(value), words, lambda: put(before))

    def _set_daily(self, name: str, value: int) -> None:
        if self._kept is None or self._state is None:
            return
        before = getattr(self._state.daily, name)
        put = partial(self._feelings.set_daily, self._kept.id, self._kept.persona, name)
        words = say("{what} is {value} now, until midnight.", what=DAILY[name], value=value)
        self._do(lambda: put(value), words, lambda: put(before))

    def _draw_day(self) -> None:
        if self._kept is None or self._state is None:
            return
        who, before = (self._kept.id, self._kept.persona), self._state.daily

        async def back() -> None:
            for name, value in before._asdict().items():
                await self._feelings.set_daily(*who, name, value)

        self._do(lambda: self._feelings.draw_day(*who), say("It has another day now."), back)

    def _set_quirk(self, text: str, strength: float) -> None:
        if self._kept is None:
            return
        put = partial(self._feelings.set_quirk, self._kept.id, text)
        before = self._strengths.get(text, strength)
        words = say("The quirk is at {value} % now.", value=round(strength * 100))
        self._do(lambda: put(strength), words, lambda: put(before))

    def _undo_quirk(self, change_id: int) -> None:
        if self._kept is not None:
            undo = self._feelings.undo_quirk(self._kept.id, change_id)
            self.run(undo, say("Taking the change back"), self._took_back)

    def _took_back(self, done: bool) -> None:
        words = say("The change was taken back.") if done else say("That change is gone already.")
        self.toast(words, "good" if done else "info")

    def _do(self, act: Act, words: str, back: Act) -> None:
        """Do something and say so, with the way back."""

        def done(_result: object) -> None:
            self.toast(words, "good", say("Undo"), lambda: self.run(back(), say("Undoing")))

        def not_done(trouble: Explained) -> None:
            self.toast_trouble(trouble)
            self._show_again()

        self.run(act(), say("Saving"), done).failure(not_done)

    # out of the window

    def _ask_where(self, kind: str) -> None:
        image = export.picture_of(self.timeline.plots) if kind == "png" else None
        table = mood_points.mood_table(self._points, self._quotes)

        def chosen(path: Path) -> None:
            writing = export.write_picture(path, image) if image else export.write_table(path, table)
            self.run(writing, say("Saving the chart"), self._saved)

        name = f"mood-{self.realm.key}-{self._clock.now().astimezone():%Y-%m-%d}"
        self.dialog = export.ask_where(self, name, kind, chosen)

    def _saved(self, path: Path) -> None:
        self.toast(say("Saved as {name}.", name=path.name), "good")
