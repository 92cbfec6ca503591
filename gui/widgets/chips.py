"""Short words in a row that wraps: chips that can be added and removed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QSizePolicy, QWidget

from core.words import say
from gui.icons import icon
from gui.theme import SPACE
from gui.widgets.basics import button, fit_hint, plain_tooltip
from gui.widgets.flow import FlowLayout

LONGEST_SHOWN = 36


def chip_words(text: str) -> str:
    """A text as it stands on a button: shortened, and without Qt reading `&` as a shortcut."""
    line = " ".join(text.split())
    short = line if len(line) <= LONGEST_SHOWN else f"{line[: LONGEST_SHOWN - 1]}…"
    return short.replace("&", "&&")


class Chip(QPushButton):
    """One word with an × behind it. Only the × takes a click; Delete and Space work when it has the focus."""

    removed = Signal()

    def __init__(self, text: str) -> None:
        super().__init__(chip_words(text))
        self.setProperty("kind", "segment")
        self.setIcon(icon("close", "muted"))
        cross = SPACE.small + SPACE.tight
        self.setIconSize(QSize(cross + SPACE.small, cross))  # air between the word and the ×
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the icon behind the word
        self.setAutoDefault(False)
        self.setAccessibleName(say("Remove {word}", word=text))
        self.setToolTip(plain_tooltip(say("Remove {word}", word=text)))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda _checked=False: self.removed.emit())

    def hitButton(self, pos: QPoint) -> bool:
        """The × and the air around it."""
        return self.rect().contains(pos) and pos.x() >= self.width() - SPACE.wide

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)


class _AddField(QLineEdit):
    """Where the next word is typed. `wiped`: Backspace in the empty field."""

    wiped = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.wiped.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class Chips(QWidget):
    """Words that can be added (Enter or a comma) and removed (×, Delete, Backspace in the empty field).

    It shows what it is told to; `changed` says what the host would like instead.
    """

    changed = Signal(object)

    def __init__(self, name: str, hint: str, longest: int) -> None:
        super().__init__()
        self._words: tuple[str, ...] = ()
        self._chips: list[Chip] = []
        self._name = name
        self.setAccessibleName(name)
        self._flow = FlowLayout()
        self.setLayout(self._flow)
        self.field = _AddField()
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(say("Add to {list}", list=name))
        self.field.setMaxLength(longest)
        fit_hint(self.field, SPACE.sidebar * 3 // 4)
        self._flow.addWidget(self.field)
        self.field.returnPressed.connect(self._add)
        self.field.left.connect(self._add)
        self.field.wiped.connect(lambda: self._remove(len(self._words) - 1))
        self.field.textEdited.connect(self._typed)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_words(self, words: Sequence[str]) -> None:
        """Show these words."""
        if tuple(words) == self._words:
            return
        self._words = tuple(words)
        for old in self._chips:
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._chips = [Chip(word) for word in self._words]
        for at, chip in enumerate(self._chips):
            chip.removed.connect(lambda at=at: self._remove(at))
            self._flow.insert(at, chip)
            if at:
                QWidget.setTabOrder(self._chips[at - 1], chip)
        if self._chips:
            QWidget.setTabOrder(self._chips[-1], self.field)
        self.updateGeometry()

    def chips(self) -> list[Chip]:
        """What is shown, in order."""
        return list(self._chips)

    def _typed(self, text: str) -> None:
        if text.endswith((",", ";")):
            self.field.setText(text[:-1])
            self._add()

    def _add(self) -> None:
        word = " ".join(self.field.text().split())
        self.field.clear()
        if word and word not in self._words:
            self.changed.emit((*self._words, word))

    def _remove(self, at: int) -> None:
        if 0 <= at < len(self._words):
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            self.changed.emit((*self._words[:at], *self._words[at + 1 :]))


class ChoiceChips(QWidget):
    """Names, one of them chosen, with a button that makes room for one more."""

    chosen = Signal(str)
    added = Signal(str)

    def __init__(self, name: str, add_words: str, longest: int) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._label = name
        self._names: list[str] = []
        self._chosen = ""
        self._buttons: list[QPushButton] = []
        self._flow = FlowLayout()
        self.setLayout(self._flow)
        self.add_button = button(add_words, "segment", "add", self._begin_adding)
        self.field = _AddField()
        self.field.setPlaceholderText(add_words)
        self.field.setAccessibleName(add_words)
        self.field.setMaxLength(longest)
        fit_hint(self.field, SPACE.sidebar * 3 // 4)
        self.field.hide()
        self.field.returnPressed.connect(self._end_adding)
        self.field.left.connect(self._end_adding)
        self._flow.addWidget(self.add_button)
        self._flow.addWidget(self.field)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def names(self) -> list[str]:
        """What can be chosen."""
        return list(self._names)

    @property
    def name(self) -> str:
        """What is chosen."""
        return self._chosen

    def show_names(self, names: Sequence[str], chosen: str) -> None:
        """Offer these names."""
        self._chosen = chosen
        if list(names) != self._names:
            self._names = list(names)
            self._rebuild()
        for known, made in zip(self._names, self._buttons, strict=True):
            made.setChecked(known == chosen)

    def buttons(self) -> list[QPushButton]:
        """One button a name, in order."""
        return list(self._buttons)

    def choose(self, name: str) -> None:
        """Choose one and tell."""
        self.show_names(self._names, name)
        self.chosen.emit(name)

    def step(self, by: int) -> None:
        """Choose the next (1) or the one before (−1), around the end."""
        if self._names:
            at = self._names.index(self._chosen) if self._chosen in self._names else 0
            self.choose(self._names[(at + by) % len(self._names)])

    def _rebuild(self) -> None:
        for old in self._buttons:
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = []
        for at, name in enumerate(self._names):
            made = button(chip_words(name), "segment", "person", partial(self.choose, name))
            made.setCheckable(True)
            made.setAutoExclusive(True)  # one of several, a screen reader says
            made.setAccessibleName(f"{self._label}: {name}")
            self._flow.insert(at, made)
            self._buttons.append(made)
        self.updateGeometry()

    def _begin_adding(self) -> None:
        self.add_button.hide()
        self.field.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.updateGeometry()

    def _end_adding(self) -> None:
        name = " ".join(self.field.text().split())
        self.field.clear()
        self.field.hide()
        self.add_button.show()
        self.updateGeometry()
        if name:
            self.added.emit(name)
