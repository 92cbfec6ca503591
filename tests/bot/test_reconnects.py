"""Fifty breaks of the connection in a row: nobody is answered twice or not at all, and Discord is asked for a
new session only when it refused the old one."""

from __future__ import annotations

import re
from collections import Counter
from random import Random

import pytest

from core.app import App
from core.clock import SystemClock
from core.conversation.desk import Caps
from core.session import SessionState
from tests.bot.conftest import Online, turns_ended
from tests.support.fake_brain import FakeBrain
from tests.support.fake_discord import FakeChannel, FakeDiscord

RECONNECTS = 50
REFUSED = 4  # of them; with the first IDENTIFY that makes five
_RECONNECT, _INVALID = 7, 9


class HurriedClock(SystemClock):
    """Time runs as it does, but nobody waits longer than a moment."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(min(seconds, 0.05))


@pytest.fixture
def brain() -> FakeBrain:
    """Answers with the number of what it answers."""
    return FakeBrain(lambda request: f"to {re.findall(r'#[0-9]+', request.messages[-1].content)[-1]}")


async def cut(discord: FakeDiscord, how: str) -> None:
    """Break the connection."""
    discord.refuse_resume = how == "refused"
    if how == "dropped":
        await discord.drop()
    elif how == "invalid":
        await discord.send_op(_INVALID, True)
    else:
        await discord.send_op(_RECONNECT)


@pytest.mark.timeout(300)  # discord.py rests five seconds before each further IDENTIFY
async def test_fifty_reconnects_lose_and_double_nothing(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    rooms = discord.add_guild("Harbour", "general", "games", "music").channels
    people = [discord.add_user(name) for name in ("Ada", "Bob", "Cleo", "Dan", "Eve")]
    app.desk.limits, app.desk.caps = None, Caps(1000)  # nothing is to be held back but by the network
    chance = Random(50)
    hows = ["asked", "dropped", "invalid"] * ((RECONNECTS - REFUSED) // 3 + 1)
    hows = ["refused"] * REFUSED + hows[: RECONNECTS - REFUSED]
    chance.shuffle(hows)
    asked: list[str] = []

    async def write(room: FakeChannel) -> None:
        message = await discord.say(room, chance.choice(people), f"#{len(asked)} {discord.mention}")
        asked.append(message["id"])

    online.session._clock = HurriedClock()  # the pauses before a try are tested with the network
    online.session._ready_after_s = 1.0  # as in the app (2 s): the servers are there by then

    await online.session.start()
    await until(SessionState.ONLINE)
    for number, how in enumerate(hows):
        connections = discord.identifies + discord.resumes
        await write(rooms[number % 3])  # its reply is under way when the connection breaks
        await cut(discord, how)
        await write(rooms[(number + 1) % 3])  # nobody is there to hear it
        await discord.until(lambda before=connections: discord.identifies + discord.resumes > before)
        await until(SessionState.ONLINE)
        await turns_ended(app, len(asked))
    assert Counter(post["content"] for post in discord.posts) == Counter(
        f"to #{n}" for n in range(len(asked))
    )
    assert {turn.message_id for turn in await app.feed.recent() if turn.replied} == {int(it) for it in asked}
    assert (discord.identifies, discord.resumes) == (1 + REFUSED, RECONNECTS - REFUSED)
