"""Downloading a model as it really goes: how fast, how long yet, when it hangs, and what is true at the end.

Ollama repeats its progress line some times a second also while nothing arrives, so a download hangs when
its bytes stand still, not when its lines do. What was downloaded is kept by Ollama until it restarts:
another try, ours or the host's, goes on from there.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from core.clock import Clock
from core.errors import BrainError, ModelNameUnknown, ModelsDiskFull, OllamaMissing, OllamaTooOld, PullFailed
from core.llm.brain import Brain, ModelInfo, Progress
from core.words import T, Text

log = logging.getLogger(__name__)

STALLED_AFTER_S = 15.0  # the host is told that nothing arrives
GIVEN_UP_AFTER_S = 75.0  # then the connection is made anew
TICK_S = 1.0
SPEED_OVER_S = 10.0
WAITS_S = (2.0, 5.0, 15.0, 30.0, 60.0)  # before another try, as long as none brings anything
WAITS_BEFORE_ANY_S = (2.0,)  # where nothing ever arrived, the reason is told soon
_HOPELESS = (ModelNameUnknown, ModelsDiskFull, OllamaTooOld)


class Phase(StrEnum):
    """What a download is doing."""

    ASKING = "asking"
    FETCHING = "fetching"
    STALLED = "stalled"
    WAITING = "waiting"
    CHECKING = "checking"


@dataclass(frozen=True, slots=True)
class Fetching:
    """A moment of a download.

    Attributes:
        done, total: bytes of all its files together; total is 0 while nobody knows.
        bytes_per_s: over the last ten seconds. seconds_left: None while nobody can tell.
        why: while it waits for another try: what stopped the last one. wait_s: how long it waits.
    """

    phase: Phase = Phase.ASKING
    done: int = 0
    total: int = 0
    bytes_per_s: float = 0.0
    seconds_left: float | None = None
    why: Text | str = ""
    wait_s: float = 0.0

    @property
    def share(self) -> float | None:
        """0–1, or None while nobody knows."""
        return min(1.0, self.done / self.total) if self.total else None


async def fetch(ollama: Brain, model: str, clock: Clock, moved: Callable[[Fetching], None]) -> None:
    """Download `model` and see it through: a connection that breaks or hangs is made anew.

    Cancelling stops the download; the next one goes on where it was.

    Args:
        moved: told of every step, several times a second.

    Raises:
        PullFailed: it stopped for good, and the model is really not there.
        OllamaMissing: Ollama does not answer.
    """
    before = await _listed(ollama, model)
    meter = _Meter(clock)
    waits, furthest = iter(WAITS_BEFORE_ANY_S), 0
    while True:
        try:
            await _one_try(ollama, model, clock, meter, moved)
            return
        except (PullFailed, OllamaMissing) as error:
            if _arrived(before, await _listed(ollama, model)):
                log.info("the download of %s was called a failure, and the model is there", model)
                return
            if meter.furthest > furthest:
                waits, furthest = iter(WAITS_S), meter.furthest
            wait = next(waits, None)
            if wait is None or isinstance(error, _HOPELESS) or not _may_come_back(error, furthest):
                raise
            log.info("the download of %s goes on in %g s: %s", model, wait, error)
            moved(meter.waiting(_reason(error), wait))
        await clock.sleep(wait)


def _reason(error: BrainError) -> Text | str:
    """What of the error's sentence is the reason."""
    detail = error.params.get("detail")
    return detail if isinstance(detail, (Text, str)) else error.what


def _may_come_back(error: BrainError, furthest: int) -> bool:
    return furthest > 0 or not isinstance(error, OllamaMissing)


async def _listed(ollama: Brain, model: str) -> ModelInfo | None:
    wanted = {model.casefold(), f"{model.casefold()}:latest"}
    try:
        return next((one for one in await ollama.list_models() if one.name.casefold() in wanted), None)
    except BrainError:
        return None


