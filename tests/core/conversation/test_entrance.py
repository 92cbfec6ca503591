"""A persona answers only those it was opened to; the host, and the practice room, always."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.app import App
from core.conversation.message import Author, IncomingMessage, Place, Realm
from core.conversation.proactive import Proactive
from core.conversation.record import stored
from core.persona.entrance import OPEN, Entrance
from core.safety.access import EVERYONE, NOBODY, Asker, Grant
from core.settings import BURST_SECONDS
from db import channel_settings, messages, turns
from db.base import Database, sql
from tests.core.test_privacy import OpenDoor

ADA, BOB = Author(11, "Ada"), Author(12, "Bob")
HARBOUR, ATTIC = 100, 200
CLOSED = "this persona is not open to this person"
ONLY_ADA = Grant(people=frozenset({ADA.id}))


class Discord:
    """Says something to the persona, and waits for what becomes of it."""

    def __init__(self, app: App) -> None:
        self.app, self.door, self.last = app, OpenDoor(), 500

    async def hears(self, author: Author, guild: int | None, from_host: bool = False) -> str | None:
        """Why it kept silent; None when it answered."""
        self.last += 1
        place = Place(Realm.DISCORD, guild or author.id, "quay", guild, "Harbour", is_direct=guild is None)
        now = self.app.config.clock.now()
        said = IncomingMessage(self.last, place, author, "hello", now, mentions_me=True, from_host=from_host)
        before = len(self.door.posted)
        await self.app.line.take(said, self.door)
        while self.app.line.tasks:
            for task in list(self.app.line.tasks):
                await task
        turn = await self.app.store.run(turns.of_message, Realm.DISCORD, said.id)
        assert turn is not None
        return None if len(self.door.posted) > before else str(turn.reason["key"])

    async def open_to(self, use: Grant, see: Grant = EVERYONE) -> int:
        (kept,) = await self.app.personas.every()
        await self.app.whereabouts.entrances.open_to(kept.id, use, see)
        return kept.id


@pytest.fixture
async def discord(app: App) -> Discord:
    await app.settings.put(BURST_SECONDS, 0)
    return Discord(app)


async def test_it_answers_everybody_until_something_else_is_decided(discord: Discord) -> None:
    assert await discord.hears(BOB, HARBOUR) is None
    assert await discord.hears(BOB, None) is None


async def test_only_chosen_people_are_answered_wherever_they_write(discord: Discord) -> None:
    await discord.open_to(ONLY_ADA)
    assert await discord.hears(ADA, HARBOUR) is None
    assert await discord.hears(ADA, None) is None
    assert await discord.hears(BOB, HARBOUR) == CLOSED
    assert await discord.hears(BOB, None) == CLOSED
    await discord.open_to(EVERYONE)
    assert await discord.hears(BOB, HARBOUR) is None


async def test_on_chosen_servers_only_their_members_are_answered(discord: Discord) -> None:
    await discord.open_to(Grant(guilds=frozenset({HARBOUR})))
    assert await discord.hears(BOB, HARBOUR) is None
    assert await discord.hears(BOB, ATTIC) == CLOSED
    assert await discord.hears(BOB, None) == CLOSED


async def test_the_host_and_the_practice_room_are_always_answered(
    discord: Discord, play: Callable[..., Any]
) -> None:
    await discord.open_to(NOBODY)
    assert await discord.hears(BOB, HARBOUR, from_host=True) is None
    assert await discord.hears(BOB, HARBOUR) == CLOSED
    (result,) = await play("Ada: @bot hello")
    assert result["reply"] == "tea's on"


async def test_it_writes_of_its_own_accord_only_to_whom_it_is_open(discord: Discord) -> None:
    app, direct = discord.app, Place(Realm.DISCORD, BOB.id, "Bob", is_direct=True)
    await discord.hears(BOB, None)
    for key, value in (("proactive", True), ("quiet_from", 0), ("quiet_to", 0)):
        put, now = channel_settings.put, app.config.clock.now()
        await app.store.run(put, Realm.DISCORD, None, direct.channel_id, key, value, None, now)
    last = IncomingMessage(900, direct, BOB, "the ferry was late again", app.config.clock.now())
    await app.store.run(messages.record, stored(last))
    (choices,) = await app.store.run(channel_settings.every, Realm.DISCORD)
    proactive = Proactive(app.desk, dict, lambda _channel: False)
    before = len(discord.door.posted)
    await discord.open_to(ONLY_ADA)
    refused = await proactive.consider(choices, discord.door)
    assert refused is not None
    assert (refused.key, len(discord.door.posted)) == (CLOSED, before)
    await discord.open_to(EVERYONE)
    again = await proactive.consider(choices, discord.door)
    assert again is None or again.key != CLOSED


def test_it_is_offered_only_where_it_may_be_chosen_and_would_be_heard() -> None:
    captain = Asker(5, HARBOUR)
    assert OPEN.may_choose(captain)
    assert not Entrance(see=NOBODY).may_choose(captain)
    assert not Entrance(Grant(guilds=frozenset({ATTIC}))).may_choose(captain)
    assert Entrance(Grant(guilds=frozenset({HARBOUR}))).may_choose(captain)
    assert Entrance(ONLY_ADA).may_choose(captain)
    assert Entrance(NOBODY, NOBODY).may_choose(Asker(5, HARBOUR, is_host=True))


async def test_who_is_erased_is_no_longer_named_and_the_others_stay_out(discord: Discord) -> None:
    app = discord.app
    persona_id = await discord.open_to(ONLY_ADA)
    await discord.hears(ADA, HARBOUR)
    found = await app.privacy.export(Realm.DISCORD, ADA.id)
    assert found["entrances"] == [{"persona": "Finn", "may_use": True, "may_see": False}]
    receipt = await app.privacy.erase(Realm.DISCORD, ADA.id)
    assert receipt.touched["entrances"] == 1
    assert await app.whereabouts.entrances.of(persona_id) == Entrance(use=NOBODY)
    assert await discord.hears(BOB, HARBOUR) == CLOSED


async def test_what_was_decided_for_a_persona_goes_with_it(discord: Discord) -> None:
    await discord.open_to(ONLY_ADA)
    await discord.app.store.run(_remove_personas)
    assert await discord.app.whereabouts.entrances.every() == {}


def _remove_personas(db: Database) -> None:
    sql(db, "delete from personas")
