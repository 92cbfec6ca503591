"""Harbour, with all commands, on an in-memory Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import discord
import pytest
import simcord

from core.app import App
from tests.support.harbour import World, client_of, populated


@pytest.fixture
async def env(app: App) -> AsyncIterator[simcord.Env]:
    """Discord; what goes wrong there unexpectedly fails the test, unless it asks for `caplog`."""
    env = simcord.Env(client_of(app), settle_timeout=60.0)
    await env.start()
    yield env
    await env.shutdown()
    await app.line.close()


@pytest.fixture
def world(app: App, env: simcord.Env) -> World:
    return populated(app, env)


@pytest.fixture
def host(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Let the bot belong to somebody."""

    def own(person: Any) -> None:
        monkeypatch.setattr(world.env.bot.application, "owner", discord.Object(person.id))

    return own
