"""Whoever wrote while the model was away gets an answer when it is back, once, and not for ever."""

from __future__ import annotations

import asyncio

import pytest

from core.app import App
from core.clock import VirtualClock
from core.conversation.message import Author, IncomingMessage, Place, Realm
from core.errors import BrainBroke, EchodeckError, ModelMissing, OllamaAway
from core.events import HealthChanged
from core.settings import BURST_SECONDS
from core.words import T
from tests.core.test_privacy import OpenDoor
from tests.support.fake_brain import FakeBrain

AWAY = HealthChanged("brain", T("Ollama does not answer at {host}.", host="here"))
BACK = HealthChanged("brain", None)


async def until_quiet(app: App) -> None:
    await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name() == "late answers"))
    while app.line.tasks:
        for task in list(app.line.tasks):
            await task


async def hears(app: App, door: OpenDoor, number: int, text: str = "hello", *, to_me: bool = True) -> None:
    place = Place(Realm.DISCORD, 71, "general", 70, "Harbour", is_public=True)
    said = IncomingMessage(number, place, Author(5, "Ada"), text, app.config.clock.now(), mentions_me=to_me)
    await app.line.take(said, door)
    await until_quiet(app)


async def goes_away(app: App, brain: FakeBrain, why: EchodeckError) -> OpenDoor:
    door = OpenDoor()
    app.doors[Realm.DISCORD] = door
    await app.settings.put(BURST_SECONDS, 0)
    brain._replies = [why]
    app.bus.publish(AWAY)
    return door


async def comes_back(app: App, brain: FakeBrain) -> None:
    brain._replies = ["here I am"]
    app.bus.publish(BACK)
    await until_quiet(app)


@pytest.mark.parametrize(
    ("why", "answered"),
    [(OllamaAway(host="here"), 1), (BrainBroke(model="m", detail="x"), 1), (ModelMissing(model="m"), 0)],
)
async def test_the_newest_message_that_waited_is_answered_once(
    app: App, brain: FakeBrain, why: EchodeckError, answered: int
) -> None:
    door = await goes_away(app, brain, why)
    await hears(app, door, 1, "are you there?")
    await hears(app, door, 2, "hello?")
    await hears(app, door, 3, "whatever", to_me=False)
    assert door.posted == []
    await comes_back(app, brain)
    assert len(door.posted) == answered
    app.bus.publish(AWAY)
    await comes_back(app, brain)
    assert len(door.posted) == answered


async def test_who_was_answered_since_or_wrote_long_ago_is_left_alone(
    app: App, brain: FakeBrain, clock: VirtualClock
) -> None:
    door = await goes_away(app, brain, OllamaAway(host="here"))
    await hears(app, door, 1)
    brain._replies = ["here I am"]
    await hears(app, door, 2)
    assert len(door.posted) == 1
    await comes_back(app, brain)
    assert len(door.posted) == 1
    await goes_away(app, brain, OllamaAway(host="here"))
    app.doors[Realm.DISCORD] = door
    await hears(app, door, 3)
    clock.step(11 * 60)
    await comes_back(app, brain)
    assert len(door.posted) == 1
