"""One download of a model: what it is doing, how fast, how long yet, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar

from core.errors import Explained
from core.llm.download import Fetching, Phase
from core.words import count, say
from gui.models.brains import size_words
from gui.theme import SPACE
from gui.widgets.basics import Card, ElidedLabel, button, column, label, retone, row
from gui.widgets.states import Glyph

_STEPS = 1000


class DownloadRow(Card):
    """A download. `stopped`, `again` and `put_away` are what the host wants of it."""

    stopped = Signal()
    again = Signal()
    put_away = Signal()

    def __init__(self, model: str) -> None:
        super().__init__(kind="well")
        self.model = model
        self.now = Fetching()
        self._glyph = Glyph("download", "muted")
        self.said = label("", "caption", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(say("Download of {model}", model=model))
        self.stop = button(say("Cancel"), "normal", on_click=self.stopped.emit)
        self.go_on = button(say("Go on"), "normal", "again", self.again.emit)
        self.away = button(say("Put away"), "quiet", on_click=self.put_away.emit)
        for act in (self.stop, self.go_on, self.away):
            act.setAccessibleName(say("{act}: {model}", act=act.text(), model=model))
        words = column(ElidedLabel(model, "strong"), self.bar, self.said, gap=SPACE.tight)
        line = row(self._glyph, words, self.stop, self.go_on, self.away, gap=SPACE.small)
        line.setStretch(1, 1)
        self.body.setContentsMargins(SPACE.medium, SPACE.small, SPACE.small, SPACE.small)
        self.body.addLayout(line)
        self.show_now(self.now)

    def show_now(self, now: Fetching) -> None:
        """Show how far it is."""
        self.now = now
        self._show_acts(running=True)
        share = now.share
        busy = share is None or now.phase is Phase.CHECKING
        self.bar.setRange(0, 0 if busy else _STEPS)
        if share is not None and not busy:
            self.bar.setValue(round(share * _STEPS))
        slow = now.phase in (Phase.STALLED, Phase.WAITING)
        self._glyph.put("waiting" if slow else "download", "warn" if slow else "muted")
        self._say(_words(now), "warn" if slow else "")

    def show_stopped(self) -> None:
        """The host stopped it."""
        self._rest("off", "muted")
        self._say(
            say("Stopped at {where}. Ollama keeps what is here until it restarts.", where=_far(self.now)), ""
        )

    def show_failed(self, trouble: Explained) -> None:
        """It stopped, and this is why."""
        self._rest("bad", "bad")
        self._say(f"{trouble.what} {trouble.step}", "bad")

    def _rest(self, glyph: str, role: str) -> None:
        self._glyph.put(glyph, role)
        self.bar.setRange(0, _STEPS)
        self.bar.setValue(round((self.now.share or 0) * _STEPS))
        self._show_acts(running=False)

    def _show_acts(self, *, running: bool) -> None:
        focused = self.stop.hasFocus() or self.go_on.hasFocus()
        self.stop.setVisible(running)
        self.go_on.setVisible(not running)
        self.away.setVisible(not running)
        if focused:
            (self.stop if running else self.go_on).setFocus()

    def _say(self, words: str, tone: str) -> None:
        self.said.setText(words)
        retone(self.said, tone)
        self.setAccessibleName(f"{self.model}: {words}")


def left(seconds: float) -> str:
    """A time that is left, as people say it."""
    if seconds < 60:
        return say("less than a minute left")
    minutes = round(seconds / 60)
    if minutes < 60:
        return count("{n} minute left", "{n} minutes left", minutes)
    hours, minutes = divmod(minutes, 60)
    return say("{hours} h {minutes} min left", hours=hours, minutes=minutes)


def _words(now: Fetching) -> str:
    if now.phase is Phase.ASKING:
        return say("Asking Ollama's library…")
    if now.phase is Phase.CHECKING:
        return say("All of it is here; Ollama is checking it.")
    if now.phase is Phase.STALLED:
        return say("{where}. Nothing arrives just now; Echodeck will connect anew.", where=_far(now))
    if now.phase is Phase.WAITING:
        why = str(now.why).rstrip(".")
        return say(
            "{where}. {why}; trying again in {seconds} s.",
            where=_far(now),
            why=why,
            seconds=round(now.wait_s),
        )
    if not now.bytes_per_s:
        return _far(now)
    speed = say("{size}/s", size=size_words(int(now.bytes_per_s)))
    parts = [_far(now), speed]
    if now.seconds_left is not None:
        parts.append(left(now.seconds_left))
    return " · ".join(parts)


def _far(now: Fetching) -> str:
    if now.share is None:
        return say("0 %")
    done, total = size_words(now.done), size_words(now.total)
    return say("{share} % ({done} of {total})", share=int(now.share * 100), done=done, total=total)
