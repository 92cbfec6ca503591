"""Analyses are done: one heavy job at a time, each stage kept when it is reached.

A job that was broken off (the program was closed, or killed) waits again at the stage it had reached.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Mapping
from datetime import datetime, timedelta

from core.clock import Clock
from core.echo.queue import Job, JobLine, Queue
from core.echo.refusals import BuildTooLong, ConsentMissing, JobUnknown, SourceBroke, SourceMissing
from core.echo.stages import STAGES, UNTIMED, Stage, StageWork, Work, title
from core.echoing import MODEL_TRAINING_TIMEOUT
from core.errors import BrainError, DiscordError, EchodeckError, explain
from core.events import Bus
from core.settings import Settings
from core.words import T, kept_params
from db import echo_jobs
from db.base import Database
from db.echo_jobs import CANCELLED, DONE, FAILED, QUEUED, RUNNING
from db.faults import StoreClosed, StoreFault
from db.store import Store

__all__ = ["Job", "JobLine", "Jobs", "Stage", "title"]

log = logging.getLogger(__name__)

MOST_TRIES = 4
MOST_BEGINNINGS = 12  # of one stage: a job that takes the program down with it is not begun for ever
_WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20))
_OFFLINE_WAIT = timedelta(hours=6)  # coming online ends it
_SHORT_WAIT = timedelta(minutes=1)
_FAULT_WAIT_S = 30.0
_WORTH_ANOTHER_TRY = (BrainError, DiscordError, SourceBroke, StoreFault, OSError)


class Jobs(Queue):
    """The queue, worked off while it is open (`async with`)."""

    def __init__(
        self, store: Store, settings: Settings, bus: Bus, clock: Clock, stages: Mapping[Stage, StageWork]
    ) -> None:
        super().__init__(store, bus, clock)
        self._settings = settings
        self._stages = stages
        self._task: asyncio.Task[None] | None = None
        self._running: tuple[Job, asyncio.Task[None]] | None = None

    async def __aenter__(self) -> Jobs:
        await self._store.run(echo_jobs.back_to_queue)
        self._task = asyncio.create_task(self._run_for_ever(), name="echo jobs")
        return self

    async def __aexit__(self, *raised: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def cancel(self, job_id: int) -> Job:
        """Stop a job, or take it out of the queue. What was read stays, so that it can be tried again.

        Raises:
            JobUnknown
        """
        job = await self.get(job_id)
        if job.state == QUEUED:
            return await self.change(job_id, state=CANCELLED, ended_at=self._clock.now())
        if job.state == RUNNING:
            await self.change(job_id, cancelling=True)
            await self._stop(job_id)
        return await self.get(job_id)

    async def drop(self, consent_id: int) -> None:
        """Stop whatever is being done for a consent, and wait until it has stopped."""
        if self._running is not None and self._running[0].consent_id == consent_id:
            await self._stop(self._running[0].id)

    async def _run_for_ever(self) -> None:
        while True:
            self._wake.clear()
            try:
                job, given_up = await self._store.run(_take, self._clock.now())
            except StoreClosed:
                return
            except StoreFault as error:  # a full disk, say
                log.warning("the queue of analyses waits: %s", type(error).__name__)
                await self._clock.sleep(_FAULT_WAIT_S)
                continue
            for each in given_up:
                self._tell(each)
            if job is None:
                await self._until_something_is_due()
                continue
            self._tell(job)
            task = asyncio.create_task(self._do(job), name=f"echo job {job.id}")
            self._running = job, task
            try:
                await asyncio.wait([task])
            finally:
                if not task.done():
                    task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                self._running = None
            await self._not_left_running(job.id)

    async def _not_left_running(self, job_id: int) -> None:
        """A job that could not even be written off (the disk is full) waits again."""
        try:
            job = await self._store.run(echo_jobs.by_id, job_id)
            if job is not None and job.state == RUNNING:
                due = self._clock.now() + _SHORT_WAIT
                await self.change(job_id, state=QUEUED, not_before=due)
        except (StoreFault, JobUnknown) as error:
            log.warning("an echo's job was left as it is: %s", type(error).__name__)

    async def _until_something_is_due(self) -> None:
        due = await self._store.run(echo_jobs.next_wait)
        if due is None:
            await self._wake.wait()
            return
        waiting = [
            asyncio.create_task(self._wake.wait(), name="echo queue"),
            asyncio.create_task(
                self._clock.sleep((due - self._clock.now()).total_seconds()), name="echo queue pause"
            ),
        ]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _stop(self, job_id: int) -> None:
        if self._running is not None and self._running[0].id == job_id:
            task = self._running[1]
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _do(self, job: Job) -> None:
        """All stages from the one it stands at; whatever happens, the job ends in a state."""
        work = Work(job, self, self._clock)
        try:
            await self._all_stages(work)
            await self.change(
                job.id, state=DONE, share=1.0, eta_s=0.0, ended_at=self._clock.now(), trouble=""
            )
            await work.note(T("The echo is ready."), "good")
        except asyncio.CancelledError:
            await asyncio.shield(self._cancelled(job))
            raise
        except JobUnknown:
            log.info("an echo's job was erased while it ran")
        except (EchodeckError, StoreFault, OSError) as error:
            await self._failed(work, error)
        except Exception as error:
            log.exception("an echo's job failed")
            await self._failed(work, error)

    async def _all_stages(self, work: Work) -> None:
        limit = float(await self._settings.get(MODEL_TRAINING_TIMEOUT))
        spent = 0.0
        for stage in STAGES[STAGES.index(Stage(work.job.stage)) :]:
            await work.begin(stage)
            await work.note(title(stage))
            if stage in UNTIMED:
                await self._stages[stage](work)
                continue
            began = self._clock.monotonic()
            await self._in_time(self._stages[stage](work), limit - spent, round(limit))
            spent += self._clock.monotonic() - began

    async def _in_time(self, doing: Awaitable[None], seconds: float, limit: int) -> None:
        """Wait for a stage, by this clock, at most so long.

        Raises:
            BuildTooLong
        """
        work = asyncio.ensure_future(doing)
        bell = asyncio.create_task(self._clock.sleep(max(seconds, 0.0)), name="echo build time")
        try:
            await asyncio.wait([work, bell], return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                raise BuildTooLong(seconds=limit)
            await work
        finally:
            for task in (work, bell):
                task.cancel()
            await asyncio.gather(work, bell, return_exceptions=True)

    async def _cancelled(self, job: Job) -> None:
        """By somebody, or because the program closes: then it goes on at the next start."""
        try:
            now = await self._store.run(echo_jobs.by_id, job.id)
            if now is None:
                return
            if not now.cancelling:
                await self.change(job.id, tries=max(0, now.tries - 1))
            else:
                await self.change(job.id, state=CANCELLED, cancelling=False, ended_at=self._clock.now())
                await self.write(job.id, "warn", T("Cancelled."))
        except (StoreClosed, JobUnknown):
            return

    async def _failed(self, work: Work, error: Exception) -> None:
        job = work.job
        told = explain(error)
        if isinstance(error, ConsentMissing):
            log.info("an echo's job ended: there is no consent any more")
        trouble = json.dumps(
            {
                "what": (told.what.key, kept_params(told.what.params)),
                "step": (told.step.key, kept_params(told.step.params)),
                "code": told.code,
            }
        )
        try:
            await self.write(job.id, "bad", told.what)
            wait = self._wait_after(job, error)
            if wait is not None:
                due = self._clock.now() + wait
                tries = job.tries - 1 if isinstance(error, SourceMissing) else job.tries
                await self.change(job.id, state=QUEUED, not_before=due, trouble=trouble, tries=tries)
            else:
                await self.change(job.id, state=FAILED, ended_at=self._clock.now(), trouble=trouble)
        except (StoreFault, JobUnknown) as lost:
            log.warning("an echo's job could not be written off: %s", type(lost).__name__)

    def _wait_after(self, job: Job, error: Exception) -> timedelta | None:
        """How long until it is tried again; None when it is not."""
        if isinstance(error, SourceMissing):
            return _OFFLINE_WAIT
        if isinstance(error, _WORTH_ANOTHER_TRY) and job.tries < MOST_TRIES:
            return _WAITS[min(job.tries, len(_WAITS)) - 1]
        return None


def _take(db: Database, now: datetime) -> tuple[Job | None, list[Job]]:
    """The next job, marked as running; and those that were begun too often."""
    given_up: list[Job] = []
    while (job := echo_jobs.next_due(db, now)) is not None:
        if job.tries < MOST_BEGINNINGS:
            began = job.started_at or now
            taken = echo_jobs.put(
                db, job.id, state=RUNNING, started_at=began, not_before=None, tries=job.tries + 1
            )
            return taken, given_up
        failed = echo_jobs.put(db, job.id, state=FAILED, ended_at=now)
        given_up += [failed] if failed is not None else []
    return None, given_up
