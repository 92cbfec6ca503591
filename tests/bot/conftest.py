"""A persona on a fake Discord, as the app wires it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.client import DiscordSession
from core.app import App, Config, open_app
from core.events import SessionChanged
from core.persona.identity import sample
from core.session import SessionState, SessionStatus
from core.settings import BURST_SECONDS
from tests.support.fake_brain import FakeBrain
from tests.support.fake_discord import TOKEN, FakeDiscord
from tests.support.fake_roles import FakeRoles

# Another Discord is chosen for the whole process: each test starts without.
_API, _GATEWAY = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY

KEY = {"ECHODECK_KEY": "11" * 32, "ECHODECK_TOKEN": TOKEN}


@pytest.fixture(autouse=True)
def _discord_is_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", _API)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", _GATEWAY)


@pytest.fixture
def brain() -> FakeBrain:
    return FakeBrain("kettle's on.")


@pytest.fixture
async def app(tmp_path: Path, brain: FakeBrain) -> AsyncIterator[App]:
    config = Config(tmp_path / "data", environ=KEY, chance=Random(7), pace="instant", seeded=True)
    async with open_app(config) as opened:
        opened.desk.roles = FakeRoles(brain)
        await opened.personas.add(sample("Finn"))
        await opened.settings.put(BURST_SECONDS, 0)
        yield opened


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as fake:
        yield fake


async def turns_ended(app: App, how_many: int) -> None:
    """Wait until that many turns have come to their end."""
    async with asyncio.timeout(20):
        while len(await app.feed.recent()) < how_many:
            await asyncio.sleep(0)


@dataclass
class Online:
    """A session and what became of it."""

    session: DiscordSession
    states: list[SessionStatus]

    @property
    def words(self) -> list[SessionState]:
        return [status.state for status in self.states]


@pytest.fixture
async def online(app: App, discord: FakeDiscord) -> AsyncIterator[Online]:
    """Not started yet: `await until(SessionState.ONLINE)` after `session.start()`."""
    session = DiscordSession(
        app.line,
        app.secrets,
        app.bus,
        app.config.clock,
        api_url=discord.api_url,
        gateway_url=discord.gateway_url,
        ready_after_s=0.02,
    )
    states: list[SessionStatus] = []
    subscription = app.bus.listen(SessionChanged, lambda event: states.append(event.status))
    yield Online(session, states)
    await session.stop()
    subscription.end()


@pytest.fixture
def until(app: App, online: Online) -> Callable[[SessionState], object]:
    """Wait until the session is in a state."""

    async def wait(state: SessionState) -> SessionStatus:
        news = asyncio.Event()
        subscription = app.bus.listen(SessionChanged, lambda _: news.set())
        try:
            async with asyncio.timeout(20):
                while online.session.status.state is not state:
                    news.clear()
                    await news.wait()
        finally:
            subscription.end()
        return online.session.status

    return wait
