"""A voice is asked for, agreed to, learnt, heard and taken back, on an in-memory Discord."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.echo_source import DiscordSource
from core.app import App
from core.echo import building
from core.echo.source import SourceMessage
from tests.core.echo.people import lena
from tests.support.fake_brain import FakeBrain
from tests.support.harbour import World
from tests.support.slash import invoke, words_of

CANARY = "zebra piano"


@pytest.fixture(autouse=True)
def _no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """This Discord has no search; channels are paged through."""

    async def none(self: DiscordSource, *asked: int) -> Sequence[SourceMessage] | None:
        return None

    monkeypatch.setattr(DiscordSource, "search", none)
    monkeypatch.setattr(building, "LEAST", 20)
    monkeypatch.setattr(building, "_TRIAL", 3)


def has_written(world: World, who: Any, texts: list[str]) -> None:
    """What somebody wrote before the bot heard anything."""
    for text in texts:
        world.env.backend.create_message(world.general.id, who.id, text)


async def finished(world: World) -> Any:
    """The newest analysis, once it is over."""
    async with asyncio.timeout(60):
        while True:
            job = (await world.app.echoes.jobs.recent(1))[0]
            if job.state in ("done", "failed", "cancelled"):
                return job
            await asyncio.sleep(0.02)


def pressed(message: Any) -> list[str]:
    return [button.custom_id.split(":")[1] for row in message.components for button in row.children]


async def with_an_echo(world: World) -> Any:
    """Ada has an echo that the captain allowed; answers the message that followed it."""
    has_written(world, world.ada, [*lena(80), f"the {CANARY} is mine"])
    has_written(world, world.bob, ["Bob's own words stay Bob's own"] * 3)
    asked = await world.ada.slash(world.general, "echo analyze", date="31.12.2025")
    message = asked.response
    await world.captain.click(message, custom_id=pressed(message)[0] and f"echo:permit:{number_of(message)}")
    job = await finished(world)
    assert job.state == "done", world.app.echoes.jobs.trouble(job)
    await world.env.settle()
    return world.general.history()[-1]


def number_of(message: Any) -> int:
    ids = [button.custom_id for row in message.components for button in row.children]
    return int(ids[0].rsplit(":", 1)[1])


async def test_nobody_is_read_before_they_and_the_server_agreed(world: World) -> None:
    has_written(world, world.bob, lena(60))
    asked = await world.ada.slash(world.general, "echo analyze", person=world.bob, date="31.12.2025")
    text = words_of(asked)
    assert "An echo of Bob, asked for by Ada, on Harbour." in text
    assert "before 31.12.2025, at most 10,000" in text
    assert "for 30 days" in text
    assert "Bob has to agree; somebody who runs this server has to allow it" in text
    (direct,) = world.direct(world.bob)
    assert "An echo of Bob" in direct.content
    number = number_of(direct)

    other = await world.ada.click(asked.response, custom_id=f"echo:agree:{number}")
    assert "Only the person themselves can answer this." in words_of(other)
    member = await world.ada.click(asked.response, custom_id=f"echo:permit:{number}")
    assert "Only somebody who runs this server can allow this." in words_of(member)
    await world.captain.click(asked.response, custom_id=f"echo:permit:{number}")
    assert await world.app.echoes.jobs.recent() == []

    await world.bob.user.click(direct, custom_id=f"echo:agree:{number}")
    assert (await finished(world)).state == "done"
    await world.env.settle()
    followed = next(each for each in world.general.history() if each.id == asked.response.id)
    assert "✅ Ready." in followed.content
    assert any("is ready" in each.content for each in world.direct(world.bob))
    assert any("is ready" in each.content for each in world.direct(world.ada))
