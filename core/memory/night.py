"""The night: what memory does once a day, at the host's hour, one thing after the other."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from core.clock import Clock
from core.errors import BrainError
from core.events import Bus
from core.llm.brain import Role
from core.llm.scoring import understands
from core.memory import forget, importance, lifecycle
from core.memory.consolidate import Chooses, Consolidated, Consolidation
from core.memory.embedder import Embedder
from core.memory.facts import FactRecall
from core.memory.forget import Forgotten
from core.memory.happened import EpisodeRecall
from core.memory.narrate import Diary, Feeling
from core.memory.reflect import Reflection
from db import facts
from db.base import Database
from db.store import Store

log = logging.getLogger(__name__)

_RESCORED_AT_ONCE = 20
_RESCORED_A_NIGHT = 200


@dataclass(frozen=True, slots=True)
class NightReport:
    """What a night did.

    Attributes:
        episodes, insights: how many were written. moved: people whose state changed.
    """

    consolidated: Consolidated
    episodes: int
    insights: int
    forgotten: Forgotten
    moved: int


class Night:
    """Everything nightly, over one realm. Cancel the task that awaits `run` to stop it; each part keeps what
    it has done.

    Attributes:
        consolidation: the same that the host's button runs, so that the two never run at once.
    """

    def __init__(
        self,
        store: Store,
        roles: Chooses,
        embedder: Embedder | None,
        clock: Clock,
        bus: Bus,
        felt: Feeling | None = None,
    ) -> None:
        self._store = store
        self._roles = roles
        self._clock = clock
        self.consolidation = Consolidation(store, roles, embedder, clock, bus)
        self._facts = FactRecall(store, embedder, clock)
        self._episodes = EpisodeRecall(store, embedder, clock)
        self._diary = Diary(store, roles, clock, felt)
        self._reflection = Reflection(store, roles, clock)

    async def run(self, realm: str) -> NightReport:
        """One night.

        Raises:
            db.faults.StoreFault: the store cannot be written.
        """
        consolidated = await self.consolidation.run(realm, "daily")
        written = await self._diary.write(realm)
        insights = await self._reflection.reflect(realm)
        try:
            await self._facts.fill_vectors()
            await self._episodes.fill_vectors()
            await self._rescore(realm)
        except BrainError as error:
            log.info("the night went on without a model: %s", type(error).__name__)
        now = self._clock.now()
        forgotten = await self._store.run(forget.forget, realm, now)
        moved = await self._store.run(lifecycle.move_all, realm, now)
        return NightReport(consolidated, written, insights, forgotten, moved)

    async def _rescore(self, realm: str) -> None:
        """Facts that rules weighed, because no model was there, are weighed by the model once it is."""
        choice = await self._roles.choose(Role.SCORING)
        if not understands(choice):
            return
        waiting = await self._store.read(_weighed_by_rules, realm, _RESCORED_A_NIGHT)
        for first in range(0, len(waiting), _RESCORED_AT_ONCE):
            some = waiting[first : first + _RESCORED_AT_ONCE]
            scores = await importance.by_model(choice, [text for _, text in some])
            if scores is not None:
                await self._store.run(_keep_scores, [row_id for row_id, _ in some], scores)


def _weighed_by_rules(db: Database, realm: str, limit: int) -> list[tuple[int, str]]:
    live = facts.in_realm(db, realm, (facts.LIVE,))
    return [(fact.row_id, fact.text) for fact in live if fact.importance_by == "rules"][:limit]


def _keep_scores(db: Database, row_ids: list[int], scores: list[float]) -> None:
    for row_id, score in zip(row_ids, scores, strict=True):
        facts.update(db, row_id, importance=score, importance_by="model")
