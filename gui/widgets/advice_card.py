"""Getting a model: by its name, or one of those worth having on this computer; and what is on its way."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from core.llm.brain import Role
from core.llm.catalogue import best
from core.llm.machine import GIB, Machine
from core.llm.shelf import Shelf
from core.words import say
from gui.help.asking import about
from gui.theme import SPACE
from gui.widgets.advice_row import AdviceRow
from gui.widgets.basics import Card, button, column, label, line, row
from gui.widgets.download_row import DownloadRow

LONGEST_NAME = 200
_COMMANDS = ("ollama pull ", "ollama run ")


class AdviceCard(Card):
    """`wanted`: fetch the model of this name. `library`: show Ollama's library."""

    wanted = Signal(str)
    library = Signal()

    def __init__(self) -> None:
        look = button(say("See all models"), "link", "open", lambda: self.library.emit())
        super().__init__(say("Get a model"), look)
        about(self, "models#which-model-fits")
        self.machine = label("", "muted", wrap=True)
        self.able = label(say("Ollama fetches them: it has to run first."), "body", "warn", wrap=True)
        self.name = QLineEdit()
        self.name.setAccessibleName(say("Name of a model in Ollama's library"))
        self.name.setPlaceholderText(say("A name from Ollama's library, e.g. llama3.2:3b"))
        self.name.setMaxLength(LONGEST_NAME)
        self.name.returnPressed.connect(self._typed)
        self.name.textChanged.connect(self._show_get)
        self.get = button(say("Download"), "normal", "download", self._typed)
        self.get.setAccessibleName(say("Download the model of this name"))
        field = row(self.name, self.get)
        field.setStretch(0, 1)
        self._running = column(gap=SPACE.small)
        self._advice = column(gap=SPACE.medium)
        self.rows: list[AdviceRow] = []
        self._able = False
        self._shown: tuple[object, ...] = ()
        self.put(self.machine, self.able, field, self._running, self._advice)
        self._show_get()

    def show_shelf(self, shelf: Shelf, running: Iterable[str]) -> None:
        """Show what is worth having, and what of it is here or on its way."""
        self._able = shelf.trouble is None
        self.able.setVisible(not self._able)
        self.machine.setText(machine_words(shelf.machine, elsewhere=shelf.elsewhere))
        here = frozenset(model.info.name.removesuffix(":latest") for model in shelf.models)
        shown = (shelf.advice, shelf.machine, shelf.elsewhere, here)
        if shown != self._shown:  # or whoever stands on a button would lose it
            self._shown = shown
            self._fill(shelf, here)
        self.show_running(running)
        self._show_get()

    def _fill(self, shelf: Shelf, here: frozenset[str]) -> None:
        self._clear()
        first = best(shelf.advice, shelf.machine)
        titles = {
            Role.CHAT: say("To write the replies"),
            Role.SCORING: say("To judge in the background: small and quick is best"),
            Role.EMBEDDING: say("To find memories by meaning; one that ships with Echodeck does it, too"),
        }
        for role, title in titles.items():
            advised = [one for one in shelf.advice if one.role is role]
            if advised:
                self._advice.addWidget(line())
                self._advice.addWidget(label(title, "strong", wrap=True))
            for one in reversed(advised):
                made = AdviceRow(
                    one,
                    Machine(0) if shelf.elsewhere else shelf.machine,
                    best=(role, one.model) in first and not shelf.elsewhere,
                    here=one.model in here,
                )
                made.wanted.connect(self.wanted)
                self.rows.append(made)
                self._advice.addWidget(made)

    def show_running(self, running: Iterable[str]) -> None:
        """Say which downloads are under way, so that none is begun twice."""
        names = set(running)
        for made in self.rows:
            made.show_running(made.model in names or not self._able)

    def add(self, made: DownloadRow) -> None:
        """Show a download."""
        self._running.addWidget(made)
        acts = (self.get, made.stop, made.go_on, made.away)
        for before, after in pairwise(acts):
            self.setTabOrder(before, after)

    def _clear(self) -> None:
        self.rows = []
        while self._advice.count():
            item = self._advice.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _show_get(self) -> None:
        self.get.setEnabled(self._able and bool(model_name(self.name.text())))

    def _typed(self) -> None:
        name = model_name(self.name.text())
        if name and self._able:
            self.name.clear()
            self.wanted.emit(name)


def model_name(typed: str) -> str:
    """The model's name in what was typed or pasted, which may be a whole command; or nothing."""
    text = " ".join(typed.split())
    for command in _COMMANDS:
        text = text.removeprefix(command)
    return "" if " " in text else text


def machine_words(machine: Machine, *, elsewhere: bool) -> str:
    """What this computer has, for somebody who wonders what fits."""
    if elsewhere:
        return say("Ollama runs on another computer, so Echodeck cannot tell what fits there.")
    memory = say("{size} GB of memory", size=round(machine.memory_bytes / GIB))
    if machine.unified:
        return say("This computer: {memory}, which its graphics side shares.", memory=memory)
    cards = ", ".join(
        say("{card} with {size} GB", card=card.name, size=round(card.memory_bytes / GIB))
        for card in machine.cards
    )
    if cards:
        return say("This computer: {memory}, graphics card: {cards}.", memory=memory, cards=cards)
    return say("This computer: {memory}, no graphics card that would help.", memory=memory)
