"""How full a model's window was: the prompt, what is kept free for the answer, and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from core.words import count, say
from gui.spoken import CHART, spoken_as
from gui.theme import SPACE, current
from gui.widgets.basics import column, label
from gui.widgets.text import unbroken

NEARLY_FULL = 0.9


class WindowMeter(QWidget):
    """The prompt's tokens against the window's, with what did not fit and what was cut off.

    Args:
        trace: of a turn, as core.conversation.tracing keeps it; its `context_tokens` is not 0.
    """

    def __init__(self, trace: Mapping[str, Any]) -> None:
        super().__init__()
        window, used = int(trace["context_tokens"]), int(trace.get("prompt_tokens_estimated") or 0)
        share = used / window
        words = unbroken(
            say(
                "{used} of the {window} tokens it can read at once ({share} %)",
                used=used,
                window=window,
                share=round(100 * share),
            )
        )
        layout = column(_Bar(share, words), label(words, "caption", wrap=True), gap=SPACE.tight)
        for told, tone in _troubles(trace, share):
            layout.addWidget(label(told, "caption", tone, wrap=True))
        self.setLayout(layout)


def _troubles(trace: Mapping[str, Any], share: float) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if cut := trace.get("cut"):
        words = say(
            "The model read only {read} of about {sent} tokens: something was cut off on the way.",
            read=cut["read"],
            sent=cut["sent"],
        )
        found.append((words, "bad"))
    if dropped := trace.get("dropped_lines"):
        found.append((count("{n} older line did not fit", "{n} older lines did not fit", dropped), "warn"))
    elif share >= NEARLY_FULL:
        found.append((say("It is nearly full: older lines will be left out soon."), "warn"))
    return found


class _Bar(QWidget):
    def __init__(self, share: float, words: str) -> None:
        super().__init__()
        self._share = min(1.0, share)
        self.setFixedHeight(SPACE.small)
        spoken_as(self, CHART)
        self.setAccessibleName(words)
        current().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(current().colour("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
        painter.setBrush(current().colour("warn" if self._share >= NEARLY_FULL else "accent"))
        painter.drawRoundedRect(QRectF(0, 0, max(2.0, self.width() * self._share), self.height()), 3, 3)
        painter.end()
