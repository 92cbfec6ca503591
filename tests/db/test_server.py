"""The server's side in the store: what is kept, what a person can see of it and have erased."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from peewee import Database

from db import activity, channels, messages, modlog, people, servers, tickets, warnings
from db.channels import StoredChannel
from db.messages import StoredMessage
from db.modlog import StoredDeed
from db.store import Store
from db.warnings import StoredWarning
from tests.db.conftest import NOON

GUILD, ADA, BOB = 5, 11, 12


def warning(person: int = ADA, by: int = BOB, guild: int = GUILD, reason: str = "noise") -> StoredWarning:
    return StoredWarning("discord", guild, person, f"p{person}", by, f"p{by}", reason, NOON)


def deed(act: str, person: int | None, by: int) -> StoredDeed:
    return StoredDeed("discord", GUILD, act, person, f"p{person}", by, f"p{by}", "why", NOON)


def met(db: Database) -> tuple[int, int]:
    """Ada's and Bob's row ids."""
    ada = people.meet(db, "discord", ADA, GUILD, "Ada", False, NOON)
    bob = people.meet(db, "discord", BOB, GUILD, "Bob", False, NOON)
    return ada.row_id, bob.row_id


async def test_warnings_belong_to_a_person_on_a_server(store: Store) -> None:
    def work(db: Database) -> None:
        first = warnings.add(db, warning())
        second = warnings.add(db, warning(reason="again"))
        elsewhere = warnings.add(db, warning(guild=6))
        assert [each.row_id for each in warnings.of(db, "discord", GUILD, ADA)] == [second, first]
        assert warnings.remove(db, "discord", GUILD, elsewhere) is None
        gone = warnings.remove(db, "discord", GUILD, first)
        assert gone is not None
        assert gone.reason == "noise"
        assert warnings.clear(db, "discord", GUILD, ADA) == 1
        assert len(warnings.of(db, "discord", 6, ADA)) == 1

    await store.run(work)


async def test_a_ticket_is_numbered_claimed_once_and_closed_once(store: Store) -> None:
    def work(db: Database) -> None:
        one = tickets.open_ticket(db, "discord", GUILD, ADA, "Ada", "key", NOON)
        two = tickets.open_ticket(db, "discord", GUILD, ADA, "Ada", "boat", NOON)
        other = tickets.open_ticket(db, "discord", 6, ADA, "Ada", "boat", NOON)
        assert (one.number, two.number, other.number) == (1, 2, 1)
        tickets.placed(db, one.row_id, 99)
        found = tickets.at_channel(db, "discord", 99)
        assert found is not None
        assert found.subject == "key"
        assert tickets.claim(db, one.row_id, BOB, "Bob")
        assert not tickets.claim(db, one.row_id, ADA, "Ada")
        assert tickets.close(db, one.row_id, NOON)
        assert not tickets.close(db, one.row_id, NOON)
        assert tickets.at_channel(db, "discord", 99) is None
        tickets.reopen(db, one.row_id)
        assert len(tickets.open_of(db, "discord", GUILD, ADA)) == 2
        tickets.remove(db, two.row_id)
        assert len(tickets.open_of(db, "discord", GUILD, ADA)) == 1

    await store.run(work)


async def test_an_allow_list_shuts_everybody_else_out(store: Store) -> None:
    def work(db: Database) -> None:
        def out(person: int) -> bool:
            return servers.is_shut_out(db, "discord", GUILD, person)

        assert not out(ADA)
        servers.enlist(db, "discord", GUILD, ADA, "Ada", servers.BLOCK, BOB, NOON)
        assert (out(ADA), out(BOB)) == (True, False)
        servers.enlist(db, "discord", GUILD, ADA, "Ada", servers.ALLOW, BOB, NOON)
        assert (out(ADA), out(BOB)) == (False, True)
        assert [each.list for each in servers.listed(db, "discord", GUILD)] == ["allow"]
        assert not servers.is_shut_out(db, "discord", 6, BOB)
        assert servers.unlist(db, "discord", GUILD, ADA)
        assert not servers.unlist(db, "discord", GUILD, ADA)
        assert (out(ADA), out(BOB)) == (False, False)

    await store.run(work)


async def test_a_server_is_forgotten_whole(store: Store) -> None:
    def work(db: Database) -> None:
        servers.put(db, "discord", GUILD, "answers", "activated", BOB, NOON)
        servers.put(db, "discord", GUILD, "answers", "everywhere", BOB, NOON)
        servers.put(db, "discord", 6, "modlog", 7, None, NOON)
        assert servers.get(db, "discord", GUILD) == {"answers": "everywhere"}
        servers.put(db, "discord", GUILD, "answers", None, BOB, NOON)
        assert servers.get(db, "discord", GUILD) == {}
        servers.forget_guild(db, "discord", 6)
        assert servers.get(db, "discord", 6) == {}

    await store.run(work)


async def test_a_person_sees_all_of_theirs_and_has_it_erased(store: Store) -> None:
    def fill(db: Database) -> tuple[int, int]:
        warnings.add(db, warning(ADA, BOB))
        warnings.add(db, warning(BOB, ADA))
        modlog.add(db, deed("warn", ADA, BOB))
        modlog.add(db, deed("purge", None, ADA))
        one = tickets.open_ticket(db, "discord", GUILD, ADA, "Ada", "key", NOON)
        two = tickets.open_ticket(db, "discord", GUILD, BOB, "Bob", "boat", NOON)
        tickets.claim(db, one.row_id, BOB, "Bob")
        tickets.claim(db, two.row_id, ADA, "Ada")
        servers.enlist(db, "discord", GUILD, ADA, "Ada", servers.BLOCK, BOB, NOON)
        servers.enlist(db, "discord", GUILD, BOB, "Bob", servers.ALLOW, ADA, NOON)
        servers.put(db, "discord", GUILD, "answers", "activated", ADA, NOON)
        return met(db)

    def seen(db: Database, person: int) -> list[int]:
        return [len(each.export(db, person)) for each in (warnings, modlog, tickets, servers)]

    def erase(db: Database, person: int) -> list[int]:
        return [each.erase(db, person) for each in (warnings, modlog, tickets, servers)]

    ada, bob = await store.run(fill)
    assert await store.run(seen, ada) == [1, 2, 1, 2]
    assert await store.run(erase, ada) == [2, 2, 2, 3]
    assert await store.run(seen, ada) == [0, 0, 0, 0]
    assert await store.run(seen, bob) == [1, 0, 1, 1]

    def what_is_left(db: Database) -> str:
        rows = []
        for table in ("warnings", "modlog", "tickets", "listed", "server_settings"):
            rows += db.execute_sql(f"select * from {table}").fetchall()  # noqa: S608 - our own names
        return str(rows)

    left = await store.run(what_is_left)
    assert "Ada" not in left
    assert f"p{ADA}" not in left
    assert f" {ADA}," not in left


@pytest.mark.parametrize("aggregate", [warnings, modlog, tickets, servers])
async def test_a_person_nobody_knows_has_nothing(store: Store, aggregate: object) -> None:
    assert await store.run(aggregate.export, 404) == []  # type: ignore[attr-defined]
    assert await store.run(aggregate.erase, 404) == 0  # type: ignore[attr-defined]


async def test_days_begin_at_the_hosts_midnight(store: Store) -> None:
    def work(db: Database) -> None:
        channels.seen(db, StoredChannel("discord", GUILD, 1, "general", True, NOON))
        channels.seen(db, StoredChannel("discord", GUILD, 2, "staff", False, NOON))
        late = NOON.replace(hour=23, minute=30)
        for number, (channel, author, at) in enumerate(
            (
                (1, ADA, NOON),
                (1, BOB, NOON),
                (1, ADA, late),
                (2, ADA, NOON),
                (1, ADA, NOON - timedelta(days=9)),
            )
        ):
            messages.record(
                db,
                StoredMessage(
                    "discord", number + 1, GUILD, channel, author, "p", False, False, "hi", None, at
                ),
            )
        since = NOON - timedelta(days=3)
        utc = activity.by_day(db, "discord", GUILD, since, timezone.utc)  # noqa: UP017
        assert [(str(day.date), day.messages, day.people) for day in utc] == [("2026-01-05", 3, 2)]
        east = activity.by_day(db, "discord", GUILD, since, timezone(timedelta(hours=1)))
        assert [(str(day.date), day.messages) for day in east] == [("2026-01-05", 2), ("2026-01-06", 1)]

    await store.run(work)
