"""What went away is said in a sentence, what is back is noticed within seconds, and sleep is noticed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest

from core.clock import VirtualClock
from core.events import Bus, Event, HealthChanged, Notice, TurnEnded, WokeUp
from core.health import CALM_S, TROUBLED_S, Health, Part
from core.llm.brain import Role
from core.llm.roles import Roles, Wish
from core.llm.starter import StarterBrain
from core.standing import LEAST_FREE, health_of
from core.words import T, Text
from tests.support.ollama_replay import OllamaReplay

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Shaky:
    """Something that goes and comes back."""

    def __init__(self) -> None:
        self.trouble: Text | None = None
        self.asked = 0

    async def probe(self) -> Text | None:
        self.asked += 1
        return self.trouble


class Heard:
    """What was told on a bus."""

    def __init__(self, bus: Bus) -> None:
        self.events: list[Event] = []
        self._listening = bus.listen(Event, self.events.append)

    def notices(self) -> list[str]:
        return [str(event.text) for event in self.events if isinstance(event, Notice)]


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOW)


@pytest.fixture
def shaky() -> Shaky:
    return Shaky()


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def heard(bus: Bus) -> Heard:
    return Heard(bus)


@pytest.fixture
async def health(bus: Bus, clock: VirtualClock, shaky: Shaky) -> AsyncIterator[Health]:
    async with Health(
        bus, clock, [Part("brain", shaky.probe, T("Ollama is back: it answers again."))]
    ) as watching:
        await settle()
        yield watching


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def pass_by(clock: VirtualClock, seconds: float) -> None:
    """Let time pass as it does: a second after the other."""
    for _ in range(round(seconds)):
        clock.step(1)
        await settle()


def failed_turn() -> TurnEnded:
    return TurnEnded("1", "discord", "general", "Ada", False, True, T("it failed"), 5, NOW)


async def test_what_goes_away_is_said_once_and_its_return_within_seconds(
    health: Health, shaky: Shaky, clock: VirtualClock, bus: Bus, heard: Heard
) -> None:
    shaky.trouble = T("Ollama does not answer at {host}.", host="here")
    bus.publish(failed_turn())
    await settle()
    assert heard.notices() == ["Ollama does not answer at here."]
    assert str(health.troubles["brain"]) == "Ollama does not answer at here."
    await pass_by(clock, 300)
    assert len(heard.notices()) == 1
    shaky.trouble = None
    await pass_by(clock, TROUBLED_S + 1)
    assert heard.notices()[1:] == ["Ollama is back: it answers again."]
    assert health.troubles == {}
    changes = [event for event in heard.events if isinstance(event, HealthChanged)]
    assert [change.trouble is None for change in changes] == [False, True]


async def test_while_all_is_well_hardly_anything_is_asked(
    health: Health, shaky: Shaky, clock: VirtualClock
) -> None:
    await pass_by(clock, 10 * CALM_S)
    assert shaky.asked <= 11


async def test_what_goes_quietly_is_noticed_within_a_minute(
    health: Health, shaky: Shaky, clock: VirtualClock, heard: Heard
) -> None:
    shaky.trouble = T("The disk is almost full: {free} MB are free.", free=3)
    await pass_by(clock, CALM_S + 1)
    assert len(heard.notices()) == 1


async def test_what_was_never_there_is_no_news(
    bus: Bus, clock: VirtualClock, shaky: Shaky, heard: Heard
) -> None:
    shaky.trouble = T("Ollama does not answer at {host}.", host="here")
    async with Health(bus, clock, [Part("brain", shaky.probe, T("Ollama is back: it answers again."))]):
        await settle()
        assert heard.notices() == []


async def test_a_look_that_hangs_or_breaks_is_not_the_end(
    bus: Bus, clock: VirtualClock, heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    looks = 0

    async def breaks() -> Text | None:
        nonlocal looks
        looks += 1
        raise ZeroDivisionError

    async with Health(bus, clock, [Part("brain", breaks, T("Ollama is back: it answers again."))]):
        await pass_by(clock, CALM_S + 2)
    assert looks == 2
    assert heard.events == []


@pytest.mark.parametrize("jump", [timedelta(hours=8), timedelta(hours=1), timedelta(hours=-1)])
async def test_sleep_and_jumps_of_the_clock_are_noticed_and_everything_is_looked_at(
    health: Health, shaky: Shaky, clock: VirtualClock, heard: Heard, jump: timedelta
) -> None:
    await pass_by(clock, 30)
    assert not [event for event in heard.events if isinstance(event, WokeUp)]
    asked = shaky.asked
    clock._now += jump  # the wall clock alone: the other one stood still
    await pass_by(clock, 3)
    (woke,) = [event for event in heard.events if isinstance(event, WokeUp)]
    assert woke.seconds == pytest.approx(abs(jump.total_seconds()), abs=5)
    assert shaky.asked == asked + 1


async def test_an_ollama_that_is_restarted_is_missed_and_welcomed(
    bus: Bus, heard: Heard, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = VirtualClock(NOW)
    monkeypatch.setattr("core.standing.SystemClock", VirtualClock)
    async with OllamaReplay() as ollama:

        async def wish(role: Role) -> Wish:
            return Wish("auto", ollama.host)

        roles = Roles(wish, StarterBrain())
        async with health_of(bus, clock, roles, tmp_path) as health:
            assert (await roles.choose(Role.CHAT)).brain.name == "ollama"
            await until(lambda: len(health._known) == 2)
            await ollama.go_down()
            bus.publish(failed_turn())
            await until(lambda: "brain" in health.troubles)
            assert "Ollama does not answer" in heard.notices()[0]
            await ollama.__aenter__()
            await until(lambda: not health.troubles, clock)
            assert heard.notices()[-1] == "Ollama is back: it answers again."
            assert (await roles.choose(Role.CHAT)).brain.name == "ollama"
        await roles.close()


async def test_a_disk_that_is_almost_full_is_said(
    bus: Bus, heard: Heard, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage:
        free = LEAST_FREE

    clock = VirtualClock(NOW)
    monkeypatch.setattr("core.standing.SystemClock", VirtualClock)
    monkeypatch.setattr("core.standing.psutil.disk_usage", lambda _path: Usage)

    async def wish(role: Role) -> Wish:
        return Wish("starter", "http://127.0.0.1:9")

    roles = Roles(wish, StarterBrain())
    async with health_of(bus, clock, roles, tmp_path) as health:
        await until(lambda: len(health._known) == 2)
        Usage.free = 3 * 1024**2
        health.look()
        await until(lambda: bool(health.troubles))
        assert heard.notices() == ["The disk is almost full: 3 MB are free."]
        Usage.free = LEAST_FREE
        await until(lambda: not health.troubles, clock)
        assert heard.notices()[-1] == "There is room on the disk again."
    await roles.close()


async def until(true: Callable[[], bool], clock: VirtualClock | None = None) -> None:
    """Wait for something; on a clock, at most ten of its seconds."""
    async with asyncio.timeout(20):
        for _ in range(10 if clock is not None else 1):
            if clock is not None:
                clock.step(1)
            for _ in range(2000 if clock is not None else 1_000_000):
                if true():
                    return
                await asyncio.sleep(0)
    pytest.fail("it did not come within ten seconds")
