"""What the host does to memories on the memory page, and how it is taken back."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from core.memory.notebook import Edited, FactLine, Notebook, Part
from core.words import T, Text, count, say
from gui.pages.page import Page
from gui.widgets.memory_detail import MemoryDetail
from gui.widgets.memory_dialogs import MergeDialog, SplitDialog
from gui.widgets.memory_filters import FACTS
from gui.widgets.memory_list import MemoryList

_ENTRIES = 50
_WORKING: dict[str, Text] = {
    "delete": T("Deleting"),
    "restore": T("Restoring"),
    "protect": T("Protecting"),
    "unprotect": T("Letting go"),
    "accept": T("Accepting"),
}


class MemoryActs:
    """The acts of the memory page. The last ones can be taken back in the order they were done."""

    def __init__(self, page: Page, notebook: Notebook, memories: MemoryList, detail: MemoryDetail) -> None:
        self._page = page
        self._notebook = notebook
        self._memories = memories
        self._detail = detail
        self._done: list[Edited] = []
        self._saving = False

    def act(self, key: str) -> None:
        """Do one of gui.widgets.memory_list.ACTS with the memories chosen."""
        row_ids = self._memories.view.chosen_ids()
        if not row_ids:
            return
        if key == "merge":
            self._page.run(self._ask_merge(row_ids), say("Reading"))
        elif key == "split":
            self._page.run(self._ask_split(), say("Reading"))
        else:
            self._page.run(self._bulk(key, row_ids), say(_WORKING[key]), self._edited)

    def save(self, text: str, category: str, importance: float) -> None:
        """Keep what was typed into the memory that is shown."""
        memory = self._detail.memory
        if memory is None or self._saving:
            return
        if isinstance(memory, FactLine):
            wanted = None if importance < 0 else importance
            work = self._notebook.edit(memory.row_id, text, category, wanted)
        else:
            work = self._notebook.edit_episode(memory.row_id, text)

        def saved(edited: Edited) -> None:
            shown = self._detail.memory
            if shown is not None and (type(shown), shown.row_id) == (type(memory), memory.row_id):
                self._detail.settle()
            self._edited(edited)

        self._saving = True
        self._page.run(work, say("Saving"), saved).finished(self._not_saving)

    def keep_typed(self) -> None:
        """Save what was typed into the memory that is shown, if anything was: it can be taken back."""
        if not self._detail.isHidden() and self._detail.dirty:
            self._detail.save.click()

    def undo_last(self) -> bool:
        """Take the last act back; False when there is none."""
        if self._done:
            self._undo(self._done[-1])
        return bool(self._done)

    def _not_saving(self) -> None:
        self._saving = False

    def _bulk(self, key: str, row_ids: list[int]) -> Coroutine[Any, Any, Edited]:
        notebook = self._notebook
        if self._memories.kind == FACTS:
            facts: dict[str, Callable[[], Coroutine[Any, Any, Edited]]] = {
                "delete": lambda: notebook.delete(row_ids),
                "restore": lambda: notebook.restore(row_ids),
                "protect": lambda: notebook.protect(row_ids),
                "unprotect": lambda: notebook.protect(row_ids, False),
                "accept": lambda: notebook.accept(row_ids),
            }
            return facts[key]()
        episodes: dict[str, Callable[[], Coroutine[Any, Any, Edited]]] = {
            "delete": lambda: notebook.delete_episodes(row_ids),
            "restore": lambda: notebook.restore_episodes(row_ids),
            "protect": lambda: notebook.protect_episodes(row_ids),
            "unprotect": lambda: notebook.protect_episodes(row_ids, False),
        }
        return episodes[key]()

    async def _ask_merge(self, row_ids: list[int]) -> None:
        facts = await self._notebook.fact_lines(row_ids)
        if len(facts) < 2:
            return
        dialog = MergeDialog(facts, self._page)
        dialog.agreed.connect(
            lambda text: self._page.run(self._notebook.merge(row_ids, text), say("Merging"), self._edited)
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def _ask_split(self) -> None:
        fact = self._memories.one
        if not isinstance(fact, FactLine):
            return
        sources = await self._notebook.fact_sources(fact.row_id)

        def agreed(parts: tuple[Part, Part]) -> None:
            self._page.run(self._notebook.split(fact.row_id, parts), say("Splitting"), self._edited)

        dialog = SplitDialog(fact, sources, self._page)
        dialog.agreed.connect(agreed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _edited(self, edited: Edited) -> None:
        if not edited.count:
            stayed = say("Nothing was changed: what is protected stays.")
            self._page.toast(stayed if edited.kind == "bin" else say("Nothing was changed."), "info")
            return
        self._done = [*self._done, edited][-_ENTRIES:]
        self._page.toast(_sentence(edited), "good", say("Undo"), lambda: self._undo(edited))

    def _undo(self, edited: Edited) -> None:
        if edited not in self._done:
            return
        self._done.remove(edited)
        self._page.run(self._notebook.undo(edited), say("Taking it back"), self._undone)

    def _undone(self, changed: int) -> None:
        words = say("Taken back.") if changed else say("That cannot be taken back any more.")
        self._page.toast(words, "info")


def _sentence(edited: Edited) -> str:
    n = edited.count
    match edited.kind:
        case "bin":
            return count("One memory is in the recycle bin.", "{n} memories are in the recycle bin.", n)
        case "restore":
            return count("One memory is back.", "{n} memories are back.", n)
        case "protect":
            return count("One memory is protected.", "{n} memories are protected.", n)
        case "unprotect":
            return count("One memory may be forgotten again.", "{n} memories may be forgotten again.", n)
        case "accept":
            return count("One memory is remembered now.", "{n} memories are remembered now.", n)
        case "merge":
            return count("Merged.", "{n} memories are one now.", n)
        case "split":
            return say("One memory is two now.")
        case _:
            return say("Saved. The very next reply knows it.")
