"""Time, handed in. Wall time is UTC; waiting goes through the clock, so tests and the practice
chat can run on a clock that moves only when told to."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol


class Clock(Protocol):
    """What the rest of core knows of time."""

    def now(self) -> datetime:
        """The wall time, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that only ever grow."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` of this clock's time."""
        ...


def local_zone() -> tzinfo:
    """The host's time zone; UTC where the system does not say which it is."""
    from babel.localtime import get_localzone

    try:
        zone: tzinfo = get_localzone()
        return zone
    except (LookupError, OSError, ValueError):
        return UTC


class SystemClock:
    """The computer's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))


class VirtualClock:
    """A clock that stands still until `advance` moves it.

    `busy_tasks` of the code under this clock are known by their sleeps: a task that waits in
    `sleep` is parked; `parked` tells which tasks are, and `stirred` is set whenever that changes.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
        self._elapsed = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self.parked: set[asyncio.Task[object]] = set()
        self.stirred = asyncio.Event()

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed + seconds, next(self._order), woken))
        task = asyncio.current_task()
        if task is not None:
            self.parked.add(task)
        self.stirred.set()
        try:
            await woken
        finally:
            if task is not None:
                self.parked.discard(task)
            self.stirred.set()

    def next_due(self) -> float | None:
        """Seconds until the earliest sleeper is due, or None when nobody sleeps."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return max(0.0, self._sleepers[0][0] - self._elapsed) if self._sleepers else None

    def step(self, seconds: float) -> None:
        """Move by `seconds` and wake whoever is due by then. Wakes nobody who is due later."""
        self._elapsed += seconds
        self._now += timedelta(seconds=seconds)
        while self._sleepers and self._sleepers[0][0] <= self._elapsed + 1e-9:
            woken = heapq.heappop(self._sleepers)[2]
            if not woken.done():
                woken.set_result(None)
