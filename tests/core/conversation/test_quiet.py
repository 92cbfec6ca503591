"""The host says hush at the computer: it says nothing on Discord, everywhere, until the hour is over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from core.app import App, Config, open_app
from core.clock import VirtualClock
from core.conversation.choices import chosen_for
from core.conversation.message import Place, Realm
from core.events import QuietChanged
from db import channel_settings

ROOM = Place(Realm.DISCORD, 42, "general", guild_id=7, guild_name="Harbour")
PRIVATE = Place(Realm.DISCORD, 43, "Ada")
PRACTICE = Place(Realm.PRACTICE, 44, "practice")


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
async def app(tmp_path: Path, clock: VirtualClock) -> AsyncIterator[App]:
    environ = {"ECHODECK_KEY": "00" * 32}
    async with open_app(Config(tmp_path, environ, clock=clock, brain="none", rounds=False)) as opened:
        yield opened


async def test_it_is_quiet_everywhere_on_discord_and_then_speaks_again(app: App, clock: VirtualClock) -> None:
    heard: list[QuietChanged] = []
    app.bus.listen(QuietChanged, heard.append)
    until = await app.quiet.hush(1)
    assert until == clock.now() + timedelta(hours=1)
    for place in (ROOM, PRIVATE):
        assert (await chosen_for(place, app.store)).muted_until == until
    assert (await chosen_for(PRACTICE, app.store)).muted_until is None
    assert await app.quiet.until() == until
    clock.step(3601)
    assert await app.quiet.until() is None
    await app.quiet.hush(1)
    await app.quiet.speak()
    assert await app.quiet.until() is None
    assert (await chosen_for(ROOM, app.store)).muted_until is None
    assert [event.until is None for event in heard] == [False, False, True]


async def test_a_shorter_wish_of_the_channel_does_not_undo_it(app: App, clock: VirtualClock) -> None:
    until = await app.quiet.hush(1)
    past = (clock.now() - timedelta(hours=2)).astimezone(UTC).timestamp()
    await app.store.run(channel_settings.put, Realm.DISCORD, 7, 42, "muted_until", past, None, clock.now())
    assert (await chosen_for(ROOM, app.store)).muted_until == until
