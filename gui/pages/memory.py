"""Memory: what is remembered of whom, where it comes from, and what the last run changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from core.events import Bus, MemoryChanged, MessageRecorded
from core.memory.notebook import Notebook, Waiting
from core.words import T, say
from gui.models.episodes import EpisodesModel
from gui.models.facts import FactsModel
from gui.models.people import PeopleModel
from gui.models.reading import Reading
from gui.pages.memory_acts import MemoryActs
from gui.pages.memory_following import FollowingMemory
from gui.pages.memory_runs import Consolidates, MemoryRuns
from gui.theme import SPACE
from gui.widgets.basics import ElidedLabel, button, column, icon_button, row
from gui.widgets.memory_detail import MemoryDetail
from gui.widgets.memory_filters import EPISODES, FACTS
from gui.widgets.memory_list import MemoryList
from gui.widgets.memory_people import PeoplePanel
from gui.widgets.said import SaidCard
from gui.widgets.saving import ask_where

REALM = "discord"
REALM_WORDS = {"discord": T("Discord"), "practice": T("Practice room"), "import": T("Imported")}
SETTLE_MS = 300
QUIET_MS = 2000


class MemoryPage(FollowingMemory):
    """What is remembered.

    Args:
        now: the time, aware. ask_file: asks where to save a file (see gui.widgets.saving.ask_where).
    """

    def __init__(
        self,
        notebook: Notebook,
        consolidation: Consolidates,
        bus: Bus,
        now: Callable[[], datetime],
        ask_file: Callable[..., object] = ask_where,
    ) -> None:
        super().__init__("memory", say("Memory"), bus)
        self._notebook = notebook
        self._ask_file = ask_file
        self._waiting = Waiting(0, 0)
        self._stale = False
        self.people_model, self.facts_model, self.episodes_model = (
            PeopleModel(now, self),
            FactsModel(now, self),
            EpisodesModel(now, self),
        )
        self.people = PeoplePanel(self.people_model)
        self.memories = MemoryList(self.facts_model, self.episodes_model)
        self.detail = MemoryDetail()
        self.acts = MemoryActs(self, notebook, self.memories, self.detail)
        self.runs = MemoryRuns(
            self, notebook, consolidation, lambda: self.realm, self._changed, self._show_diff
        )
        self._reading_people: Reading[Any, Any] = Reading(
            self.people_model,
            self.tasks,
            notebook.people,
            notebook.people_order,
            notebook.people_lines,
            self.people.list.keeping,
        )
        self._reading: dict[str, Reading[Any, Any]] = {
            FACTS: Reading(
                self.facts_model,
                self.tasks,
                notebook.facts,
                notebook.fact_order,
                notebook.fact_lines,
                self.memories.lists[FACTS].keeping,
            ),
            EPISODES: Reading(
                self.episodes_model,
                self.tasks,
                notebook.episodes,
                notebook.episode_order,
                notebook.episode_lines,
                self.memories.lists[EPISODES].keeping,
            ),
        }
        self._build()
        self._connect()

    async def load(self) -> None:
        self.states.show_loading()
        self._show_tools(False)
        realms = await self._notebook.realms()
        self._show_realms(realms)
        if not realms:
            self._show_nobody()
            return
        memories, sought = self._reading[self.memories.kind], self._sought()
        people = self.people.wanted(self.realm)
        await memories.begin(sought, self._show_first)
        await self._reading_people.begin(people, self.people.show_count)
        await memories.complete(sought)
        await self._reading_people.complete(people)
        await self._read_waiting()
        self._show_memories()

    @property
    def realm(self) -> str:
        """Whose world is shown: discord, practice or import."""
        return str(self.realms.currentData() or REALM)

    def may_leave(self, leave: Callable[[], None]) -> bool:
        self.acts.keep_typed()
        return True

    # how it is built

    def _build(self) -> None:
        self.realms = self.people.realms
        self.waiting = ElidedLabel("", "caption")
        self.export = icon_button("export", say("Export"), self._export)
        self.history = button(say("What changed"), "normal", "history", self.runs.show_newest)
        self.consolidate = button(say("Consolidate now"), "primary", "spark", self.runs.start)
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for tool in (self.waiting, self.export, self.history, self.consolidate):
            self.tools.addWidget(tool)
        self.detail.hide()
        beside = row(self.memories, self.detail)
        beside.setStretch(0, 3)
        beside.setStretch(1, 2)
        self.side_by_side = QWidget()
        self.side_by_side.setLayout(beside)
        # Less than the two need beside the people, who go then: the window must be able to get that small.
        self.side_by_side.setMinimumWidth(2 * SPACE.sidebar)
        self._middle = QStackedWidget()
        self._middle.addWidget(self.side_by_side)
        self._middle.addWidget(self.runs.diff)
        right = QWidget()
        below = column(self.runs.card, self._middle)
        below.setStretch(1, 1)
        right.setLayout(below)
        layout = row(self.people, right, gap=SPACE.small)
        layout.setStretch(1, 1)
        self.content.setLayout(layout)

    def _connect(self) -> None:
        self._soon = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._soon.timeout.connect(self._refresh)
        self._later = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._later.timeout.connect(self._refresh_people)
        self.people.chosen.connect(self._person_chosen)
        self.people.sought.connect(self._read_people)
        self.realms.activated.connect(self._realm_chosen)
        self.memories.filters.sought.connect(self._read_memories)
        self.memories.filters.kind_chosen.connect(lambda _kind: self._read_memories())
        self.memories.chosen.connect(self._show_chosen)
        self.memories.acted.connect(self.acts.act)
        for view in self.memories.lists.values():
            view.opened.connect(lambda _row: self.detail.text.setFocus())
        self.facts_model.dataChanged.connect(self._follow)
        self.episodes_model.dataChanged.connect(self._follow)
        self.detail.saved.connect(self.acts.save)
        self.detail.closed.connect(self._close_detail)
        self.detail.around_wanted.connect(self._show_around)
        self.listen(MemoryChanged, self._memory_changed)
        self.listen(MessageRecorded, self._message_recorded)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._soon.start()

    def _make_room(self) -> None:
        """Where there is no room for three, the people go while a memory is shown in full."""
        narrow = self.width() < SPACE.form + 2 * SPACE.sidebar
        self.people.setVisible(not (narrow and not self.detail.isHidden()))
        tools = (self.heading, self.export, self.history, self.consolidate)
        needed = sum(tool.sizeHint().width() + SPACE.medium for tool in tools) + 4 * SPACE.wide
        self.waiting.setMaximumWidth(0 if self.width() < needed else 1 << 20)  # a tooltip says it, too

    # what it shows

    def _sought(self) -> Any:
        filters = self.memories.filters
        wanted = filters.facts if self.memories.kind == FACTS else filters.episodes
        return wanted(self.realm, self.people.person_id)

    def _show_realms(self, realms: list[str]) -> None:
        chosen = self.realm
        self.realms.clear()
        for realm in realms:
            self.realms.addItem(say(REALM_WORDS[realm]) if realm in REALM_WORDS else realm, realm)
        at = self.realms.findData(chosen)
        self.realms.setCurrentIndex(max(0, at))
        self.realms.setVisible(len(realms) > 1)

    def _show_tools(self, shown: bool) -> None:
        for tool in (self.waiting, self.export, self.history, self.consolidate):
            tool.setVisible(shown)

    def _show_nobody(self) -> None:
        self.states.show_empty(
            "memory",
            say("Nobody to remember yet"),
            say("Once somebody writes where the bot is, they appear here, with what it learns of them."),
            say("Meet it in the practice room"),
            lambda: self.wanted.emit("practice"),
        )

    def _show_first(self) -> None:
        self.states.show_full()
        self._show_tools(True)
        self._show_memories()

    def _show_memories(self) -> None:
        model = self.memories.view.model()
        states = self.memories.states
        person = self.people.person
        name = person.name if person is not None else say("anybody")
        if model.rowCount():
            states.show_full()
        elif self.memories.filters.narrowed:
            states.show_empty(
                "filter",
                say("None like this"),
                say("Nothing of that kind is remembered of {name}.", name=name),
                say("Show everything"),
                self.memories.filters.clear,
            )
        elif person is not None and person.state == "opted_out":
            states.show_empty(
                "hide",
                say("Nothing is remembered of {name}", name=name),
                say("{name} asked to be left alone, so nothing they write is kept.", name=name),
            )
        else:
            told = say("Facts come from what people write, when their messages are sorted.")
            states.show_empty(
                "memory",
                say("Nothing is remembered of {name} yet", name=name),
                f"{told} {self._waiting_words()}".strip(),
                say("Consolidate now"),
                self.runs.start,
            )
        self.export.setEnabled(person is not None)
        self.memories.show_count()
        self._show_chosen()

    def _show_chosen(self) -> None:
        memory = self.memories.one
        if memory is None:
            if self.memories.view.chosen_count != 1:
                self.acts.keep_typed()
                self._show_detail(False)
            return
        shown = self.detail.memory
        same = shown is not None and (type(shown), shown.row_id) == (type(memory), memory.row_id)
        if not same:
            self.acts.keep_typed()
        self.detail.show_memory(memory)
        self._show_detail(True)
        if not same:
            self.run(self._read_sources(memory), say("Reading where it comes from"))

    def _show_detail(self, shown: bool) -> None:
        self.detail.setVisible(shown)
        self._make_room()

    def _follow(self, *_: object) -> None:
        """A line was read anew: the memory in full follows."""
        if self.memories.view.chosen_count == 1:
            self._show_chosen()

    # what the host does

    def _read_people(self) -> None:
        work = self._reading_people.show(self.people.wanted(self.realm), self.people.show_count)
        self.run(work, say("Reading the people"))

    def _read_memories(self) -> None:
        self.acts.keep_typed()
        work = self._reading[self.memories.kind].show(self._sought(), self._show_memories)
        self.run(work, say("Reading the memories"))

    def _person_chosen(self, person_id: int) -> None:
        self.facts_model.names = person_id == 0
        self._read_memories()

    def _realm_chosen(self, _index: int) -> None:
        self.people.forget()
        self.runs.close()
        self.reload()

    def _show_around(self, card: SaidCard) -> None:
        if card.said.message_id is not None:
            work = self._notebook.around(card.said.message_id)
            self.run(work, say("Reading what stood around it"), card.show_around)

    def _close_detail(self) -> None:
        self.memories.view.clearSelection()
        self.memories.view.setFocus()

    def begin_search(self) -> None:
        self.memories.filters.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def take_back(self) -> bool:
        return self.acts.undo_last()

    def step_back(self) -> bool:
        if self._middle.currentWidget() is self.runs.diff:
            self.runs.close()
            return True
        if self.detail.isHidden():
            return False
        self._close_detail()
        return True

    def _show_diff(self, shown: bool) -> None:
        self.acts.keep_typed()
        self._middle.setCurrentWidget(self.runs.diff if shown else self.side_by_side)
        (self.runs.diff.list if shown else self.memories.view).setFocus()
