"""What was said is found again by its words, and what was deleted is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from peewee import Database, IntegrityError
from playhouse.sqlcipher_ext import SqlCipherDatabase

from db import messages, upgrade
from db.base import sql
from db.messages import StoredMessage
from tests.db.conftest import NOON, message


@pytest.fixture
def db() -> Iterator[Database]:
    database = _in_memory()
    yield database
    database.close()


def _in_memory() -> Database:
    database = SqlCipherDatabase(":memory:")
    database.connect()
    upgrade.upgrade(database, lambda: None)
    return database


def found(db: Database, words: str) -> set[int]:
    """Row ids of the messages these words lead to."""
    query = "select rowid from message_words where message_words match ?"
    return {row_id for (row_id,) in sql(db, query, (words,)).fetchall()}


def recorded(db: Database, stored: StoredMessage) -> int:
    written = messages.record(db, stored)
    assert written is not None
    return written.row_id


def test_a_message_is_found_by_its_words_and_by_those_before_it(db: Database) -> None:
    first = recorded(db, message(1, "where did you put the kettle"))
    second = recorded(db, message(2, "on the shelf"))
    recorded(db, message(3, "elsewhere", channel=8))
    assert found(db, "text:kettle") == {first}
    assert found(db, "previous:kettle") == {second}
    assert found(db, "text:kettles") == {first}
    assert found(db, "scope:c8 AND text:kettle") == set()


def test_a_message_that_comes_twice_is_kept_once(db: Database) -> None:
    recorded(db, message(1))
    assert messages.record(db, message(1)) is None
    assert messages.counts(db, "practice") == (1, 0)


def test_a_message_with_something_missing_is_an_error_not_a_duplicate(db: Database) -> None:
    with pytest.raises(IntegrityError):
        messages.record(db, replace(message(1), author_name=None))  # type: ignore[arg-type]


def test_one_that_comes_late_takes_its_place(db: Database) -> None:
    first = recorded(db, message(1, "apple"))
    third = recorded(db, message(3, "cherry"))
    assert found(db, "previous:apple") == {third}
    second = recorded(db, message(2, "banana"))
    assert found(db, "previous:apple") == {second}
    assert found(db, "previous:banana") == {third}
    assert found(db, "text:apple") == {first}


def test_an_edit_changes_what_is_found_for_the_next_one_too(db: Database) -> None:
    first = recorded(db, message(1, "apple"))
    second = recorded(db, message(2, "banana"))
    assert messages.edit(db, "practice", 1, "grape", NOON)
    assert found(db, "apple") == set()
    assert found(db, "text:grape") == {first}
    assert found(db, "previous:grape") == {second}
    assert not messages.edit(db, "practice", 99, "nothing", NOON)


def test_nothing_of_a_deleted_message_is_found(db: Database) -> None:
    first = recorded(db, message(1, "apple"))
    recorded(db, message(2, "banana"))
    recorded(db, message(3, "cherry"))
    last = recorded(db, message(4, "damson"))
    assert messages.delete(db, "practice", [2, 3, 77]) == 2
    assert found(db, "banana OR cherry") == set()
    assert found(db, "previous:apple") == {last}
    assert found(db, "text:apple") == {first}


def test_a_thousand_are_deleted_at_once(db: Database) -> None:
    with db.atomic():
        for number in range(1200):
            recorded(db, message(number, f"word{number}"))
    assert messages.delete(db, "practice", range(1, 1200)) == 1199
    assert found(db, "word5") == set()
    assert len(found(db, "word0")) == 1


def test_scrubbing_takes_the_last_traces_of_deleted_words_out_of_the_index(db: Database) -> None:
    for number in range(30):
        recorded(db, message(number, "xylophone" if number == 20 else f"plain{number}"))
    messages.delete(db, "practice", [20])
    assert found(db, "xylophone") == set()
    messages.scrub(db)
    assert not any(b"xylophon" in block for (block,) in sql(db, "select block from message_words_data"))
    assert len(found(db, "plain19")) == 2


def test_the_same_channel_number_in_another_realm_is_another_channel(db: Database) -> None:
    recorded(db, message(1, "apple"))
    other = recorded(db, replace(message(2, "banana"), realm="discord"))
    assert found(db, "previous:apple") == set()
    assert found(db, "text:banana") == {other}


class Archive(RuleBasedStateMachine):
    """However messages come, change and go, the index is the one that writing them anew would give."""

    def __init__(self) -> None:
        super().__init__()
        self.db = _in_memory()
        made = sql(self.db, "select sql from sqlite_master where name = 'message_words'").fetchone()[0]
        sql(self.db, made.replace("message_words", "anew", 1))
        for index in ("message_words", "anew"):
            sql(self.db, f"create virtual table {index}_instances using fts5vocab({index}, instance)")

    @rule(
        number=some.integers(0, 14),
        minute=some.integers(0, 6),
        channel=some.sampled_from([7, 8]),
        text=some.lists(some.sampled_from(["apple", "banana", "cherry", "Äpfel", '"', "'; --"]), max_size=3),
    )
    def record(self, number: int, minute: int, channel: int, text: list[str]) -> None:
        messages.record(self.db, message(number, " ".join(text), channel=channel, after=minute))

    @rule(number=some.integers(0, 14), text=some.text(max_size=12))
    def edit(self, number: int, text: str) -> None:
        messages.edit(self.db, "practice", number, text, NOON + timedelta(hours=1))

    @rule(numbers=some.lists(some.integers(0, 14), max_size=5))
    def delete(self, numbers: list[int]) -> None:
        messages.delete(self.db, "practice", numbers)

    @invariant()
    def the_index_is_in_step(self) -> None:
        sql(self.db, "insert into anew(anew) values ('delete-all')")
        sql(
            self.db,
            "insert into anew(rowid, text, previous, scope) select id, text,"
            " coalesce(lag(text) over (partition by realm, channel_id order by sent_at, id), ''),"
            " 'r' || realm || ' ' || case realm when 'discord' then 'g' else realm end"
            " || coalesce(guild_id, 0)"
            " || ' c' || channel_id || ' p' || author_id"
            " from messages",
        )
        assert _words(self.db, "message_words") == _words(self.db, "anew")

    def teardown(self) -> None:
        self.db.close()


def _words(db: Database, index: str) -> list[Any]:
    return sorted(sql(db, f"select term, doc, col, offset from {index}_instances").fetchall())  # noqa: S608


TestArchive = Archive.TestCase
TestArchive.settings = settings(max_examples=60, stateful_step_count=25)
