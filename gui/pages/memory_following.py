"""How the Memory page stays true while people write, the night sorts, and the host looks on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer

from core.events import MemoryChanged, MessageRecorded
from core.memory.notebook import EpisodeLine, FactLine, Notebook, Waiting
from core.words import count, say
from gui.models.reading import Reading
from gui.pages.memory_runs import MemoryRuns
from gui.pages.page import Page
from gui.widgets.basics import ElidedLabel
from gui.widgets.memory_detail import MemoryDetail
from gui.widgets.memory_list import MemoryList
from gui.widgets.memory_people import PeoplePanel


class FollowingMemory(Page):
    """The part of the page that reads again when something changed elsewhere, and writes exports."""

    people: PeoplePanel
    memories: MemoryList
    detail: MemoryDetail
    runs: MemoryRuns
    waiting: ElidedLabel
    consolidate: Any
    _notebook: Notebook
    _ask_file: Callable[..., object]
    _reading_people: Reading[Any, Any]
    _reading: dict[str, Reading[Any, Any]]
    _waiting: Waiting
    _stale: bool
    _soon: QTimer
    _later: QTimer

    @property
    def realm(self) -> str:
        """Whose world is shown."""
        raise NotImplementedError

    def _sought(self) -> Any:
        raise NotImplementedError

    def _show_memories(self) -> None:
        raise NotImplementedError

    async def _read_sources(self, memory: FactLine | EpisodeLine) -> None:
        if isinstance(memory, FactLine):
            said, cited = await self._notebook.fact_sources(memory.row_id), []
        else:
            said = await self._notebook.episode_sources(memory.row_id)
            cited = await self._notebook.cited(memory.row_id) if memory.insight else []
        if self.detail.memory is not None and self.detail.memory.row_id == memory.row_id:
            self.detail.show_sources(said, cited)

    async def _read_waiting(self) -> None:
        self._waiting = await self._notebook.waiting(self.realm)
        messages = self._waiting.messages
        self.waiting.put(count("{n} unread message", "{n} unread messages", messages) if messages else "")
        self.consolidate.setToolTip(self._waiting_words())

    def _waiting_words(self) -> str:
        messages = self._waiting.messages
        if not messages:
            return ""
        return count("{n} message waits to be sorted.", "{n} messages wait to be sorted.", messages)

    def _export(self) -> None:
        person = self.people.person
        if person is None:
            return
        kinds = ((say("Everything, as JSON"), "json"), (say("Facts, as a table"), "csv"))
        title = say("Export what is remembered of {name}", name=person.name)

        def write(path: Path) -> None:
            work = self._notebook.export(person.row_id, path)
            self.run(work, say("Exporting"), lambda memories: exported(path, memories))

        def exported(path: Path, memories: int) -> None:
            told = count("One memory is in {file}.", "{n} memories are in {file}.", memories, file=path.name)
            self.toast(told, "good")

        name = "".join(letter if letter.isalnum() else "-" for letter in person.name).strip("-")
        self._ask_file(self, title, name or say("memories"), kinds, write)

    # what happens elsewhere

    def _memory_changed(self, changed: MemoryChanged) -> None:
        if changed.realm == self.realm:
            self._changed()

    def _changed(self) -> None:
        self._stale = True
        if self.isVisible():
            self._soon.start()

    def _refresh(self) -> None:
        self._stale = False
        if self.states.state != "full":
            self.reload()
            return
        self.run(self._read_again(), say("Reading the memories"))
        self.runs.refresh()

    async def _read_again(self) -> None:
        await self._reading[self.memories.kind].refresh(self._sought(), self._show_memories)
        await self._read_waiting()
        await self._reading_people.refresh(self.people.wanted(self.realm), self.people.show_count)
        memory = self.detail.memory
        if memory is not None and not self.detail.isHidden():
            await self._read_sources(memory)

    def _message_recorded(self, recorded: MessageRecorded) -> None:
        if recorded.realm == self.realm and self.isVisible() and not self._later.isActive():
            self._later.start()

    def _refresh_people(self) -> None:
        if self.states.state != "full":
            self.reload()
            return
        self.run(self._read_people_again(), say("Reading the people"))

    async def _read_people_again(self) -> None:
        await self._reading_people.refresh(self.people.wanted(self.realm), self.people.show_count)
        await self._read_waiting()
