"""Facts for a turn: what is known of the people present, may be told here, and fits what is talked of."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from core.clock import Clock
from core.memory.embedder import Embedder
from core.memory.fitting import Asked, asked_for, filled
from core.words import T, Text
from db import facts, telling
from db.facts import StoredFact
from db.store import Store
from db.telling import Tellable


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
        asked = await asked_for(question, self._embedder)
        best = await asyncio.to_thread(_ranked, found, asked, k)
        if mark:
            await self._store.run(facts.used, [known.fact.row_id for known in best], self._clock.now())
        return tuple(best)

    async def fill_vectors(self) -> int:
        """Give facts without a vector theirs (after a run without embedder, or a change of it); answers how
        many got one.

        Raises:
            core.errors.BrainError: the model cannot do it now.
        """
        return await filled(self._store, self._embedder, facts.without_vector, facts.keep_vectors)


def _ranked(found: Sequence[Tellable], asked: Asked, k: int) -> list[Known]:
    scored = [_scored(each, asked) for each in found]
    return sorted(scored, key=lambda known: (-known.score, -known.fact.row_id))[:k]


def _scored(each: Tellable, asked: Asked) -> Known:
    fact = each.fact
    score, shared = asked.fits(each.text, fact.importance, fact.vector, fact.model)
    reason = T("It speaks of the same thing.") if shared else T("It is known of {name}.", name=each.name)
    return Known(fact, each.text, each.platform_id, each.name, score, reason)
