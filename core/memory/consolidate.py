"""Consolidation: once a day, and whenever the host asks, what people wrote becomes facts about them.

For each person: read what they wrote since the watermark, draw facts from it, hold each against what is
known, and write the lot, watermark included, in one transaction. Killed in between, the next run goes on
with the people who are left; run twice, the second finds nothing to read.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from core.clock import Clock
from core.errors import BrainError
from core.events import Bus, ConsolidationProgress, JobProgress, Notice
from core.llm.brain import Role
from core.llm.roles import Choice
from core.llm.scoring import understands
from core.memory import extract, plan
from core.memory.embedder import Embedder, Vectors, packed
from core.memory.extract import Draft
from core.memory.plan import Stale
from core.words import T, Text
from db import consolidations, facts, watermarks
from db.messages import StoredMessage
from db.store import Store
from db.watermarks import Unread

log = logging.getLogger(__name__)

JOB = "memory.consolidation"
# The day to be read, and the days before it that no run has come to because the program was off.
READ_BACK = timedelta(days=7)
_REPLANS = 5
_WITHOUT_VECTOR_AT_ONCE = 64


class Chooses(Protocol):
    """What of core.llm.roles.Roles is needed here."""

    async def choose(self, role: Role) -> Choice:
        """The brain and model for a role; raises core.errors.NoBrain."""
        ...


@dataclass(frozen=True, slots=True)
class Consolidated:
    """What a run did.

    Attributes:
        run_id: its row id, 0 when there was nothing to read. people: how many were read to the end.
        by_rules: of them, those a model could not read.
    """

    run_id: int
    people: int
    messages: int
    inserted: int
    confirmed: int
    closed: int
    quarantined: int
    by_rules: int


class Consolidation:
    """Makes facts of what people wrote. One run at a time; cancelling the task that awaits `run` stops it
    between two people, and what is written stays.

    Args:
        embedder: compares meanings, or None: words alone are compared.
    """

    def __init__(
        self, store: Store, roles: Chooses, embedder: Embedder | None, clock: Clock, bus: Bus
    ) -> None:
        self._store = store
        self._roles = roles
        self._embedder = embedder
        self._clock = clock
        self._bus = bus
        self._one_at_a_time = asyncio.Lock()
        self._told = False

    async def run(self, realm: str, cause: str = "asked") -> Consolidated:
        """Read everything of a realm that is not read yet.

        Args:
            cause: `daily` or `asked`, kept with the run.

        Raises:
            db.faults.StoreFault: the store cannot be written.
        """
        async with self._one_at_a_time:
            now = self._clock.now()
            await self._store.run(consolidations.interrupted, now)
            people = await self._store.read(watermarks.unread, realm, now - READ_BACK)
            if not people:
                return Consolidated(0, 0, 0, 0, 0, 0, 0, 0)
            run_id = await self._store.run(consolidations.begin, realm, cause, now)
            return await self._over(people, run_id, realm)

    async def _over(self, people: Sequence[Unread], run_id: int, realm: str) -> Consolidated:
        sums = Consolidated(run_id, 0, 0, 0, 0, 0, 0, 0)
        state, note = "failed", ""
        self._told = False
        try:
            choice = await self._reader()
            for person in people:
                self._tell(sums, person, realm, "reading", len(people))
                done = await self._person(person, choice, run_id, realm)
                sums = _add(sums, done)
                self._tell(sums, person, realm, "done", len(people), done)
            state = "done"
        except asyncio.CancelledError:
            state = "cancelled"
            raise
        except Exception as error:
            note = type(error).__name__
            raise
        finally:
            ended = self._store.run(consolidations.end, run_id, state, self._clock.now(), sums.messages, note)
            await asyncio.shield(ended)
            self._bus.publish(JobProgress(JOB, _TITLE, 1.0, None, True))
        return sums

    async def _person(self, person: Unread, choice: Choice | None, run_id: int, realm: str) -> Consolidated:
        since = self._clock.now() - READ_BACK
        messages = await self._store.read(watermarks.unread_messages, realm, person.platform_id, since)
        drafts, by_rules = await self._drafts(messages, choice)
        vectors = await self._embedded([draft.text for draft in drafts])
        for _ in range(_REPLANS):
            known = await self._known(person.person_id)
            made = await asyncio.to_thread(
                plan.make, person.person_id, realm, drafts, vectors, known, self._model
            )
            try:
                counts = await self._store.run(
                    plan.carry_out, made, run_id, messages, person.platform_id, self._clock.now()
                )
            except Stale:
                continue  # the host edited a fact meanwhile: look again
            return Consolidated(run_id, 1, len(messages), *counts, int(by_rules))
        raise Stale

    async def _drafts(
        self, messages: Sequence[StoredMessage], choice: Choice | None
    ) -> tuple[list[Draft], bool]:
        """Facts drawn from messages, by rule where the model fails; and whether that was so."""
        drafts: list[Draft] = []
        fell_back = False
        for portion in extract.batches(messages):
            found = await self._by_model(choice, portion) if choice is not None else None
            if found is None:
                fell_back = True
                found = await asyncio.to_thread(extract.by_rules, portion)
            drafts += found
        return drafts, fell_back

    async def _by_model(self, choice: Choice, portion: Sequence[StoredMessage]) -> list[Draft] | None:
        try:
            return await extract.by_model(choice, portion)
        except BrainError as error:
            self._tell_once(error.what)
        except extract.Unusable:
            self._tell_once(T("the model {model} answers in another form than asked", model=choice.model))
        return None

    async def _reader(self) -> Choice | None:
        try:
            choice = await self._roles.choose(Role.SCORING)
        except BrainError as error:
            self._tell_once(error.what)
            return None
        return choice if understands(choice) else None

    async def _known(self, person_id: int) -> list[facts.StoredFact]:
        """A person's live facts, each with its vector where there is an embedder."""
        known = await self._store.read(facts.of_person, person_id, (facts.LIVE, facts.QUARANTINED))
        missing = [(each.row_id, each.text) for each in known if each.model != self._model]
        if self._embedder is None or not missing:
            return known
        for first in range(0, len(missing), _WITHOUT_VECTOR_AT_ONCE):
            some = missing[first : first + _WITHOUT_VECTOR_AT_ONCE]
            vectors = await self._embedded([text for _, text in some])
            if vectors is None:
                return known
            rows = [(row_id, text, packed(each)) for (row_id, text), each in zip(some, vectors, strict=True)]
            await self._store.run(facts.keep_vectors, self._model or "", rows)
        return await self._store.read(facts.of_person, person_id, (facts.LIVE, facts.QUARANTINED))

    @property
    def _model(self) -> str | None:
        return None if self._embedder is None else self._embedder.name

    async def _embedded(self, texts: Sequence[str]) -> Vectors | None:
        if self._embedder is None or not texts:
            return None
        try:
            return await self._embedder.embed(texts)
        except BrainError as error:
            self._tell_once(error.what)
            return None

    def _tell_once(self, why: Text) -> None:
        log.warning("consolidation goes on without a model: %s", why)
        if not self._told:
            self._told = True
            said = T("Memory is kept by simple rules for now: {why}", why=why)
            self._bus.publish(Notice("warn", said))

    def _tell(
        self,
        sums: Consolidated,
        person: Unread,
        realm: str,
        step: str,
        total: int,
        done: Consolidated | None = None,
    ) -> None:
        detail = T("{name}: {n} messages", name=person.name, n=person.messages)
        self._bus.publish(JobProgress(JOB, _TITLE, sums.people / total, detail, False))
        mine = (done.inserted, done.confirmed, done.closed) if done is not None else (0, 0, 0)
        self._bus.publish(
            ConsolidationProgress(
                sums.run_id, realm, person.person_id, person.name, step, sums.people, total, *mine
            )
        )


_TITLE = T("Sorting memories")


def _add(sums: Consolidated, more: Consolidated) -> Consolidated:
    return Consolidated(
        sums.run_id,
        sums.people + more.people,
        sums.messages + more.messages,
        sums.inserted + more.inserted,
        sums.confirmed + more.confirmed,
        sums.closed + more.closed,
        sums.quarantined + more.quarantined,
        sums.by_rules + more.by_rules,
    )
