"""Consolidations on the memory page: started, watched, stopped, and read line by line afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from core.errors import Explained
from core.events import ConsolidationProgress, JobProgress
from core.memory.consolidate import JOB, Consolidated
from core.memory.notebook import DiffLine, Notebook
from core.words import say
from gui.operation import Operation
from gui.pages.page import Page
from gui.widgets.memory_diff import DiffView
from gui.widgets.memory_run import RunCard


class Consolidates(Protocol):
    """What of core.memory.consolidate.Consolidation is needed here."""

    async def run(self, realm: str, cause: str = "asked") -> Consolidated:
        """Read everything of a realm that is not read yet."""
        ...


class MemoryRuns:
    """The runs of the memory page.

    Args:
        realm: whose world is shown. changed: the memories are to be read again. show_diff: bring the diff
            into sight, or away.
    """

    def __init__(
        self,
        page: Page,
        notebook: Notebook,
        consolidation: Consolidates,
        realm: Callable[[], str],
        changed: Callable[[], object],
        show_diff: Callable[[bool], object],
    ) -> None:
        self._page = page
        self._notebook = notebook
        self._consolidation = consolidation
        self._realm = realm
        self._changed = changed
        self._show_diff = show_diff
        self._mine: Operation[Consolidated] | None = None
        self.card = RunCard()
        self.diff = DiffView()
        self.card.cancelled.connect(self.cancel)
        self.card.diff_wanted.connect(self.show)
        self.diff.closed.connect(self.close)
        self.diff.run_wanted.connect(self.show)
        self.diff.undo_wanted.connect(self._undo_line)
        self.diff.undo_all_wanted.connect(self._undo_run)
        page.listen(ConsolidationProgress, self._moved)
        page.listen(JobProgress, self._job_moved)

    # a run

    @property
    def mine(self) -> bool:
        """Does a run go on that the host began here?"""
        return self._mine is not None and self._mine.running

    def start(self) -> None:
        """Read what was not read yet."""
        if self.mine:
            return
        self.card.begin(mine=True)
        work = self._consolidation.run(self._realm())
        self._mine = Operation(self._page.tasks, say("Sorting memories"), work)
        self._mine.success(self._over).failure(self._broke).finished(self._ended).start()

    def cancel(self) -> None:
        """Stop the run that was begun here."""
        if self._mine is not None:
            self._mine.cancel()

    def _over(self, done: Consolidated) -> None:
        self.card.over(
            done.run_id, done.people, (done.inserted, done.confirmed, done.closed, done.quarantined)
        )

    def _broke(self, trouble: Explained) -> None:
        self.card.stopped(f"{trouble.what} {trouble.step}")

    def _ended(self) -> None:
        if self.card.running:
            self.card.stopped(say("Stopped. What was read so far stays."))
        self._changed()

    def _moved(self, moved: ConsolidationProgress) -> None:
        if moved.realm == self._realm():
            self.card.moved(moved, mine=self.mine)
            if moved.step != "reading":
                self._changed()

    def _job_moved(self, moved: JobProgress) -> None:
        """A run that was begun elsewhere, by the clock say, has ended."""
        if moved.job_id == JOB and moved.done and not self.mine and self.card.running:
            self.card.over(self.card.run_id, self.card.model.done, (*self.card.model.sums, 0))
            self._changed()

    # what it changed

    def show_newest(self) -> None:
        """Show what the newest run changed."""
        self._page.run(self._read(None), say("Reading what changed"))

    def show(self, run_id: int) -> None:
        """Show what a run changed; 0 is what the host did by hand."""
        self._page.run(self._read(run_id), say("Reading what changed"))

    def close(self) -> None:
        """Back to the memories."""
        self._show_diff(False)

    def refresh(self) -> None:
        """The memories have changed: so may what is to be read of a run, when it is in sight."""
        if self.diff.isVisible():
            self._page.run(self._read(self.diff.run_id), say("Reading what changed"))

    async def _read(self, run_id: int | None) -> None:
        realm = self._realm()
        runs = await self._notebook.runs(realm)
        wanted = run_id if run_id is not None else runs[0].row_id if runs else 0
        lines = await self._notebook.diff(realm, wanted)
        self.diff.show_runs(runs, wanted)
        self.diff.show_lines(lines)
        self._show_diff(True)

    def _undo_line(self, line: DiffLine) -> None:
        self._page.run(
            self._notebook.undo_line(self._realm(), line),
            say("Taking it back"),
            lambda ok: self._undone(int(ok)),
        )

    def _undo_run(self, run_id: int) -> None:
        self._page.run(
            self._notebook.undo_run(self._realm(), run_id), say("Taking everything back"), self._undone
        )

    def _undone(self, changed: int) -> None:
        words = say("Taken back.") if changed else say("That cannot be taken back any more.")
        self._page.toast(words, "info")
