"""Daily jobs: each day once, whatever the clock does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import VirtualClock
from core.schedule import Daily, Every, Often, Schedule, last_due, newest_round
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


async def test_every_half_hour_is_twice_an_hour_and_never_twice_at_once(store: Store) -> None:
    clock = VirtualClock(datetime(2026, 1, 5, 12, 1, tzinfo=UTC))
    job = Runs(0, clock)
    schedule = Schedule(store, clock, UTC, (Every("chat", 30, job.run, timedelta(minutes=5)),))
    other = Schedule(store, clock, UTC, (Every("chat", 30, job.run, timedelta(minutes=5)),))
    for _ in range(180):
        await schedule.tick()
        await other.tick()
        clock.step(60)
    assert [f"{at:%H:%M}" for at in job.at] == ["12:01", "12:30", "13:00", "13:30", "14:00", "14:30", "15:00"]


async def test_asleep_for_hours_it_is_caught_up_once(store: Store) -> None:
    clock = VirtualClock(datetime(2026, 1, 5, 12, 0, tzinfo=UTC))
    job = Runs(0, clock)
    schedule = Schedule(store, clock, UTC, (Every("chat", 30, job.run),))
    await schedule.tick()
    clock.step(5 * 3600 + 1200)
    await schedule.tick()
    await schedule.tick()
    assert [f"{at:%H:%M}" for at in job.at] == ["12:00", "17:20"]


async def test_a_long_job_holds_up_no_other_and_is_ended_with_the_schedule(store: Store) -> None:
    clock = VirtualClock(datetime(2026, 1, 5, 12, 0, tzinfo=UTC))
    began, asked = [], []
    enough = asyncio.Event()

    async def long() -> None:
        began.append(clock.now())
        await asyncio.Event().wait()

    async def often() -> None:
        asked.append(clock.now())
        if len(asked) == 3:
            enough.set()

    async with Schedule(store, clock, UTC, (Every("long", 1, long), Often("often", often))):
        while not enough.is_set():
            await asyncio.sleep(0.001)
            if clock.parked:
                clock.step(60)
    assert len(began) == 1
    assert len(asked) == 3


@given(st.datetimes(datetime(1971, 1, 1), timezones=st.just(UTC)), st.integers(1, 10_000))
def test_a_round_lies_behind_us_and_less_than_a_period_away(now: datetime, minutes: int) -> None:
    due = newest_round(now, minutes)
    assert timedelta(0) <= now - due < timedelta(minutes=minutes)
    assert newest_round(due, minutes) == due


async def test_what_was_due_before_the_first_day_is_nobodys_to_do(store: Store) -> None:
    clock = VirtualClock(datetime(2026, 1, 5, 12, tzinfo=UTC))
    job = Runs(4, clock)
    schedule = Schedule(store, clock, UTC, (Daily("night", job.hour, job.run),), since=clock.now())
    await walk(schedule, clock, 24)
    assert [at.day for at in job.at] == [6]
