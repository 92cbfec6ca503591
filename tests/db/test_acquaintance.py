"""What the page about a person reads: their last conversations, what is remembered, and quotes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from db import acquaintance, channels, people
from db.acquaintance import QUOTE_LENGTH
from db.base import Database
from db.channels import StoredChannel
from db.messages import record
from db.people import StoredPerson
from db.store import Store
from tests.db.conftest import NOON, message

BOT = 99


def _mia(db: Database) -> StoredPerson:
    return people.meet(db, "practice", 1, None, "Mia", False, NOON)


def _fill(db: Database) -> None:
    record(db, message(1, "hello", after=0))
    record(db, replace(message(2, "hello you", after=1), author_id=BOT, author_name="Finn", is_self=True))
    record(db, replace(message(3, "I am Bob", after=2), author_id=2, author_name="Bob"))
    record(db, message(4, "how are you?", after=3))
    record(db, message(5, "back again", after=120))
    record(db, message(6, "over here", channel=8, after=121))
    channels.seen(db, StoredChannel("practice", 3, 7, "general", True, NOON, None, "Harbour"))


async def test_conversations_end_with_a_pause_and_hold_only_the_two(store: Store) -> None:
    person = await store.run(_mia)
    await store.run(_fill)
    found = await store.read(acquaintance.talks, person, 5)
    assert [[(line.name, line.text) for line in talk.lines] for talk in found] == [
        [("Mia", "over here")],
        [("Mia", "back again")],
        [("Mia", "hello"), ("Finn", "hello you"), ("Mia", "how are you?")],
    ]
    assert [(talk.channel, talk.guild) for talk in found] == [("", ""), *[("general", "Harbour")] * 2]
    assert found[2].lines[1].is_self


async def test_only_the_last_ones_are_read(store: Store) -> None:
    person = await store.run(_mia)
    await store.run(_fill)
    assert len(await store.read(acquaintance.talks, person, 1)) == 1


async def test_nothing_is_remembered_of_somebody_new(store: Store) -> None:
    person = await store.run(_mia)
    assert await store.read(acquaintance.remembered, person.row_id) == (0, 0)


async def test_quotes_are_beginnings_and_what_is_gone_is_missing(store: Store) -> None:
    await store.run(record, message(1, "x" * 1000))
    found = await store.read(acquaintance.quotes, "practice", (1, 1, 404))
    assert list(found) == [1]
    assert found[1].text == "x" * QUOTE_LENGTH
    assert found[1].name == "Mia"
    assert found[1].at == NOON + timedelta(minutes=1)
    assert await store.read(acquaintance.quotes, "discord", (1,)) == {}
