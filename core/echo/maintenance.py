"""Keeping echoes in order: what comes round by itself, and may be asked for by hand; health and figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psutil

from core.clock import Clock
from core.echo.consent import ANSWER_WITHIN
from core.echo.erasing import Erasing, Receipt
from core.echo.sessions import Session, Sessions
from core.echoing import DATA_RETENTION_DAYS
from core.errors import BrainError
from core.llm.brain import Role
from core.llm.ollama import OllamaBrain
from core.llm.roles import Roles
from core.llm.starter import StarterBrain
from core.settings import Settings
from core.words import T, Text
from db import echo_consents, echo_jobs, echo_messages, echo_sessions, echoes
from db.base import Database
from db.store import Store

_STUCK_AFTER = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a cleanup did: the consents that ended with their receipts, old jobs and replies that went, models
    of no echo that were removed."""

    ended: tuple[Receipt, ...]
    jobs: int
    replies: int
    models: int


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that is not as it should be. `level`: warn or bad."""

    level: str
    text: Text


@dataclass(frozen=True, slots=True)
class Statistics:
    """All echoes together.

    Attributes:
        consents, jobs: how many, by state. bytes: of the profiles. messages: that are kept.
        memory_bytes: what the models of running sessions hold, as far as the brain tells.
        app_bytes: what this program holds.
    """

    consents: dict[str, int] = field(hash=False)
    jobs: dict[str, int] = field(hash=False)
    echoes: int
    bytes: int
    messages: int
    sessions: int
    replies: int
    up: int
    down: int
    tokens: int
    tokens_a_second: float
    mean_latency_ms: float
    memory_bytes: int
    app_bytes: int


class Maintenance:
    """What a host may have done at once, and what rounds do by themselves."""

    def __init__(
        self,
        store: Store,
        roles: Callable[[], Roles],
        settings: Settings,
        sessions: Sessions,
        erasing: Erasing,
        clock: Clock,
    ) -> None:
        self._store = store
        self._roles = roles
        self._settings = settings
        self._sessions = sessions
        self._erasing = erasing
        self._clock = clock

    async def clean(self) -> Cleaned:
        """Erase what was kept for its time: consents that ran out with all that was made from them, old jobs,
        old replies, models whose echo is gone. Runs every day."""
        now = self._clock.now()
        ended = await self._erasing.run_out(now, now - ANSWER_WITHIN)
        ended += await self._erasing.finish_noted()
        models = await self._erasing.remove_orphans()
        days = await self._settings.get(DATA_RETENTION_DAYS)
        before = now - timedelta(days=days)
        jobs = await self._store.run(echo_jobs.clean, before)
        replies = await self._store.run(echo_sessions.clean, before)
        return Cleaned(tuple(ended), jobs, replies, models)

    async def check_sessions(self) -> list[Session]:
        """Send away echoes to whom nobody talks, and whose consent is over. Runs every hour."""
        over = await self._sessions.check()
        await self._erasing.remove_orphans()
        return over

    async def health(self) -> list[Concern]:
        """What is not as it should be; empty when all is well."""
        found = await self._store.read(_concerns, self._clock.now() - _STUCK_AFTER)
        if not await self._store.read(echoes.every):
            return found
        try:
            choice = await self._roles().choose(Role.CHAT)
            if choice.fallback is not None:
                found.append(
                    Concern("warn", T("Another model writes than was chosen: {why}", why=choice.fallback))
                )
            built = [echo.model for echo in await self._store.read(echoes.every) if echo.model]
            if built and choice.brain.name == "ollama":
                there = {model.name.removesuffix(":latest") for model in await choice.brain.list_models()}
                missing = [name for name in built if name not in there]
                if missing:
                    text = T("{count} built models are missing in Ollama.", count=len(missing))
                    found.append(Concern("warn", text))
        except BrainError as error:
            found.append(Concern("bad", error.what))
        return found

    async def statistics(self) -> Statistics:
        """All echoes together, in figures."""
        told = await self._store.read(_figures)
        memory = await self.memory()
        own = psutil.Process().memory_info().rss
        return Statistics(**told, memory_bytes=memory, app_bytes=own)

    async def memory(self) -> int:
        """What the models hold that echoes write with now."""
        try:
            brain = (await self._roles().choose(Role.CHAT)).brain
            if isinstance(brain, OllamaBrain):
                return sum(model.size_bytes for model in await brain.loaded())
        except BrainError:
            return 0
        return brain.memory_bytes if isinstance(brain, StarterBrain) else 0


def _concerns(db: Database, stuck_since: datetime) -> list[Concern]:
    jobs = echo_jobs.every(db, 1000)
    waiting = [job for job in jobs if job.state == echo_jobs.QUEUED and job.queued_at < stuck_since]
    failed = [job for job in jobs if job.state == echo_jobs.FAILED]
    left = echo_consents.to_erase(db)
    found = []
    if waiting:
        found.append(Concern("warn", T("{count} analyses have waited for long.", count=len(waiting))))
    if failed:
        found.append(Concern("warn", T("{count} analyses failed.", count=len(failed))))
    if left:
        found.append(Concern("bad", T("{count} erasures are not finished.", count=len(left))))
    return found


def _figures(db: Database) -> dict[str, Any]:
    consents = echo_consents.states(db)
    jobs = echo_jobs.states(db)
    every = echoes.every(db)
    totals = echo_sessions.totals(db)
    up, down = echo_sessions.votes(db)
    writing, answered = totals["write_ms"], totals["replies"]
    return {
        "consents": consents,
        "jobs": jobs,
        "echoes": len(every),
        "bytes": sum(echo.size_bytes for echo in every),
        "messages": echo_messages.count(db),
        "sessions": len(echo_sessions.active(db)),
        "replies": answered,
        "up": up,
        "down": down,
        "tokens": totals["tokens"],
        "tokens_a_second": 1000 * totals["tokens"] / writing if writing else 0.0,
        "mean_latency_ms": totals["latency_ms"] / answered if answered else 0.0,
    }
