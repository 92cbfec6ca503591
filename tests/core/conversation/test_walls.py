"""What was said behind a wall is told behind that wall only."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from core.app import App
from core.clock import VirtualClock
from core.conversation.message import Author, IncomingMessage, Place, Realm
from core.settings import BURST_SECONDS
from tests.support.fake_brain import FakeBrain

ADA = Author(500, "Ada")
SECRET = "my parrot is called Admiral Pickle"
SQUARE = Place(Realm.DISCORD, 10, "square", 1, "Harbour", is_public=True)
MARKET = Place(Realm.DISCORD, 11, "market", 1, "Harbour", is_public=True)
CELLAR = Place(Realm.DISCORD, 12, "cellar", 1, "Harbour")
STALL = Place(Realm.DISCORD, 13, "a thread in the cellar", 1, "Harbour", parent_id=12)
OTHER_SERVER = Place(Realm.DISCORD, 20, "square", 2, "Island", is_public=True)
PRIVATELY = Place(Realm.DISCORD, 30, "Ada", is_direct=True)


class Talk:
    """People write in Discord channels; what the model then reads can be looked at."""

    def __init__(self, app: App, clock: VirtualClock, brain: FakeBrain) -> None:
        self._app = app
        self._clock = clock
        self._brain = brain
        self._newest = 1

    async def said(self, place: Place, text: str, *, to_bot: bool = False) -> None:
        self._newest += 1
        message = IncomingMessage(self._newest, place, ADA, text, self._clock.now(), mentions_me=to_bot)
        await self._app.line.take(message, self._app.practice.door)
        await asyncio.gather(*self._app.line.tasks)

    async def prompt_in(self, place: Place) -> str:
        """What the model reads when Ada asks for the secret there, days later."""
        self._clock.step(3 * 86_400)
        await self.said(place, "@bot what is my parrot called?", to_bot=True)
        return str(self._brain.requests[-1].messages)


@pytest.fixture
async def talk(app: App, clock: VirtualClock, brain: FakeBrain) -> Talk:
    await app.settings.put(BURST_SECONDS, 0)
    return Talk(app, clock, brain)


@pytest.mark.parametrize(
    ("where", "asked", "told"),
    [
        (SQUARE, SQUARE, True),
        (SQUARE, MARKET, True),
        (SQUARE, CELLAR, True),
        (CELLAR, CELLAR, True),
        (CELLAR, STALL, True),
        (CELLAR, SQUARE, False),
        (STALL, CELLAR, False),
        (SQUARE, OTHER_SERVER, False),
        (SQUARE, PRIVATELY, False),
        (PRIVATELY, SQUARE, False),
        (PRIVATELY, PRIVATELY, True),
    ],
)
async def test_walls(talk: Talk, where: Place, asked: Place, told: bool) -> None:
    await talk.said(where, SECRET)
    assert (SECRET in await talk.prompt_in(asked)) is told


async def test_a_thread_knows_what_it_began_with(
    app: App, talk: Talk, clock: VirtualClock, brain: FakeBrain
) -> None:
    start = IncomingMessage(99, SQUARE, ADA, "shall we talk about boats?", clock.now())
    await app.line.take(start, app.practice.door)
    await asyncio.gather(*app.line.tasks)
    await talk.said(replace(STALL, channel_id=99, parent_id=SQUARE.channel_id), "@bot yes?", to_bot=True)
    assert "shall we talk about boats?" in str(brain.requests[-1].messages)


async def test_a_channel_that_was_closed_is_closed_at_once(app: App, talk: Talk) -> None:
    await talk.said(MARKET, SECRET)
    await app.line.survey([replace(MARKET, is_public=False)])
    assert SECRET not in await talk.prompt_in(SQUARE)
