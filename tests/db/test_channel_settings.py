"""What one channel chose for itself."""

from __future__ import annotations

import pytest

from db import channel_settings, people
from db.store import Store
from tests.db.conftest import NOON


async def test_a_choice_holds_in_its_channel_until_it_is_taken_back(store: Store) -> None:
    put = channel_settings.put
    await store.run(put, "discord", 9, 70, "proactive", True, 5, NOON)
    await store.run(put, "discord", 9, 70, "quiet_from", 22, 5, NOON)
    await store.run(put, "discord", 9, 71, "proactive", False, None, NOON)
    await store.run(put, "practice", 9, 70, "language", "de", None, NOON)
    await store.run(put, "discord", 9, 70, "quiet_from", 23, 6, NOON)
    assert await store.run(channel_settings.get, "discord", 70) == {"proactive": True, "quiet_from": 23}
    assert [
        (each.channel_id, each.values) for each in await store.run(channel_settings.every, "discord")
    ] == [
        (70, {"proactive": True, "quiet_from": 23}),
        (71, {"proactive": False}),
    ]
    await store.run(put, "discord", 9, 70, "quiet_from", None, 5, NOON)
    assert await store.run(channel_settings.get, "discord", 70) == {"proactive": True}
    await store.run(channel_settings.forget_guild, "discord", 9)
    assert await store.run(channel_settings.every, "discord") == []
    assert len(await store.run(channel_settings.every, "practice")) == 1


async def test_nobody_chooses_what_there_is_not(store: Store) -> None:
    with pytest.raises(ValueError, match="karma"):
        await store.run(channel_settings.put, "discord", 9, 70, "karma", 1, None, NOON)


async def test_who_chose_is_told_to_them_and_can_be_forgotten(store: Store) -> None:
    ada = await store.run(people.meet, "discord", 5, 9, "Ada", False, NOON)
    await store.run(channel_settings.put, "discord", 9, 70, "language", "de", 5, NOON)
    await store.run(channel_settings.put, "practice", 9, 70, "language", "de", 5, NOON)
    told = await store.run(channel_settings.export, ada.row_id)
    assert [(each["key"], each["value"]) for each in told] == [("language", "de")]
    assert await store.run(channel_settings.erase, ada.row_id) == 1
    assert await store.run(channel_settings.export, ada.row_id) == []
    assert await store.run(channel_settings.get, "discord", 70) == {"language": "de"}
