"""One memory in full: its words, to be edited in place; its figures; and the messages it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from core.figures import number
from core.memory.notebook import CATEGORIES, EpisodeLine, FactLine, SaidLine
from core.words import count, say
from gui.models.facts import STATE_WORDS, category_words
from gui.models.moments import whole
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, icon_button, label, line, retone, row
from gui.widgets.figures import Figures
from gui.widgets.said import SaidCard
from gui.widgets.scrolled import Scrolled
from gui.widgets.setting_row import CalmCombo

_STATE_TONES = {"live": "good", "quarantined": "warn", "closed": "info", "binned": "bad"}
_BIN_DAYS = 30


class MemoryDetail(Card):
    """The memory that is chosen.

    Attributes:
        saved: the host wants these words, this category ("" for an episode) and this importance (−1 leaves
            it as it is).
        closed: the host has seen enough. around_wanted: a SaidCard asks for its neighbours.
    """

    saved = Signal(str, str, float)
    closed = Signal()
    around_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.memory: FactLine | EpisodeLine | None = None
        self.title = label("", "heading")
        self.state = label("", "pill")
        self.close_button = icon_button("close", say("Close"), self.closed.emit)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(say("The memory in words"))
        self.category = CalmCombo()
        self.category.setAccessibleName(say("Kind of fact"))
        for key in CATEGORIES:
            self.category.addItem(category_words(key), key)
        self.importance = CalmCombo()
        self.importance.setAccessibleName(say("Importance"))
        for step in range(11):
            self.importance.addItem(say("{n} of 10", n=step), step)
        self.save = button(say("Save"), "primary", "save", self._save)
        self.discard = button(say("Discard"), "quiet", on_click=self.discard_changes)
        self._figures = QWidget()
        self._sources = column(gap=SPACE.small)
        self._build()
        self.text.textChanged.connect(self._show_dirty)
        self.category.currentIndexChanged.connect(self._show_dirty)
        self.importance.currentIndexChanged.connect(self._show_dirty)
        keys = QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self._save)

    def minimumSizeHint(self) -> QSize:
        least = max(SPACE.sidebar + 3 * SPACE.wide, super().minimumSizeHint().width())
        return QSize(least, SPACE.sidebar)

    @property
    def dirty(self) -> bool:
        """Has the host changed something that is not saved?"""
        memory = self.memory
        if memory is None:
            return False
        edited = self.text.toPlainText() != memory.text
        if isinstance(memory, FactLine):
            edited = edited or self.category.currentData() != memory.category
            edited = edited or self.importance.currentIndex() != round(memory.importance)
        return edited

    def show_memory(self, memory: FactLine | EpisodeLine) -> None:
        """Show a memory. What the host has typed into the same one stays."""
        if self.memory is not None and (type(memory), memory.row_id) == (
            type(self.memory),
            self.memory.row_id,
        ):
            typed = self.dirty
            self.memory = memory
            if not typed:
                self.discard_changes()
        else:
            self.memory = memory
            self.show_sources(())
            self.discard_changes()
        is_fact = isinstance(memory, FactLine)
        self.title.setText(say("Fact") if is_fact else say("Insight") if _insight(memory) else say("Episode"))
        self.state.setText(say(STATE_WORDS[memory.state]) if memory.state in STATE_WORDS else memory.state)
        retone(self.state, _STATE_TONES.get(memory.state, ""))
        self._only_facts.setVisible(is_fact)
        self._show_figures(memory)

    def show_sources(self, lines: Sequence[SaidLine], cited: Sequence[EpisodeLine] = ()) -> None:
        """Show where the memory comes from.

        Args:
            cited: what an insight was drawn from.
        """
        while (item := self._sources.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for said in lines:
            card = SaidCard(said)
            card.around_wanted.connect(lambda card=card: self.around_wanted.emit(card))
            self._sources.addWidget(card)
        for episode in cited:
            quote = Card(kind="well").put(
                label(whole(episode.ended_at), "caption"), label(episode.text, wrap=True, selectable=True)
            )
            self._sources.addWidget(quote)

    @property
    def cards(self) -> list[SaidCard]:
        """The messages shown, oldest first."""
        items = [self._sources.itemAt(at) for at in range(self._sources.count())]
        found = [item.widget() for item in items if item is not None]
        return [card for card in found if isinstance(card, SaidCard)]

    def discard_changes(self) -> None:
        """Show the memory as it is kept."""
        memory = self.memory
        if memory is None:
            return
        self.text.setPlainText(memory.text)
        if isinstance(memory, FactLine):
            self.category.setCurrentIndex(self.category.findData(memory.category))
            self.importance.setCurrentIndex(round(memory.importance))
        self._show_dirty()

    def settle(self) -> None:
        """What was typed is kept: it is the memory now, until it is read anew."""
        memory = self.memory
        if memory is None:
            return
        words = " ".join(self.text.toPlainText().split())
        if isinstance(memory, FactLine):
            importance = float(self.importance.currentIndex())
            if importance == round(memory.importance):
                importance = memory.importance
            category = str(self.category.currentData())
            self.memory = replace(memory, text=words, category=category, importance=importance)
        else:
            self.memory = replace(memory, text=words)
        self.discard_changes()

    # how it is built

    def _build(self) -> None:
        self.text.setFixedHeight(SPACE.wide * 2 + SPACE.medium)
        inside = QWidget()
        layout: QVBoxLayout = column(gap=SPACE.small)
        layout.setContentsMargins(0, 0, SPACE.small, 0)
        self._only_facts = QWidget()
        kind = column(label(say("Kind"), "caption"), self.category, gap=0)
        weight = column(label(say("Importance"), "caption"), self.importance, gap=0)
        boxes = row(kind, weight)
        for position, box in enumerate((self.category, self.importance)):
            boxes.setStretch(position, 1)
            box.setMinimumContentsLength(8)
        self._only_facts.setLayout(boxes)
        for piece in (self.text, self._only_facts, row(self.save, self.discard, 1), self._figures, line()):
            layout.addWidget(piece) if isinstance(piece, QWidget) else layout.addLayout(piece)
        layout.addWidget(label(say("Where it comes from"), "strong"))
        layout.addLayout(self._sources)
        layout.addStretch(1)
        inside.setLayout(layout)
        scroll = Scrolled(inside, say("The memory in full"), gutter=SPACE.medium)
        self._figures.setLayout(column(gap=0))
        self.put(row(self.title, self.state, 1, self.close_button), scroll)

    def _show_figures(self, memory: FactLine | EpisodeLine) -> None:
        layout = self._figures.layout()
        assert layout is not None
        while (item := layout.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        made = Figures(_figures(memory), selectable=True)
        layout.addWidget(made)

    def _show_dirty(self, *_: object) -> None:
        for made in (self.save, self.discard):
            made.setVisible(self.dirty)

    def _save(self) -> None:
        if not self.dirty or self.memory is None:
            return
        if isinstance(self.memory, FactLine):
            value = self.importance.currentIndex()
            importance = float(value) if value != round(self.memory.importance) else -1.0
            self.saved.emit(self.text.toPlainText(), self.category.currentData(), importance)
        else:
            self.saved.emit(self.text.toPlainText(), "", -1.0)


def _insight(memory: FactLine | EpisodeLine) -> bool:
    return isinstance(memory, EpisodeLine) and memory.insight


def _figures(memory: FactLine | EpisodeLine) -> list[tuple[str, str]]:
    used = whole(memory.last_used_at) if memory.last_used_at is not None else say("never yet")
    figures: list[tuple[str, str]]
    if isinstance(memory, FactLine):
        figures = [
            (say("About"), memory.person),
            (say("Said"), count("once", "{n} times", memory.reference_count)),
            (say("First said"), whole(memory.first_mentioned)),
            (say("Last said"), whole(memory.last_mentioned)),
            (say("Used in a reply"), used),
            (say("Trust"), say("{percent} %", percent=round(memory.trust * 100))),
        ]
        if memory.valid_to is not None:
            figures.append((say("True until"), whole(memory.valid_to)))
    else:
        figures = [
            (say("With"), ", ".join(memory.people) or "–"),
            (say("When"), whole(memory.ended_at)),
            (say("Where"), f"#{memory.place}" if memory.place else "–"),
            (say("How it felt"), memory.feeling or "–"),
            (say("Importance"), say("{n} of 10", n=number(memory.importance))),
            (say("Used in a reply"), used),
        ]
    if memory.protected:
        figures.append((say("Protected"), say("never forgotten by itself")))
    if memory.binned_at is not None:
        told = say("{at}; gone for good after {days} days", at=whole(memory.binned_at), days=_BIN_DAYS)
        figures.append((say("Deleted"), told))
    return figures
