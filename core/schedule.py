"""Things that are due: daily jobs in the host's time zone and jobs of every so many minutes, each occurrence
run once.

A tick compares the wall clock with what is due. Asleep or switched off at the time? Then the job is
caught up once, if that is still inside its window. Every occurrence is claimed in the store under a
unique key first, so two ticks, or two programs, never run it twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import partial

from core.clock import Clock
from db import jobs
from db.store import Store

log = logging.getLogger(__name__)

TICK_S = 20.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Daily:
    """A job of every day.

    Attributes:
        hour: answers the hour of the day (0–23, host's zone) at the moment it is asked.
        window: how late it may still be caught up.
    """

    name: str
    hour: Callable[[], Awaitable[int]]
    run: Callable[[], Awaitable[None]]
    window: timedelta = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class Every:
    """A job that comes round every `minutes`, counted from midnight UTC of 1 January 1970.

    Attributes:
        window: how late it may still be caught up; None: until the next time is due.
    """

    name: str
    minutes: int
    run: Callable[[], Awaitable[None]]
    window: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Often:
    """A job that knows itself what is due, and claims it: it is asked at every tick."""

    name: str
    run: Callable[[], Awaitable[None]]


Job = Daily | Every | Often


def newest_round(now: datetime, minutes: int) -> datetime:
    """The newest moment, not after `now`, at which a job of every `minutes` came round."""
    period = timedelta(minutes=minutes)
    return now - (now - _EPOCH) % period


def last_due(now: datetime, hour: int, zone: tzinfo) -> datetime:
    """The newest moment, in UTC and not after `now`, at which the host's clock showed `hour`:00.

    An hour that the change to summer time skips counts as the moment after the gap; one that the
    change to winter time repeats counts once, the first time.
    """
    local = now.astimezone(zone)
    for days in (0, 1, 2):
        wanted = datetime.combine(local.date() - timedelta(days=days), time(hour), tzinfo=zone)
        due = wanted.astimezone(UTC)
        if due <= now:
            return due
    raise AssertionError("an hour of the day comes round every day")


class Schedule:
    """Runs jobs while it is open (`async with`); a long one holds up no other.

    Args:
        since: nothing that was due before this moment is caught up; None: everything inside its window.
    """

    def __init__(
        self, store: Store, clock: Clock, zone: tzinfo, jobs: tuple[Job, ...], since: datetime | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._jobs = jobs
        self._since = since
        self._task: asyncio.Task[None] | None = None
        self._running: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Schedule:
        self._task = asyncio.create_task(self._tick_for_ever(), name="schedule")
        return self

    async def __aexit__(self, *raised: object) -> None:
        tasks = [task for task in (self._task, *self._running.values()) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._task = None

    async def tick(self) -> None:
        """Run what is due and was not run yet, and wait for it."""
        await self._start_what_is_due()
        await asyncio.gather(*self._running.values())

    async def _start_what_is_due(self) -> None:
        for job in self._jobs:
            if job.name in self._running:
                continue
            due = await self._due(job)
            if due is None and not isinstance(job, Often):
                continue
            task = asyncio.create_task(self._run(job, due), name=f"job {job.name}")
            self._running[job.name] = task
            task.add_done_callback(partial(self._ended, job.name))

    def _ended(self, name: str, task: asyncio.Task[None]) -> None:
        del self._running[name]

    async def _due(self, job: Job) -> datetime | None:
        """The occurrence to run now, claimed; None where there is none, or somebody else has it."""
        now = self._clock.now()
        if isinstance(job, Daily):
            due, window = last_due(now, await job.hour(), self._zone), job.window
        elif isinstance(job, Every):
            due = newest_round(now, job.minutes)
            window = job.window if job.window is not None else timedelta(minutes=job.minutes)
        else:
            return None
        if self._since is not None and due < self._since:
            return None
        if now - due <= window and await self._store.run(jobs.claim, job.name, due, now):
            return due
        return None

    async def _run(self, job: Job, due: datetime | None) -> None:
        try:
            await job.run()
            if due is not None:
                await self._store.run(jobs.finish, job.name, due, self._clock.now())
        except Exception:
            log.exception("the job %s failed", job.name)

    async def _tick_for_ever(self) -> None:
        while True:
            await self._clock.sleep(TICK_S)
            try:
                await self._start_what_is_due()
            except Exception:
                log.exception("the schedule could not look what is due")
