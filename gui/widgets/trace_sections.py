"""What a trace tells, section by section: what the model read, what came to mind, how it felt, its cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from core.feed import FeedTurn
from core.feelings.describe import METRICS, mood_named
from core.feelings.pad import Pad
from core.figures import number, short, signed
from core.memory.notebook import SaidLine
from core.words import T, Text, count, say
from gui.icons import icon
from gui.models.feed import took
from gui.models.moments import whole
from gui.spoken import CHART, spoken_as
from gui.theme import SPACE, current
from gui.widgets.basics import Card, button, column, label, row
from gui.widgets.figures import Figures
from gui.widgets.whole import ElidedButton
from gui.widgets.window_meter import WindowMeter

PARTS: dict[str, Text] = {
    "world_before": T("What it always knows, before who it is"),
    "persona": T("Who it is"),
    "world": T("What it always knows"),
    "transcript": T("What was said before"),
    "chain": T("What it began with"),
    "lore": T("What it knows about what is spoken of"),
    "facts": T("What it knows of people"),
    "episodes": T("What it remembers of time together"),
    "memories": T("What it remembers"),
    "feelings": T("How it feels"),
    "moment": T("This moment"),
    "hints": T("Hints"),
    "answered": T("What it answers"),
}
STAGES: dict[str, Text] = {
    "weigh": T("Is it for me"),
    "appraise": T("What it does to its mood"),
    "guard": T("May it be answered"),
    "gather": T("Gathering"),
    "compose": T("Composing the prompt"),
    "look": T("Looking at pictures"),
    "generate": T("Writing"),
    "polish": T("Polishing"),
    "pace": T("Pacing"),
    "send": T("Posting"),
}
_AXES = (T("Pleasure"), T("Arousal"), T("Dominance"))


class TokenBar(QWidget):
    """How the prompt's tokens are shared out, part by part."""

    def __init__(self, shares: Sequence[int]) -> None:
        super().__init__()
        self._shares = shares
        spoken_as(self, CHART)
        self.setFixedHeight(SPACE.small)
        self.setAccessibleName(say("Tokens by part: {shares}", shares=", ".join(map(str, shares))))
        current().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        left, total = 0.0, max(1, sum(self._shares))
        room = self.width() - 2 * len(self._shares)
        for position, share in enumerate(self._shares):
            width = max(2.0, room * share / total)
            painter.setBrush(current().series(position))
            painter.drawRoundedRect(QRectF(left, 0, width, self.height()), 3, 3)
            left += width + 2
        painter.end()


class Fold(QWidget):
    """A heading that opens and closes what is below it."""

    def __init__(self, heading: str, inside: QWidget) -> None:
        super().__init__()
        self._inside = inside
        self._head = ElidedButton(heading)
        self._head.setIcon(icon("right", "accent"))
        self._head.clicked.connect(lambda _checked=False: self._turn())
        self._head.setAccessibleName(say("Show or hide: {what}", what=heading))
        inside.hide()
        self.setLayout(column(row(self._head, 1), inside, gap=SPACE.tight))

    def _turn(self) -> None:
        self._inside.setVisible(self._inside.isHidden())
        self._head.setIcon(icon("right" if self._inside.isHidden() else "down", "accent"))


class FactCard(Card):
    """A fact that was in the prompt. `show_sources` answers when its sources are asked for."""

    def __init__(self, fact: Mapping[str, Any], on_sources: Callable[[FactCard], object] | None) -> None:
        super().__init__(kind="well")
        self.fact_id = int(fact["fact"])
        _fill(self, fact)
        self._sources: QWidget | None = None
        if on_sources is not None:
            ask = button(say("Where it comes from"), "link", "right", lambda: on_sources(self))
            ask.setAccessibleName(f"{ask.text()}: {_begin(fact)}")
            self.put(row(ask, 1))

    def show_sources(self, said: Sequence[SaidLine]) -> None:
        """Show the messages it came from."""
        if self._sources is not None:
            self.body.removeWidget(self._sources)
            self._sources.deleteLater()
        layout = column(gap=SPACE.small)
        for each in said:
            place = f"#{each.place}" if each.place else ""
            head = " · ".join(part for part in (each.author, place, whole(each.at)) if part)
            words = each.text if each.text is not None else each.wording
            texts = (label(head, "caption", wrap=True), label(words, wrap=True, selectable=True))
            layout.addLayout(column(*texts, gap=0))
        if not said:
            layout.addWidget(label(say("It was deleted meanwhile."), "caption", "warn", wrap=True))
        self._sources = QWidget()
        self._sources.setLayout(layout)
        self.put(self._sources)


