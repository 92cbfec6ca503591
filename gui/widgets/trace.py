"""Why did it say that? The trace of one turn, beside the feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFormLayout, QScrollArea, QWidget

from core.feed import FeedTurn
from core.words import T, Text, count, say
from gui.icons import icon
from gui.models.feed import sentence, took
from gui.theme import SPACE, current
from gui.widgets.basics import Card, button, column, icon_button, label, line, row

PARTS: dict[str, Text] = {
    "persona": T("Who it is"),
    "transcript": T("What was said before"),
    "moment": T("This moment"),
    "answered": T("What it answers"),
}
STAGES: dict[str, Text] = {
    "weigh": T("is it for me"),
    "guard": T("may it be answered"),
    "gather": T("gathering"),
    "compose": T("composing the prompt"),
    "generate": T("writing"),
    "polish": T("polishing"),
    "pace": T("pacing"),
    "send": T("posting"),
}
_SHADES = ("accent", "info", "warn", "good")


class TokenBar(QWidget):
    """How the prompt's tokens are shared out, part by part."""

    def __init__(self, shares: Sequence[int]) -> None:
        super().__init__()
        self._shares = shares
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
            painter.setBrush(current().colour(_SHADES[position % len(_SHADES)]))
            painter.drawRoundedRect(QRectF(left, 0, width, self.height()), 3, 3)
            left += width + 2
        painter.end()


class Fold(QWidget):
    """A heading that opens and closes what is below it."""

    def __init__(self, heading: str, inside: QWidget) -> None:
        super().__init__()
        self._inside = inside
        self._head = button(heading, "link", "right", self._turn)
        self._head.setAccessibleName(say("Show or hide: {what}", what=heading))
        inside.hide()
        self.setLayout(column(row(self._head, 1), inside, gap=SPACE.tight))

    def _turn(self) -> None:
        self._inside.setVisible(self._inside.isHidden())
        self._head.setIcon(icon("right" if self._inside.isHidden() else "down", "accent"))


class TracePanel(Card):
    """The trace of a turn. `closed` fires when the host has seen enough."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumWidth(SPACE.sidebar * 3 // 2)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(say("Why it did that"))
        self.close_button = icon_button("close", say("Close"), self.closed.emit)
        self.put(row(label(say("Why?"), "heading"), 1, self.close_button), self._scroll)
        self.turn_id = ""

    def show_turn(self, turn: FeedTurn) -> None:
        """Show why `turn` went as it did."""
        self.turn_id = turn.id
        fresh = QWidget()
        layout = column(gap=SPACE.small)
        layout.setContentsMargins(0, 0, SPACE.medium, 0)
        at = f"{turn.at.astimezone():%d.%m. %H:%M:%S}"
        layout.addWidget(label(f"{at} · {turn.place}", "caption", wrap=True))
        layout.addWidget(_quote(turn.person, turn.said))
        if turn.reply:
            layout.addWidget(_quote(str(turn.trace.get("persona") or say("reply")), turn.reply))
        layout.addWidget(label(sentence(turn), "strong", wrap=True))
        if turn.replied:
            layout.addWidget(label(say("because {reason}", reason=turn.reason), wrap=True))
        self._add_prompt(layout, turn.trace)
        self._add_figures(layout, turn)
        layout.addStretch(1)
        fresh.setLayout(layout)
        self._scroll.setWidget(fresh)

    def _add_prompt(self, layout: Any, trace: Mapping[str, Any]) -> None:
        parts = [part for part in trace.get("prompt", ()) if part.get("text")]
        if not parts:
            return
        layout.addWidget(line())
        layout.addWidget(label(say("What the model read"), "strong"))
        layout.addWidget(TokenBar([part["tokens"] for part in parts]))
        for part in parts:
            name = say(PARTS[part["part"]]) if part["part"] in PARTS else part["part"]
            text = label(part["text"], "mono", wrap=True, selectable=True)
            heading = count("{name} · {n} token", "{name} · {n} tokens", part["tokens"], name=name)
            layout.addWidget(Fold(heading, text))
        if dropped := trace.get("dropped_lines"):
            told = count("{n} older line did not fit", "{n} older lines did not fit", dropped)
            layout.addWidget(label(told, "caption", "warn", wrap=True))

    def _add_figures(self, layout: Any, turn: FeedTurn) -> None:
        figures = list(_figures(turn))
        if not figures:
            return
        layout.addWidget(line())
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(SPACE.tight)
        form.setHorizontalSpacing(SPACE.medium)
        for name, value in figures:
            form.addRow(label(name, "muted"), label(value, wrap=True))
        layout.addLayout(form)


def _figures(turn: FeedTurn) -> list[tuple[str, str]]:
    trace = turn.trace
    figures = []
    if model := trace.get("model"):
        figures.append((say("Model"), str(model)))
    if tokens := trace.get("tokens"):
        written = say(
            "{prompt} read, {written} written", prompt=tokens["prompt"], written=tokens["completion"]
        )
        figures.append((say("Tokens"), written))
    if turn.took_ms:
        figures.append((say("Took"), took(turn.took_ms)))
    for stage, spent in trace.get("timings_ms", {}).items():
        if spent >= 1 and stage in STAGES:
            figures.append((say(STAGES[stage]), say("{ms} ms", ms=round(spent))))
    return figures


def _quote(who: str, text: str) -> Card:
    quote = Card(kind="well")
    quote.body.setContentsMargins(SPACE.small, SPACE.small, SPACE.small, SPACE.small)
    quote.body.setSpacing(SPACE.tight)
    return quote.put(label(who, "caption"), label(text, wrap=True, selectable=True))
