"""Recall: the messages that answer a question, from one server or one direct channel.

Words are looked up in the full-text index and meaning in the vector index, both within the scope; what
they find is checked against the scope once more, joined by its neighbours, and put in order.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from core.clock import Clock
from core.errors import BrainError
from core.memory import fuse
from core.memory.embedder import Embedder
from core.memory.fuse import Evidence, Parts, Weights
from core.memory.index import Meanings, VectorIndex
from core.memory.query import Question, Reading, Speaker, read
from core.words import T, Text
from db import recall as stored
from db.messages import StoredMessage
from db.recall import Found, Scope
from db.store import Store

__all__ = ["Memory", "Question", "Recall", "Scope", "Speaker"]

log = logging.getLogger(__name__)

_CANDIDATES = 200
_SEEDS = 100


@dataclass(frozen=True, slots=True)
class Memory:
    """A message that was recalled.

    Attributes:
        parts: what its score is made of. reason: why it came to mind, for the trace.
    """

    message: StoredMessage
    parts: Parts
    reason: Text


class Recall:
    """Answers questions from the archive. Nothing is kept between questions but the vector index.

    Args:
        embedder: what gives questions their vector, or None: words alone are searched.
        clock: says what "yesterday" is.
    """

    def __init__(
        self, store: Store, embedder: Embedder | None, clock: Clock, weights: Weights | None = None
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._clock = clock
        self._weights = weights or Weights()
        self._index = VectorIndex(store)

    async def recall(self, question: Question, k: int) -> tuple[Memory, ...]:
        """The `k` messages that answer best, best first; fewer when there are fewer.

        An embedding model that fails is logged, and words alone are searched.

        Raises:
            db.faults.StoreFault: the store cannot be read.
        """
        now = self._clock.now()
        reading = read(question, now)
        meanings, lexical = await asyncio.gather(
            self._meanings(question),
            self._store.read(stored.lexical, reading.words, question.scope, _CANDIDATES),
        )
        scores = dict(lexical)
        row_ids = list(dict.fromkeys([*scores, *(meanings.best if meanings else ())]))
        found = await self._allowed(question, row_ids)
        await self._forget(meanings, set(row_ids) - {each.row_id for each in found})
        evidence = self._evidence([each for each in found if _wanted(question, each)], scores, meanings)
        near = await asyncio.to_thread(fuse.seeds, evidence, reading, now, _SEEDS, self._weights)
        evidence = await self._with_neighbours(question, evidence, near, meanings)
        best = await asyncio.to_thread(fuse.order, evidence, reading, now, k, self._weights)
        return await self._remembered(question.scope, reading, best)

    async def settled(self) -> None:
        """Wait until the servers that were asked for are in memory; a server's first questions do not."""
        await self._index.settled()

    async def close(self) -> None:
        """Break off what is being read into memory."""
        await self._index.close()

    async def speakers(self, scope: Scope) -> tuple[Speaker, ...]:
        """Everybody who wrote in this server, with every name they were seen under there."""
        names: dict[int, list[str]] = {}
        for person_id, name in await self._store.read(stored.names, scope):
            names.setdefault(person_id, []).append(name)
        return tuple(Speaker(person_id, tuple(known)) for person_id, known in names.items())

    async def _meanings(self, question: Question) -> Meanings | None:
        if self._embedder is None or not question.text.strip():
            return None
        try:
            vectors = await self._embedder.embed([question.text])
        except BrainError as error:
            log.warning("recall searches by words alone: %s", error)
            return None
        return await self._index.search(self._embedder.name, vectors[0], question.scope, _CANDIDATES)

    async def _allowed(self, question: Question, row_ids: list[int]) -> list[Found]:
        model = self._embedder.name if self._embedder is not None else ""
        return await self._store.read(stored.rows, row_ids, question.scope, model)

    async def _forget(self, meanings: Meanings | None, missing: set[int]) -> None:
        """Vectors of messages that were deleted would take the places of those that were not."""
        if meanings is not None and missing:
            meanings.forget(await self._store.read(stored.gone, sorted(missing)))

    def _evidence(self, found: list[Found], lexical: dict[int, float], meanings: Meanings | None) -> Evidence:
        if meanings is None:
            return Evidence(found, lexical, {})
        cosines = {
            each.row_id: cosine
            for each in found
            if (cosine := meanings.of(each.row_id, each.version)) is not None
        }
        return Evidence(found, lexical, cosines, meanings.low, meanings.high)

    async def _with_neighbours(
        self, question: Question, evidence: Evidence, near: list[int], meanings: Meanings | None
    ) -> Evidence:
        links = await self._store.read(stored.around, near)
        known = {each.row_id for each in evidence.found}
        beside = {row_id for link in links for row_id in (link.before, link.after) if row_id is not None}
        more = [
            each for each in await self._allowed(question, sorted(beside - known)) if _wanted(question, each)
        ]
        whole = self._evidence([*evidence.found, *more], dict(evidence.lexical), meanings)
        return Evidence(whole.found, whole.lexical, whole.cosines, whole.low, whole.high, links)

    async def _remembered(
        self, scope: Scope, reading: Reading, best: list[tuple[int, Parts]]
    ) -> tuple[Memory, ...]:
        parts = dict(best)
        messages = await self._store.read(stored.remembered, list(parts), scope)
        return tuple(
            Memory(message, parts[message.row_id], _reason(parts[message.row_id], message, reading))
            for message in messages
        )


def _wanted(question: Question, found: Found) -> bool:
    if found.row_id in question.leave_out:
        return False
    return question.until is None or found.sent_ms < question.until.timestamp() * 1000


def _reason(parts: Parts, message: StoredMessage, reading: Reading) -> Text:
    if parts.words >= max(parts.meaning or 0.0, parts.around, 0.01):
        return T("It holds the same words.")
    if (parts.meaning or 0.0) >= parts.around:
        return T("It means something close.")
    if message.author_id == reading.speaker:
        return T("{name} wrote it beside something that fits.", name=message.author_name)
    return T("It stands beside something that fits.")
