"""The vector index is only ever what the store says."""

from __future__ import annotations

import numpy as np
import pytest

from core.events import Bus
from core.memory import index
from core.memory.backlog import Backlog
from core.memory.embedder import packed, unit
from core.memory.index import VectorIndex
from db import messages
from db.recall import Scope
from db.store import Store
from tests.core.memory.conftest import NOON, Thesaurus, said, tell

HERE = Scope("discord", 1)


async def test_rounding_hardly_turns_a_vector() -> None:
    vectors = unit(np.random.default_rng(1).standard_normal((200, 384)).astype(np.float32))
    kept = np.frombuffer(b"".join(packed(row) for row in vectors), np.int8).reshape(200, 384)
    back = unit(kept.astype(np.float32))
    assert float((vectors * back).sum(1).min()) > 0.9995
    assert packed(np.zeros(3, np.float32)) == bytes(3)


async def search(
    store: Store, thesaurus: Thesaurus, found: VectorIndex, text: str, scope: Scope
) -> index.Meanings:
    (vector,) = await thesaurus.embed([text])
    return await found.search(thesaurus.name, vector, scope, 5)


async def test_new_vectors_are_found_without_being_told(store: Store) -> None:
    thesaurus, found = Thesaurus(), VectorIndex(store)
    backlog = Backlog(store, thesaurus, Bus())
    (first,) = await tell(store, said(1, "kettle"))
    assert (await search(store, thesaurus, found, "kettle", HERE)).best == ()
    await backlog.work_off()
    assert (await search(store, thesaurus, found, "kettle", HERE)).best == (first,)
    (second,) = await tell(store, said(2, "kettle kettle"))
    await backlog.work_off()
    assert set((await search(store, thesaurus, found, "kettle", HERE)).best) == {first, second}
    await store.run(messages.edit, "discord", 1, "boat", NOON)
    await backlog.work_off()
    assert (await search(store, thesaurus, found, "boat", HERE)).best[0] == first


async def test_a_vector_counts_in_its_version_only(store: Store) -> None:
    thesaurus, found = Thesaurus(), VectorIndex(store)
    (row_id,) = await tell(store, said(1, "kettle"))
    await Backlog(store, thesaurus, Bus()).work_off()
    meanings = await search(store, thesaurus, found, "Mia kettle", HERE)
    assert meanings.of(row_id, 1) == pytest.approx(1.0, abs=0.001)
    assert meanings.of(row_id, 2) is None
    assert meanings.of(row_id + 1, 1) is None
    meanings.forget([row_id])
    assert (await search(store, thesaurus, found, "kettle", HERE)).best == ()


async def test_channels_and_people_narrow_it(store: Store) -> None:
    thesaurus, found = Thesaurus(), VectorIndex(store)
    rows = await tell(store, said(1, "kettle"), said(2, "kettle", channel=8), said(3, "kettle", by=2))
    await Backlog(store, thesaurus, Bus()).work_off()
    for scope, expected in (
        (Scope("discord", 1, (8,)), {rows[1]}),
        (Scope("discord", 1, (), (2,)), {rows[2]}),
        (Scope("discord", 1, (7,), (1,)), {rows[0]}),
        (Scope("discord", 2), set()),
    ):
        assert set((await search(store, thesaurus, found, "kettle", scope)).best) == expected


async def test_a_large_servers_first_question_does_not_wait_for_all_of_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_AT_ONCE", 2)
    thesaurus, found = Thesaurus(), VectorIndex(store)
    texts = (said(1, "kettle"), said(2, "boat", by=2), said(3, "kettle", by=2), said(4, "kettle", channel=8))
    rows = await tell(store, *texts)
    await Backlog(store, thesaurus, Bus()).work_off()
    theirs = Scope("discord", 1, (), (2,))
    first = await search(store, thesaurus, found, "kettle", theirs)
    assert first._segment.count == 2  # read for this question: only what that person wrote
    await found.settled()
    then = await search(store, thesaurus, found, "kettle", theirs)
    assert then._segment.count == 4
    assert first.best == then.best == (rows[2], rows[1])
    assert (first.low, first.high) == pytest.approx((then.low, then.high))
    await found.close()


async def test_many_vectors_grow_in_and_the_nearest_are_named(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_READ_AT_ONCE", 7)
    monkeypatch.setattr(index, "_BLOCK", 16)
    thesaurus, found = Thesaurus(), VectorIndex(store)
    rows = await tell(store, *(said(n, f"word{n}") for n in range(60)))
    await Backlog(store, thesaurus, Bus()).work_off()
    meanings = await search(store, thesaurus, found, "Mia word42", HERE)
    assert meanings.best[0] == rows[42]
    assert len(meanings.best) == 5
    assert meanings.high == pytest.approx(1.0, abs=0.001)


async def test_the_server_asked_longest_ago_is_let_go(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_MOST_VECTORS", 3)
    thesaurus, found = Thesaurus(), VectorIndex(store)
    await tell(store, *(said(n, "kettle", guild=n % 2 + 1, channel=n % 2) for n in range(4)))
    await Backlog(store, thesaurus, Bus()).work_off()
    for _ in range(2):
        for guild in (1, 2):
            assert len((await search(store, thesaurus, found, "kettle", Scope("discord", guild))).best) == 2
            assert len(found._segments) == 1
