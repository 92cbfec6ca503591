"""Whom the bot listens to: somebody is found by name or id, and put on a list or taken off."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from core.server.listening import ALLOW, BLOCK, EVERYWHERE, ListedThere, Listening, Named
from core.words import say
from gui.models.privacy import HappeningsModel, found_told, listed_told
from gui.pages.page import Page
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label, row
from gui.widgets.or_words import OrWords
from gui.widgets.setting_row import CalmCombo
from gui.widgets.two_line import TwoLineList

TYPING_PAUSE_MS = 200
Kept = TypeVar("Kept")


class PrivacyListening(QWidget):
    """At the left whoever is looked for, at the right who is on a list.

    Args:
        page: the page it is a part of; its work is the page's.
    """

    def __init__(self, page: Page, listening: Listening) -> None:
        super().__init__()
        self._page, self._listening = page, listening
        self._found: Sequence[Named] = ()
        self._listed: Sequence[ListedThere] = ()
        self.where = CalmCombo()
        self.where.setAccessibleName(say("Where"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(say("Find by name or id"))
        self.search.setAccessibleName(say("Find people by any name, or by their id"))
        self.search.setClearButtonEnabled(True)
        self.found, self.listed = HappeningsModel(self), HappeningsModel(self)
        self.people = _list(say("People found"), self.found)
        self.on_lists = _list(say("Who is on a list"), self.listed)
        self.block = button(say("Do not listen to them"), "normal", "stop", partial(self._put, BLOCK))
        self.allow = button(say("Listen to them only"), "normal", on_click=partial(self._put, ALLOW))
        self.remove = button(say("Take off the list"), "normal", on_click=self._remove)
        self._left, self._right = Card(say("Find somebody")), Card(say("Who is on a list"))
        self._people_states, self._list_states = OrWords(self.people), OrWords(self.on_lists)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._build()
        self._connect()

    async def read(self) -> None:
        """Read the servers and the lists again."""
        self._show_servers(await self._listening.servers())
        self._listed = await self._listening.every()
        self.listed.show(listed_told(self._listed))
        nobody = "" if self._listed else say("Nobody is on a list: it listens to everybody.")
        self._show_or_say(self._right, self._list_states, nobody)
        self._found = await self._listening.find(self.search.text())
        self.found.show(found_told(self._found))
        self._show_or_say(self._left, self._people_states, "" if self._found else self._nobody_found())
        if self._found:
            self.people.selectRow(0)
        self._show_acts()

    def _nobody_found(self) -> str:
        if self.search.text().strip():
            return say("Nobody of this name was met. Give their id instead.")
        return say("Type a part of a name, or a person's id from Discord.")

    @staticmethod
    def _show_or_say(card: Card, states: OrWords, words: str) -> None:
        """Show a list at its full height, or at the top why there is none."""
        card.body.setAlignment(states, Qt.AlignmentFlag.AlignTop if words else Qt.AlignmentFlag(0))
        if words:
            states.show_words(words)
        else:
            states.show_full()

    # how it is built

    def _build(self) -> None:
        left, right = self._left, self._right
        left.put(
            self.where, self.search, self._people_states, column(self.block, self.allow, gap=SPACE.small)
        )
        left.body.setStretchFactor(self._people_states, 1)
        about = say("Those who run a server keep the lists of their server too, with /settings people.")
        right.put(label(about, "muted", wrap=True), self._list_states, row(self.remove, 1))
        right.body.setStretchFactor(self._list_states, 1)
        whole = row(left, right, gap=SPACE.medium)
        whole.setStretch(0, 1)
        whole.setStretch(1, 1)
        whole.setContentsMargins(0, 0, SPACE.large, 0)
        self.setLayout(whole)

    def _connect(self) -> None:
        self._pause.timeout.connect(self._again)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.where.activated.connect(lambda _at: self._show_acts())
        self.people.chosen.connect(self._show_acts)
        self.on_lists.chosen.connect(self._show_acts)
        self.on_lists.removed.connect(self._remove)

    def _show_servers(self, known: Sequence[Named]) -> None:
        chosen = self.where.currentData()
        self.where.clear()
        self.where.addItem(say("Everywhere"), EVERYWHERE)
        for each in known:
            self.where.addItem(each.name or str(each.id), each.id)
        self.where.setCurrentIndex(max(0, self.where.findData(chosen)))

    def _show_acts(self) -> None:
        found = _chosen(self.people, self._found) is not None
        self.block.setEnabled(found)
        self.allow.setEnabled(found and self.where.currentData() != EVERYWHERE)
        self.allow.setToolTip(
            say("Choose a server first. Who alone may talk with a persona is chosen on the Persona page.")
            if self.where.currentData() == EVERYWHERE
            else ""
        )
        self.remove.setEnabled(_chosen(self.on_lists, self._listed) is not None)

    # what the host does with it

    def _again(self) -> None:
        self._page.run(self.read(), say("Reading what is stored"))

    def _put(self, which: str) -> None:
        person = _chosen(self.people, self._found)
        guild_id = self.where.currentData()
        if person is None or (which == ALLOW and guild_id == EVERYWHERE):
            return
        before = next(
            (each for each in self._listed if (each.guild_id, each.person_id) == (guild_id, person.id)), None
        )
        words = (
            say("It does not listen to {name} any more.", name=person.name)
            if which == BLOCK
            else say("There it listens to {name} and whoever else is allowed.", name=person.name)
        )

        def undo() -> None:
            if before is None:
                self._do(self._listening.remove(guild_id, person.id))
            else:
                self._do(self._listening.put(guild_id, Named(before.person_id, before.person), before.list))

        self._do(self._listening.put(guild_id, person, which), words, undo)

    def _remove(self) -> None:
        one = _chosen(self.on_lists, self._listed)
        if one is None:
            return
        person = Named(one.person_id, one.person)
        words = say("{name} is on no list any more.", name=one.person)
        put_back = partial(self._listening.put, one.guild_id, person, one.list)
        self._do(self._listening.remove(one.guild_id, one.person_id), words, lambda: self._do(put_back()))

    def _do(
        self, work: Coroutine[Any, Any, None], words: str = "", undo: Callable[[], None] | None = None
    ) -> None:
        def done(_none: None) -> None:
            self._again()
            if words:
                self._page.toast(words, "good", say("Undo"), undo)

        self._page.run(work, say("Saving"), done)


def _list(name: str, model: HappeningsModel) -> TwoLineList:
    made = TwoLineList(name, many=False)
    made.show_model(model)
    return made


def _chosen(shown: TwoLineList, rows: Sequence[Kept]) -> Kept | None:
    at = shown.selectionModel().selectedRows()
    return rows[at[0].row()] if at and at[0].row() < len(rows) else None
