"""An analysis under way: its stages as a stepper, how far it is, and its log to fold out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QProgressBar, QWidget

from core.echo.jobs import Job, JobLine, title
from core.echo.stages import STAGES
from core.errors import Explained
from core.figures import number
from core.words import count, say
from gui.models.echoes import OPEN
from gui.models.times import when
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label, retone, row
from gui.widgets.states import Glyph

_IN_A_ROW = 2
_TONES = {"info": "", "good": "good", "warn": "warn", "bad": "bad"}


class StepsCard(Card):
    """`cancelled`, `retried`: the host wants that, by the job's number."""

    cancelled = Signal(int)
    retried = Signal(int)

    def __init__(self) -> None:
        self.cancel = button(say("Cancel"), "normal", "stop", self._cancel)
        self.retry = button(say("Try again"), "normal", "again", self._retry)
        super().__init__(say("Analysis"), self.cancel, self.retry)
        self._job: Job | None = None
        self._marks = [Glyph("off", "muted") for _ in STAGES]
        self._names = [label(str(title(stage)), "caption", wrap=True) for stage in STAGES]
        steps = QGridLayout()
        steps.setContentsMargins(0, 0, 0, 0)
        steps.setHorizontalSpacing(SPACE.large)
        steps.setVerticalSpacing(SPACE.tight)
        for at, (mark, name) in enumerate(zip(self._marks, self._names, strict=True)):
            step = row(mark, name, gap=SPACE.tight)
            step.setStretch(1, 1)
            steps.addLayout(step, at // _IN_A_ROW, at % _IN_A_ROW)
            steps.setColumnStretch(at % _IN_A_ROW, 1)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(say("How far the analysis is"))
        self.told = label("", "muted", wrap=True)
        self.fold = button(say("Show the log"), "link", on_click=self._unfold)
        self._lines = QWidget()
        self._log = column(gap=SPACE.tight)
        self._lines.setLayout(self._log)
        self._lines.hide()
        self.put(steps, self.bar, self.told, row(self.fold, 1), self._lines)

    def show_job(self, job: Job, trouble: Explained | None) -> None:
        """Show how it stands."""
        self._job = job
        reached = [stage.value for stage in STAGES].index(job.stage)
        done = job.state == "done"
        for at, (mark, name) in enumerate(zip(self._marks, self._names, strict=True)):
            if at < reached or done:
                mark.put("good", "good")
            elif at == reached:
                mark.put(
                    "bad" if job.state == "failed" else "waiting",
                    "bad" if job.state == "failed" else "accent",
                )
            else:
                mark.put("off", "muted")
            retone(name, "strong" if at == reached and not done else "caption", "kind")
        self.bar.setVisible(job.state in OPEN)
        self.bar.setValue(round(1000 * job.share))
        self.told.setText(_told(job, trouble))
        retone(self.told, "bad" if job.state == "failed" else "")
        self.cancel.setVisible(job.state in OPEN)
        self.retry.setVisible(job.state in ("failed", "cancelled"))

    def show_log(self, lines: Sequence[JobLine]) -> None:
        """Show its log, the newest line last."""
        while (item := self._log.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for line in lines[-40:]:
            text = label(f"{when(line.at)}  {line.text}", "caption", _TONES.get(line.level, ""), wrap=True)
            self._log.addWidget(text)
        self.fold.setVisible(bool(lines))

    def _unfold(self) -> None:
        shown = self._lines.isHidden()
        self._lines.setVisible(shown)
        self.fold.setText(say("Hide the log") if shown else say("Show the log"))

    def _cancel(self) -> None:
        if self._job is not None:
            self.cancelled.emit(self._job.id)

    def _retry(self) -> None:
        if self._job is not None:
            self.retried.emit(self._job.id)


def _told(job: Job, trouble: Explained | None) -> str:
    if job.state == "done":
        return say("Done on {day}.", day=when(job.ended_at or job.queued_at))
    why = f"{trouble.what} {trouble.step}" if trouble is not None else ""
    if job.state == "cancelled":
        return say("It was cancelled. What was read is kept: it can go on.")
    if job.state == "failed":
        return why
    if job.state == "queued":
        return why or say("It waits its turn: one analysis runs at a time.")
    pieces = [say("{stage}: {percent} %", stage=str(title(job.stage)), percent=round(100 * job.share))]
    if job.total:
        pieces.append(say("{done} of {total}", done=number(job.done), total=number(job.total)))
    if job.eta_s is not None:
        minutes = max(1, round(job.eta_s / 60))
        pieces.append(count("about {n} minute left", "about {n} minutes left", minutes))
    return " · ".join(pieces)
