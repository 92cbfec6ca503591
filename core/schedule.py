"""Things that are due: daily jobs in the host's time zone, each occurrence run once.

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

from core.clock import Clock
from db import jobs
from db.store import Store

log = logging.getLogger(__name__)

TICK_S = 20.0


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
    """Runs daily jobs while it is open (`async with`)."""

    def __init__(self, store: Store, clock: Clock, zone: tzinfo, daily: tuple[Daily, ...]) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._daily = daily
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Schedule:
        self._task = asyncio.create_task(self._tick_for_ever(), name="schedule")
        return self

    async def __aexit__(self, *raised: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def tick(self) -> None:
        """Run what is due and was not run yet."""
        for job in self._daily:
            now = self._clock.now()
            due = last_due(now, await job.hour(), self._zone)
            if now - due <= job.window and await self._store.run(jobs.claim, job.name, due, now):
                await self._run(job, due)

    async def _run(self, job: Daily, due: datetime) -> None:
        try:
            await job.run()
        except Exception:
            log.exception("the daily job %s failed", job.name)
        else:
            await self._store.run(jobs.finish, job.name, due, self._clock.now())

    async def _tick_for_ever(self) -> None:
        while True:
            await self._clock.sleep(TICK_S)
            try:
                await self.tick()
            except Exception:
                log.exception("the schedule could not look what is due")
