"""Daily jobs: each day once, whatever the clock does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import VirtualClock
from core.schedule import Daily, Schedule, last_due
from db.store import Store

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path / "echodeck.db", bytes(range(32)))
    yield opened
    await opened.close()


class Runs:
    def __init__(self, hour: int, clock: VirtualClock) -> None:
        self.at: list[datetime] = []
        self._hour, self._clock = hour, clock

    async def hour(self) -> int:
        return self._hour

    async def run(self) -> None:
        self.at.append(self._clock.now())


async def walk(schedule: Schedule, clock: VirtualClock, hours: float, step_s: float = 600) -> None:
    for _ in range(int(hours * 3600 / step_s)):
        clock.step(step_s)
        await schedule.tick()


async def test_it_runs_once_a_day(store: Store) -> None:
    clock = VirtualClock(datetime(2026, 1, 5, 12, tzinfo=UTC))
    job = Runs(4, clock)
    schedule = Schedule(store, clock, UTC, (Daily("backup", job.hour, job.run, timedelta(hours=2)),))
    await walk(schedule, clock, 72)
    assert [at.hour for at in job.at] == [4, 4, 4]


@pytest.mark.parametrize("start", [datetime(2026, 3, 28, 12), datetime(2026, 10, 24, 12)])
@pytest.mark.parametrize("hour", [1, 2, 3, 4])
async def test_both_changes_of_the_clock_run_it_once_a_day(store: Store, start: datetime, hour: int) -> None:
    clock = VirtualClock(start.replace(tzinfo=UTC))
    job = Runs(hour, clock)
    schedule = Schedule(store, clock, BERLIN, (Daily("backup", job.hour, job.run, timedelta(hours=2)),))
    await walk(schedule, clock, 48)
    assert len(job.at) == 2


async def test_asleep_at_the_time_it_is_caught_up_once_inside_its_window(store: Store) -> None:
    clock = VirtualClock(datetime(2026, 1, 5, 3, tzinfo=UTC))
    job = Runs(4, clock)
    schedule = Schedule(store, clock, UTC, (Daily("backup", job.hour, job.run, timedelta(hours=10)),))
    clock.step(8 * 3600)
    await schedule.tick()
    await schedule.tick()
    assert [at.hour for at in job.at] == [11]


async def test_outside_its_window_it_waits_for_the_next_day(store: Store) -> None:
    clock = VirtualClock(datetime(2026, 1, 5, 23, tzinfo=UTC))
    job = Runs(4, clock)
    schedule = Schedule(store, clock, UTC, (Daily("backup", job.hour, job.run, timedelta(hours=2)),))
    await schedule.tick()
    assert job.at == []


async def test_a_clock_put_back_does_not_run_it_twice(store: Store) -> None:
    clock = VirtualClock(datetime(2026, 1, 5, 4, 10, tzinfo=UTC))
    job = Runs(4, clock)
    schedule = Schedule(store, clock, UTC, (Daily("backup", job.hour, job.run),))
    await schedule.tick()
    clock.step(-1800)
    await schedule.tick()
    clock.step(3600)
    await schedule.tick()
    assert len([at for at in job.at if at.day == 5 and at.hour >= 4]) == 1


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 23),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
)
def test_what_is_due_lies_behind_us_and_not_far(now: datetime, hour: int, zone: str) -> None:
    due = last_due(now, hour, ZoneInfo(zone))
    assert timedelta(0) <= now - due <= timedelta(hours=25)
