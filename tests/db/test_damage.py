"""A damaged file is called damaged, the way out is named, and not a byte of it is changed."""

# ruff: noqa: ASYNC240 - nothing else runs on these loops
from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from core.errors import explain
from db import backup, connection, faults, header, messages
from db.backup import Reason
from db.check import check
from db.header import KeySource
from db.store import Store
from tests.db.conftest import KEY, NOON, content, message

_PAGE = 4096


def overwrite(path: Path, start: int, length: int) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(Random(start).randbytes(length))


def truncate(path: Path, size: int) -> None:
    os.truncate(path, size)


def with_header(path: Path) -> None:
    header.write(path.parent, header.fresh(KeySource.KEY_FILE, "", KEY, NOON, schema=1))


DAMAGE: dict[str, Callable[[Path], None]] = {
    "the first page is noise": lambda path: overwrite(path, 0, _PAGE),
    "a few bytes of the first page": lambda path: overwrite(path, 50, 20),
    "everything is noise": lambda path: overwrite(path, 0, path.stat().st_size),
    "cut in half": lambda path: truncate(path, path.stat().st_size // 2 // _PAGE * _PAGE),
    "cut within a page": lambda path: truncate(path, path.stat().st_size // 2 + 77),
    "one page short": lambda path: truncate(path, path.stat().st_size - _PAGE),
    "shorter than a page": lambda path: truncate(path, 100),
    "empty": lambda path: truncate(path, 0),
}


@pytest.mark.parametrize("how", DAMAGE)
async def test_opening_a_damaged_file_names_the_backup_and_changes_nothing(how: str, filled: Path) -> None:
    with_header(filled)
    copy = backup.make(filled, KEY, Reason.DAILY, NOON)
    DAMAGE[how](filled)
    before = content(filled)
    with pytest.raises(faults.StoreDamaged) as caught:
        await Store.open(filled, KEY)
    assert content(filled) == before
    assert str(copy.path) in str(explain(caught.value).step)


async def opened_with_a_bad_page(path: Path) -> Store:
    """The store with noise in a page of messages that the opening did not need to read."""
    whole = path.read_bytes()
    for page in range(len(whole) // _PAGE - 2, len(whole) // _PAGE // 2, -1):
        path.write_bytes(whole)
        overwrite(path, page * _PAGE, _PAGE)
        try:
            store = await Store.open(path, KEY)
        except faults.StoreDamaged:
            continue
        try:
            await store.run(messages.delete, "practice", range(400))
        except faults.StoreDamaged:
            return store
        await store.close()
    raise AssertionError("no page of messages was found")


async def test_damage_in_the_middle_is_found_by_the_full_check_and_when_met(filled: Path) -> None:
    store = await opened_with_a_bad_page(filled)
    assert (await store.check()).problems != ()
    with pytest.raises(faults.StoreDamaged):
        await store.run(messages.delete, "practice", range(400))
    await store.close()


async def test_a_whole_file_passes_the_full_check(filled: Path) -> None:
    store = await Store.open(filled, KEY)
    checkup = await store.check()
    await store.close()
    assert checkup.problems == ()
    assert checkup.pages * _PAGE == filled.stat().st_size


async def test_a_store_that_is_gone_is_never_made_anew(filled: Path) -> None:
    with_header(filled)
    filled.rename(filled.with_suffix(".away"))
    with pytest.raises(faults.StoreLost):
        await Store.open(filled, KEY)
    assert not filled.exists()


async def test_a_store_whose_making_was_cut_short_is_made_again(path: Path) -> None:
    path.parent.mkdir()
    header.write(path.parent, header.fresh(KeySource.KEY_FILE, "", KEY, NOON))
    path.touch()
    store = await Store.open(path, KEY)
    assert await store.run(messages.record, message(1)) is not None
    await store.close()
    written = header.read(path.parent)
    assert written is not None
    assert written.schema == store.schema > 0


async def test_what_a_crash_left_in_the_log_is_taken_over(path: Path, tmp_path: Path) -> None:
    store = await Store.open(path, KEY)
    await store.run(messages.record, message(1))
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for file in path.parent.iterdir():
        (crashed / file.name).write_bytes(content(file))
    await store.close()
    after = await Store.open(crashed / path.name, KEY)
    assert await after.run(messages.counts, "practice") == (1, 0)
    await after.close()


@settings(max_examples=60)
@given(data=some.data())
def test_noise_anywhere_is_damage_or_harmless_never_a_wrong_answer(
    data: some.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every page carries a code of its own: what can be read is what was written."""
    path = tmp_path_factory.mktemp("noise") / "echodeck.db"
    path.write_bytes(_small_store(tmp_path_factory))
    overwrite(path, data.draw(some.integers(0, path.stat().st_size - 1)), data.draw(some.integers(1, 9000)))
    database = connection.only_reading(path, KEY)

    def damaged() -> faults.StoreFault:
        return faults.StoreDamaged(backup="-")

    try:
        with connection.named_faults(damaged):
            database.connect()
            assert {row.text for row in messages.Message.select().execute(database)} == {"kept", "also kept"}
            check(database)
    except faults.StoreDamaged:
        pass
    finally:
        database.close()


_made: list[bytes] = []


def _small_store(factory: pytest.TempPathFactory) -> bytes:
    if not _made:
        from db import upgrade

        path = factory.mktemp("small") / "echodeck.db"
        database = connection.writing(path, KEY)
        database.connect()
        upgrade.upgrade(database, lambda: None)
        messages.record(database, message(1, "kept"))
        messages.record(database, message(2, "also kept"))
        database.close()
        _made.append(path.read_bytes())
    return _made[0]
