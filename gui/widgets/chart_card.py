"""A card with charts over one stretch of time: the stretch to choose, what is pointed at in words, and
both ways out, as a picture and as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QFrame, QMenu

from core.words import say
from gui.icons import icon
from gui.models.series import Line, Mark
from gui.theme import SPACE
from gui.widgets.basics import Card, ElidedLabel, Segments, column, icon_button
from gui.widgets.chart import TimeChart
from gui.widgets.legend import Legend
from gui.widgets.or_words import OrWords


class ChartCard(Card):
    """Charts below each other, with one cursor through all of them.

    Attributes:
        range: the stretch of time that is shown.
        export: the host wants it as `png` or `csv`.

    Args:
        stretches: key and words of each. charts: from top to bottom.
    """

    export = Signal(str)

    def __init__(
        self,
        heading: str,
        stretches: Sequence[tuple[str, str]],
        first: str,
        charts: Sequence[TimeChart],
    ) -> None:
        segments = Segments(stretches, say("Stretch of time"), first)
        out = icon_button("download", say("Save the chart as a picture or a table"))
        super().__init__(heading, segments, out)
        self.range, self.out = segments, out
        menu = QMenu(self)
        menu.addAction(icon("picture"), say("As a picture (PNG)…"), partial(self.export.emit, "png"))
        menu.addAction(icon("table"), say("As a table (CSV)…"), partial(self.export.emit, "csv"))
        self.out.setMenu(menu)
        self.charts = list(charts)
        self.legends = [Legend() for _ in charts]
        self._marks: Sequence[Mark] = ()
        self._summary = ""
        self.plots = QFrame()
        pieces = [piece for pair in zip(self.legends, self.charts, strict=True) for piece in pair]
        self.plots.setLayout(column(*pieces, 1, gap=SPACE.tight))
        self.said = ElidedLabel("")
        self.quote = ElidedLabel("", "muted")
        full = QFrame()
        full.setLayout(column(self.said, self.quote, self.plots, 1, gap=SPACE.tight))
        self.states = OrWords(full)
        self.put(self.states)
        for chart in self.charts:
            chart.pointed.connect(self._pointed)
        self.plots.installEventFilter(self)

    def show_charts(
        self,
        lines: Sequence[Sequence[Line]],
        marks: Sequence[Mark],
        since: float,
        until: float,
        summaries: Sequence[str],
    ) -> None:
        """Draw the charts anew, each with its lines and its words."""
        at = self.charts[0].at
        pointed = self._marks[at].at if 0 <= at < len(self._marks) else None
        self._marks = marks
        moments = [mark.at for mark in marks]
        for chart, legend, drawn, summary in zip(self.charts, self.legends, lines, summaries, strict=True):
            chart.draw(drawn, moments, since, until, summary)
            legend.show_lines(drawn)
        self._summary = summaries[0]
        self.states.show_full()
        self.out.setEnabled(True)
        self._pointed(moments.index(pointed) if pointed in moments else -1)

    def show_words(self, words: str, act: str = "", on_act: Callable[[], object] | None = None) -> None:
        """There is nothing to draw: say why, with a button that changes it."""
        self.states.show_words(words, act, on_act)
        self.out.setEnabled(False)

    def _pointed(self, at: int) -> None:
        """Say what is pointed at, and let the cursor stand there in every chart."""
        inside = 0 <= at < len(self._marks)
        mark = self._marks[at] if inside else None
        self.said.put(mark.words if mark else self._summary)
        hint = say("Point at the chart, or use ← and →, for what caused a change.")
        self.quote.put((f"“{mark.quote}”" if mark.quote else "") if mark else hint)
        spoken = f"{mark.words} {mark.quote}".strip() if mark else ""
        for chart in self.charts:
            chart.point(at if inside else -1, spoken)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """When the mouse goes, what the keyboard does not point at is let go."""
        if event.type() == QEvent.Type.Leave and not any(self._has_focus(chart) for chart in self.charts):
            self._pointed(-1)
        return super().eventFilter(watched, event)

    def _has_focus(self, chart: TimeChart) -> bool:
        focused = chart.focusWidget()
        return focused is not None and focused.hasFocus()
