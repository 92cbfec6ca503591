"""How well something remembered fits what is asked: by meaning, by shared words, by its importance."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import BrainError
from core.memory.embedder import Embedder, Vectors, packed
from core.memory.laid import relation
from core.memory.lexicon import Relation
from core.memory.wording import read
from db.store import Store

log = logging.getLogger(__name__)

_MEANING, _WORDS, _IMPORTANCE = 0.6, 0.3, 0.1
_WITHOUT_MEANING = 0.9
_VECTORS_AT_ONCE = 32


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question. `direction`: its vector by `model`; None: words and importance decide."""

    words: tuple[str, ...]
    direction: Vectors | None
    model: str | None

    def fits(
        self, text: str, importance: float, vector: bytes | None, model: str | None
    ) -> tuple[float, int]:
        """0–1, and how many words of the question the text has.

        Args:
            importance: 0–10. vector: the text's, as it is kept, by `model`.
        """
        told = read(text).words
        shared = sum(any(relation(word, other) is Relation.SAME for other in told) for word in self.words)
        overlap, weight = min(1.0, shared / 2), importance / 10
        meaning = self._cosine(vector) if model == self.model else None
        if meaning is None:
            return _WITHOUT_MEANING * overlap + _IMPORTANCE * weight, shared
        return _MEANING * meaning + _WORDS * overlap + _IMPORTANCE * weight, shared

    def _cosine(self, vector: bytes | None) -> float | None:
        if self.direction is None or vector is None:
            return None
        values = np.frombuffer(vector, np.int8).astype(np.float32)
        if values.shape != self.direction.shape:
            return None
        return max(0.0, float(values @ self.direction) / (float(np.linalg.norm(values)) or 1.0))


async def asked_for(question: str, embedder: Embedder | None) -> Asked:
    """The question as it is compared; by its words alone where the model cannot read it now."""
    words = read(question).words
    if embedder is None or not question.strip():
        return Asked(words, None, None)
    try:
        return Asked(words, (await embedder.embed([question]))[0], embedder.name)
    except BrainError as error:
        log.warning("memories are chosen by words alone: %s", error)
        return Asked(words, None, embedder.name)


async def filled(
    store: Store,
    embedder: Embedder | None,
    without: Callable[..., Sequence[tuple[int, str]]],
    keep: Callable[..., Any],
) -> int:
    """Give a vector to all that has none of this embedder's; answers how many got one.

    Args:
        without: the query for row id and text of what lacks one. keep: the one that writes them.

    Raises:
        core.errors.BrainError: the model cannot do it now.
    """
    if embedder is None:
        return 0
    done = 0
    while some := await store.read(without, embedder.name, _VECTORS_AT_ONCE):
        vectors = await embedder.embed([text for _, text in some])
        rows = [(row_id, text, packed(each)) for (row_id, text), each in zip(some, vectors, strict=True)]
        await store.run(keep, embedder.name, rows)
        done += len(some)
    return done
