"""The status bar: what goes on in the background, how far it is, and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar, QStatusBar, QWidget

from core.events import JobProgress
from core.words import say
from gui.operation import Operation
from gui.theme import SPACE, current
from gui.widgets.basics import ElidedLabel, button, row

SHOWN_AFTER_MS = 1000


class ProgressLine(QWidget):
    """One thing that goes on."""

    def __init__(self, title: str, on_cancel: Callable[[], object] | None) -> None:
        super().__init__()
        self._title = title
        self._words = ElidedLabel(title, "caption")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(SPACE.sidebar)
        self._bar.setRange(0, 0)
        if not current().motion:
            self._bar.hide()
        self._bar.setAccessibleName(title)
        cancel = button(say("Cancel"), "link", on_click=on_cancel) if on_cancel is not None else None
        layout = row(self._words, self._bar, cancel, gap=SPACE.medium)
        layout.setStretch(0, 1)
        layout.setContentsMargins(SPACE.medium, 0, SPACE.medium, 0)
        self.setLayout(layout)

    def put(self, share: float | None, detail: str) -> None:
        """Show how far it is: 0–1, or None when nobody knows."""
        known = share is not None and share >= 0
        self._bar.setVisible(known or current().motion)  # a bar that only wanders says nothing more
        self._bar.setRange(0, 100 if known else 0)
        if share is not None and known:
            self._bar.setValue(round(share * 100))
        self._words.put(f"{self._title}: {detail}" if detail else self._title)


class ProgressBar(QStatusBar):
    """Shows the latest of what goes on; the others wait behind it and appear when it ends."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self.setAccessibleName(say("Background work"))
        self._idle = ElidedLabel("", "caption")
        holder = row(self._idle)
        holder.setContentsMargins(SPACE.medium, SPACE.tight, SPACE.medium, SPACE.tight)
        self._quiet = QWidget()
        self._quiet.setLayout(holder)
        self.addWidget(self._quiet, 1)
        self._lines: dict[object, ProgressLine] = {}
        self.setFixedHeight(SPACE.wide)

    def say_quietly(self, words: str) -> None:
        """What stands here while nothing goes on."""
        self._idle.put(words)

    def follow(self, operation: Operation[Any]) -> None:
        """Show an operation, should it take longer than a second."""
        timer = QTimer(self)
        timer.setSingleShot(True)

        def late() -> None:
            if operation.running:
                shown = self._show(operation, operation.title, operation.cancel)
                operation.moving.progressed.connect(
                    lambda share, detail: shown.put(share if share >= 0 else None, detail)
                )

        def over() -> None:
            timer.stop()
            timer.deleteLater()
            self._take_away(operation)

        timer.timeout.connect(late)
        operation.moving.ended.connect(over)
        timer.start(SHOWN_AFTER_MS)

    def job(self, moved: JobProgress) -> None:
        """Show a job that core reports."""
        if moved.done:
            self._take_away(moved.job_id)
            return
        shown = self._lines.get(moved.job_id) or self._show(moved.job_id, say(moved.title), None)
        shown.put(moved.share, say(moved.detail) if moved.detail is not None else "")

    def _show(self, key: object, title: str, on_cancel: Callable[[], object] | None) -> ProgressLine:
        made = ProgressLine(title, on_cancel)
        self._lines[key] = made
        self.addWidget(made, 1)
        self._arrange()
        return made

    def _take_away(self, key: object) -> None:
        gone = self._lines.pop(key, None)
        if gone is not None:
            self.removeWidget(gone)
            gone.deleteLater()
            self._arrange()

    def _arrange(self) -> None:
        for made in self._lines.values():
            made.hide()
        self._quiet.setVisible(not self._lines)
        if self._lines:
            list(self._lines.values())[-1].show()
