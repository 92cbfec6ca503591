"""People: everybody the bot knows, how it stands with each, why, and what the host makes of it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from core.clock import Clock
from core.errors import Explained
from core.events import Bus, FeelingsChanged, MessageRecorded, PersonaChanged
from core.feelings.acquaintances import People as Found
from core.feelings.describe import METRICS
from core.feelings.life import Feelings
from core.feelings.state import Bond
from core.people import People
from core.persona.identity import KeptPersona, Personas
from core.words import say
from gui.models import relationships
from gui.models.relationships import PAGE, RelationshipsModel
from gui.pages.mood import REALMS
from gui.pages.page import Page
from gui.refresh import Refresh
from gui.theme import SPACE
from gui.widgets import export
from gui.widgets.basics import Segments, column, row
from gui.widgets.chart import warm
from gui.widgets.people_side import PeopleSide
from gui.widgets.person_panel import PersonPanel
from gui.widgets.states import States
from gui.widgets.value_slider import signed


class PeoplePage(Page):
    """The people of a realm at the left, the one who is chosen at the right."""

    def __init__(
        self, feelings: Feelings, people: People, personas: Personas, clock: Clock, bus: Bus
    ) -> None:
        super().__init__("people", say("People"), bus)
        self._feelings, self._people, self._personas, self._clock = feelings, people, personas, clock
        self._kept: KeptPersona | None = None
        self._chosen: int | None = None
        self._bond: Bond | None = None
        self._shown: tuple[object, ...] = ()
        self._goes_on = False
        self.model = RelationshipsModel(self)
        self.realm = Segments([(key, say(words)) for key, words in REALMS], say("Where"))
        self.panel = PersonPanel()
        self.side = PeopleSide(self.model)
        self._refresh = Refresh(self, self._read, say("Reading the people"))
        self._build()
        self._connect()

    async def load(self) -> None:
        await warm()
        self._kept = await self._personas.active()
        self.realm.setVisible(self._kept is not None)
        if self._kept is None:
            self.states.show_empty(
                "people",
                say("Nobody yet"),
                say("Here is everybody it meets, and how it stands with them. First it has to be somebody."),
                say("Open Persona"),
                lambda: self.wanted.emit("persona"),
            )
            return
        await self._read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh.catch_up()

    # how it is built

    def _build(self) -> None:
        self.tools.addWidget(self.realm)
        self._panel_states = States(self.panel)
        whole = QWidget()
        layout = row(self.side, self._panel_states, gap=SPACE.medium)
        layout.setStretch(0, 1)
        layout.setStretch(1, 2)
        whole.setLayout(layout)
        self.content.setLayout(column(whole))
        self.to_the_edge()
        self.states.show_loading()

    def _connect(self) -> None:
        self.side.asked.connect(self._show_again)
        self.realm.chosen.connect(lambda _realm: self._realm_chosen())
        self.model.wanted.connect(self._want_page)
        self.side.list.selectionModel().currentChanged.connect(self._person_chosen)
        self.panel.bond.wanted.connect(self._set)
        self.panel.bond.reset.connect(self._reset)
        self.panel.who.memories.connect(lambda: self.wanted.emit("memory"))
        self.panel.history.range.chosen.connect(lambda _stretch: self._show_person_again())
        self.panel.history.export.connect(self._ask_where)
        self.listen(FeelingsChanged, lambda changed: self._happened(changed.realm))
        self.listen(MessageRecorded, lambda recorded: self._happened(recorded.realm))
        self.listen(PersonaChanged, self._persona_changed)

    # the list

    async def _read(self) -> None:
        """Read the page of the list that is looked at and the chosen person, and show both."""
        if self._kept is None:
            return
        first = self.side.first_row()
        offset = first - first % PAGE
        asked, now = self._asked(), self._clock.now()
        found = await self._page(offset)
        if not found.rows and offset:
            offset, found = 0, await self._page(0)
        if asked != self._asked():
            return  # the host has gone on meanwhile; that reading is on its way
        self.model.begin(found, offset, now, same=asked == self._shown)
        self._shown = asked
        self._show_list_state(found)
        if self._chosen is None and found.rows:
            self._chosen = found.rows[0].person_id
        self.side.keep_current(self._chosen)
        await self._read_person()

    def _asked(self) -> tuple[object, ...]:
        """What decides who is in the list, and in which order."""
        return self.realm.key, self.side.wanted, self.side.order, self.side.descending

    async def _page(self, offset: int) -> Found:
        assert self._kept is not None
        return await self._feelings.relationships(
            self._kept.persona,
            realm=self.realm.key,
            sort=self.side.order,
            descending=self.side.descending,
            search=self.side.wanted,
            limit=PAGE,
            offset=offset,
        )

    def _want_page(self, offset: int) -> None:
        """A part of the list has come into view."""
        asked, now = self._asked(), self._clock.now()

        def here(found: Found) -> None:
            if asked == self._asked():
                self.model.put(found, offset, now)
                at = self.side.list.currentIndex()
                if self._goes_on and offset <= at.row() < offset + PAGE:
                    self._person_chosen(at, at)  # keys led to a row that was not read yet
                else:
                    self.side.keep_current(self._chosen)

        reading = self.run(self._page(offset), say("Reading the people"), here)
        reading.finished(lambda: self.model.lost(offset))

    def _realm_chosen(self) -> None:
        self.panel.bond.settle()
        self._chosen = self._bond = None
        self.side.list.scrollToTop()
        self._show_again()

    def _show_again(self) -> None:
        self.run(self._read(), say("Reading the people"))

    def _happened(self, realm: str) -> None:
        if realm == self.realm.key:
            self._refresh.ask()

    def _show_list_state(self, found: Found) -> None:
        """The list, or why there is none."""
        self.side.show_count(found.total)
        if found.total or self.side.wanted:
            self.states.show_full()
        else:
            practice = self.realm.key == "practice"
            self.states.show_empty(
                "people",
                say("It has met nobody yet"),
                say("Whoever writes where it can read appears here, with how it stands between them."),
                say("Open Practice") if practice else say("Open Session"),
                lambda: self.wanted.emit("practice" if practice else "session"),
            )

    # the person

    def _person_chosen(self, now: QModelIndex, _before: QModelIndex) -> None:
        person = self.model.at(now.row()) if now.isValid() else None
        self._goes_on = now.isValid() and person is None
        if person is not None and person.person_id != self._chosen:
            self.panel.bond.settle()
            self._chosen = person.person_id
            self._show_person_again()

    def _show_person_again(self) -> None:
        self.run(self._read_person(), say("Reading the person"))

    async def _read_person(self) -> None:
        """Read the chosen person and show them."""
        chosen, now = self._chosen, self._clock.now()
        if self._kept is None or chosen is None:
            return
        profile = await self._people.profile(chosen)
        bond = await self._feelings.bond(self._kept.persona, chosen)
        changes = await self._feelings.history(chosen, self.panel.since(now))
        if profile is None or bond is None:
            self._chosen = None
            self._panel_states.show_empty(
                "person", say("Not known any more"), say("Choose somebody from the list.")
            )
            return
        caused = [change.message for change in changes if change.message is not None]
        quotes = await self._people.quotes(profile.realm, caused)
        if chosen == self._chosen:
            self._bond = bond
            self.panel.show_person(profile, bond, changes, quotes, now)
            self._panel_states.show_full()

    def _persona_changed(self, _changed: PersonaChanged) -> None:
        self.reload()

    # what the host does

    def _set(self, metric: str, value: int) -> None:
        bond, kept = self._bond, self._kept
        if bond is None or kept is None:
            return
        words = say(
            "{metric} towards {name} is {value} now. The next reply knows.",
            metric=METRICS[metric],
            name=bond.name,
            value=signed(value),
        )
        setting = self._feelings.set_relationship(kept.persona, bond.person_id, metric, value)
        saving = self.run(setting, say("Saving"), lambda _after: self._with_undo(words, bond))
        saving.failure(self._not_set)

    def _not_set(self, trouble: Explained) -> None:
        """Say why, and show what holds instead of what was wanted."""
        self.toast_trouble(trouble)
        self._show_person_again()

    def _reset(self) -> None:
        bond, kept = self._bond, self._kept
        if bond is None or kept is None:
            return
        words = say("Everything with {name} is as it begins.", name=bond.name)
        resetting = self._feelings.reset(kept.persona, bond.person_id)
        self.run(resetting, say("Setting back"), lambda _after: self._with_undo(words, bond))

    def _with_undo(self, words: str, before: Bond) -> None:
        self.toast(words, "good", say("Undo"), partial(self._put_back, before))

    def _put_back(self, before: Bond) -> None:
        if self._kept is not None:
            back = self._feelings.put_back(self._kept.persona, before.person_id, before.metrics)
            self.run(back, say("Undoing"))

    # out of the window

    def _ask_where(self, kind: str) -> None:
        image = export.picture_of(self.panel.history.plots) if kind == "png" else None
        table = relationships.history_table(self.panel.changes, self.panel.quotes)

        def chosen(path: Path) -> None:
            writing = export.write_picture(path, image) if image else export.write_table(path, table)
            self.run(writing, say("Saving the chart"), self._saved)

        self.dialog = export.ask_where(self, f"relationship-{self._clock.now():%Y-%m-%d}", kind, chosen)

    def _saved(self, path: Path) -> None:
        self.toast(say("Saved as {name}.", name=path.name), "good")