def memory_card(memory: Mapping[str, Any], on_place: Callable[[int], object] | None) -> Card:
    """A memory that was in the prompt, with a way to where it stands."""
    card = Card(kind="well")
    _fill(card, memory)
    message = int(memory.get("message") or 0)
    if on_place is not None and message:
        there = button(say("In its place"), "link", "open", lambda: on_place(message))
        there.setAccessibleName(f"{there.text()}: {_begin(memory)}")
        card.put(row(there, 1))
    return card


def prompt(trace: Mapping[str, Any]) -> Iterator[QWidget]:
    """What the model read, part by part, with what each took."""
    parts = [part for part in trace.get("prompt", ()) if part.get("tokens")]
    if not parts:
        return
    yield label(say("What the model read"), "strong")
    yield TokenBar([part["tokens"] for part in parts])
    for part in parts:
        name = say(PARTS[part["part"]]) if part["part"] in PARTS else part["part"]
        heading = count("{name} · {n} token", "{name} · {n} tokens", part["tokens"], name=name)
        if part.get("text"):
            yield Fold(heading, label(part["text"], "mono", wrap=True, selectable=True))
        else:
            yield label(heading, "muted", wrap=True)
    if trace.get("scrubbed"):
        words = say("Its words were erased, with somebody who was there.")
        yield label(words, "caption", "info", wrap=True)
    if trace.get("context_tokens"):
        yield WindowMeter(trace)


def memories(trace: Mapping[str, Any], on_place: Callable[[int], object] | None) -> Iterator[QWidget]:
    """What came to mind, with its score and why."""
    found = trace.get("memories") or ()
    if found:
        yield label(say("What came to mind"), "strong")
        for memory in found:
            yield memory_card(memory, on_place)


def facts(trace: Mapping[str, Any], on_sources: Callable[[FactCard], object] | None) -> Iterator[QWidget]:
    """What it knew of people, with where each comes from."""
    found = trace.get("facts") or ()
    if found:
        yield label(say("What it knew"), "strong")
        for fact in found:
            yield FactCard(fact, on_sources)


def episodes(trace: Mapping[str, Any]) -> Iterator[QWidget]:
    """What it remembered of time together, with its score and why."""
    found = trace.get("episodes") or ()
    if found:
        yield label(say("What it remembers of time together"), "strong")
        for episode in found:
            card = Card(kind="well")
            _fill(card, {"person": say("an episode"), **episode})
            yield card


def lore(trace: Mapping[str, Any]) -> Iterator[QWidget]:
    """The entries of its lorebook that it read, and what called each."""
    found = trace.get("lore") or ()
    left_out = trace.get("lore_left_out") or ()
    if found or left_out:
        yield label(say("From its lorebook"), "strong")
    for each in found:
        card = Card(kind="well")
        _tighten(card)
        name, key, through = each.get("name", ""), each.get("key", ""), each.get("through", "")
        if each.get("constant"):
            why = say("always there")
        elif through:
            why = say("{entry} speaks of “{key}”", entry=through, key=key)
        else:
            why = say("somebody said “{key}”", key=key)
        head = say("{name} · entry {id} · {why}", name=name, id=each.get("entry", ""), why=why)
        card.put(label(head, "caption", wrap=True))
        if each.get("text"):
            card.put(label(str(each["text"]), wrap=True, selectable=True))
        yield card
    if left_out:
        told = count("{n} entry had no room", "{n} entries had no room", len(left_out))
        yield label(told, "caption", "warn", wrap=True)


