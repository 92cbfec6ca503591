"""Reminders: given once, to whoever asked, and forgotten with them."""

from __future__ import annotations

from datetime import timedelta

from db import people, reminders
from db.reminders import StoredReminder
from db.store import Store
from tests.db.conftest import NOON


def tea(minutes: int, person: int = 5, realm: str = "discord") -> StoredReminder:
    due = NOON + timedelta(minutes=minutes)
    return StoredReminder(realm, 9, 70, "general", "Tea", person, "Ada", f"tea {minutes}", due, due, NOON)


async def test_each_is_given_once_and_the_next_first(store: Store) -> None:
    for minutes in (30, 10, 20):
        await store.run(reminders.add, tea(minutes))
    await store.run(reminders.add, tea(5, realm="practice"))
    now = NOON + timedelta(minutes=20)
    assert await store.run(reminders.due, ("discord",), NOON) == []
    first, second = await store.run(reminders.due, ("discord",), now)
    assert (first.text, second.text) == ("tea 10", "tea 20")
    await store.run(reminders.given, second.row_id, now)
    await store.run(reminders.put_off, first.row_id, now + timedelta(minutes=1))
    assert await store.run(reminders.due, ("discord",), now) == []
    later = await store.run(reminders.due, ("discord",), now + timedelta(minutes=2))
    assert [each.text for each in later] == ["tea 10"]
    assert [each.text for each in await store.run(reminders.open_of, "discord", 5)] == ["tea 10", "tea 30"]


async def test_they_go_with_the_person(store: Store) -> None:
    ada = await store.run(people.meet, "discord", 5, 9, "Ada", False, NOON)
    await store.run(reminders.add, tea(10))
    await store.run(reminders.add, tea(10, person=6))
    assert [each["text"] for each in await store.run(reminders.export, ada.row_id)] == ["tea 10"]
    assert await store.run(reminders.erase, ada.row_id) == 1
    assert await store.run(reminders.export, ada.row_id) == []
    assert len(await store.run(reminders.open_of, "discord", 6)) == 1
