"""The queue of analyses: what waits, how far it is, and its log, so that all of it outlives the program."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.clock import Clock
from core.echo.consent import require_live
from core.echo.refusals import JobUnknown
from core.echo.stages import Stage
from core.errors import Explained
from core.events import Bus, EchoJobChanged
from core.words import Text, kept_params
from db import echo_jobs
from db.base import Database
from db.echo_jobs import CANCELLED, FAILED, QUEUED, StoredJobLine
from db.echo_jobs import StoredJob as Job
from db.store import Store

__all__ = ["Job", "JobLine", "Queue"]


@dataclass(frozen=True, slots=True)
class JobLine:
    """A line of a job's log. `level`: info, good, warn or bad."""

    at: datetime
    level: str
    text: Text


class Queue:
    """What can be asked of the queue; `core.echo.jobs.Jobs` does the work."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._wake = asyncio.Event()

    async def add(self, consent_id: int, stage: Stage = Stage.COLLECT) -> Job:
        """Queue an analysis; the one that waits or runs already is answered instead.

        Raises:
            ConsentMissing: there is no live consent.
        """
        job = await self._store.run(_add, consent_id, stage.value, self._clock.now())
        self._tell(job)
        self.wake()
        return job

    async def get(self, job_id: int) -> Job:
        """A job as it stands.

        Raises:
            JobUnknown
        """
        job = await self._store.run(echo_jobs.by_id, job_id)
        if job is None:
            raise JobUnknown
        return job

    async def recent(self, limit: int = 100) -> list[Job]:
        """The newest jobs, the newest first."""
        return await self._store.read(echo_jobs.every, limit)

    async def of(self, consent_id: int) -> list[Job]:
        """A consent's jobs, the newest first."""
        return await self._store.read(echo_jobs.of_consent, consent_id)

    async def log(self, job_id: int) -> list[JobLine]:
        """A job's log, the oldest line first."""
        lines = await self._store.read(echo_jobs.log, job_id)
        return [JobLine(line.at, line.level, Text(line.key, line.params)) for line in lines]

    async def retry(self, job_id: int) -> Job:
        """Queue a job that failed or was cancelled once more, from the stage it had reached.

        Raises:
            JobUnknown
            ConsentMissing: there is no live consent any more.
        """
        job = await self.get(job_id)
        if job.state in (FAILED, CANCELLED):
            return await self.add(job.consent_id, Stage(job.stage))
        return job

    async def shown_at(self, job_id: int, channel_id: int, message_id: int) -> None:
        """Where its progress is shown, so that a restart can go on editing that message."""
        await self._store.run(echo_jobs.put, job_id, shown_channel=channel_id, shown_message=message_id)

    def trouble(self, job: Job) -> Explained | None:
        """What went wrong with a job, in words; None when nothing did."""
        if not job.trouble:
            return None
        told = json.loads(job.trouble)
        return Explained(Text(*told["what"]), Text(*told["step"]), told["code"])

    def wake(self) -> None:
        """Look at the queue now."""
        self._wake.set()

    async def came_online(self) -> None:
        """Messages can be read again: jobs that waited for that need not wait longer."""
        await self._store.run(_hurry)
        self.wake()

    async def change(self, job_id: int, **values: Any) -> Job:
        """Change a job and tell everybody.

        Raises:
            JobUnknown: it was erased meanwhile.
        """
        job = await self._store.run(echo_jobs.put, job_id, **values)
        if job is None:
            raise JobUnknown
        self._tell(job)
        return job

    async def write(self, job_id: int, level: str, text: Text) -> None:
        """Write a line into a job's log."""
        line = StoredJobLine(self._clock.now(), level, text.key, kept_params(text.params))
        await self._store.run(echo_jobs.write, job_id, line)

    def _tell(self, job: Job) -> None:
        self._bus.publish(EchoJobChanged(job))


def _add(db: Database, consent_id: int, stage: str, now: datetime) -> Job:
    require_live(db, consent_id, now)
    return echo_jobs.add(db, consent_id, stage, now)


def _hurry(db: Database) -> None:
    for job in echo_jobs.every(db, 1000):
        if job.state == QUEUED and job.not_before is not None:
            echo_jobs.put(db, job.id, not_before=None)
