"""Stop works at any moment, loses no reply and leaves nothing behind."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Awaitable, Callable

import psutil
import pytest
from discord.gateway import DiscordClientWebSocketResponse, KeepAliveHandler

from bot.connection import PersonaClient
from core.app import App
from core.session import SessionState, SessionStatus
from tests.bot.conftest import Online, turns_ended
from tests.support.fake_brain import FakeBrain
from tests.support.fake_discord import FakeDiscord

Until = Callable[[SessionState], Awaitable[SessionStatus]]


async def test_it_can_be_stopped_while_it_connects(app: App, online: Online, discord: FakeDiscord) -> None:
    await discord.go_down()
    await online.session.start()
    await online.session.stop()
    assert online.session.status.state is SessionState.STOPPED


@pytest.mark.parametrize("silent_from", ["hello", "ready"])
async def test_it_can_be_stopped_while_discord_keeps_it_waiting(
    online: Online, discord: FakeDiscord, silent_from: str
) -> None:
    discord.silent_from = silent_from
    await online.session.start()
    await discord.until(
        lambda: discord.connections == 1 and (silent_from == "hello" or discord.identifies == 1)
    )
    async with asyncio.timeout(5):
        await online.session.stop()
    assert online.words == [SessionState.STARTING, SessionState.STOPPING, SessionState.STOPPED]
    await discord.until(lambda: discord.connections == 0)


async def test_a_goodbye_that_nobody_answers_is_not_waited_for(
    online: Online, discord: FakeDiscord, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def waits_for_ever(self: DiscordClientWebSocketResponse, **how: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("bot.connection.GOODBYE_S", 0.05)
    monkeypatch.setattr(DiscordClientWebSocketResponse, "close", waits_for_ever)
    await online.session.start()
    await until(SessionState.ONLINE)
    async with asyncio.timeout(5):
        await online.session.stop()
    assert online.session.status.state is SessionState.STOPPED
    await discord.until(lambda: discord.connections == 0)


async def test_who_stops_it_twice_waits_once_and_who_starts_it_meanwhile_gets_it_started(
    online: Online, discord: FakeDiscord, until: Until
) -> None:
    await online.session.start()
    await until(SessionState.ONLINE)
    await asyncio.gather(online.session.stop(), online.session.stop(), online.session.start())
    assert online.words[2:5] == [SessionState.STOPPING, SessionState.STOPPED, SessionState.STARTING]
    await until(SessionState.ONLINE)
    assert discord.identifies == 2


async def test_a_reply_that_is_being_written_is_still_posted(
    app: App, online: Online, discord: FakeDiscord, until: Until, brain: FakeBrain
) -> None:
    general = discord.add_guild("Harbour").channels[0]
    brain.hold = asyncio.Event()
    await online.session.start()
    await until(SessionState.ONLINE)
    await discord.say(general, discord.add_user("Ada"), f"hi {discord.mention}")
    await discord.until(lambda: bool(discord.typing))
    stopping = asyncio.create_task(online.session.stop())
    await until(SessionState.STOPPING)
    brain.hold.set()
    await stopping
    assert [post["content"] for post in discord.posts] == ["kettle's on."]
    assert (await app.feed.recent())[0].replied


async def test_a_reply_that_takes_too_long_is_given_at_the_next_start(
    app: App, online: Online, discord: FakeDiscord, until: Until, brain: FakeBrain
) -> None:
    general = discord.add_guild("Harbour").channels[0]
    online.session._finish_within_s = 0.01
    brain.hold = asyncio.Event()
    await online.session.start()
    await until(SessionState.ONLINE)
    await discord.say(general, discord.add_user("Ada"), f"hi {discord.mention}")
    await discord.until(lambda: bool(discord.typing))
    await online.session.stop()
    assert app.line.tasks == set()
    assert discord.posts == []
    brain.hold = None
    await online.session.start()
    await turns_ended(app, 1)
    assert (await app.feed.recent())[0].replied
    assert len(discord.posts) == 1


async def test_fifty_lives_leave_nothing_behind(
    app: App, online: Online, discord: FakeDiscord, until: Until, recwarn: pytest.WarningsRecorder
) -> None:
    discord.add_guild("Harbour")
    before = asyncio.all_tasks()
    gc.collect()
    clients_before = _living_clients()
    process = psutil.Process()
    early = 0
    for life in range(50):
        await online.session.start()
        await until(SessionState.ONLINE)
        await online.session.stop()
        if life == 9:
            gc.collect()
            early = process.memory_info().rss
    gc.collect()
    grown_mb = (process.memory_info().rss - early) / 1e6
    assert discord.identifies == 50
    await discord.until(lambda: discord.connections == 0)
    assert {it for it in asyncio.all_tasks() - before if it.get_name().startswith("discord")} == set()
    async with asyncio.timeout(10):  # the last one is let go when the loop has come round
        while _living_clients() != clients_before:
            await asyncio.sleep(0)
            gc.collect()
    for thread in threading.enumerate():
        if isinstance(thread, KeepAliveHandler):
            thread.join(5)
            assert not thread.is_alive()
    assert grown_mb < 4, f"grew by {grown_mb:.1f} MB over 40 lives"  # 0.6 on an idle machine
    assert [str(warning.message) for warning in recwarn] == []


def _living_clients() -> int:
    return sum(isinstance(thing, PersonaClient) for thing in gc.get_objects())
