"""A network that is back, and a computer that woke up: the bot is there again within seconds."""

from __future__ import annotations

import asyncio

from bot.connection import HELD_S, LONGEST_WAIT_S, LOOK_EVERY_S, Patience
from core.app import App
from core.events import WokeUp
from core.session import SessionState
from tests.bot.conftest import Online
from tests.bot.test_network import HastyClock
from tests.support.fake_discord import FakeDiscord


class Net:
    """A network that comes back at a moment of the clock."""

    def __init__(self, clock: HastyClock, back_at: float) -> None:
        self._clock, self._back_at = clock, back_at
        self.asked = 0

    async def reachable(self) -> bool:
        self.asked += 1
        return self._clock.elapsed >= self._back_at


async def test_after_a_long_outage_the_next_try_comes_within_seconds_of_the_network() -> None:
    clock = HastyClock()
    net = Net(clock, back_at=2000.0)
    patience = Patience(clock, net.reachable)
    while clock.elapsed < 2000:
        patience.begin()
        await patience.wait()
    assert clock.elapsed - 2000 <= LOOK_EVERY_S
    assert patience.wait_s == 1.0
    assert max(clock.waited) <= LOOK_EVERY_S


async def test_a_discord_that_takes_connections_and_refuses_is_not_pestered() -> None:
    clock = HastyClock()
    patience = Patience(clock, Net(clock, back_at=0.0).reachable)
    for _ in range(10):
        patience.begin()
        await patience.wait()
    assert clock.waited == [0, 1, 2, 4, 8, 16, 32, 64, 120, 120]


async def test_who_waits_is_hurried() -> None:
    class Slow(HastyClock):
        async def sleep(self, seconds: float) -> None:
            await asyncio.Event().wait()

    patience = Patience(Slow())
    patience.wait_s = LONGEST_WAIT_S
    waiting = asyncio.create_task(patience.wait())
    await asyncio.sleep(0)
    patience.hurry()
    async with asyncio.timeout(10):
        await waiting


async def test_a_computer_that_woke_up_resumes_its_session(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    general = discord.add_guild("Harbour").channels[0]
    await online.session.start()
    await until(SessionState.ONLINE)
    app.bus.publish(WokeUp(28_800.0))
    await discord.until(lambda: discord.resumes == 1)
    assert discord.identifies == 1
    await discord.say(general, discord.add_user("Ada"), f"slept well, {discord.mention}?")
    assert (await discord.next_post())["content"] == "kettle's on."


async def test_a_session_that_was_stopped_sleeps_on(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    discord.add_guild("Harbour")
    await online.session.start()
    await until(SessionState.ONLINE)
    await online.session.stop()
    app.bus.publish(WokeUp(28_800.0))
    await asyncio.sleep(0)
    assert (discord.identifies, discord.resumes) == (1, 0)


async def test_a_session_that_is_cut_again_and_again_is_taken_up_within_a_second() -> None:
    clock = HastyClock()
    patience = Patience(clock)
    for _ in range(50):
        patience.begin()
        await patience.wait_to_resume()
    assert clock.waited == [1.0] * 50
    patience.begin()
    clock.elapsed += HELD_S + 1
    await patience.wait_to_resume()
    assert clock.waited[-1] == 0.0
    await patience.wait()
    assert patience.wait_s == 1.0, "what it costs to begin a new session is counted on its own"
