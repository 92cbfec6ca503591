"""Emotes, polls, the button for quiet, and the line beside the bot's name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import discord as library
import pytest

from bot import abilities
from bot.door import DiscordDoor
from bot.presence import Presence, shown
from bot.quiet import CUSTOM_ID
from core.app import App
from core.clock import VirtualClock
from core.conversation.emotes import EmoteDoor, usable
from core.conversation.message import Place, Realm
from core.conversation.proactive import UnaskedDoor
from core.conversation.tools import PollDoor, ServerDoor
from core.errors import DiscordError, PermissionMissing
from core.events import Bus, StatusChanged
from core.session import SessionState
from tests.bot.conftest import Online
from tests.support.fake_discord import FakeDiscord


class Harbour:
    """A server with the bot on it."""

    def __init__(self, door: DiscordDoor, place: Place, discord: FakeDiscord) -> None:
        self.door, self.place, self.discord = door, place, discord


@pytest.fixture
async def harbour(app: App, online: Online, discord: FakeDiscord, until) -> Harbour:
    guild = discord.add_guild("Harbour")
    general = guild.channels[0]
    await online.session.start()
    await until(SessionState.ONLINE)
    client = online.session._client
    assert client is not None
    assert client.door is not None
    place = Place(Realm.DISCORD, general.id, general.name, guild.id, guild.name)
    return Harbour(client.door, place, discord)


async def test_the_door_can_do_what_core_asks_of_doors(harbour: Harbour) -> None:
    for protocol in (EmoteDoor, PollDoor, ServerDoor, UnaskedDoor):
        assert isinstance(harbour.door, protocol)


@pytest.fixture
def may(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Give the right to post polls, or take it."""

    def poll(allowed: bool) -> None:
        rights = library.Permissions(send_messages=True, send_polls=allowed)
        monkeypatch.setattr(abilities, "granted", lambda client, place: rights)

    return poll


async def test_a_poll_is_one_of_discords_own(harbour: Harbour, may: Callable[[bool], None]) -> None:
    may(True)
    posted = await harbour.door.poll(harbour.place, "Tea?", ["yes", "no"], 2, "n1")
    (post,) = harbour.discord.posts
    assert int(post["id"]) == posted
    poll = post["sent"]["poll"]
    assert poll["question"]["text"] == "Tea?"
    assert poll["duration"] == 2
    assert [each["poll_media"]["text"] for each in poll["answers"]] == ["yes", "no"]
    assert await harbour.door.poll(harbour.place, "Tea?", ["yes", "no"], 2, "n1") == posted


async def test_where_it_may_not_poll_it_says_so(harbour: Harbour, may: Callable[[bool], None]) -> None:
    may(False)
    with pytest.raises(PermissionMissing):
        await harbour.door.poll(harbour.place, "Tea?", ["yes", "no"], 2, "n1")


async def test_a_thread_is_opened_at_the_question(
    harbour: Harbour, may: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    may(True)
    with pytest.raises(PermissionMissing):
        await harbour.door.open_thread(harbour.place, 5, "the sea")
    monkeypatch.setattr(abilities, "granted", lambda client, place: library.Permissions.all())
    general = next(it for it in harbour.discord.channels.values() if it.id == harbour.place.channel_id)
    asked = await harbour.discord.say(general, harbour.discord.add_user("Ada"), "why is the sea salty")
    opened = await harbour.door.open_thread(harbour.place, int(asked["id"]), "the sea")
    assert (opened.channel_name, opened.parent_id) == ("the sea", harbour.place.channel_id)
    with pytest.raises(DiscordError):
        await harbour.door.open_thread(harbour.place, 999, "no such message")


async def test_what_nobody_asked_for_has_a_button_beside_it(harbour: Harbour) -> None:
    await harbour.door.post_unasked(harbour.place, "the nets are a mess", "n2")
    (post,) = harbour.discord.posts
    assert post["content"] == "the nets are a mess"
    (button,) = post["sent"]["components"][0]["components"]
    assert button["custom_id"] == CUSTOM_ID


async def test_it_uses_the_emotes_it_may_use_and_none_elsewhere(harbour: Harbour) -> None:
    guild = harbour.door._client.get_guild(harbour.place.guild_id)
    assert guild is not None
    mine = SimpleNamespace(name="wave", id=7, animated=False, is_usable=lambda: True)
    theirs = SimpleNamespace(name="vip", id=8, animated=True, is_usable=lambda: False)
    guild.emojis = (mine, theirs)  # type: ignore[assignment]
    assert [emote.code for emote in usable(harbour.door, harbour.place)] == ["<:wave:7>"]
    assert usable(harbour.door, replace(harbour.place, guild_id=None)) == ()
    assert usable(harbour.door, replace(harbour.place, guild_id=4)) == ()
    assert harbour.door.server(replace(harbour.place, guild_id=None)) == {}
    assert "since" in harbour.door.server(harbour.place)


class FakeClient:
    def __init__(self) -> None:
        self.shown: list[str] = []
        self.activity: Any = None
        self.ready = True

    def is_ready(self) -> bool:
        return self.ready

    def is_closed(self) -> bool:
        return False

    async def change_presence(self, *, activity: Any) -> None:
        self.shown.append(activity.name if activity is not None else "")


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_the_status_changes_at_most_once_a_minute_and_the_newest_wins() -> None:
    client, bus, clock = FakeClient(), Bus(), VirtualClock()
    async with Presence(client, bus, clock):  # type: ignore[arg-type]
        for number in range(5):
            bus.publish(StatusChanged(f"status {number}"))
            await settle()
        assert client.shown == ["status 0"]
        clock.step(59)
        await settle()
        assert len(client.shown) == 1
        clock.step(2)
        await settle()
        assert client.shown == ["status 0", "status 4"]
        clock.step(600)
        await settle()
        assert len(client.shown) == 2
    bus.publish(StatusChanged("late"))
    await settle()
    assert client.activity.name == "status 4"


async def test_before_it_is_ready_nothing_is_sent_but_it_introduces_itself_so() -> None:
    client, bus, clock = FakeClient(), Bus(), VirtualClock()
    client.ready = False
    async with Presence(client, bus, clock):  # type: ignore[arg-type]
        bus.publish(StatusChanged("mending nets"))
        await settle()
    assert client.shown == []
    assert client.activity.name == "mending nets"
    assert shown("") is None
