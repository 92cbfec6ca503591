"""What happened, for a turn: episodes and insights that may be told here and fit what is talked of."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.clock import Clock
from core.memory.embedder import Embedder
from core.memory.facts import Here
from core.memory.fitting import Asked, asked_for, filled
from core.words import T, Text
from db import episodes, telling
from db.episodes import StoredEpisode
from db.store import Store
from db.telling import Lived

# Below that it has to do with anything. A passing remark shares about .1 of meaning with any episode, one
# about the same matter .35 and more.
FITS_FROM = 0.3


@dataclass(frozen=True, slots=True)
class Happened:
    """An episode or insight for the prompt.

    Attributes:
        people: platform ids of who took part. reason: why it came to mind, for the trace.
    """

    episode: StoredEpisode
    people: tuple[int, ...]
    score: float
    reason: Text


class EpisodeRecall:
    """Answers what happened with people.

    Args:
        embedder: compares meanings; None: words and importance decide.
    """

    def __init__(self, store: Store, embedder: Embedder | None, clock: Clock) -> None:
        self._store = store
        self._embedder = embedder
        self._clock = clock

    async def recall_episodes(
        self,
        people: Sequence[int],
        here: Here,
        question: str,
        k: int,
        before: datetime,
        names: Collection[str] = (),
    ) -> tuple[Happened, ...]:
        """At most `k` that fit `question`, best first; none where nothing fits. They count as used now.

        Args:
            people: platform ids of who is present or meant; one of them took part.
            before: when the channel's transcript begins, UTC; what happened there later stands in it.
            names: of the persona and of who is there. To be called is no reason to think of a day on which
                one was there, too.

        Raises:
            db.faults.StoreFault: the store cannot be read.
        """
        found = await self._store.read(
            telling.lived, here.realm, list(people), here.guild_id, here.channels, before
        )
        question = _without(question, names)
        if not found or k < 1 or not question.strip():
            return ()
        asked = await asked_for(question, self._embedder)
        best = await asyncio.to_thread(_fitting, found, asked, k)
        if best:
            await self._store.run(episodes.used, [each.episode.row_id for each in best], self._clock.now())
        return best

    async def fill_vectors(self) -> int:
        """Give episodes without a vector theirs; answers how many got one.

        Raises:
            core.errors.BrainError: the model cannot do it now.
        """
        return await filled(self._store, self._embedder, episodes.without_vector, episodes.keep_vectors)


def _without(question: str, names: Collection[str]) -> str:
    every = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name)
    return re.sub(rf"@?\b(?:{every})\b(?:['’]s\b)?", "", question, flags=re.IGNORECASE) if every else question


def _fitting(found: Sequence[Lived], asked: Asked, k: int) -> tuple[Happened, ...]:
    scored = [each for each in (_scored(lived, asked) for lived in found) if each.score >= FITS_FROM]
    return tuple(sorted(scored, key=lambda each: (-each.score, -each.episode.row_id))[:k])


def _scored(lived: Lived, asked: Asked) -> Happened:
    episode = lived.episode
    score, shared = asked.fits(episode.text, episode.importance, episode.vector, episode.model)
    reason = T("It speaks of the same thing.") if shared else T("It means something alike.")
    return Happened(episode, lived.people, score, reason)
