"""The list of people with what finds and orders them."""

from __future__ import annotations

from typing import cast, get_args

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit

from core.feelings.acquaintances import SortBy
from core.feelings.describe import METRICS
from core.words import T, count, say
from gui.icons import icon
from gui.models.relationships import RelationshipsModel
from gui.theme import SPACE
from gui.widgets.basics import Card, icon_button, label, row
from gui.widgets.captioned_list import CaptionedList
from gui.widgets.or_words import OrWords
from gui.widgets.setting_row import CalmCombo

TYPING_PAUSE_MS = 250
SORTS = {
    "last_seen": T("Last seen"),
    "name": T("Name"),
    **METRICS,
    "messages": T("Messages"),
}
assert set(SORTS) == set(get_args(SortBy))


class PeopleSide(Card):
    """Search, order, and the list.

    Attributes:
        asked: the host wants other people, or another order.
    """

    asked = Signal()

    def __init__(self, model: RelationshipsModel) -> None:
        super().__init__()
        self._model = model
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self.search = QLineEdit()
        self.search.setPlaceholderText(say("Search by name"))
        self.search.setAccessibleName(say("Search people by name"))
        self.search.setClearButtonEnabled(True)
        self.sort = CalmCombo()
        self.sort.setAccessibleName(say("Sort by"))
        for key, words in SORTS.items():
            self.sort.addItem(say(words), key)
        self.direction = icon_button("down", say("Most first"))
        self.direction.setCheckable(True)
        self.counted = label("", "caption")
        self.list = CaptionedList(RelationshipsModel.DETAIL, RelationshipsModel.SEEN)
        self.list.setModel(model)
        self.list.setAccessibleName(say("People"))
        self.states = OrWords(self.list)
        self.put(self.search, row(self.sort, self.direction, gap=SPACE.tight), self.states, self.counted)
        self.body.setStretch(2, 1)
        self.setMinimumWidth(SPACE.sidebar + SPACE.wide)
        self.setMaximumWidth(SPACE.sidebar + 3 * SPACE.wide)
        self._pause.timeout.connect(self.asked)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.sort.activated.connect(lambda _at: self._turned())
        self.direction.clicked.connect(lambda _checked=False: self._turned())

    @property
    def wanted(self) -> str:
        """A part of the names that are looked for; empty for everybody."""
        return self.search.text().strip()

    @property
    def order(self) -> SortBy:
        """What they are sorted by."""
        return cast("SortBy", self.sort.currentData())

    @property
    def descending(self) -> bool:
        """Names begin with A, everything else with the most; the arrow turns that around."""
        return (self.order == "name") == self.direction.isChecked()

    def first_row(self) -> int:
        """The first row that is seen."""
        return max(0, self.list.indexAt(self.list.viewport().rect().topLeft()).row())

    def show_count(self, people: int) -> None:
        """Say how many there are; that nobody is called so when there are none."""
        self.counted.setText(count("{n} person", "{n} people", people))
        self.counted.setVisible(people > 0)
        if people:
            self.states.show_full()
        else:
            self.states.show_words(say("Nobody of that name. Try another one."))

    def keep_current(self, person_id: int | None) -> None:
        """The row of this person is the current one, wherever it went; nobody is told."""
        at = self._model.row_of(person_id) if person_id is not None else -1
        selection = self.list.selectionModel()
        blocked = selection.blockSignals(True)
        if at >= 0:
            self.list.setCurrentIndex(self._model.index(at))
        else:
            self.list.clearSelection()
        selection.blockSignals(blocked)
        self.list.viewport().update()

    def _turned(self) -> None:
        by_name, down = self.order == "name", self.descending
        if by_name:
            name = say("From Z to A") if down else say("From A to Z")
        else:
            name = say("Most first") if down else say("Least first")
        self.direction.setIcon(icon("down" if down != by_name else "up"))
        self.direction.setToolTip(name)
        self.direction.setAccessibleName(name)
        self.list.scrollToTop()
        self.asked.emit()
