"""Every message gets its vector: in the background, once, whatever comes between."""

from __future__ import annotations

import asyncio

import pytest

from core.errors import OllamaMissing
from core.events import Bus, Event, JobProgress, MessageRecorded, Notice
from core.memory.backlog import Backlog
from db import embeddings
from db.store import Store
from tests.core.memory.conftest import Thesaurus, said, tell


async def until_idle(store: Store) -> None:
    while await store.read(embeddings.waiting_count):
        await asyncio.sleep(0)


async def test_new_messages_are_read_as_they_come(store: Store) -> None:
    bus, thesaurus = Bus(), Thesaurus()
    await tell(store, said(1, "one"))
    task = asyncio.create_task(Backlog(store, thesaurus, bus).run())
    await until_idle(store)
    await tell(store, said(2, "two"))
    bus.publish(MessageRecorded(2, "discord", 7))
    await until_idle(store)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert thesaurus.read == ["Mia: one", "Mia: two"]
    assert bus._listeners == []


async def test_a_stopped_run_goes_on_where_it_stood(store: Store) -> None:
    await tell(store, *(said(n, f"word{n}") for n in range(100)))
    thesaurus = Thesaurus()
    batches = Backlog(store, thesaurus, Bus())._batches()
    assert await anext(batches) == 32
    await batches.aclose()
    again = Thesaurus()
    assert await Backlog(store, again, Bus()).work_off() == 68
    assert len({*thesaurus.read, *again.read}) == 100


async def test_another_model_reads_everything_anew_with_progress(store: Store) -> None:
    await tell(store, *(said(n, f"word{n}") for n in range(210)))
    await Backlog(store, Thesaurus(name="old"), Bus()).work_off()
    bus, seen = Bus(), list[Event]()
    bus.listen(JobProgress, seen.append)
    assert await Backlog(store, Thesaurus(name="new"), bus).work_off() == 210
    assert await store.read(embeddings.newer, "old", "discord", 1, 0, 999) == []
    assert len(await store.read(embeddings.newer, "new", "discord", 1, 0, 999)) == 210
    shares = [each.share for each in seen if isinstance(each, JobProgress)]
    assert shares == sorted(shares)
    assert (seen[-1].done, seen[-1].share) == (True, 1.0)  # type: ignore[attr-defined]


async def test_a_failing_model_is_told_once_and_nothing_is_lost(store: Store) -> None:
    bus, told, thesaurus = Bus(), list[Notice](), Thesaurus()
    bus.listen(Notice, told.append)
    thesaurus.trouble = OllamaMissing(host="there")
    await tell(store, said(1, "one"))
    backlog = Backlog(store, thesaurus, bus)
    task = asyncio.create_task(backlog.run())
    while thesaurus.asked < 3:
        bus.publish(MessageRecorded(1, "discord", 7))
        await asyncio.sleep(0)
    assert [str(each.text) for each in told] == [
        "Memory is searched by words alone for now: Ollama does not answer at there."
    ]
    thesaurus.trouble = None
    bus.publish(MessageRecorded(1, "discord", 7))
    await until_idle(store)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
