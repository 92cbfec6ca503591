"""What somebody changes or takes back on Discord is no longer what they said."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from core.app import App
from core.clock import VirtualClock
from core.conversation.message import IncomingMessage, Realm
from core.memory.consolidate import Consolidation
from db import derived, embeddings, facts, people
from db.embeddings import Waiting
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles


@pytest.fixture
def night(app: App, clock: VirtualClock) -> Consolidation:
    return Consolidation(app.store, FakeRoles(FakeBrain("no")), None, clock, app.bus)


async def known_of(app: App, said: IncomingMessage) -> list[str]:
    person = await app.store.run(people.find, "practice", said.author.id)
    assert person is not None
    return [each.text for each in await app.store.run(facts.of_person, person.row_id)]


async def change(app: App, clock: VirtualClock, said: IncomingMessage, text: str) -> None:
    clock.step(timedelta(minutes=5).total_seconds())
    await app.line.edited(Realm.PRACTICE, said.id, text, clock.now())


async def test_a_fact_of_the_old_words_goes_and_the_new_ones_are_read(
    app: App, clock: VirtualClock, night: Consolidation
) -> None:
    said = await app.practice.say("Ada", "I live in Bremen")
    await app.practice.say("Ada", "I love hiking")
    await night.run("practice")
    assert any("Bremen" in each for each in await known_of(app, said))
    await change(app, clock, said, "I live in Emden")
    assert not any("Bremen" in each for each in await known_of(app, said))
    await night.run("practice")
    known = await known_of(app, said)
    assert any("Emden" in each for each in known)
    assert sum("hiking" in each for each in known) == 1
    assert (await night.run("practice")).messages == 0


async def test_a_denial_takes_back_what_was_said(app: App, clock: VirtualClock, night: Consolidation) -> None:
    said = await app.practice.say("Ada", "I like fish")
    await night.run("practice")
    assert any("fish" in each for each in await known_of(app, said))
    await change(app, clock, said, "I do not like fish")
    assert not any(each.endswith("likes fish") for each in await known_of(app, said))


async def test_a_comma_changes_nothing_that_is_known(
    app: App, clock: VirtualClock, night: Consolidation
) -> None:
    said = await app.practice.say("Ada", "i live in Bremen")
    await night.run("practice")
    before = await known_of(app, said)
    await change(app, clock, said, "I live in Bremen!")
    assert before
    assert await known_of(app, said) == before


async def test_the_vector_of_the_old_words_goes_and_the_message_waits_for_another(
    app: App, clock: VirtualClock
) -> None:
    said = await app.practice.say("Ada", "I live in Bremen")
    (waiting,) = await app.store.run(embeddings.waiting, 10)
    assert isinstance(waiting, Waiting)
    await app.store.run(embeddings.keep, "m", [(waiting, b"\x01\x02")])
    assert len(await app.store.run(embeddings.newer, "m", "practice", said.place.guild_id, 0, 10)) == 1
    await change(app, clock, said, "I live in Emden")
    assert await app.store.run(embeddings.newer, "m", "practice", said.place.guild_id, 0, 10) == []
    assert [each.text for each in await app.store.run(embeddings.waiting, 10)] == ["I live in Emden"]


@pytest.mark.parametrize("taken_back", [False, True])
async def test_the_conversation_under_way_tells_it_no_longer(
    app: App, clock: VirtualClock, taken_back: bool
) -> None:
    said = await app.practice.say("Ada", "my code is 1234", to_bot=True)
    await answered(app, clock)
    assert app.desk.threads is not None
    assert "1234" in told(app, said)
    if taken_back:
        await app.line.deleted(Realm.PRACTICE, [said.id])
    else:
        await app.line.edited(Realm.PRACTICE, said.id, "never mind", clock.now())
    assert "1234" not in told(app, said)
    assert ("never mind" in told(app, said)) is not taken_back


def told(app: App, said: IncomingMessage) -> str:
    assert app.desk.threads is not None
    manager: Any = app.desk.threads._manager
    under_way = manager.get_conversation(said.place.channel_id)
    assert under_way is not None
    return json.dumps(under_way.to_json())


async def test_an_unknown_message_cannot_be_changed(app: App, clock: VirtualClock) -> None:
    assert not await app.store.run(derived.edit, "practice", 4711, "hello", clock.now())


async def test_what_is_changed_before_it_is_answered_is_answered_as_it_is_then(
    app: App, clock: VirtualClock, brain: FakeBrain
) -> None:
    first = await app.practice.say("Ada", "I hate soop", to_bot=True)
    second = await app.practice.say("Ada", "my code is 1234", to_bot=True)
    await app.line.edited(Realm.PRACTICE, first.id, "I hate soup", clock.now())
    await app.line.deleted(Realm.PRACTICE, [second.id])
    await answered(app, clock)
    (request,) = brain.requests
    assert "soup" in str(request.messages)
    assert "soop" not in str(request.messages)
    assert "1234" not in str(request.messages)


async def test_what_is_taken_back_at_once_is_not_answered(
    app: App, clock: VirtualClock, brain: FakeBrain
) -> None:
    said = await app.practice.say("Ada", "oops", to_bot=True)
    await app.line.deleted(Realm.PRACTICE, [said.id])
    await answered(app, clock)
    assert brain.requests == []
    (turn,) = await app.feed.recent(limit=1)
    assert str(turn.reason) == "the message was taken back before it was answered"


async def answered(app: App, clock: VirtualClock) -> None:
    while app.line.tasks:
        clock.step(60)
        await next(iter(app.line.tasks))
