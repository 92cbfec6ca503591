"""The places of the Conversations page: found by name, by who wrote there, the latest first."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit

from core.conversation.archive import PlaceLine, PlacesSought
from core.words import T, count, say
from gui.models.transcript import PlacesModel
from gui.theme import SPACE
from gui.widgets.basics import Card, label
from gui.widgets.field import HintField
from gui.widgets.setting_row import CalmCombo
from gui.widgets.states import States
from gui.widgets.two_line import TwoLineList

TYPING_PAUSE_MS = 200
REALM_WORDS = {"discord": T("Discord"), "practice": T("Practice room"), "import": T("Imported")}


class PlacesPanel(Card):
    """The list of places.

    Attributes:
        chosen: the host wants to read one; with its PlaceLine. sought: others are sought.
        realm_chosen: another realm is wanted.
    """

    chosen = Signal(object)
    sought = Signal()
    realm_chosen = Signal()

    def __init__(self, model: PlacesModel) -> None:
        super().__init__()
        self.model = model
        self.realms = CalmCombo()
        self.realms.setAccessibleName(say("Where"))
        self.realms.hide()
        self.search = _search(say("Find a place"), say("Find places by name"))
        self.who = _search(say("Somebody who wrote there"), say("Only places where this person wrote"))
        self.list = TwoLineList(say("Places"), many=False)
        self.list.show_model(model)
        self.states = States(self.list)
        self.shown = label("", "caption")
        self.body.setContentsMargins(SPACE.small, SPACE.small, SPACE.small, SPACE.small)
        self.put(self.realms, self.search, self.who, self.states, self.shown)
        self.body.setStretch(3, 1)
        self.setFixedWidth(SPACE.sidebar + 2 * SPACE.large)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.sought)
        for field in (self.search, self.who):
            field.textChanged.connect(lambda _text: self._pause.start())
        self.list.chosen.connect(self._list_chosen)
        self.realms.activated.connect(lambda _at: self.realm_chosen.emit())

    @property
    def wanted(self) -> PlacesSought:
        """What is sought now."""
        return PlacesSought(self.realm, self.search.text().strip(), self.who.text().strip())

    @property
    def realm(self) -> str:
        """Whose world is shown."""
        return str(self.realms.currentData() or "discord")

    @property
    def narrowed(self) -> bool:
        """Is anything sought at all?"""
        return bool(self.wanted.words or self.wanted.who)

    def show_realms(self, realms: Sequence[str]) -> None:
        """The realms that can be chosen; the choice is only shown where there is one."""
        chosen = self.realms.currentData()
        self.realms.clear()
        for realm in realms:
            self.realms.addItem(say(REALM_WORDS[realm]) if realm in REALM_WORDS else realm, realm)
        self.realms.setCurrentIndex(max(0, self.realms.findData(chosen)))
        self.realms.setVisible(len(realms) > 1)

    def choose_realm(self, realm: str) -> None:
        """Choose without telling, and seek nothing in particular."""
        self.realms.setCurrentIndex(max(0, self.realms.findData(realm)))
        for field in (self.search, self.who):
            field.blockSignals(True)
            field.clear()
            field.blockSignals(False)

    def show_first(self, places: Sequence[PlaceLine], chosen: int) -> None:
        """Show these; how many there are in all is not known yet."""
        self._show(lambda: self.model.show(len(places), places), chosen)
        self.shown.setText("")

    def show_places(self, channel_ids: array[int], places: Sequence[PlaceLine], chosen: int) -> None:
        """These are all, and some of them; the chosen one (by channel) stays chosen without being told
        again."""
        self._show(lambda: self.model.refresh(channel_ids, places), chosen)
        self.shown.setText(count("{n} place", "{n} places", len(channel_ids)))

    def in_sight(self) -> list[int]:
        """The channels whose rows are in sight."""
        first, last = self.list.rowAt(0), self.list.rowAt(self.list.viewport().height() - 1)
        return self.model.row_ids(max(0, first), last if last >= 0 else self.model.rowCount() - 1)

    def choose(self, channel_id: int) -> None:
        """Choose a place without telling."""
        self._show(lambda: None, channel_id)

    def _show(self, change: Callable[[], object], chosen: int) -> None:
        self.list.blockSignals(True)
        self.list.keeping(change)
        row = self.model.row_of(chosen)
        if row >= 0 and row != self.list.currentIndex().row():
            self.list.setCurrentIndex(self.model.index(row))
        self.list.blockSignals(False)
        if self.model.rowCount():
            self.states.show_full()
        else:
            self.states.show_empty("search", say("Nothing found"), say("Try another name."))

    def _list_chosen(self) -> None:
        line = self.model.line(self.list.currentIndex().row())
        if self.list.chosen_count == 1 and line is not None:
            self.chosen.emit(line)


def _search(hint: str, name: str) -> QLineEdit:
    made = HintField()
    made.setPlaceholderText(hint)
    made.setAccessibleName(name)
    made.setClearButtonEnabled(True)
    return made
