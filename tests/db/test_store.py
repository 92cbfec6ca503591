"""What was reported as saved is saved; what cannot be done is said by its name."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from peewee import Database

from core.errors import explain
from db import faults, messages, state
from db.base import sql
from db.messages import Message
from db.store import Store
from tests.db.conftest import KEY, NOON, content, message


async def test_what_was_written_is_there_after_a_restart(path: Path) -> None:
    store = await Store.open(path, KEY)
    await store.run(messages.record, message(1, "remember me"))
    await store.close()
    again = await Store.open(path, KEY)
    found = await again.read(messages.by_platform_id, "practice", 1)
    await again.close()
    assert found is not None
    assert found.text == "remember me"


async def test_nothing_of_a_message_lies_readable_on_the_disk(path: Path) -> None:
    store = await Store.open(path, KEY)
    await store.run(messages.record, message(1, "a secret between friends"))
    lying = [file.read_bytes() for file in path.parent.iterdir()]
    await store.close()
    lying += [file.read_bytes() for file in path.parent.iterdir()]
    assert not any(b"secret" in content or b"SQLite" in content for content in lying)


async def test_a_query_that_fails_leaves_nothing_behind(store: Store) -> None:
    def half(db: Database) -> None:
        messages.record(db, message(1))
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await store.run(half)
    assert await store.run(messages.counts, "practice") == (0, 0)


async def test_what_was_asked_for_before_closing_is_still_written(path: Path) -> None:
    store = await Store.open(path, KEY)
    asked = [asyncio.create_task(store.run(messages.record, message(number))) for number in range(50)]
    await asyncio.sleep(0)
    await store.close()
    assert all(stored is not None for stored in await asyncio.gather(*asked))
    again = await Store.open(path, KEY)
    assert await again.run(messages.counts, "practice") == (50, 0)
    await again.close()


async def test_a_closed_store_says_so(path: Path) -> None:
    store = await Store.open(path, KEY)
    await store.close()
    await store.close()
    for ask in (store.run, store.read):
        with pytest.raises(faults.StoreClosed) as caught:
            await ask(messages.counts, "practice")
    assert "closing" in str(explain(caught.value).what)


async def test_a_cancelled_close_still_closes(path: Path) -> None:
    store = await Store.open(path, KEY)
    closing = asyncio.create_task(store.close())
    await asyncio.sleep(0)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    await store.close()
    await (await Store.open(path, KEY)).close()


async def test_cancelling_the_one_who_asked_does_not_undo_what_has_begun(store: Store) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(db: Database) -> None:
        begun.set()
        go_on.wait()
        messages.record(db, message(1))

    asked = asyncio.create_task(store.run(slow))
    await asyncio.to_thread(begun.wait)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    go_on.set()
    assert await store.run(messages.counts, "practice") == (1, 0)


async def test_a_long_read_sees_one_moment_and_holds_up_no_write(store: Store) -> None:
    looked, go_on = threading.Event(), threading.Event()

    def twice(db: Database) -> tuple[int, int]:
        first = messages.counts(db, "practice")[0]
        looked.set()
        go_on.wait()
        return first, messages.counts(db, "practice")[0]

    reading = asyncio.create_task(store.read(twice))
    await asyncio.to_thread(looked.wait)
    await store.run(messages.record, message(1))
    go_on.set()
    assert await reading == (0, 0)
    assert await store.read(messages.counts, "practice") == (1, 0)


async def test_closing_does_not_wait_for_an_endless_read(path: Path) -> None:
    store = await Store.open(path, KEY)
    begun = threading.Event()

    def endless(db: Database) -> int:
        begun.set()
        statement = "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n"
        return int(sql(db, statement).fetchone()[0])

    reading = asyncio.create_task(store.read(endless))
    await asyncio.to_thread(begun.wait)
    await store.close()
    with pytest.raises(faults.StoreClosed):
        await reading


async def test_the_reader_cannot_write(store: Store) -> None:
    with pytest.raises(faults.StoreReadOnly):
        await store.read(messages.record, message(1))


async def test_a_query_may_not_answer_with_what_goes_back_to_the_database(store: Store) -> None:
    def leaking(db: Database) -> Iterator[Message]:
        return iter(Message.select().execute(db))

    with pytest.raises(TypeError, match="plain values"):
        await store.run(leaking)


async def test_the_database_answers_on_its_own_thread_only(store: Store) -> None:
    handed: list[Database] = []
    await store.run(handed.append)
    with pytest.raises(Exception, match="not opened"):
        messages.counts(handed[0], "practice")


async def test_a_wrong_key_is_refused_in_silence_and_changes_nothing(
    path: Path, store: Store, capfd: pytest.CaptureFixture[str]
) -> None:
    await store.run(messages.record, message(1))
    await store.close()
    before = content(path)
    with pytest.raises(faults.WrongKey) as caught:
        await Store.open(path, bytes(32))
    assert content(path) == before
    assert "Nothing was changed" in str(explain(caught.value).what)
    assert capfd.readouterr() == ("", "")


async def test_a_folder_is_never_opened_twice(path: Path, store: Store) -> None:
    with pytest.raises(faults.StoreInUse) as caught:
        await Store.open(path, KEY)
    assert caught.value.params["pid"] == os.getpid()
    await store.close()
    await (await Store.open(path, KEY)).close()


async def test_another_process_is_kept_out_and_a_crash_lets_the_folder_go(path: Path) -> None:
    path.parent.mkdir()
    child = _holder(path.parent)
    assert child.stdin is not None
    assert child.stdout is not None
    with child:
        assert child.stdout.readline() == b"held\n"
        with pytest.raises(faults.StoreInUse) as caught:
            await Store.open(path, KEY)
        assert caught.value.params["pid"] == child.pid
        child.kill()
        child.wait()
    await (await Store.open(path, KEY)).close()


def _holder(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


_HOLD = """
import sys
from pathlib import Path
from db.lock import FolderLock
lock = FolderLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


