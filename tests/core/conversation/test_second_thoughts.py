"""When nobody waits, the scoring model thinks a message over, and its view replaces the first impression."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from core.app import App
from core.conversation.second_thoughts import SecondThoughts
from core.errors import BrainSilent
from core.events import FeelingsChanged
from tests.support.fake_brain import FakeBrain, Reply
from tests.support.fake_roles import FakeRoles

# What words alone take for an insult, and a friend for banter.
BANTER = "Ada: @bot you absolute idiot, get over here and have some cake"
UNDERSTOOD = {
    "desirability": 0.8,
    "praiseworthiness": 0.6,
    "likelihood": 1,
    "fortune": 0,
    "appealing": 0.5,
    "agent": "other",
    "target": "me",
    "prospect": "none",
    "marks": ["affection"],
    "formality": -0.8,
}


@pytest.fixture
def judge() -> FakeBrain:
    return FakeBrain(json.dumps(UNDERSTOOD))


@pytest.fixture
async def thoughts(app: App, judge: FakeBrain) -> AsyncIterator[SecondThoughts]:
    async with SecondThoughts(app.feelings, FakeRoles(judge)) as thinking:
        app.desk.second_thoughts = thinking
        yield thinking


async def felt(app: App) -> dict[str, float]:
    kept = await app.personas.active()
    assert kept is not None
    state = await app.feelings.state(kept.id, kept.persona, realm="practice")
    return {str(each.emotion): each.intensity for each in state.emotions}


async def changes(app: App, how_many: int, act: Callable[[], Any]) -> None:
    """Act, and wait until feelings have changed that often."""
    seen = asyncio.Semaphore(0)
    listening = app.bus.listen(FeelingsChanged, lambda _: seen.release())
    await act()
    async with asyncio.timeout(20):
        for _ in range(how_many):
            await seen.acquire()
    listening.end()


async def test_banter_is_forgiven_once_it_is_understood(
    app: App, play: Callable[..., Any], thoughts: SecondThoughts, judge: FakeBrain
) -> None:
    at_first: dict[str, float] | None = None

    async def play_and_look() -> None:
        nonlocal at_first
        judge.hold = asyncio.Event()
        await play(BANTER)
        at_first = await felt(app)
        judge.hold.set()

    await changes(app, 2, play_and_look)
    assert at_first is not None
    assert at_first.get("anger", 0) > 0.2
    understood = await felt(app)
    assert understood.get("anger", 0) < at_first["anger"] / 2
    assert understood.get("joy", 0) > understood.get("anger", 0)
    assert "have some cake" in judge.requests[0].messages[1].content
    assert judge.requests[0].answer_schema is not None


@pytest.mark.parametrize("reply", ["no idea", "{}", '{"desirability": 99}', BrainSilent(model="fake")])
async def test_a_model_that_cannot_say_leaves_the_first_impression(
    app: App, play: Callable[..., Any], thoughts: SecondThoughts, judge: FakeBrain, reply: Reply
) -> None:
    judge._replies = [reply]
    await play(BANTER)
    async with asyncio.timeout(20):
        while not judge.requests:
            await asyncio.sleep(0)
    assert (await felt(app)).get("anger", 0) > 0.2
