"""An app with a brain that says what it is told to, on a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from core.app import App, Config, open_app
from core.clock import VirtualClock
from core.conversation.script import ScriptedChat
from core.persona.identity import sample
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles

KEY = {"ECHODECK_KEY": "22" * 32}


@pytest.fixture
def brain() -> FakeBrain:
    return FakeBrain("tea's on")


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
async def app(tmp_path: Path, brain: FakeBrain, clock: VirtualClock) -> AsyncIterator[App]:
    config = Config(
        tmp_path / "data",
        environ=KEY,
        clock=clock,
        chance=Random(7),
        pace="instant",
        seeded=True,
        rounds=False,  # a script jumps over days; no status line may come between a turn and the look at it
    )
    async with open_app(config) as opened:
        opened.desk.roles = FakeRoles(brain)
        await opened.personas.add(sample("Finn"))
        yield opened


@pytest.fixture
def play(app: App, clock: VirtualClock) -> Callable[..., Any]:
    """Play lines into the practice room; answers their results."""

    async def played(lines: str, gap_s: float = 20) -> list[dict[str, Any]]:
        chat = ScriptedChat(app.store, app.line, app.practice, clock, gap_s)
        results = []
        for number, line in enumerate(lines.splitlines(), 1):
            results += [result async for result in chat.hear(line, number)]
        return results + [result async for result in chat.finish()]

    return played
