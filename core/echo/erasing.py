"""The end of a consent: it is noted first, then everything that was made from it goes, at once.

Killed in between? What is noted is finished at the next start. Only a model that Ollama cannot remove now,
because it is not running, waits until it can.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.clock import Clock
from core.echo import access
from core.echo.consent import Consent
from core.echo.jobs import Jobs
from core.echo.refusals import ConsentOver, ConsentUnknown, MayNotRevoke
from core.errors import BrainError, ModelMissing
from core.events import Bus, EchoConsentChanged, EchoErased, EchoSessionChanged
from core.llm.roles import Roles
from core.safety.access import Asker
from db import echo_consents, echo_jobs, echo_messages, echo_sessions, echoes
from db.base import Database
from db.echo_consents import ACCEPTED, ASKED, EXPIRED, REVOKED
from db.echoes import StoredModel
from db.store import Store

log = logging.getLogger(__name__)

_STILL_COMING = timedelta(minutes=15)  # so long a model that was begun may yet appear


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased.

    Attributes:
        counts: how many `messages`, `echoes`, `sessions`, `replies`, `jobs` and `models` went.
        models_left: models that Ollama could not remove now; it is tried again every hour.
    """

    consent_id: int
    subject_id: int
    at: datetime
    counts: dict[str, int]
    models_left: tuple[str, ...] = ()


class Erasing:
    """Ends consents.

    Args:
        roles: where Ollama is asked to remove models. queue: whose work for a consent is stopped.
        forget: lets go of what is held in memory for a consent.
    """

    def __init__(
        self,
        store: Store,
        roles: Callable[[], Roles],
        queue: Jobs,
        bus: Bus,
        clock: Clock,
        forget: Callable[[int], None],
    ) -> None:
        self._store = store
        self._roles = roles
        self._queue = queue
        self._bus = bus
        self._clock = clock
        self._forget = forget
        self._one_at_a_time = asyncio.Lock()

    async def revoke(self, consent_id: int, by: Asker) -> Receipt:
        """Take a consent back.

        Raises:
            ConsentUnknown, ConsentOver, MayNotRevoke
        """
        consent, ended = await self._store.run(_revoke, consent_id, by, self._clock.now())
        self._told(consent, ended)
        return await self.finish(consent)

    async def end_all(self, realm: str, subject_id: int) -> list[Receipt]:
        """Take every consent of a person's back, because they want to be forgotten, or left alone."""
        pairs = await self._store.run(_revoke_all, realm, subject_id, self._clock.now())
        for consent, ended in pairs:
            self._told(consent, ended)
        return [await self.finish(consent) for consent, _ in pairs]

    async def run_out(self, now: datetime, unanswered_since: datetime) -> list[Receipt]:
        """End the consents whose time is over, and those that nobody answered since a moment."""
        pairs = await self._store.run(_run_out, now, unanswered_since)
        for consent, ended in pairs:
            self._told(consent, ended)
        return [await self.finish(consent) for consent, _ in pairs]

    async def finish_all(self) -> list[Receipt]:
        """Finish what was noted and not done when the program ended; and remove models that were left."""
        receipts = await self.finish_noted()
        await self.remove_orphans()
        return receipts

    async def finish_noted(self) -> list[Receipt]:
        """Erase what was made from consents that are over."""
        noted = await self._store.run(echo_consents.to_erase)
        return [await self.finish(consent) for consent in noted]

    async def finish(self, consent: Consent) -> Receipt:
        """Erase everything that was made from a consent that is over."""
        async with self._one_at_a_time:
            await self._queue.drop(consent.id)
            self._forget(consent.id)
            counts = await self._store.run(_erase, consent.id)
            await self._store.settle()
            models = await self._store.run(echoes.models, consent.id)
            left = [model.name for model in models if not await self._remove(model)]
            counts["models"] = len(models) - len(left)
            now = self._clock.now()
            await self._store.run(_note, consent.id, now, counts)
        receipt = Receipt(consent.id, consent.subject_id, now, counts, tuple(left))
        log.info("everything made from an echo's consent was erased: %s rows", sum(counts.values()))
        self._bus.publish(EchoErased(receipt))
        return receipt

    async def remove_orphans(self) -> int:
        """Remove models whose echo is gone; answers how many went."""
        orphans = await self._store.run(_orphans)
        return sum([await self._remove(model) for model in orphans])

    async def _remove(self, model: StoredModel) -> bool:
        """Have Ollama remove a model; False when it cannot now."""
        try:
            ollama = await self._roles().ollama()
            await ollama.delete(model.name)
        except ModelMissing:
            if self._clock.now() - model.made_at < _STILL_COMING:
                return True  # not there; but it stays noted, for Ollama may only now be ending it
        except BrainError as error:
            log.warning("a model could not be removed yet: %s", type(error).__name__)
            return False
        await self._store.run(echoes.model_gone, model.name)
        return True

    def _told(self, consent: Consent, ended: list[Any]) -> None:
        self._bus.publish(EchoConsentChanged(consent))
        for session in ended:
            self._bus.publish(EchoSessionChanged(session))


Ended = tuple[Consent, list[echo_sessions.StoredSession]]


def _end(db: Database, consent: Consent, state: str, by: int | None, now: datetime) -> Ended:
    """Note that a consent is over, so that nothing more is read, stored or said."""
    echo_consents.end(db, consent.id, state, by, now)
    ended = [each for each in echo_sessions.active(db) if each.consent_id == consent.id]
    for session in ended:
        echo_sessions.end(db, session.id, state, now)
    over = echo_consents.by_id(db, consent.id)
    assert over is not None
    closed = [echo_sessions.by_id(db, session.id) for session in ended]
    return over, [session for session in closed if session is not None]


def _revoke(db: Database, consent_id: int, by: Asker, now: datetime) -> Ended:
    consent = echo_consents.by_id(db, consent_id)
    if consent is None:
        raise ConsentUnknown
    if not access.may_end(consent, by):
        raise MayNotRevoke
    if consent.state not in (ASKED, ACCEPTED):
        raise ConsentOver
    return _end(db, consent, REVOKED, access.HOST if by.is_host else by.id, now)


def _revoke_all(db: Database, realm: str, subject_id: int, now: datetime) -> list[Ended]:
    return [
        _end(db, consent, REVOKED, subject_id, now)
        for consent in echo_consents.of_subject(db, realm, subject_id)
        if consent.state in (ASKED, ACCEPTED)
    ]


def _run_out(db: Database, now: datetime, unanswered_since: datetime) -> list[Ended]:
    return [
        _end(db, consent, EXPIRED, None, now) for consent in echo_consents.run_out(db, now, unanswered_since)
    ]


def _erase(db: Database, consent_id: int) -> dict[str, int]:
    sessions, replies = echo_sessions.erase(db, consent_id)
    return {
        "messages": echo_messages.erase(db, consent_id),
        "echoes": echoes.erase(db, consent_id),
        "sessions": sessions,
        "replies": replies,
        "jobs": echo_jobs.erase(db, consent_id),
    }


def _note(db: Database, consent_id: int, now: datetime, counts: dict[str, int]) -> None:
    if echo_consents.by_id(db, consent_id) is not None:
        echo_consents.erased(db, consent_id, now, counts)


def _orphans(db: Database) -> list[StoredModel]:
    kept = {echo.consent_id for echo in echoes.every(db)}
    return [model for model in echoes.models(db) if model.consent_id not in kept]
