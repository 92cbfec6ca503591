"""What happened comes back when it is spoken of again: where it may be told, and only while it is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core.app import App
from core.clock import VirtualClock
from core.conversation.message import Realm
from core.conversation.practice import person_id
from db import derived, episodes, messages, people, privacy
from db.base import Database
from db.episodes import StoredEpisode
from tests.support.fake_brain import FakeBrain

LIVED = "Ada missed her exam because the ferry broke down; it made everybody sorry for her."
TITLE = "What Finn remembers of time together:"


@pytest.fixture
async def lived(app: App, play: Callable[..., Any], clock: VirtualClock) -> StoredEpisode:
    """An episode of three days ago, made of what Ada said then."""
    await play("Ada: the ferry broke down and I missed my exam\nBob: oh no\n@3d")
    return await _happened(app, clock)


async def _happened(app: App, clock: VirtualClock, channel_id: int | None = None) -> StoredEpisode:
    place, then = app.practice.place, clock.now() - timedelta(days=3)

    def write(db: Database) -> StoredEpisode:
        said = messages.transcript(db, place.channel_id, then - timedelta(days=9), 10)[0]
        ada = people.find(db, Realm.PRACTICE, person_id("Ada"))
        assert ada is not None
        return episodes.insert(
            db,
            StoredEpisode(
                *(Realm.PRACTICE, LIVED, then, then, place.guild_id, channel_id or place.channel_id, 6.0),
                people=(ada.row_id,),
                sources=((said.row_id, said.platform_id),),
            ),
        )

    kept = await app.store.run(write)
    await app.desk.episodes.fill_vectors()  # type: ignore[union-attr]
    return kept


def _recalled(brain: FakeBrain) -> str:
    read = "\n".join(message.content for message in brain.requests[-1].messages)
    return read.partition(TITLE)[2].partition("\n\n")[0]


async def test_what_happened_comes_to_mind_when_it_is_spoken_of(
    app: App, play: Callable[..., Any], brain: FakeBrain, lived: StoredEpisode, clock: VirtualClock
) -> None:
    (asked,) = await play("Ada: @bot do you remember when my exam went wrong?")
    assert "3 days ago: ⟦" in _recalled(brain)
    assert LIVED in _recalled(brain)
    assert LIVED in asked["memories"]
    (turn, *_) = await app.feed.recent()
    assert [each["episode"] for each in turn.trace["episodes"]] == [lived.row_id]
    (kept,) = await app.store.read(episodes.by_row_ids, [lived.row_id])
    assert kept.last_used_at is not None


@pytest.mark.parametrize("said", ["@bot how are you, Finn?", "@bot lol", "@bot what are you doing tonight?"])
async def test_what_has_nothing_to_do_with_it_brings_nothing_back(
    play: Callable[..., Any], brain: FakeBrain, lived: StoredEpisode, said: str
) -> None:
    await play(f"Ada: {said}")
    assert _recalled(brain) == ""


async def test_what_happened_in_another_room_stays_there(
    app: App, play: Callable[..., Any], brain: FakeBrain, clock: VirtualClock
) -> None:
    await play("Ada: the ferry broke down and I missed my exam\n@3d")
    await _happened(app, clock, channel_id=99)
    await play("Ada: @bot do you remember when my exam went wrong?")
    assert _recalled(brain) == ""


async def test_nobody_is_told_of_who_wants_to_be_left_alone(
    app: App, play: Callable[..., Any], brain: FakeBrain, lived: StoredEpisode, clock: VirtualClock
) -> None:
    await app.privacy.opt_out(Realm.PRACTICE, person_id("Ada"))
    await play("Bob: @bot do you remember when Ada's exam went wrong?")
    assert _recalled(brain) == ""


async def test_binned_is_not_remembered_and_restored_is(
    app: App, play: Callable[..., Any], brain: FakeBrain, lived: StoredEpisode, clock: VirtualClock
) -> None:
    await app.store.run(episodes.bin_, [lived.row_id], clock.now())
    await play("Ada: @bot do you remember when my exam went wrong?")
    assert _recalled(brain) == ""
    await app.store.run(episodes.restore, [lived.row_id])
    await play("Ada: @bot do you remember when my exam went wrong?")
    assert LIVED in _recalled(brain)


async def test_a_trace_that_tells_of_it_is_found_by_the_message_and_emptied_with_the_person(
    app: App, play: Callable[..., Any], lived: StoredEpisode
) -> None:
    await play("Bob: @bot do you remember when that exam went wrong?")
    (turn, *_) = await app.feed.recent()
    assert not turn.trace.get("episodes"), "Bob was not there, and nobody speaks of Ada"
    await play("Ada: yes do you\nBob: @bot do you remember when that exam went wrong?")
    (turn, *_) = await app.feed.recent()
    assert turn.trace["episodes"]
    (_, platform_id), *_ = lived.sources
    assert turn.id in await app.store.read(derived.citing, Realm.PRACTICE, [platform_id])
    await app.privacy.erase(Realm.PRACTICE, person_id("Ada"))
    (turn, *_) = await app.feed.recent()
    assert LIVED not in str(turn.trace)
    assert not await app.store.read(privacy.stance, Realm.PRACTICE, person_id("Bob"))
