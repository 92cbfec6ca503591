"""One idiom for everything that takes time: say what to do, what follows when it is done, what when
it fails. An operation belongs to a page and ends with it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from core.errors import Explained, Unexpected, explain

log = logging.getLogger(__name__)

Result = TypeVar("Result")


class Tasks:
    """The tasks somebody owns: held until they end, cancelled and awaited when the owner goes."""

    def __init__(self) -> None:
        self._held: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return len(self._held)

    def start(self, work: Coroutine[Any, Any, Result], name: str) -> asyncio.Task[Result]:
        """Run `work` on the loop."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._held.add(task)
        task.add_done_callback(self._let_go)
        return task

    async def idle(self) -> None:
        """Wait until none is left, also of those that begin meanwhile."""
        while self._held:
            await asyncio.wait(self._held)

    def cancel(self) -> None:
        """Ask all of them to end."""
        for task in list(self._held):
            task.cancel()

    async def end(self) -> None:
        """Cancel all of them and wait until they have ended."""
        held = list(self._held)
        self.cancel()
        await asyncio.gather(*held, return_exceptions=True)

    def _let_go(self, task: asyncio.Task[Any]) -> None:
        self._held.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            told = {"uncaught": True}
            log.error("the task %s broke", task.get_name(), exc_info=error, extra=told)


class Moving(QObject):
    """What an operation reports while it runs; a listener may be anywhere in the window."""

    progressed = Signal(float, str)
    ended = Signal()


class Operation(Generic[Result]):
    """A piece of work with its continuations.

        Operation(tasks, say("Saving…"), personas.add(persona)).success(self._added).start()

    Args:
        tasks: the owner's. title: what it is, in the host's words; shown when it takes over a second.
        work: the coroutine to await.
        on_trouble: where a failure goes that has no `failure` of its own; None logs it.
    """

    def __init__(
        self,
        tasks: Tasks,
        title: str,
        work: Coroutine[Any, Any, Result],
        on_trouble: Callable[[Explained], None] | None = None,
    ) -> None:
        self.title = title
        self.moving = Moving()
        self._tasks = tasks
        self._work = work
        self._on_success: Callable[[Result], object] | None = None
        self._on_failure: Callable[[Explained], object] | None = on_trouble
        self._on_end: Callable[[], object] | None = None
        self._task: asyncio.Task[None] | None = None

    def success(self, then: Callable[[Result], object]) -> Operation[Result]:
        """Call `then` with the result."""
        self._on_success = then
        return self

    def failure(self, then: Callable[[Explained], object]) -> Operation[Result]:
        """Call `then` with the error in a person's words. Not called when cancelled."""
        self._on_failure = then
        return self

    def finished(self, then: Callable[[], object]) -> Operation[Result]:
        """Call `then` at the end in any case, also when cancelled."""
        self._on_end = then
        return self

    def start(self) -> Operation[Result]:
        """Begin."""
        self._task = self._tasks.start(self._run(), f"operation: {self.title}")
        self._task.add_done_callback(self._over)
        return self

    @property
    def running(self) -> bool:
        return self._task is not None and not self._task.done()

    def progress(self, share: float, detail: str = "") -> None:
        """Report how far it is, 0–1 (negative: unknown), with a word on what it is doing."""
        self.moving.progressed.emit(share, detail)

    def cancel(self) -> None:
        """Break it off. Nothing but `finished` is called then."""
        if self._task is not None:
            self._task.cancel()

    async def done(self) -> None:
        """Wait until it has ended; its failure is not raised here."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        try:
            result = await self._work
        except Exception as error:  # noqa: BLE001 - every error becomes a sentence here
            self._failed(error)
        else:
            if self._on_success is not None:
                self._on_success(result)

    def _over(self, _task: asyncio.Task[None]) -> None:
        self._work.close()  # a task cancelled before its first step never enters the coroutine
        if self._on_end is not None:
            self._on_end()
        self.moving.ended.emit()

    def _failed(self, error: Exception) -> None:
        explained = explain(error)
        if explained.code == Unexpected.__name__:
            log.error("%s failed", self.title, exc_info=error)
        if self._on_failure is None:
            log.warning("%s: %s", self.title, explained.what)
        else:
            self._on_failure(explained)
