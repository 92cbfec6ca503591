"""Facts keep their sources, changes can be taken back, and who is erased leaves nothing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from peewee import Database

from db import consolidations, embeddings, episodes, fact_bin, facts, messages, people, upgrade, watermarks
from db.base import sql
from db.episodes import StoredEpisode
from db.facts import Source, StoredFact
from db.store import Store
from tests.db.conftest import KEY, NOON, message


def a_source(number: int, text: str = "has a dog", author: int = 1) -> Source:
    return Source(None, number, author, None, 7, text, NOON + timedelta(minutes=number))


def a_fact(person_id: int, text: str = "has a dog", **more: object) -> StoredFact:
    plain = StoredFact(
        person_id=person_id,
        realm="practice",
        text=text,
        category="pets",
        first_mentioned=NOON,
        last_mentioned=NOON,
        reference_count=1,
        importance=5.0,
        importance_by="rules",
        trust=0.8,
        valid_from=NOON,
        author_id=1,
        guild_id=None,
        channel_id=7,
        sources=(a_source(1, text),),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


@pytest.fixture
async def mia(store: Store) -> int:
    person = await store.run(people.meet, "practice", 1, None, "Mia", False, NOON)
    return person.row_id


async def test_a_fact_comes_back_as_it_was_written(store: Store, mia: int) -> None:
    written = await store.run(facts.insert, a_fact(mia))
    assert await store.run(facts.of_person, mia) == [written]
    assert facts.from_plain(facts.as_plain(written)) == written


async def test_a_fact_without_a_source_is_refused(store: Store, mia: int) -> None:
    with pytest.raises(ValueError, match="source"):
        await store.run(facts.insert, a_fact(mia, sources=()))


async def test_a_deleted_message_leaves_its_id_in_the_source(store: Store, mia: int) -> None:
    kept = await store.run(messages.record, message(1))
    assert kept is not None
    source = replace(a_source(1), message_id=kept.row_id)
    fact = await store.run(facts.insert, a_fact(mia, sources=(source,)))
    assert await store.run(facts.of_message, kept.row_id) == [fact]
    await store.run(messages.delete, "practice", [1])
    found = await store.run(facts.find, fact.row_id)
    assert found is not None
    assert [(each.message_id, each.platform_id) for each in found.sources] == [(None, 1)]


async def test_an_id_of_a_message_is_never_given_twice(store: Store) -> None:
    first = await store.run(messages.record, message(1))
    await store.run(messages.delete, "practice", [1])
    second = await store.run(messages.record, message(2))
    assert first is not None
    assert second is not None
    assert second.row_id > first.row_id


async def test_the_bin_gives_back_within_a_month_and_no_protected_fact_goes_in(
    store: Store, mia: int
) -> None:
    loose = await store.run(facts.insert, a_fact(mia))
    held = await store.run(facts.insert, a_fact(mia, protected=True))
    assert await store.run(fact_bin.bin_, [loose.row_id, held.row_id], NOON) == 1
    assert [fact.row_id for fact in await store.run(facts.of_person, mia)] == [held.row_id]
    assert await store.run(fact_bin.empty_bin, NOON + timedelta(days=29)) == 0
    assert await store.run(fact_bin.restore, [loose.row_id]) == 1
    assert await store.run(facts.find, loose.row_id) == loose
    await store.run(fact_bin.bin_, [loose.row_id], NOON)
    assert await store.run(fact_bin.empty_bin, NOON + timedelta(days=31)) == 1


async def test_a_closed_fact_comes_out_of_the_bin_closed(store: Store, mia: int) -> None:
    closed = await store.run(facts.insert, a_fact(mia, state=facts.CLOSED, valid_to=NOON))
    await store.run(fact_bin.bin_, [closed.row_id], NOON)
    await store.run(fact_bin.restore, [closed.row_id])
    assert await store.run(facts.find, closed.row_id) == closed


def _changed(db: Database, fact: StoredFact, kind: str, new_source: Source) -> int:
    """Confirm a fact as consolidation does; answers the change."""
    run = consolidations.begin(db, "practice", "asked", NOON)
    facts.add_sources(db, fact.row_id, [new_source])
    facts.update(db, fact.row_id, reference_count=fact.reference_count + 1, last_mentioned=new_source.said_at)
    return consolidations.note(db, run, kind, NOON, fact, facts.find(db, fact.row_id))


async def test_a_confirmation_is_taken_back_without_touching_what_came_later(store: Store, mia: int) -> None:
    fact = await store.run(facts.insert, a_fact(mia))
    first = await store.run(_changed, fact, "confirm", a_source(2))
    once = await store.run(facts.find, fact.row_id)
    assert once is not None
    await store.run(_changed, once, "confirm", a_source(3))
    assert await store.run(consolidations.undo, first, NOON)
    left = await store.run(facts.find, fact.row_id)
    assert left is not None
    assert left.reference_count == 2
    assert [source.platform_id for source in left.sources] == [1, 3]
    assert left.last_mentioned == NOON + timedelta(minutes=3)
    assert not await store.run(consolidations.undo, first, NOON)


async def test_taking_back_an_insert_removes_the_fact_and_a_removal_brings_it_back(
    store: Store, mia: int
) -> None:
    fact = await store.run(facts.insert, a_fact(mia))

    def noted(db: Database, before: StoredFact | None, after: StoredFact | None) -> int:
        return consolidations.note(
            db, consolidations.begin(db, "practice", "host", NOON), "insert", NOON, before, after
        )

    inserted = await store.run(noted, None, fact)
    assert await store.run(consolidations.undo, inserted, NOON)
    assert await store.run(facts.find, fact.row_id) is None
    removed = await store.run(noted, fact, None)
    assert await store.run(consolidations.undo, removed, NOON)
    assert await store.run(facts.find, fact.row_id) == fact


async def test_after_a_week_nothing_is_taken_back(store: Store, mia: int) -> None:
    fact = await store.run(facts.insert, a_fact(mia))
    change = await store.run(_changed, fact, "confirm", a_source(2))
    assert not await store.run(consolidations.undo, change, NOON + timedelta(days=8))


async def test_a_watermark_never_goes_back(store: Store) -> None:
    await store.run(watermarks.advance, "practice", "facts", 1, 9, NOON)
    await store.run(watermarks.advance, "practice", "facts", 1, 4, NOON)
    assert await store.run(watermarks.watermark, "practice", "facts", 1) == 9
    assert await store.run(watermarks.watermark, "practice", "facts", 2) == 0


async def test_who_is_erased_leaves_no_row(store: Store, mia: int) -> None:
    leo = (await store.run(people.meet, "practice", 2, None, "Leo", False, NOON)).row_id
    fact = await store.run(facts.insert, a_fact(mia))
    told = await store.run(facts.insert, a_fact(leo, text="Leo sings", sources=(a_source(5, author=1),)))
    own = await store.run(facts.insert, a_fact(leo, text="has a cat", sources=(a_source(6, author=2),)))
    await store.run(_changed, fact, "confirm", a_source(2))
    episode = StoredEpisode("practice", "They sang.", NOON, NOON, None, 7, 5.0, people=(mia, leo))
    sung = await store.run(episodes.insert, replace(episode, sources=((None, 1),)))
    insight = replace(episode, people=(leo,), insight=True, cites=(sung.row_id,))
    await store.run(episodes.insert, insight)
    for table in (facts, episodes, consolidations):
        assert await store.run(table.export, mia)  # type: ignore[attr-defined]
        assert await store.run(table.erase, mia) > 0  # type: ignore[attr-defined]
        assert not await store.run(table.export, mia)  # type: ignore[attr-defined]
    assert [each.row_id for each in await store.run(facts.of_person, leo)] == [own.row_id]
    assert told.row_id != own.row_id
    for name in ("fact_sources", "episodes", "episode_people", "episode_cites", "memory_changes"):
        left = await store.run(lambda db, name=name: sql(db, f"select count(*) from {name}").fetchone()[0])  # noqa: S608
        assert left == (1 if name == "fact_sources" else 0), name


async def test_a_file_of_before_keeps_its_messages_words_and_triggers(path: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    for script in upgrade.SCRIPTS.glob("000[1-4]*.py"):
        shutil.copy(script, earlier)
    old = await Store.open(path, KEY, scripts=earlier)
    for number in (1, 2, 3):
        await old.run(messages.record, message(number, f"word{number}"))
    await old.run(messages.delete, "practice", [2])
    await old.close()
    store = await Store.open(path, KEY)
    found = "select rowid from message_words where message_words match 'word3'"
    assert await store.run(lambda db: sql(db, found).fetchall()) == [(3,)]
    assert await store.run(embeddings.waiting_count) == 2
    await store.run(messages.record, message(4))
    await store.run(messages.edit, "practice", 1, "another", NOON)
    waiting = await store.run(embeddings.waiting, 9)
    await store.close()
    assert [each.row_id for each in waiting] == [4, 3, 1]