def feelings(trace: Mapping[str, Any]) -> Iterator[QWidget]:
    """Its mood, and how it stood with the person, at that moment."""
    felt = trace.get("feelings") or {}
    mood = felt.get("mood")
    if not mood:
        return
    yield label(say("How it felt"), "strong")
    rows = [(say("Mood"), str(mood_named(Pad(*mood))))]
    rows += [(say(name), signed(value, 2)) for name, value in zip(_AXES, mood, strict=False)]
    bond = felt.get("relationship") or {}
    rows += [(say(words), short(bond[name])) for name, words in METRICS.items() if name in bond]
    yield Figures(rows)


def tools(trace: Mapping[str, Any]) -> Iterator[QWidget]:
    """The tools it called, with what they answered."""
    used = trace.get("tools") or ()
    if not used:
        return
    yield label(say("Tools it called"), "strong")
    for use in used:
        card = Card(kind="well")
        _tighten(card)
        outcome = say("worked") if use.get("worked") else say("did not work")
        head = say(
            "{tool} · {outcome} · {ms} ms", tool=use.get("name", ""), outcome=outcome, ms=use.get("ms", 0)
        )
        card.put(label(head, "caption", wrap=True))
        if use.get("arguments"):
            card.put(label(str(use["arguments"]), "mono", wrap=True, selectable=True))
        if use.get("answer"):
            card.put(label(str(use["answer"]), wrap=True, selectable=True))
        yield card


def thinking(trace: Mapping[str, Any]) -> Iterator[QWidget]:
    """What it thought and never posted."""
    if trace.get("thinking"):
        yield label(say("What it thought"), "strong")
        yield Fold(say("Never posted"), label(str(trace["thinking"]), "mono", wrap=True, selectable=True))


def figures(turn: FeedTurn) -> Iterator[QWidget]:
    """Model, score, tokens and times."""
    rows = list(_figures(turn))
    if rows:
        yield label(say("In figures"), "strong")
        yield Figures(rows)


def _figures(turn: FeedTurn) -> Iterator[tuple[str, str]]:
    trace = turn.trace
    if "score" in trace:
        yield say("Meant for it"), say("{score} of 1", score=number(float(trace["score"]), 2))
    if model := trace.get("model"):
        yield say("Model"), str(model)
    if tokens := trace.get("tokens"):
        read, cached = tokens["prompt"], tokens.get("cached")
        yield (
            say("Tokens"),
            say("{prompt} read, {written} written", prompt=read, written=tokens["completion"]),
        )
        if cached is not None:
            share = round(100 * cached / read) if read else 0
            yield say("Cached"), say("{n} of them, {share} %", n=cached, share=share)
    if turn.took_ms:
        yield say("Took"), took(turn.took_ms)
    for stage, spent in trace.get("timings_ms", {}).items():
        if spent >= 1 and stage in STAGES:
            yield say(STAGES[stage]), say("{ms} ms", ms=round(spent))


def quote(who: str, text: str) -> Card:
    """What somebody said."""
    made = Card(kind="well")
    _tighten(made)
    return made.put(label(who, "caption"), label(text, wrap=True, selectable=True))


def _fill(card: Card, kept: Mapping[str, Any]) -> None:
    """Who, when, how well it fits, the words, and why."""
    _tighten(card)
    told = [str(kept.get("person") or say("somebody"))]
    if said_at := kept.get("said_at"):
        told.append(whole(datetime.fromisoformat(said_at)))
    if kept.get("score") is not None:
        told.append(say("fits {score}", score=number(float(kept["score"]), 2)))
    card.put(label(" · ".join(told), "caption", wrap=True))
    if kept.get("text"):
        card.put(label(str(kept["text"]), wrap=True, selectable=True))
    if kept.get("reason"):
        why = {"name": kept.get("person", "")} | dict(kept.get("reason_params") or {})
        card.put(label(str(Text(kept["reason"], why)), "caption", wrap=True))


def _begin(kept: Mapping[str, Any]) -> str:
    """The beginning of a memory, which tells its buttons from the others'."""
    return " ".join(str(kept.get("text") or kept.get("person") or "").split())[:80]


def _tighten(card: Card) -> None:
    card.body.setContentsMargins(SPACE.small, SPACE.small, SPACE.small, SPACE.small)
    card.body.setSpacing(SPACE.tight)
