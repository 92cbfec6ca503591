"""Facts for a turn: what is known of the people present, may be told here, and fits what is talked of."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from core.clock import Clock
from core.errors import BrainError
from core.memory.embedder import Embedder, Vectors, packed
from core.memory.laid import relation
from core.memory.lexicon import Relation
from core.memory.wording import read
from core.words import T, Text
from db import facts, telling
from db.facts import StoredFact
from db.store import Store
from db.telling import Tellable

log = logging.getLogger(__name__)

_MEANING, _WORDS, _IMPORTANCE = 0.6, 0.3, 0.1
_WITHOUT_MEANING = 0.9
_VECTORS_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Here:
    """Where facts are to be told.

    Attributes:
        guild_id: the server; None in a direct message, where only what was said in it may be told.
        channel_id: the channel itself.
        visible_channels: the server's channels that everybody there can read.
    """

    realm: str
    guild_id: int | None
    channel_id: int
    visible_channels: Collection[int] = ()

    @property
    def channels(self) -> list[int]:
        """Where a fact told here may have been said."""
        return [self.channel_id, *(self.visible_channels if self.guild_id is not None else ())]


@dataclass(frozen=True, slots=True)
class Known:
    """A fact for the prompt.

    Attributes:
        text: the wording that may be told here; not `fact.text`, which may come from elsewhere.
        name: the person it is about. reason: why it came to mind, for the trace.
    """

    fact: StoredFact
    text: str
    platform_id: int
    name: str
    score: float
    reason: Text


class FactRecall:
    """Answers what is known of people.

    Args:
        embedder: compares meanings; None: words and importance decide.
    """

    def __init__(self, store: Store, embedder: Embedder | None, clock: Clock) -> None:
        self._store = store
        self._embedder = embedder
        self._clock = clock

    async def recall_facts(
        self, people: Sequence[int], here: Here, question: str, k: int, *, mark: bool = True
    ) -> tuple[Known, ...]:
        """The `k` facts about these people that fit `question` best, best first.

        Args:
            people: platform ids of who is present or meant; nobody else's facts are looked at.
            mark: note that they are used in a reply now.

        Raises:
            db.faults.StoreFault: the store cannot be read.
        """
        found = await self._store.read(
            telling.tellable, here.realm, list(people), here.guild_id, here.channels
        )
        if not found or k < 1:
            return ()
        asked = await self._direction(question)
        best = await asyncio.to_thread(_ranked, found, question, asked, self._model, k)
        if mark:
            await self._store.run(facts.used, [known.fact.row_id for known in best], self._clock.now())
        return tuple(best)

    async def fill_vectors(self) -> int:
        """Give facts without a vector theirs (after a run without embedder, or a change of it); answers how
        many got one.

        Raises:
            core.errors.BrainError: the model cannot do it now.
        """
        if self._embedder is None:
            return 0
        filled = 0
        while some := await self._store.read(facts.without_vector, self._embedder.name, _VECTORS_AT_ONCE):
            vectors = await self._embedder.embed([text for _, text in some])
            rows = [(row_id, text, packed(each)) for (row_id, text), each in zip(some, vectors, strict=True)]
            await self._store.run(facts.keep_vectors, self._embedder.name, rows)
            filled += len(some)
        return filled

    @property
    def _model(self) -> str | None:
        return None if self._embedder is None else self._embedder.name

    async def _direction(self, question: str) -> Vectors | None:
        if self._embedder is None or not question.strip():
            return None
        try:
            return (await self._embedder.embed([question]))[0]  # type: ignore[no-any-return]
        except BrainError as error:
            log.warning("facts are chosen by words alone: %s", error)
            return None


def _ranked(
    found: Sequence[Tellable], question: str, asked: Vectors | None, model: str | None, k: int
) -> list[Known]:
    words = read(question).words
    scored = [_scored(each, words, asked, model) for each in found]
    return sorted(scored, key=lambda known: (-known.score, -known.fact.row_id))[:k]


def _scored(each: Tellable, words: Sequence[str], asked: Vectors | None, model: str | None) -> Known:
    meaning = _cosine(each.fact, asked, model)
    told = read(each.text).words
    shared = sum(any(relation(word, other) is Relation.SAME for other in told) for word in words)
    overlap = min(1.0, shared / 2)
    weight = each.fact.importance / 10
    if meaning is None:
        score = _WITHOUT_MEANING * overlap + _IMPORTANCE * weight
    else:
        score = _MEANING * meaning + _WORDS * overlap + _IMPORTANCE * weight
    reason = T("It speaks of the same thing.") if shared else T("It is known of {name}.", name=each.name)
    return Known(each.fact, each.text, each.platform_id, each.name, score, reason)


def _cosine(fact: StoredFact, asked: Vectors | None, model: str | None) -> float | None:
    if asked is None or fact.vector is None or fact.model != model:
        return None
    values = np.frombuffer(fact.vector, np.int8).astype(np.float32)
    if values.shape != asked.shape:
        return None
    return max(0.0, float(values @ asked) / (float(np.linalg.norm(values)) or 1.0))
