"""The vector index: the vectors of a server in memory, exact search over them.

It is derived from the store and versioned: before every search it reads the vectors that came since,
and a vector counts only while the message's own row still names its version. So it is no cache that
can be wrong. A server is loaded when it is first searched, and the one that was searched longest ago
is let go when all together grow too large.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.memory.embedder import Vectors
from db import embeddings
from db.embeddings import StoredVector
from db.recall import Scope
from db.store import Store

Number = TypeVar("Number", bound=np.generic)

_MOST_VECTORS = 1_200_000  # about half a kilobyte each
_READ_AT_ONCE = 2_000
# A server with more is taken into memory (2 to 3 s for 100,000) behind the turn that first asks for it.
_AT_ONCE = 20_000
# int8 rows become float32 in blocks that stay in the processor's cache, and that are too small for BLAS
# to share among threads: the full-text search runs on the other core at that moment.
_BLOCK = 512
# Below this share of a server's vectors, those of the scope are compared one by one.
_FEW = 0.1


@dataclass(frozen=True, slots=True)
class Meanings:
    """How near a question's meaning is to that of every message in its scope.

    Attributes:
        best: the row ids nearest to it, the nearest first.
        low, high: the smallest and the largest cosine in the scope.
    """

    best: tuple[int, ...]
    low: float
    high: float
    _segment: Segment
    _cosines: NDArray[np.float32]

    def of(self, row_id: int, version: int) -> float | None:
        """The cosine of a message, None when its vector of that version is not known."""
        at = self._segment.position.get(row_id)
        if at is None or at >= len(self._cosines) or self._segment.versions[at] != version:
            return None
        cosine = float(self._cosines[at])
        return None if np.isnan(cosine) else cosine

    def forget(self, row_ids: Sequence[int]) -> None:
        """Let go of vectors whose messages are gone."""
        self._segment.drop(row_ids)


class Segment:
    """The vectors of one server, or of all direct messages of a realm."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.newest = 0
        self.count = 0
        self.loading: asyncio.Task[None] | None = None
        self.position: dict[int, int] = {}
        self.rows = np.zeros(0, np.int64)
        self.versions = np.zeros(0, np.int64)
        self._channels = np.zeros(0, np.int64)
        self._authors = np.zeros(0, np.int64)
        self._scale = np.zeros(0, np.float32)
        self._values = np.zeros((0, 0), np.int8)

    def add(self, vectors: Sequence[StoredVector]) -> None:
        """Take in vectors, oldest first; a message's newer vector takes the place of its older one."""
        values = np.frombuffer(b"".join(vector.values for vector in vectors), np.int8)
        values = values.reshape(len(vectors), -1)
        places = [self.position.setdefault(vector.row_id, len(self.position)) for vector in vectors]
        self._grow(len(self.position), values.shape[1])
        at = np.array(places)
        self.rows[at] = [vector.row_id for vector in vectors]
        self.versions[at] = [vector.version for vector in vectors]
        self._channels[at] = [vector.channel_id for vector in vectors]
        self._authors[at] = [vector.author_id for vector in vectors]
        lengths = np.linalg.norm(values.astype(np.float32), axis=1)
        self._scale[at] = 1 / np.maximum(lengths, 1)
        self._values[at] = values
        self.count = len(self.position)
        self.newest = vectors[-1].version

    def drop(self, row_ids: Sequence[int]) -> None:
        """Make vectors impossible to find."""
        for row_id in row_ids:
            if (at := self.position.get(row_id)) is not None:
                self.versions[at] = 0

    def search(self, question: Vectors, scope: Scope, limit: int) -> Meanings:
        """Compare a question's vector (length 1) with every vector of the scope."""
        inside = self.versions[: self.count] > 0
        if scope.channel_ids:
            inside &= np.isin(self._channels[: self.count], scope.channel_ids)
        if scope.person_ids:
            inside &= np.isin(self._authors[: self.count], scope.person_ids)
        if scope.hidden:
            inside &= ~np.isin(self._channels[: self.count], scope.hidden)
        places = np.flatnonzero(inside)
        cosines = self._cosines(question, places)
        near = cosines[places]
        if not len(near):
            return Meanings((), 0.0, 0.0, self, cosines)
        if len(near) > limit:
            places = places[np.argpartition(-near, limit)[:limit]]
        best = places[np.argsort(-cosines[places], kind="stable")]
        return Meanings(tuple(self.rows[best].tolist()), float(near.min()), float(near.max()), self, cosines)

    def _cosines(self, question: Vectors, places: NDArray[np.int64]) -> NDArray[np.float32]:
        """The cosines at `places`; what lies elsewhere may stay unknown (not a number)."""
        if self._values.shape[1] != len(question):
            return np.zeros(self.count, np.float32)
        if len(places) < self.count * _FEW:
            cosines = np.full(self.count, np.nan, np.float32)
            cosines[places] = self._values[places].astype(np.float32) @ question * self._scale[places]
            return cosines
        return self._every_cosine(question)

    def _every_cosine(self, question: Vectors) -> NDArray[np.float32]:
        dots = np.empty(self.count, np.float32)
        block = np.empty((_BLOCK, len(question)), np.float32)
        for first in range(0, self.count, _BLOCK):
            size = min(_BLOCK, self.count - first)
            block[:size] = self._values[first : first + size]
            np.dot(block[:size], question, out=dots[first : first + size])
        return dots * self._scale[: self.count]

    def _grow(self, wanted: int, dimensions: int) -> None:
        if self._values.shape[1] == dimensions and wanted <= len(self.rows):
            return
        room = max(wanted, len(self.rows) * 5 // 4, 1_024)
        self.rows, self.versions = _longer(self.rows, room), _longer(self.versions, room)
        self._channels, self._authors = _longer(self._channels, room), _longer(self._authors, room)
        self._scale = _longer(self._scale, room)
        values = np.zeros((room, dimensions), np.int8)
        if self._values.shape[1] == dimensions:
            values[: self.count] = self._values[: self.count]
        self._values = values


class VectorIndex:
    """The segments, each brought up to date before it is searched."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._segments: OrderedDict[tuple[str, str, int | None], Segment] = OrderedDict()

    async def search(self, model: str, question: Vectors, scope: Scope, limit: int) -> Meanings:
        """Compare a question's vector with every vector of the scope that `model` made.

        Args:
            question: one vector of length 1. limit: how many of the nearest are named.
        """
        key = (model, scope.realm, scope.guild_id)
        segment = self._segments.setdefault(key, Segment())
        self._segments.move_to_end(key)
        if scope.person_ids and await self._is_loading(segment, key):
            own = await self._of_people(model, scope)
            return await asyncio.to_thread(own.search, question, scope, limit)
        async with segment.lock:
            await self._catch_up(segment, *key)
            meanings = await asyncio.to_thread(segment.search, question, scope, limit)
        self._make_room()
        return meanings

    async def settled(self) -> None:
        """Wait until every server that was asked for is in memory."""
        await asyncio.gather(*(each.loading for each in self._segments.values() if each.loading is not None))

    async def close(self) -> None:
        """Break off what is being loaded."""
        tasks = [each.loading for each in self._segments.values() if each.loading is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _is_loading(self, segment: Segment, key: tuple[str, str, int | None]) -> bool:
        """Is this server large and not in memory yet? Then it is on its way there from now on."""
        if (
            segment.loading is None
            and segment.newest == 0
            and await self._store.read(embeddings.more_than, *key, _AT_ONCE)
        ):
            segment.loading = asyncio.create_task(self._load(segment, key), name="vectors of a server")
        return segment.loading is not None and not segment.loading.done()

    async def _load(self, segment: Segment, key: tuple[str, str, int | None]) -> None:
        async with segment.lock:
            await self._catch_up(segment, *key)
        self._make_room()

    async def _of_people(self, model: str, scope: Scope) -> Segment:
        """The vectors of a scope's people alone, read for one question."""
        segment = Segment()
        vectors = await self._store.read(
            embeddings.of_people, model, scope.realm, scope.guild_id, scope.person_ids
        )
        if vectors:
            await asyncio.to_thread(segment.add, vectors)
        return segment

    async def _catch_up(self, segment: Segment, model: str, realm: str, guild_id: int | None) -> None:
        while vectors := await self._store.read(
            embeddings.newer, model, realm, guild_id, segment.newest, _READ_AT_ONCE
        ):
            await asyncio.to_thread(segment.add, vectors)

    def _make_room(self) -> None:
        while len(self._segments) > 1 and sum(each.count for each in self._segments.values()) > _MOST_VECTORS:
            self._segments.popitem(last=False)


def _longer(array: NDArray[Number], room: int) -> NDArray[Number]:
    longer = np.zeros(room, array.dtype)
    longer[: len(array)] = array
    return longer
