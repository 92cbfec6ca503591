"""What an echo is like: how well it does, how its person writes, and what it said beside what they said."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QGridLayout, QWidget

from core.echo.library import Card as EchoCard
from core.echo.library import Sample
from core.echo.style import StyleProfile
from core.figures import number
from core.words import count, say
from gui.models.privacy import size_words
from gui.models.times import day_of
from gui.theme import SPACE
from gui.widgets.bars import Bars, Columns
from gui.widgets.basics import Card, column, label, line
from gui.widgets.scrolled import Beside
from gui.widgets.text import unbroken

_MOST = 6


class FidelityCard(Card):
    """How well it does on messages it never saw."""

    def __init__(self) -> None:
        super().__init__(say("Does it sound like them?"))
        self.told = label("", "strong", wrap=True)
        self.bars = Bars(say("How often a judge takes a message for theirs"))
        self.copying = label("", "muted", wrap=True)
        self.made = label("", "caption", wrap=True)
        self.put(self.told, self.bars, self.copying, self.made)

    def show_echo(self, card: EchoCard) -> None:
        """Show an echo's figures."""
        assert card.echo is not None
        marks: Mapping[str, float] = card.echo.fidelity
        if card.sounds_like is None:
            self.told.setText(say("There were too few messages to test it on."))
            self.bars.hide()
            self.copying.hide()
        else:
            share = round(100 * card.sounds_like)
            self.told.setText(
                say("Sounds like them: {share} % (their real messages score 100 %).", share=share)
            )
            self.bars.show()
            self.copying.show()
            self.bars.show_bars(_judged(marks))
            self.copying.setText(_copying(marks))
        model = card.echo.model or say("the chosen chat model")
        pieces = [
            count("Made from {n} message", "Made from {n} messages", card.echo.messages),
            size_words(card.echo.size_bytes),
            say("speaks through {model}", model=model),
        ]
        if card.echo.built_at is not None:
            pieces.append(say("built on {day}", day=day_of(card.echo.built_at)))
        self.made.setText(" · ".join(pieces))


def _judged(marks: Mapping[str, float]) -> list[tuple[str, float, str]]:
    rows = (
        (say("letters: their real messages"), "chars_real"),
        (say("letters: the echo"), "chars_echo"),
        (say("style: their real messages"), "style_real"),
        (say("style: the echo"), "style_echo"),
    )
    return [(name, float(marks.get(key, 0.0)), _percent(float(marks.get(key, 0.0)))) for name, key in rows]


def _copying(marks: Mapping[str, float]) -> str:
    return say(
        "Said word for word before: {verbatim}. Six words in a row reused: {reused}. Repeating whom it "
        "answers: {parroted}.",
        verbatim=_percent(float(marks.get("verbatim", 0.0)), 1),
        reused=_percent(float(marks.get("reused", 0.0)), 1),
        parroted=_percent(float(marks.get("parroted", 0.0)), 1),
    )


class StyleCard(Card):
    """How the person writes, in words and bars."""

    def __init__(self) -> None:
        super().__init__(say("How they write"))
        self.told = label("", "body", wrap=True)
        self.habits = Bars(say("Habits, as shares of their messages"))
        self.openers = Bars(say("How messages begin"))
        self.words = Bars(say("Small words they use"))
        self.hours = Columns(say("When they write"), say("midnight"), say("23 h"))
        self.topics = label("", "muted", wrap=True)
        charts = Beside(
            _under(say("Habits"), self.habits),
            _under(say("How messages begin"), self.openers),
            _under(say("Small words"), self.words),
            shares=(1, 1, 1),
        )
        self.hours_name = label(say("When they write"), "strong")
        self.put(self.told, charts, self.hours_name, self.hours, self.topics)

    def show_style(self, style: StyleProfile) -> None:
        """Show a profile."""
        self.told.setText(
            say(
                "Half of their messages have at most {middle} characters, one in twenty more than {most}.",
                middle=round(style.lengths[2]),
                most=round(style.lengths[4]),
            )
        )
        small_i = style.small_i
        habits = [
            (say("begin with a capital"), style.high_starts),
            (say("write i small"), small_i if small_i is not None else 0.0),
            (say("end without a mark"), style.endings.get("", 0.0)),
            (say("with ? in it"), style.marks.get("?", 0.0)),
            (say("with ! in it"), style.marks.get("!", 0.0)),
            (say("with a smiley :)"), style.emoticons),
            (say("with an emoji"), style.emoji),
        ]
        self.habits.show_bars([(name, share, _percent(share)) for name, share in habits])
        self.openers.show_bars(_largest(style.openers))
        self.words.show_bars(_largest(style.function_words))
        known = bool(style.hours)
        self.hours.setVisible(known)
        self.hours_name.setVisible(known)
        if known:
            busiest = max(range(len(style.hours)), key=lambda hour: style.hours[hour])
            self.hours.show_shares(style.hours, say("Most of it around {hour} o'clock.", hour=busiest))
        self.topics.setVisible(bool(style.topics))
        self.topics.setText(say("They talk about: {topics}", topics=", ".join(style.topics)))


def _under(heading: str, bars: Bars) -> QWidget:
    made = QWidget()
    made.setLayout(column(label(heading, "strong", wrap=True), bars, 1))
    return made


def _largest(shares: Mapping[str, float]) -> list[tuple[str, float, str]]:
    found = sorted(shares.items(), key=lambda pair: -pair[1])[:_MOST]
    most = max((share for _, share in found), default=1.0) or 1.0
    return [(name, share / most, _percent(share, 1)) for name, share in found]


class SamplesCard(Card):
    """Messages it never saw, beside what it said in their place and what the model says without it."""

    def __init__(self) -> None:
        super().__init__(say("Before and after, on messages it never saw"))
        self._rows = QWidget()
        self.put(
            label(
                say("What others wrote before is not kept, so the question itself is not shown."),
                "caption",
                wrap=True,
            ),
            self._rows,
        )

    def show_samples(self, samples: tuple[Sample, ...]) -> None:
        """Show these."""
        self.body.removeWidget(self._rows)
        self._rows.deleteLater()
        self._rows = QWidget()
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE.medium)
        grid.setVerticalSpacing(SPACE.small)
        for at, name in enumerate((say("They wrote"), say("The echo"), say("The model without it"))):
            grid.addWidget(label(name, "caption"), 0, at)
            grid.setColumnStretch(at, 1)
        for at_row, sample in enumerate(samples):
            grid.addWidget(line(), 2 * at_row + 1, 0, 1, 3)
            for at, text in enumerate((sample.real, sample.echo, sample.plain)):
                cell = label(text[:600] or "–", "muted" if at == 2 else "body", wrap=True, selectable=True)
                grid.addWidget(cell, 2 * at_row + 2, at)
        self._rows.setLayout(grid)
        self.body.addWidget(self._rows)


def _percent(share: float, digits: int = 0) -> str:
    return unbroken(say("{share} %", share=number(100 * share, digits)))
