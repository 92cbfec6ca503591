"""Downloading a model: what is told on the way, and only the truth at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web

from core.clock import SystemClock, VirtualClock
from core.errors import ModelNameUnknown, ModelsDiskFull, OllamaMissing, OllamaTooOld, PullFailed
from core.llm.brain import ModelInfo, Progress
from core.llm.download import GIVEN_UP_AFTER_S, STALLED_AFTER_S, Fetching, Phase, fetch
from core.llm.ollama import OllamaBrain
from core.words import say
from tests.support.ollama_replay import OllamaReplay, lines, stream

MB = 1_000_000


class Impatient(SystemClock):
    """Waits between tries in no time; ticks never come."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    async def sleep(self, seconds: float) -> None:
        if seconds == 1.0:  # the tick of a download
            await asyncio.Event().wait()
        self.waited.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
async def ollama() -> AsyncIterator[OllamaReplay]:
    async with OllamaReplay() as replay:
        yield replay


@pytest.fixture
async def brain(ollama: OllamaReplay) -> AsyncIterator[OllamaBrain]:
    opened = OllamaBrain(ollama.host)
    yield opened
    await opened.close()


def part(done: int, total: int = 10 * MB) -> dict[str, Any]:
    return {"status": "pulling aa", "digest": "sha256:aa", "completed": done, "total": total}


WHOLE = (
    {"status": "pulling manifest"},
    part(4 * MB),
    part(10 * MB),
    {"status": "verifying sha256 digest"},
    {"status": "writing manifest"},
    {"status": "success"},
)


