"""What of the memories is shown, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from core.memory.notebook import CATEGORIES, EpisodesSought, FactsSought
from core.words import Text, say
from gui.models import episodes, facts
from gui.theme import SPACE
from gui.widgets.basics import Segments, column, icon_button, row
from gui.widgets.setting_row import CalmCombo

TYPING_PAUSE_MS = 250
FACTS, EPISODES = "facts", "episodes"
_LEAST_LETTERS = 5  # of a box; they share the row alike


class MemoryFilters(QWidget):
    """Search, filters and order, for facts and for episodes.

    Attributes:
        sought: something else is sought. kind_chosen: facts or episodes.
    """

    sought = Signal()
    kind_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.kinds = Segments([(FACTS, say("Facts")), (EPISODES, say("Episodes"))], say("Show"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(say("Search"))
        self.search.setAccessibleName(say("Search the memories"))
        self.search.setClearButtonEnabled(True)
        self.search.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # takes what is left
        self.search.setMinimumWidth(3 * SPACE.wide)
        self.state = _combo(say("State of the facts"), facts.STATE_WORDS)
        in_use = {key: facts.STATE_WORDS[key] for key in ("live", "binned")}
        self.episode_state = _combo(say("State of the episodes"), in_use)
        self.category = CalmCombo()
        self.category.setAccessibleName(f"{say('Show')}: {say('Kind of fact')}")
        self.category.addItem(say("Every kind"), None)
        for key in CATEGORIES:
            self.category.addItem(facts.category_words(key), key)
        self.category.setMinimumContentsLength(_LEAST_LETTERS)
        self.insight = _combo(say("Episodes or insights"), episodes.KIND_WORDS)
        self.order = _combo(say("Order of the facts"), facts.ORDER_WORDS)
        self.episode_order = _combo(say("Order of the episodes"), episodes.ORDER_WORDS)
        self.locked = icon_button("protected", say("Only protected ones"), self.sought.emit)
        self.locked.setCheckable(True)
        self._of = {
            FACTS: (self.state, self.category, self.order),
            EPISODES: (self.episode_state, self.insight, self.episode_order),
        }
        boxes = [box for some in self._of.values() for box in some]
        first = row(self.kinds, self.search, self.locked)
        first.setStretch(1, 1)
        second = row(*boxes)
        for position in range(len(boxes)):
            second.setStretch(position, 1)
        self.setLayout(column(first, second))
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.sought)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.kinds.chosen.connect(self._kind_chosen)
        for box in boxes:
            box.activated.connect(lambda _index: self.sought.emit())
        self._show_boxes()

    @property
    def kind(self) -> str:
        """FACTS or EPISODES."""
        return self.kinds.key

    @property
    def narrowed(self) -> bool:
        """Is less sought than everything that is remembered?"""
        plain = FactsSought("") if self.kind == FACTS else EpisodesSought("")
        wanted = self.facts("", 0) if self.kind == FACTS else self.episodes("", 0)
        return replace(wanted, order=plain.order) != plain

    def facts(self, realm: str, person_id: int) -> FactsSought:
        """Which facts are sought now."""
        return FactsSought(
            realm,
            person_id,
            self.state.currentData(),
            self.category.currentData(),
            True if self.locked.isChecked() else None,
            self.search.text().strip(),
            self.order.currentData(),
        )

    def episodes(self, realm: str, person_id: int) -> EpisodesSought:
        """Which episodes are sought now."""
        insight = {"all": None, "episodes": False, "insights": True}[self.insight.currentData()]
        return EpisodesSought(
            realm,
            person_id,
            self.episode_state.currentData(),
            insight,
            True if self.locked.isChecked() else None,
            self.search.text().strip(),
            self.episode_order.currentData(),
        )

    def clear(self) -> None:
        """Seek everything that is remembered again."""
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        for box in (self.state, self.category, self.episode_state, self.insight):
            box.setCurrentIndex(0)
        self.locked.setChecked(False)
        self.sought.emit()

    def _kind_chosen(self, kind: str) -> None:
        self._show_boxes()
        self.kind_chosen.emit(kind)

    def _show_boxes(self) -> None:
        for kind, boxes in self._of.items():
            for box in boxes:
                box.setVisible(kind == self.kind)


def _combo(name: str, words: Mapping[str, Text]) -> CalmCombo:
    made = CalmCombo()
    made.setAccessibleName(name)
    for key, text in words.items():
        made.addItem(say(text), key)
    made.setMinimumContentsLength(_LEAST_LETTERS)
    return made
