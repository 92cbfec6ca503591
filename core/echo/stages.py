"""The stages of an analysis, and what a stage tells of itself while it is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from core.clock import Clock
from core.words import T, Text
from db.echo_jobs import StoredJob as Job

if TYPE_CHECKING:  # it does stages itself
    from core.echo.queue import Queue

_TELL_EVERY_S = 1.0


class Stage(StrEnum):
    """Where a job stands, in this order."""

    COLLECT = "collect"
    PAIR = "pair"
    PROFILE = "profile"
    MODEL = "model"
    EVALUATE = "evaluate"
    READY = "ready"


STAGES = tuple(Stage)
UNTIMED = (Stage.COLLECT, Stage.READY)  # how long reading takes is not ours to say
_TITLES: dict[Stage, Text] = {
    Stage.COLLECT: T("Reading messages"),
    Stage.PAIR: T("Sorting messages"),
    Stage.PROFILE: T("Learning the style"),
    Stage.MODEL: T("Building the model"),
    Stage.EVALUATE: T("Testing on messages it never saw"),
    Stage.READY: T("Ready"),
}


def title(stage: str) -> Text:
    """A stage in words."""
    return _TITLES[Stage(stage)]


class Work:
    """A job under way: what a stage tells of itself."""

    def __init__(self, job: Job, queue: Queue, clock: Clock) -> None:
        self.job = job
        self._queue = queue
        self._clock = clock
        self._began = clock.monotonic()
        self._first = 0.0
        self._told = float("-inf")

    @property
    def consent_id(self) -> int:
        return self.job.consent_id

    async def begin(self, stage: Stage) -> None:
        """The next stage is reached: kept, so that it is here a restart goes on."""
        self._began, self._first, self._told = self._clock.monotonic(), 0.0, float("-inf")
        tries = self.job.tries if stage == self.job.stage else 0
        self.job = await self._queue.change(
            self.job.id, stage=stage.value, share=0.0, eta_s=None, done=0, total=0, tries=tries
        )

    async def progress(self, share: float, done: int = 0, total: int = 0) -> None:
        """How far the stage is, 0…1; `done` of `total` pieces where they can be counted."""
        now = self._clock.monotonic()
        if self._told == float("-inf"):
            self._first = share  # what an earlier try had done says nothing of this one's pace
        if now - self._told < _TELL_EVERY_S and share < 1:
            return
        self._told = now
        gone, made = now - self._began, share - self._first
        eta = gone * (1 - share) / made if made > 0.01 and gone > 0.5 else None
        self.job = await self._queue.change(self.job.id, share=share, eta_s=eta, done=done, total=total)

    async def note(self, text: Text, level: str = "info") -> None:
        """Write a line into the job's log."""
        await self._queue.write(self.job.id, level, text)


StageWork = Callable[[Work], Awaitable[None]]