async def test_reading_beside_a_running_app_changes_nothing(path: Path, store: Store) -> None:
    await store.run(state.put, state.State, "answer", 42, NOON)
    beside = await Store.open(path, KEY, read_only=True)
    assert await beside.run(state.get, state.State, "answer") == 42
    assert await beside.read(state.get, state.State, "answer") == 42
    with pytest.raises(faults.StoreReadOnly):
        await beside.run(state.put, state.State, "answer", 43, NOON)
    await beside.close()
    assert await store.run(state.get, state.State, "answer") == 42


async def test_reading_makes_no_store(path: Path) -> None:
    with pytest.raises(faults.StoreLost):
        await Store.open(path, KEY, read_only=True)
    assert not path.parent.exists()


async def test_a_folder_that_cannot_be_used_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(faults.FolderUnusable):
        await Store.open(tmp_path / "file" / "echodeck.db", KEY)
    (tmp_path / "taken" / "echodeck.db").mkdir(parents=True)
    with pytest.raises(faults.FolderUnusable):
        await Store.open(tmp_path / "taken" / "echodeck.db", KEY)


async def test_a_full_disk_is_said_so_and_the_store_goes_on_afterwards(store: Store) -> None:
    await store.run(messages.record, message(1, "kept"))

    def limit(db: Database, pages: int) -> None:
        sql(db, f"pragma max_page_count = {pages}")

    await store.run(limit, 1)  # means: no more than there are
    with pytest.raises(faults.DiskFull):
        await store.run(messages.record, message(2, "too much " * 10_000))
    assert await store.run(messages.counts, "practice") == (1, 0)
    await store.run(limit, 1_000_000)
    assert await store.run(messages.record, message(2, "too much " * 10_000)) is not None
    assert (await store.check()).problems == ()


async def test_a_key_is_not_shown(store: Store) -> None:
    assert KEY.hex() not in repr(store)
    with pytest.raises(ValueError, match="32 bytes"):
        await Store.open(store.path, b"short")


async def test_what_is_kept_of_the_file_in_memory_is_bounded(path: Path) -> None:
    def cache(db: Database) -> int:
        return int(sql(db, "pragma cache_size").fetchone()[0])

    store = await Store.open(path, KEY)
    held = [await store.run(cache), await store.read(cache)]
    await store.close()
    assert held == [-4_000, -8_000]
