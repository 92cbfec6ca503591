"""The places something was said in: found by their names and by who wrote there, the latest first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from peewee import Database

from db import messages, people, places
from db.store import Store
from tests.db.conftest import NOON, message


def say(db: Database, number: int, place: int, who: str, **extras: str) -> None:
    """Somebody writes somewhere, so many minutes past noon."""
    people.meet(db, "discord", number, None, who, False, NOON)
    said = replace(message(number, channel=place), realm="discord", author_id=number, author_name=who)
    messages.record(db, replace(said, extras=dict(extras)))


def _filled(db: Database) -> None:
    say(db, 1, 10, "Änne_1", channel="harbour", guild="Lights")
    say(db, 2, 20, "Bob", channel="workshop", guild="Tapes")
    say(db, 3, 30, "Eve")
    say(db, 4, 10, "Bob", channel="harbour", guild="Lights")


async def test_the_one_written_in_last_comes_first(store: Store) -> None:
    def look(db: Database) -> tuple[list[int], list[int]]:
        _filled(db)
        return list(places.order(db, "discord")), places.latest(db, "discord", 2)

    everything, first = await store.run(look)
    assert everything == [10, 30, 20]
    assert first == [10, 30]


async def test_a_place_is_found_by_its_name_its_server_and_who_wrote_there(store: Store) -> None:
    def look(db: Database) -> list[list[int]]:
        _filled(db)
        return [
            list(places.order(db, "discord", ("HARB", "light"))),
            list(places.order(db, "discord", ("eve",))),
            list(places.order(db, "discord", (), "bob")),
            list(places.order(db, "discord", (), "Änne_")),
            list(places.order(db, "discord", (), "nn__1")),
            list(places.order(db, "practice")),
        ]

    assert await store.run(look) == [[10], [30], [10, 20], [10], [], []]


async def test_a_line_says_where_and_what_was_last(store: Store) -> None:
    def look(db: Database) -> list[places.PlaceLine]:
        _filled(db)
        return places.lines(db, "discord", [30, 10, 99])

    direct, harbour = await store.run(look)
    assert (direct.name, direct.channel_id) == ("Eve", 30)
    assert (harbour.name, harbour.guild, harbour.last_author) == ("harbour", "Lights", "Bob")
    assert harbour.last_at == NOON + timedelta(minutes=4)
