"""Eight hours of sleep, a clock that jumps by an hour, both changes of summer time: what the app has come
round by itself runs once each time it is due, or not at all where its window has passed, and never twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.clock import VirtualClock
from core.events import Bus
from core.rounds import Rounds
from core.schedule import Daily, Every, Job, Schedule, newest_round
from core.settings import Settings
from db.store import Store

BERLIN = ZoneInfo("Europe/Berlin")
H = 3600.0
PLAIN, SPRING, AUTUMN = (
    datetime(2026, 1, 5, 12, tzinfo=UTC),
    datetime(2026, 3, 28, 12, tzinfo=UTC),
    datetime(2026, 10, 24, 12, tzinfo=UTC),
)
# When it happens (hours after the start), and how far the clock jumps (hours).
FAULTS: dict[str, tuple[datetime, tuple[tuple[float, float], ...]]] = {
    "nothing": (PLAIN, ()),
    "8 hours of sleep over the night": (PLAIN, ((11, 8), (35, 8))),
    "an hour on, at every hour of the night": (PLAIN, ((12, 1), (14, 1), (16, 1), (38, 1))),
    "an hour back, at every hour of the night": (
        PLAIN,
        ((13, -1), (14.5, -1), (15.2, -1), (16, -1), (38.1, -1)),
    ),
    "there and back": (PLAIN, ((14, 1), (14.7, -1), (15, 1), (15.2, -1))),
    "to summer time": (SPRING, ()),
    "to winter time": (AUTUMN, ()),
    "to summer time, asleep": (SPRING, ((11, 8),)),
    "to winter time, asleep": (AUTUMN, ((11, 8),)),
}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path / "echodeck.db", bytes(range(32)))
    yield opened
    await opened.close()


def counted(job: Job, clock: VirtualClock, ran: list[tuple[str, datetime]]) -> Job:
    async def run() -> None:
        ran.append((job.name, clock.now()))

    return replace(job, run=run)


def the_apps(store: Store, clock: VirtualClock) -> tuple[Job, ...]:
    """What the app has come round, each with its own hour, period and window."""
    settings = Settings(store, Bus(), clock, {})
    desk: Any = SimpleNamespace(store=store, bus=Bus(), clock=clock, settings=settings)
    parts: Any = SimpleNamespace(run=None, clean=None, check_sessions=None)
    return Rounds(desk, parts, parts, dict, parts, (parts, parts)).jobs()


@pytest.mark.parametrize("fault", FAULTS)
async def test_every_job_of_the_app_runs_once_or_not_at_all(store: Store, fault: str) -> None:
    start, jumps = FAULTS[fault]
    clock, ran = VirtualClock(start), list[tuple[str, datetime]]()
    jobs = the_apps(store, clock)
    schedule = Schedule(store, clock, BERLIN, tuple(counted(job, clock, ran) for job in jobs))
    for minutes in range(0, 60 * 60, 10):
        for at, by in jumps:
            if at * 60 <= minutes < at * 60 + 10:
                clock.step(by * H)
                await schedule.tick()
                await schedule.tick()
        await schedule.tick()
        clock.step(600)
    for job in jobs:
        times = [at for name, at in ran if name == job.name]
        if isinstance(job, Daily):
            days = Counter(at.astimezone(BERLIN).date() for at in times)
            nights = {(start + timedelta(days=n)).astimezone(BERLIN).date() for n in (1, 2)}
            assert {day: days[day] for day in nights} == dict.fromkeys(nights, 1), (job.name, times)
        elif isinstance(job, Every):
            rounds = Counter(newest_round(at, job.minutes) for at in times)
            assert rounds
            assert set(rounds.values()) == {1}, (job.name, times)
