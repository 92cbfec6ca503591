"""The people of the memory page: everybody, or one of them, found by any name they ever had."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit

from core.memory.notebook import EVERYBODY, PeopleSought, PersonLine
from core.words import count, say
from gui.models.people import ORDER_WORDS, PeopleModel
from gui.theme import SPACE
from gui.widgets.basics import Card, button, label
from gui.widgets.setting_row import CalmCombo
from gui.widgets.states import States
from gui.widgets.two_line import TwoLineList

TYPING_PAUSE_MS = 200


class PeoplePanel(Card):
    """The list of people.

    Attributes:
        chosen: the row id of the person whose memories are wanted, EVERYBODY for all.
        sought: other people are sought.
    """

    chosen = Signal(int)
    sought = Signal()

    def __init__(self, model: PeopleModel) -> None:
        super().__init__()
        self.model = model
        self._person = EVERYBODY
        self.search = QLineEdit()
        self.search.setPlaceholderText(say("Find people"))
        self.search.setAccessibleName(say("Find people by any name"))
        self.search.setClearButtonEnabled(True)
        self.order = CalmCombo()
        self.order.setAccessibleName(say("Order of the people"))
        for key, words in ORDER_WORDS.items():
            self.order.addItem(say(words), key)
        self.everybody = button(say("Everybody"), "nav", "people", lambda: self.choose(EVERYBODY))
        self.everybody.setCheckable(True)
        self.everybody.setSizePolicy(self.search.sizePolicy())
        self.list = TwoLineList(say("People"), many=False)
        self.list.show_model(model)
        self.shown = label("", "caption")
        self._states = States(self.list)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self.body.setContentsMargins(SPACE.small, SPACE.small, SPACE.small, SPACE.small)
        self.realms = CalmCombo()
        self.realms.setAccessibleName(say("Whose memories"))
        self.realms.hide()
        self.put(self.realms, self.search, self.order, self.everybody, self._states, self.shown)
        self.body.setStretch(4, 1)
        self.setFixedWidth(SPACE.sidebar + 2 * SPACE.large)
        self._pause.timeout.connect(self.sought)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.order.activated.connect(lambda _index: self.sought.emit())
        self.list.chosen.connect(self._list_chosen)
        self._show_everybody()

    def wanted(self, realm: str) -> PeopleSought:
        """What is sought now."""
        return PeopleSought(realm, self.search.text().strip(), self.order.currentData())

    @property
    def person_id(self) -> int:
        """Whose memories are shown."""
        return self._person

    @property
    def person(self) -> PersonLine | None:
        """The same, as a line; None for everybody and while it is not read."""
        row = self.model.row_of(self._person) if self._person else -1
        return self.model.line(row) if row >= 0 else None

    def choose(self, person_id: int) -> None:
        """Show somebody's memories, or everybody's."""
        self._person = person_id
        if person_id == EVERYBODY:
            self.list.clearSelection()
        else:
            row = self.model.row_of(person_id)
            if row >= 0 and self.list.currentIndex().row() != row:
                self.list.setCurrentIndex(self.model.index(row))
        self._show_everybody()
        self.chosen.emit(person_id)

    def forget(self) -> None:
        """Another realm: nobody is chosen, nothing is sought."""
        self._person = EVERYBODY
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self._show_everybody()

    def show_count(self) -> None:
        """Say how many there are, or that nobody was found."""
        people = self.model.rowCount()
        self.shown.setText(count("{n} person", "{n} people", people))
        self.shown.setVisible(people > 0)
        if people:
            self._states.show_full()
        else:
            self._states.show_empty("search", say("Nobody found"), say("Try another name."))

    def _list_chosen(self) -> None:
        row = self.list.currentIndex().row()
        if self.list.chosen_count == 1 and (person_id := self.model.row_id(row)) != self._person:
            self.choose(person_id)

    def _show_everybody(self) -> None:
        self.everybody.setChecked(self._person == EVERYBODY)
