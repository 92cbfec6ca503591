"""Echoes over a store, with a brain that says what it is told to, on a clock that moves when waited on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from core.clock import VirtualClock
from core.echo.consent import Request
from core.echo.echoes import Echoes
from core.errors import ModelMissing, OllamaMissing
from core.events import Bus
from core.llm.brain import ChatRequest, Chunk, ModelInfo, ModelRecipe, Progress, Usage
from core.safety.access import Asker
from core.settings import Settings
from db.store import Store
from tests.support.echo_history import ALICE, BOB, GUILD
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles

KEY = bytes(range(32))
LONG_S = 1_500.0
NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
ADMIN = Asker(BOB, GUILD, permissions=frozenset({"manage_guild"}))
MEMBER = Asker(1_050, GUILD)
SELF = Asker(ALICE, GUILD)
HOST = Asker(0, is_host=True)


def says_something_new() -> Callable[[object], str]:
    """Small letters and two dots, never the same again."""
    chance = Random(11)
    return lambda request: f"so {' '.join(chance.sample(_LETTERS, 6))}.."


_LETTERS = [first + second + third for first in "bdk" for second in "aeo" for third in "lmrst"]


class QuickClock(VirtualClock):
    """Whoever sleeps wakes at once, and the time has passed; but who waits for long waits for `step`."""

    async def sleep(self, seconds: float) -> None:
        if seconds > LONG_S:
            await super().sleep(seconds)
            return
        self.step(max(0.0, seconds))
        await asyncio.sleep(0)


class Workshop(FakeBrain):
    """An Ollama that builds models, and remembers them and what it was told to load and unload."""

    name = "ollama"

    def __init__(self, *replies: Any) -> None:
        super().__init__(*replies)
        self.models: dict[str, ModelRecipe] = {}
        self.loaded: list[tuple[str, str]] = []
        self.away = False

    async def chat(self, request: ChatRequest) -> AsyncIterator[Chunk]:
        if not request.messages:
            self.loaded.append((request.model, request.keep_alive))
            yield Usage(0, 0, 0)
            return
        async for chunk in super().chat(request):
            yield chunk

    async def create(self, recipe: ModelRecipe) -> AsyncIterator[Progress]:
        self.models[recipe.name] = recipe
        yield Progress("success", 1, 1)

    async def delete(self, model: str) -> None:
        if self.away:
            raise OllamaMissing(host="there")
        if self.models.pop(model, None) is None:
            raise ModelMissing(model=model)

    async def list_models(self) -> list[ModelInfo]:
        return [ModelInfo(name, 1_000) for name in ("fake", *self.models)]


class WorkshopRoles(FakeRoles):
    """Roles where that Ollama does everything."""

    async def ollama(self) -> Any:
        return self.brain


class Flat:
    """The parts of an app that echoes need; `open` again is a restart."""

    def __init__(self, folder: Path, brain: Workshop, clock: VirtualClock) -> None:
        self.folder = folder
        self.brain = brain
        self.clock = clock
        self.roles: Any = WorkshopRoles(brain)
        self.bus = Bus()

    def settings(self, store: Store) -> Settings:
        """The settings."""
        return Settings(store, self.bus, self.clock, {})

    @asynccontextmanager
    async def open(self) -> AsyncIterator[tuple[Echoes, Store]]:
        store = await Store.open(self.folder / "echodeck.db", KEY, now=self.clock.now)
        settings = self.settings(store)
        try:
            async with Echoes(
                store, lambda: self.roles, settings, self.bus, self.clock, Random(3), UTC
            ) as echoes:
                yield echoes, store
        finally:
            await store.close()


@pytest.fixture
def clock() -> VirtualClock:
    return QuickClock(NOON)


@pytest.fixture
def brain() -> Workshop:
    return Workshop(says_something_new())


@pytest.fixture
def flat(tmp_path: Path, brain: Workshop, clock: VirtualClock) -> Flat:
    return Flat(tmp_path, brain, clock)


def request(**changes: Any) -> Request:
    """Alice's voice, all channels, up to the day before."""
    asked: dict[str, Any] = {
        "guild_id": GUILD,
        "guild_name": "Harbour",
        "subject_id": ALICE,
        "subject_name": "Alice",
        "cutoff": NOON - timedelta(hours=12),
    }
    return Request(**asked | changes)


async def settled(echoes: Echoes, until: Callable[[Any], bool], job_id: int, most: int = 4000) -> Any:
    """The job, once it is as it is waited for."""
    for _ in range(most):
        job = await echoes.jobs.get(job_id)
        if until(job):
            return job
        await asyncio.sleep(0.005)
    raise AssertionError(f"still {job}")


def over(job: Any) -> bool:
    return job.state in ("done", "failed", "cancelled")
