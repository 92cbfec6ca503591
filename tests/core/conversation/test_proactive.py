"""Speaking unasked: only where it was allowed, seldom, never over somebody, and with a trace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from core.clock import VirtualClock
from core.conversation import status
from core.conversation.message import Author, IncomingMessage, Place, Realm
from core.conversation.opportunity import is_quiet
from core.conversation.practice import person_id
from core.conversation.proactive import Proactive
from core.conversation.record import stored
from core.errors import BrainBroke, DiscordRefused
from core.events import StatusChanged, TurnEnded
from core.words import say
from db import channel_settings, messages, turns
from db.channel_settings import ChannelChoices
from tests.support.fake_brain import FakeBrain
from tests.support.small_app import SmallApp, small_app


class Dice(Random):
    """Says what it is told to: first whether to look, then what about."""

    def __init__(self, *falls: float) -> None:
        super().__init__(7)
        self.falls = list(falls)

    def random(self) -> float:
        return self.falls.pop(0) if self.falls else 0.0


@dataclass
class Room:
    app: SmallApp
    clock: VirtualClock
    brain: FakeBrain
    door: Any
    proactive: Proactive
    dice: Dice
    busy: set[int] = field(default_factory=set)

    async def chose(self, key: str, value: Any, place: Place | None = None) -> None:
        place = place or self.app.practice.place
        put = channel_settings.put
        now = self.clock.now()
        await self.app.store.run(put, place.realm, place.guild_id, place.channel_id, key, value, None, now)

    async def look(self, *falls: float, minutes: float = 30) -> None:
        self.dice.falls = list(falls or (0.0, 0.0))
        await self.proactive.run()
        self.clock.step(minutes * 60)

    async def said(self) -> list[str]:
        return [line.text for line in await self.app.practice.transcript() if line.is_self]

    async def somebody(
        self, text: str = "the ferry was late again", place: Place | None = None, name: str = "Ada"
    ) -> None:
        """Somebody writes, and no turn is made of it."""
        message = IncomingMessage(
            await self.app.practice._ids.next(),
            place or self.app.practice.place,
            Author(person_id(name), name),
            text,
            self.clock.now(),
        )
        await self.app.store.run(messages.record, stored(message))


@pytest.fixture
async def room(tmp_path: Path, clock: VirtualClock) -> AsyncIterator[Room]:
    brain = FakeBrain("Finn: typical ferry")
    async with small_app(tmp_path, clock, brain) as app:
        busy: set[int] = set()
        proactive = Proactive(app.desk, lambda: {Realm.PRACTICE: app.practice.door}, busy.__contains__)
        app.desk.chance = Dice()
        room = Room(app, clock, brain, app.practice.door, proactive, app.desk.chance, busy)
        await room.chose("proactive", True)
        await room.chose("quiet_from", 0)
        await room.chose("quiet_to", 0)
        yield room


async def test_it_comments_on_what_was_said_last(room: Room) -> None:
    ended: list[TurnEnded] = []
    room.app.bus.listen(TurnEnded, ended.append)
    await room.somebody()
    await room.look(0.05, 0.4)
    assert await room.said() == ["typical ferry"]
    asked = room.brain.requests[0].messages
    assert "You are Finn" in asked[0].content
    assert "Ada: the ferry was late again" in asked[1].content
    assert "joining in" in asked[-1].content
    assert [(event.replied, say(event.reason)) for event in ended] == [(True, "it spoke of its own accord")]
    turn = await room.app.store.run(turns.get, ended[0].turn_id)
    assert turn is not None
    assert turn.trace["of_own_accord"] == "comment"
    assert turn.trace["prompt"][0]["part"] == "persona"
    assert turn.reply == "typical ferry"


async def test_its_emotes_are_shown_as_in_a_reply(room: Room) -> None:
    await room.somebody()
    room.brain._replies = ["typical :wave: :no_such_thing:"]
    await room.look(0.05, 0.4)
    assert await room.said() == ["typical 👋"]


async def test_it_tells_more_of_what_it_is_up_to(room: Room) -> None:
    await room.somebody()
    room.brain._replies = ["mending nets", "the nets are a mess"]
    await status.renew(room.app.desk)
    await room.look(0.05, 0.6)
    assert await room.said() == ["the nets are a mess"]
    assert "mending nets" in room.brain.requests[-1].messages[-1].content


async def test_nine_looks_of_ten_lead_to_nothing(room: Room) -> None:
    await room.somebody()
    await room.look(0.11)
    assert await room.said() == []
    await room.look(0.09)
    assert len(await room.said()) == 1


async def test_it_never_has_two_words_in_a_row(room: Room) -> None:
    await room.somebody()
    for _ in range(5):
        await room.look()
    assert len(await room.said()) == 1
    await room.somebody("and again")
    await room.look()
    assert len(await room.said()) == 2


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("proactive", None),
        ("proactive", False),
        ("active", False),
        ("muted_until", "2026-01-05T12:30:00+00:00"),
        ("daily_cap", 0),
    ],
)
async def test_it_is_silent_where_that_was_chosen(room: Room, key: str, value: Any) -> None:
    await room.somebody()
    await room.chose(key, value)
    await room.look()
    assert await room.said() == []


async def test_quiet_hours_and_the_daily_cap_hold(room: Room) -> None:
    await room.chose("quiet_from", 22)
    await room.chose("quiet_to", 9)
    await room.chose("daily_cap", 2)
    spoke: list[datetime] = []
    room.app.bus.listen(TurnEnded, lambda event: spoke.append(event.at) if event.replied else None)
    for _ in range(96):  # two days
        await room.somebody()
        await room.look()
    assert all(9 <= at.hour < 22 for at in spoke)
    assert sorted(at.day for at in spoke) == [5, 5, 6, 6, 7, 7]


async def test_the_button_mutes_it(room: Room) -> None:
    await room.proactive.mute(room.app.practice.place, 24, 501)
    await room.somebody()
    await room.look(minutes=23 * 60)
    assert await room.said() == []
    await room.look(minutes=120)
    await room.somebody()
    await room.look()
    assert len(await room.said()) == 1


async def test_asking_for_quiet_changes_nothing_else_that_was_chosen(room: Room) -> None:
    place = room.app.practice.place
    await room.chose("proactive", {"on": True, "fallback": 8})
    await room.proactive.mute(place, 1, 501)
    kept = await room.app.store.run(channel_settings.get, place.realm, place.channel_id)
    assert kept["proactive"] == {"on": True, "fallback": 8, "not_before": "2026-01-05T13:00:00+00:00"}
    assert "muted_until" not in kept
    await room.chose("proactive", None)
    await room.proactive.mute(place, 1, 501)
    room.clock.step(7200)
    await room.somebody()
    await room.look()
    assert await room.said() == []


async def test_it_keeps_out_of_a_turn_under_way(room: Room) -> None:
    await room.somebody()
    room.busy.add(room.app.practice.place.channel_id)
    await room.look()
    assert room.brain.requests == []


async def test_it_drops_what_it_had_in_mind_when_the_talk_moves_on(room: Room) -> None:
    await room.somebody()
    ended: list[TurnEnded] = []
    room.app.bus.listen(TurnEnded, ended.append)
    generate = room.brain.chat

    async def interrupted(request):
        await room.somebody("look, a whale!", name="Bob")
        async for chunk in generate(request):
            yield chunk

    room.brain.chat = interrupted  # type: ignore[method-assign]
    await room.look()
    assert await room.said() == []
    assert [say(event.reason) for event in ended] == ["the talk moved on"]


async def test_a_model_that_breaks_is_traced_and_seen_by_nobody(room: Room) -> None:
    await room.somebody()
    room.brain._replies = [BrainBroke(model="fake", detail="oh")]
    ended: list[TurnEnded] = []
    room.app.bus.listen(TurnEnded, ended.append)
    await room.look()
    assert await room.said() == []
    assert [event.failed for event in ended] == [True]


async def test_a_room_nobody_has_written_in_is_left_alone(room: Room) -> None:
    await room.look()
    await room.somebody()
    await room.look(minutes=1)
    assert len(await room.said()) == 1


async def test_stale_talk_is_not_commented_on(room: Room) -> None:
    await room.somebody()
    room.clock.step(3 * 86_400)
    await room.look(0.0, 0.0)
    assert room.brain.requests == []


class PickyDoor:
    """Writes to nobody directly."""

    self_id = 1

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.posted: list[tuple[Place, str]] = []

    @asynccontextmanager
    async def typing(self, place: Place):
        yield

    async def post(self, place: Place, text: str, nonce: str, answers: int | None) -> int:
        if place.is_direct:
            raise DiscordRefused(detail="Cannot send messages to this user")
        self.posted.append((place, text))
        return 10**15 + len(self.posted)


async def test_who_cannot_be_written_to_is_spoken_to_in_their_channel_without_what_is_private(
    room: Room,
) -> None:
    await room.somebody("hello everybody")
    channel = room.app.practice.place
    direct = Place(Realm.PRACTICE, 4242, "Ada", is_direct=True)
    await room.somebody("I am afraid of the dark", place=direct)
    await room.chose("proactive", {"fallback": channel.channel_id}, direct)
    door = PickyDoor(room.door)
    chosen = await room.app.store.run(channel_settings.every, "practice")
    one = next(each for each in chosen if each.channel_id == 4242)
    assert await room.proactive.consider(replace(one), door) is None
    assert [place.channel_id for place, _ in door.posted] == [channel.channel_id]
    assert "dark" not in str(room.brain.requests[-1].messages)


async def test_no_fallback_speaks_where_nobody_allowed_it(room: Room) -> None:
    await room.somebody("hello everybody")
    await room.chose("proactive", None)
    direct = Place(Realm.PRACTICE, 4242, "Ada", is_direct=True)
    await room.somebody("psst", place=direct)
    channel = room.app.practice.place.channel_id
    door = PickyDoor(room.door)
    choices = ChannelChoices("practice", None, 4242, {"proactive": {"fallback": channel}})
    assert await room.proactive.consider(choices, door) is not None
    assert door.posted == []


@pytest.mark.parametrize(
    ("hour", "since", "until", "quiet"),
    [
        (23, 23, 8, True),
        (7, 23, 8, True),
        (8, 23, 8, False),
        (12, 23, 8, False),
        (13, 12, 14, True),
        (14, 12, 14, False),
        (3, 0, 0, False),
    ],
)
def test_the_quiet_hours_go_round_midnight(hour: int, since: int, until: int, quiet: bool) -> None:
    assert is_quiet(datetime(2026, 1, 5, hour, 30, tzinfo=UTC), time(since), time(until), UTC) is quiet


@pytest.mark.parametrize(
    ("since", "until", "quiet"),
    [("11:30", "12:30", True), ("12:01", "11:59", False), (11, 24, True), ("soon", None, False)],
)
async def test_quiet_hours_are_hours_or_times_of_day(
    room: Room, since: object, until: object, quiet: bool
) -> None:
    room.app.desk.zone = UTC
    while room.clock.now().astimezone(UTC).hour != 12:
        room.clock.step(600)
    await room.chose("quiet_from", since)
    await room.chose("quiet_to", until)
    await room.somebody()
    await room.look()
    assert (await room.said() == []) is quiet


async def test_the_status_is_short_told_to_everybody_and_the_personas_own(room: Room) -> None:
    told: list[StatusChanged] = []
    room.app.bus.listen(StatusChanged, told.append)
    room.brain._replies = ['"Finn: mending nets ' + "and nets " * 40 + '"\nand more']
    text = await status.renew(room.app.desk)
    assert [event.text for event in told] == [text]
    assert await status.current(room.app.desk) == text
    assert text.startswith("mending nets")
    assert len(text) <= 100
    other = await room.app.personas.add((await room.app.personas.every())[0].persona)
    await room.app.personas.choose(other.id)
    assert await status.current(room.app.desk) == ""


async def test_without_a_model_the_status_is_made_of_the_personas_own_facts(room: Room) -> None:
    room.brain._replies = [BrainBroke(model="fake", detail="oh")]
    text = await status.renew(room.app.desk)
    persona = (await room.app.personas.every())[0].persona
    assert any(fact.startswith(text.rstrip("…")) for fact in (*persona.quirks, *persona.lore))
    assert 0 < len(text) <= 100