def _arrived(before: ModelInfo | None, after: ModelInfo | None) -> bool:
    """Ollama alone knows: a model that is listed now and was not, or is a newer one, has arrived."""
    return after is not None and after != before


async def _one_try(
    ollama: Brain, model: str, clock: Clock, meter: _Meter, moved: Callable[[Fetching], None]
) -> None:
    meter.begin()
    steps = cast(AsyncGenerator[Progress, None], ollama.pull(model))
    async with aclosing(steps):
        step = asyncio.ensure_future(_next(steps))
        tick = asyncio.ensure_future(clock.sleep(TICK_S))
        try:
            while True:
                await asyncio.wait({step, tick}, return_when=asyncio.FIRST_COMPLETED)
                if step.done():
                    told = step.result()
                    if told is None:
                        return
                    meter.take(told)
                    step = asyncio.ensure_future(_next(steps))
                if tick.done():
                    tick = asyncio.ensure_future(clock.sleep(TICK_S))
                moved(meter.now())
                if meter.still_s >= GIVEN_UP_AFTER_S:
                    nothing = T("nothing arrived for {seconds} seconds", seconds=round(meter.still_s))
                    raise PullFailed(model=model, detail=nothing)
        finally:
            step.cancel()
            tick.cancel()
            await asyncio.gather(step, tick, return_exceptions=True)


async def _next(steps: AsyncIterator[Progress]) -> Progress | None:
    return await anext(steps, None)


class _Meter:
    """Counts what arrives."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._phase = Phase.ASKING
        self._done = self._total = 0
        self._samples: deque[tuple[float, int]] = deque()
        self._grew_at = clock.monotonic()
        self._settled = False
        self.furthest = 0

    def begin(self) -> None:
        """Another try; what is known of the sizes stays on the screen."""
        self._phase = Phase.ASKING
        self._grew_at = self._clock.monotonic()
        self._samples.clear()
        self._settled = False

    def take(self, step: Progress) -> None:
        """A line of Ollama's."""
        at = self._clock.monotonic()
        phase = _phase_of(step)
        if phase is not self._phase:
            self._grew_at = at
        self._phase = phase
        if phase is not Phase.FETCHING:
            return
        if step.total != self._total or not self._settled:
            # Another file is known now, with what of it was here already: no speed is to be read from that.
            self._settled = step.total == self._total and step.done > 0
            self._samples.clear()
        if step.done != self._done:
            self._grew_at = at
        self._done, self._total = step.done, step.total
        self.furthest = max(self.furthest, step.done)
        self._samples.append((at, step.done))

    @property
    def still_s(self) -> float:
        """Seconds since anything arrived; 0 where nothing is awaited from outside."""
        if self._phase is Phase.CHECKING or (self._total and self._done >= self._total):
            return 0.0
        return self._clock.monotonic() - self._grew_at

    def now(self) -> Fetching:
        """How it is."""
        at = self._clock.monotonic()
        while self._samples and at - self._samples[0][0] > SPEED_OVER_S:
            self._samples.popleft()
        phase = Phase.STALLED if self.still_s >= STALLED_AFTER_S else self._phase
        speed = self._speed(at) if phase is Phase.FETCHING else 0.0
        left = (self._total - self._done) / speed if speed > 0 else None
        return Fetching(phase, self._done, self._total, speed, left)

    def waiting(self, why: Text | str, wait_s: float) -> Fetching:
        """It waits for another try."""
        return Fetching(Phase.WAITING, self._done, self._total, why=why, wait_s=wait_s)

    def _speed(self, at: float) -> float:
        if not self._samples or at - self._samples[0][0] < TICK_S:
            return 0.0
        began, first = self._samples[0]
        return max(0.0, (self._done - first) / (at - began))


def _phase_of(step: Progress) -> Phase:
    if step.status.startswith("pulling manifest"):
        return Phase.ASKING
    return Phase.FETCHING if step.status.startswith(("pulling", "downloading")) else Phase.CHECKING
