"""Feelings in the file: what is written comes back, what is old is thinned, who is erased is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from peewee import Database, IntegrityError

from db import feelings, messages, moods, people, personas, quirks, relationships
from db.base import sql
from db.moods import Levels, StoredMoment, StoredMood
from db.quirks import StoredQuirkChange
from db.relationships import Metrics, StoredChange
from db.store import Store
from tests.db.conftest import NOON, message

LEVELS = Levels(0.1, -0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
BEFORE, AFTER = Metrics(0, 3, 4, 0), Metrics(1.5, 2.5, 3.25, -0.5)


def begun(db: Database) -> tuple[int, int]:
    """A persona, and Mia."""
    persona = personas.add(db, "Finn", "{}", NOON)
    return persona, people.meet(db, "practice", 1, None, "Mia", False, NOON).row_id


def moment(minutes: float = 0, person: int | None = None, said: int | None = None) -> StoredMoment:
    at = NOON + timedelta(minutes=minutes)
    return StoredMoment(at, LEVELS, {"joy": 0.5}, "{name} wrote.", {"warmth": 0.3}, said, 7, person)


def step(person: int, minutes: float = 0, after: Metrics = AFTER, **more: object) -> StoredChange:
    return StoredChange(person, NOON + timedelta(minutes=minutes), BEFORE, after, "{name} wrote.", **more)  # type: ignore[arg-type]


async def test_a_mood_comes_back_as_it_was_and_there_is_one_for_each_realm(store: Store) -> None:
    def lived(db: Database) -> None:
        persona, _ = begun(db)
        assert moods.find(db, persona, "discord") is None
        mood = StoredMood(LEVELS, {"joy": 0.123456789}, NOON)
        moods.put(db, persona, "discord", mood)
        later = StoredMood(LEVELS._replace(rest=0.0), {}, NOON + timedelta(hours=1))
        moods.put(db, persona, "practice", later)
        assert moods.find(db, persona, "discord") == mood
        moods.put(db, persona, "discord", later)
        assert moods.find(db, persona, "discord") == later

    await store.run(lived)


async def test_a_timeline_tells_its_causes_and_the_name_of_today(store: Store) -> None:
    def lived(db: Database) -> list[StoredMoment]:
        persona, mia = begun(db)
        said = messages.record(db, message(1))
        assert said is not None
        moods.note(db, persona, "practice", moment(1, mia, said.row_id))
        moods.note(db, persona, "practice", moment(2))
        moods.note(db, persona, "discord", moment(3))
        people.meet(db, "practice", 1, None, "Mia Maria", False, NOON)
        assert moods.caused(db, persona, said.row_id) == [NOON + timedelta(minutes=1)]
        assert not moods.caused(db, persona + 1, said.row_id)
        messages.delete(db, "practice", [1])
        assert moods.average(db, persona, "practice", NOON, NOON + timedelta(hours=1)) == pytest.approx(
            LEVELS
        )
        assert moods.average(db, persona, "practice", NOON - timedelta(hours=1), NOON) is None
        return moods.timeline(db, persona, "practice", NOON, NOON + timedelta(hours=1))

    first, second = await store.run(lived)
    assert (first.person, first.emotions, dict(first.params)) == ("Mia Maria", {"joy": 0.5}, {"warmth": 0.3})
    assert (first.message_id, first.platform_id) == (None, 7), "the message is gone, the point is not"
    assert (second.person, second.person_id) == ("", None)


async def test_old_points_are_thinned_to_one_an_hour_for_each_mood(store: Store) -> None:
    def lived(db: Database) -> list[int]:
        persona, _ = begun(db)
        for realm in ("discord", "practice"):
            for minutes in (0, 20, 40, 60, 80, 600):
                moods.note(db, persona, realm, moment(minutes))
        gone = moods.thin(db, NOON + timedelta(minutes=500))
        kept = moods.timeline(db, persona, "discord", NOON, NOON + timedelta(days=1))
        return [gone, *((point.at - NOON).seconds // 60 for point in kept)]

    assert await store.run(lived) == [6, 40, 80, 600]


async def test_a_relationship_holds_what_was_last_written_and_remembers_the_way(store: Store) -> None:
    def lived(db: Database) -> None:
        _, mia = begun(db)
        assert relationships.find(db, mia) is None
        relationships.put(db, step(mia, 1))
        relationships.put(db, step(mia, 2, BEFORE, by_host=True, params={"trust": 9}))
        assert relationships.find(db, mia) == (BEFORE, NOON + timedelta(minutes=2))
        first, second = relationships.history(db, mia)
        assert (first.after, first.by_host) == (AFTER, False)
        assert (second.by_host, dict(second.params)) == (True, {"trust": 9})
        assert relationships.history(db, mia, since=NOON + timedelta(minutes=2)) == [second]
        assert relationships.history(db, mia, limit=1) == [second]

    await store.run(lived)


async def test_what_the_host_gave_and_what_was_lost_is_no_gain_of_the_day(store: Store) -> None:
    def lived(db: Database) -> Metrics:
        _, mia = begun(db)
        relationships.put(db, step(mia, -2000, BEFORE._replace(trust=9)))
        relationships.put(db, step(mia, 1, BEFORE._replace(trust=4.25, rapport=2)))
        relationships.put(db, step(mia, 2, BEFORE._replace(trust=4.5)))
        relationships.put(db, step(mia, 3, BEFORE._replace(trust=10), by_host=True))
        return relationships.gained(db, mia, NOON - timedelta(days=1))

    assert await store.run(lived) == pytest.approx(Metrics(0, 0, 0.75, 0))


async def test_old_small_steps_go_and_what_mattered_stays(store: Store) -> None:
    def lived(db: Database) -> list[float]:
        _, mia = begun(db)
        small = BEFORE._replace(rapport=3.05)
        for minutes, after in ((0, small), (1, AFTER), (2, small), (3, small), (4, small), (600, small)):
            relationships.put(db, step(mia, minutes, after, by_host=minutes == 2))
        assert relationships.thin(db, NOON + timedelta(hours=5)) == 2
        return [(change.at - NOON).seconds / 60 for change in relationships.history(db, mia)]

    assert await store.run(lived) == [1, 2, 4, 600]


async def test_everybody_is_listed_with_or_without_a_relationship_but_the_erased(store: Store) -> None:
    def lived(db: Database) -> None:
        _, mia = begun(db)
        relationships.put(db, step(mia))
        people.meet(db, "practice", 2, None, "Tom", False, NOON)
        gone = people.meet(db, "practice", 3, None, "Gone", False, NOON)
        sql(db, "update people set state = 'erased' where id = ?", (gone.row_id,))
        people.meet(db, "discord", 1, None, "Mia on Discord", False, NOON)
        known = {each.name: each for each in relationships.every(db, "practice")}
        assert set(known) == {"Mia", "Tom"}
        assert (known["Mia"].metrics, known["Mia"].at) == (AFTER, NOON)
        assert (known["Tom"].metrics, known["Tom"].at) == (None, None)
        assert known["Tom"].first_seen == NOON

    await store.run(lived)


async def test_export_holds_all_and_erase_leaves_nothing_of_one_and_everything_of_others(
    store: Store,
) -> None:
    def lived(db: Database) -> None:
        persona, mia = begun(db)
        tom = people.meet(db, "practice", 2, None, "Tom", False, NOON).row_id
        for person in (mia, tom):
            relationships.put(db, step(person, 1, platform_id=5))
            moods.note(db, persona, "practice", moment(1, person))
        told = feelings.export(db, mia)
        assert told["relationship"] == {**AFTER._asdict(), "at": "2026-01-05T12:01:00+00:00"}
        assert [change["message"] for change in told["changes"]] == [5]
        assert [point["mood"] for point in told["moods"]] == [[0.1, -0.2, 0.3]]
        of_tom = feelings.export(db, tom)
        assert feelings.erase(db, mia) == 3
        assert feelings.export(db, mia) == {"relationship": None, "changes": [], "moods": []}
        assert feelings.export(db, tom) == of_tom
        left = moods.timeline(db, persona, "practice", NOON, NOON + timedelta(hours=1))
        assert [(point.person_id, point.platform_id, point.cause) for point in left] == [
            (None, None, moods.FORGOTTEN),
            (tom, 7, "{name} wrote."),
        ]

    await store.run(lived)


async def test_a_person_who_is_deleted_takes_the_relationship_along(store: Store) -> None:
    def lived(db: Database) -> None:
        persona, mia = begun(db)
        relationships.put(db, step(mia))
        moods.note(db, persona, "practice", moment(1, mia))
        sql(db, "delete from people where id = ?", (mia,))
        assert relationships.history(db, mia) == []
        assert moods.timeline(db, persona, "practice", NOON, NOON + timedelta(hours=1))[0].person_id is None

    await store.run(lived)


async def test_nobody_has_a_relationship_without_being_known(store: Store) -> None:
    with pytest.raises(IntegrityError):
        await store.run(relationships.put, step(4040))


async def test_a_quirk_moves_with_its_reason_and_back(store: Store) -> None:
    def lived(db: Database) -> None:
        persona, _ = begun(db)
        assert quirks.strengths(db, persona) == {}
        grown = StoredQuirkChange("hums", 0.5, 0.58, NOON, "It showed {n} times.", {"n": 3})
        change = quirks.put(db, persona, grown)
        quirks.put(db, persona, StoredQuirkChange("hums", 0.58, 0.6, NOON, "It showed {n} times.", {"n": 1}))
        assert quirks.strengths(db, persona) == {"hums": 0.6}
        assert [each.params["n"] for each in quirks.history(db, persona)] == [1, 3]
        assert quirks.undo(db, persona, change, NOON)
        assert quirks.strengths(db, persona)["hums"] == pytest.approx(0.52), "what came later stays"
        assert not quirks.undo(db, persona, change, NOON)
        assert not quirks.undo(db, persona + 1, change, NOON)
        assert [each.undone for each in quirks.history(db, persona)] == [False, True]

    await store.run(lived)


async def test_a_long_stretch_keeps_both_its_ends_when_there_are_more_points_than_wanted(
    store: Store,
) -> None:
    def lived(db: Database) -> list[StoredMoment]:
        persona, _ = begun(db)
        for minute in range(40):
            moods.note(db, persona, "practice", moment(minute))
        return moods.timeline(db, persona, "practice", NOON, NOON + timedelta(hours=1), 10)

    found = [each.at for each in await store.run(lived)]
    assert len(found) == 10
    assert found == sorted(found)
    assert found[-1] == NOON + timedelta(minutes=39)
    assert found[0] < NOON + timedelta(minutes=5)
