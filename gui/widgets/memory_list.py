"""The memories in the middle of the page: filters, the list, and what can be done with those chosen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QStackedWidget

from core.memory.notebook import EpisodeLine, FactLine
from core.words import count, say
from gui.models.episodes import EpisodesModel
from gui.models.facts import FactsModel
from gui.theme import SPACE
from gui.widgets.basics import Card, button, label, row
from gui.widgets.flow import Flow
from gui.widgets.memory_filters import EPISODES, FACTS, MemoryFilters
from gui.widgets.states import States
from gui.widgets.two_line import TwoLineList

# What can be done: the word on the button, its icon.
ACTS = ("merge", "split", "accept", "restore", "protect", "unprotect", "delete")
_LOOKED_AT = 200


class MemoryList(Card):
    """Facts or episodes.

    Attributes:
        acted: one of ACTS is to be done with those chosen. chosen: others are chosen.
        filters: what is sought. lists: the list of facts and that of episodes.
    """

    acted = Signal(str)
    chosen = Signal()

    def __init__(self, facts: FactsModel, episodes: EpisodesModel) -> None:
        super().__init__()
        self.filters = MemoryFilters()
        self.lists = {
            FACTS: TwoLineList(say("Facts"), many=True),
            EPISODES: TwoLineList(say("Episodes"), many=True),
        }
        self.lists[FACTS].show_model(facts)
        self.lists[EPISODES].show_model(episodes)
        self._stack = QStackedWidget()
        for made in self.lists.values():
            self._stack.addWidget(made)
            made.chosen.connect(self._chosen)
            made.removed.connect(lambda: self.acted.emit("delete"))
        self.states = States(self._stack)
        self.shown = label("", "caption")
        self.buttons = self._make_buttons()
        acts = row(self.shown, Flow(*self.buttons.values(), gap=SPACE.tight), gap=SPACE.tight)
        acts.setStretch(0, 1)
        self.body.setContentsMargins(SPACE.small, SPACE.small, SPACE.small, SPACE.small)
        self.put(self.filters, self.states, acts)
        self.body.setStretch(1, 1)
        self.setMinimumHeight(SPACE.sidebar + SPACE.wide)
        self.filters.kind_chosen.connect(self._kind_chosen)
        self._show_acts()

    @property
    def kind(self) -> str:
        """FACTS or EPISODES."""
        return self.filters.kind

    @property
    def view(self) -> TwoLineList:
        """The list that is shown."""
        return self.lists[self.kind]

    @property
    def one(self) -> FactLine | EpisodeLine | None:
        """The only one chosen, when it is only one and here."""
        if self.view.chosen_count != 1:
            return None
        (row_id,) = self.view.chosen_ids()[:1] or (0,)
        model = self.view.model()
        found: FactLine | EpisodeLine | None = model.line(model.row_of(row_id))  # type: ignore[attr-defined]
        return found

    def show_count(self) -> None:
        """Say how many there are, and how many are chosen."""
        total, chosen = self.view.model().rowCount(), self.view.chosen_count
        if self.kind == FACTS:
            told = count("{n} fact", "{n} facts", total)
        else:
            told = count("{n} episode", "{n} episodes", total)
        if chosen > 1:
            told = say("{n} of {total} chosen", n=chosen, total=total)
        self.shown.setText(told if total else "")
        self._show_acts()

    def _make_buttons(self) -> dict[str, QPushButton]:
        words = {
            "merge": (say("Merge"), "merge"),
            "split": (say("Split"), "split"),
            "accept": (say("Accept"), "check"),
            "restore": (say("Restore"), "undo"),
            "protect": (say("Protect"), "protected"),
            "unprotect": (say("Unprotect"), "unprotected"),
            "delete": (say("Delete"), "remove"),
        }
        return {key: button(word, "quiet", glyph, self._act(key)) for key, (word, glyph) in words.items()}

    def _act(self, key: str) -> Callable[[], None]:
        return lambda: self.acted.emit(key)

    def _kind_chosen(self, kind: str) -> None:
        self._stack.setCurrentWidget(self.lists[kind])
        self._chosen()

    def _chosen(self) -> None:
        self.show_count()
        self.chosen.emit()

    def _show_acts(self) -> None:
        facts = self.kind == FACTS
        box = self.filters.state if facts else self.filters.episode_state
        state, chosen = box.currentData(), self.view.chosen_count
        first = self._first()
        binned = state == "binned"
        shown = {
            "merge": facts and state == "live" and chosen > 1,
            "split": facts and not binned and chosen == 1,
            "accept": facts and state == "quarantined",
            "restore": binned,
            "protect": not binned and not any(line.protected for line in first),
            "unprotect": not binned and any(line.protected for line in first),
            "delete": not binned and not (first and all(line.protected for line in first)),
        }
        for key, made in self.buttons.items():
            made.setVisible(shown[key] and chosen > 0)

    def _first(self) -> list[FactLine | EpisodeLine]:
        """Some of those chosen, to see what can be done with them."""
        model = self.view.model()
        parts = self.view.selectionModel().selection().toList()
        rows = [at for part in parts for at in range(part.top(), min(part.bottom(), part.top() + 20) + 1)]
        lines = (model.line(at) for at in rows[:_LOOKED_AT])  # type: ignore[attr-defined]
        return [line for line in lines if line is not None]
