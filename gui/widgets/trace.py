"""Why did it say that? The trace of one turn, beside the feed or the conversation."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from core import figures
from core.feed import FeedTurn
from core.words import say
from gui.models.feed import sentence
from gui.theme import SPACE
from gui.widgets import trace_sections
from gui.widgets.basics import Card, column, icon_button, label, line, row
from gui.widgets.trace_sections import PARTS, FactCard, Fold, TokenBar

__all__ = ["PARTS", "Fold", "TokenBar", "TracePanel"]


class TracePanel(Card):
    """The trace of a turn.

    Args:
        links: the page can show where memories and facts come from.

    Attributes:
        closed: the host has seen enough. message_wanted: show this message (row id) where it stands.
        sources_wanted: with the FactCard whose sources are wanted; answer with its `show_sources`.
    """

    closed = Signal()
    message_wanted = Signal(int)
    sources_wanted = Signal(object)

    def __init__(self, *, links: bool = False) -> None:
        super().__init__()
        self.setMinimumWidth(SPACE.sidebar * 3 // 2)
        self._links = links
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(say("Why it did that"))
        self.close_button = icon_button("close", say("Close"), self.closed.emit)
        self.put(row(label(say("Why?"), "heading"), 1, self.close_button), self._scroll)
        self.body.setStretchFactor(self._scroll, 1)
        self.turn_id = ""

    def show_turn(self, turn: FeedTurn) -> None:
        """Show why `turn` went as it did."""
        same = self.turn_id == turn.id
        scrolled = self._scroll.verticalScrollBar().value() if same else 0
        self.turn_id = turn.id
        fresh = QWidget()
        layout = column(gap=SPACE.small)
        layout.setContentsMargins(0, 0, SPACE.medium, 0)
        for piece in self._head(turn):
            layout.addWidget(piece)
        for section in self._sections(turn):
            pieces = list(section)
            if pieces:
                layout.addWidget(line())
            for piece in pieces:
                layout.addWidget(piece)
        layout.addStretch(1)
        fresh.setLayout(layout)
        self._scroll.setWidget(fresh)
        self._scroll.verticalScrollBar().setValue(scrolled)

    def _head(self, turn: FeedTurn) -> Iterable[QWidget]:
        here = turn.at.astimezone()
        at = f"{figures.day(here, year=False)}, {here:%H:%M:%S}"
        yield label(f"{at} · {turn.place}", "caption", wrap=True)
        if turn.said:
            yield trace_sections.quote(turn.person, turn.said)
        if turn.reply:
            yield trace_sections.quote(str(turn.trace.get("persona") or say("reply")), turn.reply)
        yield label(sentence(turn), "strong", wrap=True)
        if turn.replied:
            yield label(say("because {reason}", reason=turn.reason), wrap=True)

    def _sections(self, turn: FeedTurn) -> Iterable[Iterable[QWidget]]:
        on_place = self.message_wanted.emit if self._links else None
        trace = turn.trace
        yield trace_sections.prompt(trace)
        yield trace_sections.memories(trace, on_place)
        yield trace_sections.facts(trace, self._ask_sources if self._links else None)
        yield trace_sections.episodes(trace)
        yield trace_sections.lore(trace)
        yield trace_sections.feelings(trace)
        yield trace_sections.thinking(trace)
        yield trace_sections.tools(trace)
        yield trace_sections.figures(turn)

    def _ask_sources(self, card: FactCard) -> None:
        self.sources_wanted.emit(card)
