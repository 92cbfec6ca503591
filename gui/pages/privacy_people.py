"""People on the Privacy page: what is stored of each, and what the host does with it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from core.holdings import Holdings, PersonHeld, PersonSought
from core.privacy import HOST, PARTS, Privacy, Receipt
from core.words import count, say
from gui.models.privacy import ORDERS, OUTSIDE, HoldingsModel, part_words
from gui.models.reading import Reading
from gui.models.times import when
from gui.pages.mood import REALMS
from gui.pages.page import Page
from gui.theme import SPACE
from gui.widgets.basics import Card, Segments, column, label, row
from gui.widgets.privacy_person import HeldOfPerson, ReceiptCard
from gui.widgets.saving import ask_where
from gui.widgets.setting_row import CalmCombo
from gui.widgets.states import States
from gui.widgets.two_line import TwoLineList

TYPING_PAUSE_MS = 200


class PrivacyPeople(QWidget):
    """The list at the left, the one who is chosen at the right.

    Attributes:
        began: called when the first lines are there.

    Args:
        page: the page it is a part of; its work is the page's.
    """

    def __init__(self, page: Page, privacy: Privacy, holdings: Holdings, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._page, self._privacy, self._holdings, self._now = page, privacy, holdings, now
        self._chosen = 0
        self.began: Callable[[], object] = lambda: None
        self.model = HoldingsModel(now, self)
        self.realm = Segments([(key, say(words)) for key, words in REALMS], say("Where"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(say("Find by name or id"))
        self.search.setAccessibleName(say("Find people by any name, or by their id"))
        self.search.setClearButtonEnabled(True)
        self.order = CalmCombo()
        self.order.setAccessibleName(say("Order of the people"))
        for key, words in ORDERS.items():
            self.order.addItem(say(words), key)
        self.list = TwoLineList(say("People"), many=False)
        self.list.show_model(self.model)
        self.counted = label("", "caption")
        self._list_states = States(self.list)
        self.person = HeldOfPerson()
        self.receipt = ReceiptCard()
        self._right = States(self.person)
        self._beside = column(self.receipt, self._right, gap=SPACE.medium)
        self._reading: Reading[PersonSought, PersonHeld] = Reading(
            self.model, page.tasks, holdings.find, holdings.order, holdings.lines, self.list.keeping
        )
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._build()
        self._connect()

    async def read(self) -> None:
        """Read the list and the chosen person again."""
        sought = self._sought()
        if not self.model.rowCount():
            await self._reading.show(sought, self._show_count)
        else:
            await self._reading.refresh(sought, self._show_count)
        await self._read_person()

    @property
    def key(self) -> str:
        """The realm that is shown."""
        return self.realm.key

    # how it is built

    def _build(self) -> None:
        side = Card()
        side.put(self.realm, self.search, self.order, self._list_states, self.counted)
        side.body.setStretch(3, 1)
        side.setMinimumWidth(SPACE.sidebar + 2 * SPACE.wide)
        self.receipt.hide()
        whole = row(side, self._beside, gap=SPACE.medium)
        whole.setStretch(0, 1)
        whole.setStretch(1, 2)
        self.setLayout(whole)
        self._show_nobody()

    def _connect(self) -> None:
        self._pause.timeout.connect(self._seek)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.order.activated.connect(lambda _at: self._seek())
        self.realm.chosen.connect(lambda _realm: self._seek())
        self.list.chosen.connect(self._list_chosen)
        self.person.export_wanted.connect(self._ask_where)
        self.person.stop_wanted.connect(self._stop)
        self.person.erase_wanted.connect(self._erase)

    # the list

    def _sought(self) -> PersonSought:
        return PersonSought(self.realm.key, self.search.text().strip(), self.order.currentData())

    def _seek(self) -> None:
        self._chosen = 0
        self._show_nobody()
        self._page.run(self._reading.show(self._sought(), self._show_count), say("Reading the people"))

    def _show_count(self) -> None:
        self.began()
        people = self.model.rowCount()
        self.counted.setText(count("{n} person", "{n} people", people))
        self.counted.setVisible(people > 0)
        if people:
            self._list_states.show_full()
            if not self._chosen and self.list.currentIndex().row() < 0 and self.receipt.isHidden():
                self.list.setCurrentIndex(self.model.index(0))
        elif self.search.text().strip():
            self._list_states.show_empty("search", say("Nobody found"), say("Try another name."))
        else:
            self._list_states.show_empty(
                "people", say("Nobody yet"), say("Whoever writes to it stands here.")
            )
            self._show_nobody()

    def _list_chosen(self) -> None:
        row_id = self.model.row_id(self.list.currentIndex().row())
        if self.list.chosen_count == 1 and row_id and row_id != self._chosen:
            self._chosen = row_id
            self.receipt.hide()
            self._page.run(self._read_person(), say("Reading the person"))

    def _show_nobody(self) -> None:
        self._right.show_empty(
            "lock",
            say("What is stored of whom"),
            say("Choose somebody to see it, to hand it out or to erase it."),
        )

    # the person

    async def _read_person(self) -> None:
        chosen = self._chosen
        if not chosen:
            return
        found = await self._holdings.lines([chosen])
        if not found:
            self._chosen = 0
            self._show_nobody()
            return
        person = found[0]
        kept = await self._privacy.kept(self.realm.key, person.platform_id)
        consents = await self._privacy.consents(self.realm.key, person.platform_id)
        if chosen == self._chosen:
            self.person.show_person(person, kept, consents, self._now())
            self._right.show_full()

    def _stop(self, stop: bool) -> None:
        person = self.person.person
        if person is None:
            return
        act = self._privacy.opt_out if stop else self._privacy.opt_in
        words = (
            say("Nothing more is kept of {name}, and they are not answered.", name=person.name)
            if stop
            else say("{name} is heard and remembered again.", name=person.name)
        )

        def stopped(_answer: Any) -> None:
            self._page.toast(words, "good", say("Undo"), lambda: self._stop(not stop))
            self._page.run(self.read(), say("Reading the people"))

        self._page.run(act(self.realm.key, person.platform_id), say("Saving"), stopped)

    # out of the app

    def _ask_where(self) -> None:
        person = self.person.person
        if person is None:
            return
        realm = self.realm.key

        def chosen(path: Path) -> None:
            self._page.run(self._export(realm, person, path), say("Exporting"), self._exported)

        name = f"echodeck-{person.platform_id}"
        self.dialog = ask_where(
            self, say("Export everything about one person"), name, [("JSON", "json")], chosen
        )

    async def _export(self, realm: str, person: PersonHeld, path: Path) -> Path:
        everything = await self._privacy.export(realm, person.platform_id, by=HOST)

        def write() -> None:
            path.write_text(json.dumps(everything, ensure_ascii=False, indent=2), encoding="utf-8")

        await asyncio.to_thread(write)
        return path

    def _exported(self, path: Path) -> None:
        words = say("Saved as {name}. It is not encrypted: hand it over, then delete it.", name=path.name)
        self._page.toast(words, "good")

    def _erase(self) -> None:
        person = self.person.person
        if person is None:
            return

        async def erase() -> Receipt:
            receipt = await self._privacy.erase(self.realm.key, person.platform_id, by=HOST)
            self._show_receipt(receipt)
            await self._reading.refresh(self._sought(), self._show_count)
            self.list.clearSelection()
            self.list.setCurrentIndex(QModelIndex())
            return receipt

        self._page.run(erase(), say("Erasing"))

    def _show_receipt(self, receipt: Receipt) -> None:
        self.receipt.show_receipt(receipt, _titles(), when(receipt.at))
        self.receipt.show()
        self._chosen = 0
        self._show_nobody()


def _titles() -> dict[str, str]:
    """What the parts of a receipt are called, for the host."""
    return {part.name: part_words(part.title) for part in PARTS} | {
        name: say(words) for name, words in OUTSIDE.items()
    }
