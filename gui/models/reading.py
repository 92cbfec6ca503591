"""Fills a paged model from queries: how many and the first lines at once, then the order of all, then the
lines that come into sight."""

from __future__ import annotations

from array import array
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, Protocol, TypeVar

from core.memory.notebook import Found
from core.words import say
from gui.models.paged import HasRowId, PagedModel
from gui.operation import Operation, Tasks

Line = TypeVar("Line", bound=HasRowId)
Sought = TypeVar("Sought", contravariant=True)


class Queries(Protocol[Sought]):
    """Answers the row ids of what is sought, in order."""

    def __call__(self, sought: Sought) -> Awaitable[array[int]]: ...


class Reading(Generic[Sought, Line]):
    """Reads one list. A later question makes the answer to an earlier one worthless.

    Args:
        find, order, lines: the three queries of core.memory.notebook.Notebook.
        keeping: does what may reset the model, keeping what is selected and in sight.
    """

    def __init__(
        self,
        model: PagedModel[Line],
        tasks: Tasks,
        find: Callable[[Sought], Awaitable[Found[Line]]],
        order: Queries[Sought],
        lines: Callable[[Sequence[int]], Awaitable[list[Line]]],
        keeping: Callable[[Callable[[], object]], object],
    ) -> None:
        self._model = model
        self._tasks = tasks
        self._find = find
        self._order = order
        self._lines = lines
        self._keeping = keeping
        self._question = 0
        model.wanted.connect(self._wanted)

    async def show(self, sought: Sought, shown: Callable[[], object]) -> None:
        """Show another list; `shown` is called when its first lines are there."""
        await self.begin(sought, shown)
        await self.complete(sought)

    async def begin(self, sought: Sought, shown: Callable[[], object]) -> None:
        """Show the first lines of another list; `complete` it with the same question."""
        question = self._next()
        found = await self._find(sought)
        if question == self._question:
            self._model.show(found.total, found.lines)
            shown()

    async def complete(self, sought: Sought) -> None:
        """Learn the order of all rows, when not all are there."""
        question = self._question
        if not self._model.complete:
            ids = await self._order(sought)
            if question == self._question:
                self._keeping(lambda: self._model.know(ids))

    async def refresh(self, sought: Sought, shown: Callable[[], object]) -> None:
        """Read the same list again, because what it is made of has changed."""
        question = self._next()
        found = await self._find(sought)
        ids = await self._order(sought)
        if question == self._question:
            self._keeping(lambda: self._model.refresh(ids, found.lines))
            shown()

    def _next(self) -> int:
        self._question += 1
        return self._question

    def _wanted(self, row_ids: list[int]) -> None:
        asked = Operation(self._tasks, say("Reading"), self._read(row_ids))
        asked.failure(lambda _trouble: self._model.missed()).start()

    async def _read(self, row_ids: list[int]) -> None:
        question = self._question
        lines = await self._lines(row_ids)
        if question == self._question:
            self._model.fill(lines)
