"""A slider between two opposites, with a word at each end."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from core.words import say
from gui.theme import SPACE
from gui.widgets.basics import label, row

STEPS = 100


class CalmSlider(QSlider):
    """A slider that the mouse wheel passes over: whoever scrolls the page must not change a trait."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class LeanSlider(QWidget):
    """How far something leans to either side, −1…1; `moved` tells the new value."""

    moved = Signal(float)

    def __init__(self, name: str, low: str, high: str) -> None:
        super().__init__()
        self._low, self._high = low, high
        self._name = name
        self.slider = CalmSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(-STEPS, STEPS)
        self.slider.setSingleStep(STEPS // 20)
        self.slider.setPageStep(STEPS // 4)
        self.slider.setMinimumHeight(SPACE.large)
        self.slider.setToolTip(name)
        low_label, high_label = label(low, "caption"), label(high, "caption")
        low_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for words in (low_label, high_label):
            words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            words.setWordWrap(True)  # a narrow window must not cut the words
            words.setBuddy(self.slider)
        layout = row(low_label, self.slider, high_label, gap=SPACE.medium)
        for piece, share in enumerate((4, 5, 4)):
            layout.setStretch(piece, share)
        self.setLayout(layout)
        self.put(0.0)
        self.slider.valueChanged.connect(self._moved)

    def put(self, value: float) -> None:
        """Show a value without telling."""
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(round(value * STEPS))
        self.slider.blockSignals(blocked)
        self._describe()

    def _moved(self, steps: int) -> None:
        self._describe()
        self.moved.emit(steps / STEPS)

    def _describe(self) -> None:
        """What a screen reader says: the trait, and where it stands in words."""
        value = self.slider.value() / STEPS
        end = self._low if value < 0 else self._high
        if abs(value) < 0.1:
            words = say("in the middle")
        elif abs(value) < 0.5:
            words = say("a little: {end}", end=end)
        else:
            words = say("clearly: {end}", end=end)
        self.slider.setAccessibleName(f"{self._name}: {words}")
        self.slider.setAccessibleDescription(say("From {low} to {high}", low=self._low, high=self._high))
