"""A value the host may set: its name, a slider that fills like a gauge, and what it is now."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.words import say
from gui.theme import SPACE
from gui.widgets.basics import ElidedLabel, column, label, row
from gui.widgets.sliders import CalmSlider

_SETTLES_MS = 400


class ValueSlider(QWidget):
    """A whole number between two ends.

    `settled` tells what the host decided for: when the mouse lets go, or a moment after the last key.
    What is shown meanwhile is the host's, whatever else arrives.

    Args:
        says: the value in words or with its unit. ends: a word for each end, or none.
        step: how far an arrow key goes. above: the name stands above the slider, in full.
    """

    settled = Signal(int)

    def __init__(
        self,
        name: str,
        low: int,
        high: int,
        says: Callable[[int], str],
        *,
        step: int = 1,
        ends: tuple[str, str] | None = None,
        above: bool = False,
    ) -> None:
        super().__init__()
        self.name = name
        self._says, self._ends = says, ends
        self._known = low
        self.slider = CalmSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(low, high)
        self.slider.setSingleStep(step)
        self.slider.setPageStep(max(step, (high - low) // 10))
        self.slider.setMinimumHeight(SPACE.large)
        self.slider.setToolTip(name)
        self.slider.installEventFilter(self)
        self.value_words = label("", "strong")
        self.value_words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._pause = QTimer(self, singleShot=True, interval=_SETTLES_MS)
        self._pause.timeout.connect(self.settle)
        self.slider.valueChanged.connect(self._moved)
        self.slider.sliderReleased.connect(self.settle)
        self._lay_out(above=above)
        self.put(low)

    @property
    def value(self) -> int:
        """What is shown."""
        return self.slider.value()

    @property
    def held(self) -> bool:
        """Has the host moved it and not decided yet?"""
        return self.slider.isSliderDown() or self._pause.isActive()

    def put(self, value: int) -> None:
        """Show what holds now; not while the host is moving it."""
        if self.held:
            return
        self._known = value
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(value)
        self.slider.blockSignals(blocked)
        self._describe()

    def settle(self) -> None:
        """The host has decided."""
        self._pause.stop()
        if self.value != self._known:
            self._known = self.value
            self.settled.emit(self.value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self._pause.isActive():
            self.settle()
        return super().eventFilter(watched, event)

    def _lay_out(self, *, above: bool) -> None:
        if above:
            words = label(self.name, wrap=True)
            words.setBuddy(self.slider)
            self.value_words.setMinimumWidth(SPACE.wide + SPACE.small)
            line = row(self.slider, self.value_words)
            line.setStretch(0, 1)
            self.setLayout(column(words, line, gap=0))
            return
        if self._ends is None:
            name = ElidedLabel(self.name)
            name.setBuddy(self.slider)
            self.value_words.setMinimumWidth(SPACE.wide + SPACE.small)
            line = row(name, self.slider, self.value_words, gap=SPACE.small)
            line.setStretch(0, 6)
            line.setStretch(1, 5)
            self.setLayout(line)
            return
        low, high = (label(word, "caption") for word in self._ends)
        name_label = label(self.name, "strong")
        name_label.setBuddy(self.slider)
        for words in (low, high):
            words.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        head = row(name_label, 1, self.value_words)
        self.setLayout(column(head, self.slider, row(low, 1, high), gap=0))

    def _moved(self, _value: int) -> None:
        self._describe()
        if not self.slider.isSliderDown():
            self._pause.start()

    def _describe(self) -> None:
        words = self._says(self.value)
        self.value_words.setText(words)
        self.slider.setAccessibleName(f"{self.name}: {words}")
        if self._ends is not None:
            low, high = self._ends
            self.slider.setAccessibleDescription(say("From {low} to {high}", low=low, high=high))


def percent(value: int) -> str:
    """A share as a host reads it."""
    return f"{value} %"


def signed(value: int) -> str:
    """A whole number with a proper minus."""
    return str(value).replace("-", "−")
