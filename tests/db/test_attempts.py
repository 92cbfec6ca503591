"""Attempts are kept for the host to see, without what was written, and go with their message or person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from db import attempts, messages, people
from db.attempts import StoredAttempt
from db.store import Store
from tests.db.conftest import NOON, message


@pytest.fixture
async def mia(store: Store) -> int:
    return (await store.run(people.meet, "practice", 1, None, "Mia", False, NOON)).row_id


def an_attempt(person: int, message_id: int | None = None, minutes: int = 0) -> StoredAttempt:
    at = NOON + timedelta(minutes=minutes)
    return StoredAttempt(at, "practice", None, 7, person, message_id, 1.4, "message", ("override",))


async def test_the_newest_is_told_first_and_pages_go_on(store: Store, mia: int) -> None:
    for minutes in range(3):
        await store.run(attempts.add, an_attempt(mia, minutes=minutes))
    newest = await store.read(attempts.recent, ["practice"], 2)
    assert [each.at for each in newest] == [NOON + timedelta(minutes=2), NOON + timedelta(minutes=1)]
    assert newest[0].signs == ("override",)
    rest = await store.read(attempts.recent, ["practice"], 2, newest[-1].row_id)
    assert [each.at for each in rest] == [NOON]
    assert await store.read(attempts.recent, ["discord"]) == []


async def test_who_tries_most_comes_first(store: Store, mia: int) -> None:
    leo = (await store.run(people.meet, "practice", 2, None, "Leo", False, NOON)).row_id
    for person in (mia, leo, leo):
        await store.run(attempts.add, an_attempt(person))
    assert await store.read(attempts.counted, "practice", NOON) == [(leo, 2), (mia, 1)]
    assert await store.read(attempts.counted, "practice", NOON + timedelta(hours=1)) == []


async def test_a_deleted_message_takes_its_attempt_along(store: Store, mia: int) -> None:
    kept = await store.run(messages.record, message(1))
    assert kept is not None
    await store.run(attempts.add, an_attempt(mia, kept.row_id))
    await store.run(messages.delete, "practice", [1])
    assert await store.read(attempts.recent, ["practice"]) == []


async def test_who_is_erased_leaves_no_attempt(store: Store, mia: int) -> None:
    await store.run(attempts.add, an_attempt(mia))
    told = await store.read(attempts.export, mia)
    assert [(each["kind"], each["signs"]) for each in told] == [("message", ["override"])]
    assert await store.run(attempts.erase, mia) == 1
    assert await store.read(attempts.export, mia) == []


async def test_old_ones_are_forgotten(store: Store, mia: int) -> None:
    for minutes in (0, 10):
        await store.run(attempts.add, an_attempt(mia, minutes=minutes))
    assert await store.run(attempts.forget_before, NOON + timedelta(minutes=5)) == 1
    assert len(await store.read(attempts.recent, ["practice"])) == 1
