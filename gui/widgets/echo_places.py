"""Where an echo talks, how it did there, and what it said last."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.echo.library import Card as EchoCard
from core.echo.talk import StoredReply
from core.figures import number
from core.words import say
from gui.models.privacy import size_words
from gui.models.times import when
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label, row

_LONGEST = 200


class PlacesCard(Card):
    """`stopped`: the host wants a session to end, by its number."""

    stopped = Signal(int)

    def __init__(self) -> None:
        super().__init__(say("Where it talks"))
        self._rows = QWidget()
        self.put(self._rows)

    def show_places(self, card: EchoCard, memory_bytes: int, said: Sequence[StoredReply]) -> None:
        """Show where it talks now.

        Args:
            memory_bytes: what the model holds; 0 where the brain does not tell. said: the newest first.
        """
        self.body.removeWidget(self._rows)
        self._rows.deleteLater()
        self._rows = QWidget()
        rows = column(gap=SPACE.small)
        if not card.sessions:
            rows.addWidget(
                label(say("Nowhere now. On its server /echo online lets it talk."), "muted", wrap=True)
            )
        for session in card.sessions:
            told = label(
                say(
                    "#{channel} since {when}: heard {heard}, said {said}",
                    channel=session.channel_name,
                    when=when(session.started_at),
                    heard=session.heard,
                    said=session.replies,
                ),
                wrap=True,
            )
            stop = button(say("Stop"), "normal", "stop", partial(self.stopped.emit, session.id))
            stop.setAccessibleName(say("Stop it in #{channel}", channel=session.channel_name))
            talking = row(told, stop)
            talking.setStretch(0, 1)
            rows.addLayout(talking)
        for line in _figures(card, memory_bytes):
            rows.addWidget(label(line, "muted", wrap=True))
        for reply in said:
            votes = f"👍 {reply.up} · 👎 {reply.down}" if reply.up or reply.down else ""
            text = label(f"{when(reply.at)}  {reply.text[:_LONGEST]}", "caption", wrap=True)
            rows.addLayout(row(text, label(votes, "caption")))
        self._rows.setLayout(rows)
        self.body.addWidget(self._rows)


def _figures(card: EchoCard, memory_bytes: int) -> list[str]:
    lines = []
    if card.totals.replies:
        lines.append(
            say(
                "In all: {said} replies, {seconds} s each on average, {speed} tokens a second.",
                said=number(card.totals.replies),
                seconds=number(card.totals.mean_latency_ms / 1000, 1),
                speed=number(card.totals.tokens_a_second),
            )
        )
    if card.sessions and memory_bytes:
        lines.append(say("Memory of the model: {size}", size=size_words(memory_bytes)))
    return lines