async def test_a_download_goes_from_asking_to_checking(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    ollama.script("/api/pull", lines(*WHOLE))
    told: list[Fetching] = []
    await fetch(brain, "llama3.2:3b", Impatient(), told.append)
    phases = [one.phase for one in told]
    assert [phase for at, phase in enumerate(phases) if phases[:at][-1:] != [phase]] == [
        Phase.ASKING,
        Phase.FETCHING,
        Phase.CHECKING,
    ]
    assert told[-1].share == 1.0


async def test_a_connection_that_breaks_is_made_anew_and_nobody_hears_of_a_failure(
    ollama: OllamaReplay, brain: OllamaBrain
) -> None:
    ollama.script("/api/pull", lines(*WHOLE[:2], {"error": "unexpected EOF"}), lines(*WHOLE))
    clock, told = Impatient(), list[Fetching]()
    await fetch(brain, "llama3.2:3b", clock, told.append)
    waiting = [one for one in told if one.phase is Phase.WAITING]
    assert [(one.done, one.total, say(one.why), one.wait_s) for one in waiting] == [
        (4 * MB, 10 * MB, "unexpected EOF", 2.0)
    ]
    assert clock.waited == [2.0]


async def test_what_keeps_breaking_fails_with_its_reason_and_can_go_on(
    ollama: OllamaReplay, brain: OllamaBrain
) -> None:
    ollama.script("/api/pull", *[lines(part(4 * MB), {"error": "unexpected EOF"})] * 6)
    clock = Impatient()
    with pytest.raises(PullFailed) as failed:
        await fetch(brain, "llama3.2:3b", clock, lambda _: None)
    assert clock.waited == [2.0, 5.0, 15.0, 30.0, 60.0]
    assert say(failed.value.what) == "The download of llama3.2:3b stopped: unexpected EOF."
    assert "already downloaded is kept" in say(failed.value.step)


async def test_every_bit_of_progress_gives_it_new_patience(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    broken = [lines(part(n * MB), {"error": "unexpected EOF"}) for n in range(1, 9)]
    ollama.script("/api/pull", *broken, lines(*WHOLE))
    clock = Impatient()
    await fetch(brain, "llama3.2:3b", clock, lambda _: None)
    assert clock.waited == [2.0] * 8


async def test_without_the_internet_the_reason_is_told_soon(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    clock = Impatient()
    with pytest.raises(PullFailed) as failed:
        await fetch(brain, "llama3.2:3b", clock, lambda _: None)
    assert clock.waited == [2.0]
    assert say(failed.value.what).endswith("Ollama does not reach the internet.")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("pull model manifest: file does not exist", ModelNameUnknown),
        ("invalid model name", ModelNameUnknown),
        ("write /blobs/sha256-aa-partial: no space left on device", ModelsDiskFull),
        (
            "pull model manifest: 412: \n\nThe model you are attempting to pull requires a newer version of "
            "Ollama.",
            OllamaTooOld,
        ),
    ],
)
async def test_what_another_try_would_not_change_is_not_tried_again(
    ollama: OllamaReplay, brain: OllamaBrain, words: str, kind: type[PullFailed]
) -> None:
    ollama.script("/api/pull", lines(part(4 * MB), {"error": words}))
    clock = Impatient()
    with pytest.raises(kind):
        await fetch(brain, "llama3.2:3b", clock, lambda _: None)
    assert clock.waited == []


async def test_a_model_that_is_there_was_not_failed(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    """The stream broke on its last line, and Ollama had it all the same."""

    async def breaks_at_the_end(request: web.Request, body: Any) -> web.StreamResponse:
        ollama.models["llama3.2:3b"] = (10 * MB, "show")
        return await stream(request, list(WHOLE[:-1]))

    ollama.script("/api/pull", breaks_at_the_end)
    clock = Impatient()
    await fetch(brain, "llama3.2:3b", clock, lambda _: None)
    assert len(ollama.asked("/api/pull")) == 1


async def test_a_failed_update_of_a_model_that_was_there_is_a_failure(
    ollama: OllamaReplay, brain: OllamaBrain
) -> None:
    ollama.script("/api/pull", *[lines({"error": "unexpected EOF"})] * 2)
    with pytest.raises(PullFailed):
        await fetch(brain, "gemma270", Impatient(), lambda _: None)


async def test_no_ollama_is_said_at_once(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    await ollama.go_down()
    with pytest.raises(OllamaMissing):
        await fetch(brain, "llama3.2:3b", Impatient(), lambda _: None)


async def test_cancelling_hangs_up_so_that_ollama_stops(ollama: OllamaReplay, brain: OllamaBrain) -> None:
    begun, for_ever = asyncio.Event(), asyncio.Event()

    async def endless(request: web.Request, body: Any) -> web.StreamResponse:
        return await stream(request, list(WHOLE), pause_after=2, until=for_ever)

    def moved(now: Fetching) -> None:
        if now.done:
            begun.set()

    ollama.script("/api/pull", endless)
    work = asyncio.ensure_future(fetch(brain, "llama3.2:3b", SystemClock(), moved))
    await begun.wait()
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    async with asyncio.timeout(5):
        while not ollama.hung_up:
            await asyncio.sleep(0)


class SlowBrain:
    """Says what it is told to, on a clock that stands still meanwhile. Each try has a queue of steps."""

    def __init__(self) -> None:
        self.tries: list[asyncio.Queue[Progress | None]] = []

    async def list_models(self) -> list[ModelInfo]:
        return []

    async def pull(self, model: str) -> AsyncIterator[Progress]:
        steps: asyncio.Queue[Progress | None] = asyncio.Queue()
        self.tries.append(steps)
        while (step := await steps.get()) is not None:
            yield step


async def settle(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not done():
            await asyncio.sleep(0)


async def test_speed_and_time_left_come_from_the_last_seconds_not_from_what_was_there() -> None:
    clock, brain, told = VirtualClock(), SlowBrain(), list[Fetching]()
    work = asyncio.ensure_future(fetch(brain, "m", clock, told.append))  # type: ignore[arg-type]
    await settle(lambda: bool(brain.tries))
    brain.tries[0].put_nowait(Progress("pulling aa", 0, 1000 * MB))  # it does not say yet what is here
    await settle(lambda: bool(told) and told[-1].total == 1000 * MB)
    for second in range(8):
        step = Progress("pulling aa", 600 * MB + second * 5 * MB, 1000 * MB)
        brain.tries[0].put_nowait(step)
        await settle(lambda step=step: bool(told) and told[-1].done == step.done)  # type: ignore[misc]
        clock.step(1)
    await settle(lambda: told[-1].bytes_per_s > 0)
    assert told[-1].bytes_per_s == pytest.approx(5 * MB, rel=0.25)
    assert told[-1].seconds_left == pytest.approx(365 / 5, rel=0.25)
    brain.tries[0].put_nowait(None)
    await work


async def test_bytes_that_stand_still_are_a_stall_although_lines_keep_coming() -> None:
    clock, brain, told = VirtualClock(), SlowBrain(), list[Fetching]()
    work = asyncio.ensure_future(fetch(brain, "m", clock, told.append))  # type: ignore[arg-type]
    await settle(lambda: bool(brain.tries))
    still = Progress("pulling aa", 5 * MB, 10 * MB)
    phases = set()
    for _ in range(round(GIVEN_UP_AFTER_S) + 1):
        before = len(told)
        brain.tries[0].put_nowait(still)
        await settle(lambda before=before: len(told) > before)  # type: ignore[misc]
        phases.add(told[-1].phase)
        clock.step(1)
    assert Phase.STALLED in phases
    await settle(lambda: told[-1].phase is Phase.WAITING)
    assert say(told[-1].why) == f"nothing arrived for {round(GIVEN_UP_AFTER_S)} seconds"
    clock.step(2)
    await settle(lambda: len(brain.tries) == 2)
    brain.tries[1].put_nowait(None)
    await work


async def test_a_silent_ollama_is_seen_by_the_clock_alone_and_checking_takes_its_time() -> None:
    clock, brain, told = VirtualClock(), SlowBrain(), list[Fetching]()
    work = asyncio.ensure_future(fetch(brain, "m", clock, told.append))  # type: ignore[arg-type]
    await settle(lambda: bool(brain.tries))
    brain.tries[0].put_nowait(Progress("pulling aa", 5 * MB, 10 * MB))
    await settle(lambda: bool(told) and told[-1].done == 5 * MB)
    clock.step(STALLED_AFTER_S)
    await settle(lambda: told[-1].phase is Phase.STALLED)
    brain.tries[0].put_nowait(Progress("verifying sha256 digest", 10 * MB, 10 * MB))
    await settle(lambda: told[-1].phase is Phase.CHECKING)
    clock.step(400)
    count = len(told)
    await settle(lambda: len(told) > count)
    assert told[-1].phase is Phase.CHECKING
    brain.tries[0].put_nowait(None)
    await work
