"""There is always a copy to go back to, and going back never throws anything away."""

# ruff: noqa: ASYNC240 - nothing else runs on these loops
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from db import backup, faults, messages
from db.backup import Reason
from db.store import Store
from tests.db.conftest import KEY, NOON, content, message


async def test_a_copy_of_a_store_in_use_holds_what_was_written(path: Path, store: Store) -> None:
    await store.run(messages.record, message(1, "before"))
    copy = await store.back_up(Reason.DAILY, NOON)
    await store.run(messages.record, message(2, "after"))
    assert b"SQLite" not in content(copy.path)
    assert copy.size == len(content(copy.path))
    assert copy.age(NOON + timedelta(hours=3)) == timedelta(hours=3)
    assert backup.newest(path) == copy
    await store.close()
    aside = backup.restore(path, KEY, copy.path, NOON)
    assert aside is not None
    assert aside.exists()
    again = await Store.open(path, KEY)
    assert await again.run(messages.counts, "practice") == (1, 0)
    assert await again.run(messages.record, message(3)) is not None
    await again.close()


async def test_a_copy_does_not_open_with_another_key(store: Store) -> None:
    copy = await store.back_up(Reason.DAILY, NOON)
    with pytest.raises(faults.StoreDamaged):
        backup.verify(copy.path, bytes(32))


async def test_the_damaged_file_is_moved_aside_whole(filled: Path) -> None:
    copy = backup.make(filled, KEY, Reason.DAILY, NOON)
    filled.write_bytes(b"noise" * 1000)
    (filled.parent / f"{filled.name}-wal").write_bytes(b"old log")
    aside = backup.restore(filled, KEY, copy.path, NOON)
    assert aside is not None
    assert content(aside) == b"noise" * 1000
    assert content(aside.with_name(f"{aside.name}-wal")) == b"old log"
    store = await Store.open(filled, KEY)
    assert await store.run(messages.counts, "practice") == (400, 0)
    await store.close()


async def test_a_useless_copy_is_refused_and_the_store_stays(filled: Path) -> None:
    copy = backup.make(filled, KEY, Reason.DAILY, NOON)
    copy.path.write_bytes(content(copy.path)[:-8192])
    before = content(filled)
    with pytest.raises(faults.StoreDamaged):
        backup.restore(filled, KEY, copy.path, NOON)
    assert content(filled) == before


async def test_a_damaged_store_makes_no_backup(filled: Path) -> None:
    filled.write_bytes(content(filled)[:-8192])
    with pytest.raises(faults.StoreDamaged):
        backup.make(filled, KEY, Reason.DAILY, NOON)
    assert list((filled.parent / backup.FOLDER).iterdir()) == []


async def test_a_restore_cut_short_is_ended_by_the_next(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = backup.make(filled, KEY, Reason.DAILY, NOON)
    real = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if self.name.endswith(".restoring"):
            raise OSError(5, "gone")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(faults.FolderUnusable):
        backup.restore(filled, KEY, copy.path, NOON)
    monkeypatch.undo()
    backup.restore(filled, KEY, copy.path, NOON + timedelta(seconds=1))
    store = await Store.open(filled, KEY)
    assert await store.run(messages.counts, "practice") == (400, 0)
    await store.close()


async def test_daily_copies_are_thinned_and_those_made_by_hand_stay(path: Path, store: Store) -> None:
    made = NOON
    await store.back_up(Reason.BY_HAND, made)
    for day in range(12):
        await store.back_up(Reason.DAILY, made + timedelta(days=day))
    kept = [(copy.reason, (copy.made_at - NOON).days) for copy in backup.listed(path)]
    # Monday is day 0: the last seven days, the Sunday of the week before, and the hand-made one.
    assert kept == [(Reason.DAILY, day) for day in (11, 10, 9, 8, 7, 6, 5)] + [(Reason.BY_HAND, 0)]


def test_a_year_of_days_becomes_seven_days_four_weeks_six_months() -> None:
    days = [datetime(2026, 1, 1, 4, tzinfo=UTC) + timedelta(days=day) for day in range(365)]
    kept = sorted(backup.worth_keeping(days), reverse=True)
    assert [moment.strftime("%m-%d") for moment in kept] == [
        *("12-31", "12-30", "12-29", "12-28", "12-27", "12-26", "12-25"),
        *("12-20", "12-13"),
        *("11-30", "10-31", "09-30", "08-31", "07-31"),
    ]


moments = some.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=some.just(UTC))


@given(some.lists(moments, max_size=60))
def test_thinning_keeps_the_newest_keeps_few_and_is_stable(made: list[datetime]) -> None:
    kept = backup.worth_keeping(made)
    assert kept <= set(made)
    assert len(kept) <= 7 + 4 + 6
    assert not made or max(made) in kept
    assert backup.worth_keeping(kept) == kept
