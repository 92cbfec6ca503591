"""The echoes there are, each on a card: its consent, what was built, how it did, where it talks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.clock import Clock
from core.echo import access
from core.echo.consent import Consent
from core.echo.queue import Job
from core.echo.refusals import EchoUnknown
from core.echo.sessions import Session
from core.echo.style import StyleProfile
from core.safety.access import Asker
from db import echo_candidates, echo_consents, echo_jobs, echo_messages, echo_sessions, echoes
from db.base import Database
from db.echo_candidates import Candidate
from db.echo_consents import OVER
from db.echoes import StoredEcho as Echo
from db.store import Store

__all__ = ["Candidate", "Card", "Echo", "Library", "Sample", "Totals"]

_MOST = 500


@dataclass(frozen=True, slots=True)
class Totals:
    """What an echo has done in all its sessions. Times in milliseconds."""

    sessions: int = 0
    heard: int = 0
    replies: int = 0
    tokens: int = 0
    write_ms: int = 0
    latency_ms: int = 0

    @property
    def tokens_a_second(self) -> float:
        return 1000 * self.tokens / self.write_ms if self.write_ms else 0.0

    @property
    def mean_latency_ms(self) -> float:
        return self.latency_ms / self.replies if self.replies else 0.0


@dataclass(frozen=True, slots=True)
class Sample:
    """A held-out message of the person's, and what the echo said in its place.

    Attributes:
        before: what the person had written last before it there; "" where that is not known. What others
            wrote is never kept.
        plain: what the brain said without the echo.
    """

    before: str
    real: str
    echo: str
    plain: str


@dataclass(frozen=True, slots=True)
class Card:
    """An echo, or what is on its way to become one.

    Attributes:
        echo: None before anything was built. job: the newest analysis. sessions: those under way.
        collected: messages that are kept. name: whose voice. up, down: how often what it said was liked,
            and was not.
    """

    consent: Consent
    echo: Echo | None
    job: Job | None
    sessions: tuple[Session, ...]
    totals: Totals
    collected: int
    up: int = 0
    down: int = 0

    @property
    def name(self) -> str:
        return self.consent.subject_name

    @property
    def is_ready(self) -> bool:
        return self.echo is not None and self.echo.state == "ready"

    @property
    def style(self) -> StyleProfile | None:
        """The readable profile; None before it was made."""
        if self.echo is None or not self.echo.style:
            return None
        told: dict[str, Any] = dict(self.echo.style)
        return StyleProfile(**told | {name: tuple(told[name]) for name in ("lengths", "topics", "hours")})

    @property
    def sounds_like(self) -> float | None:
        """0…1, where the person's real messages have 1; None when there were too few to measure."""
        found = self.echo.fidelity.get("sounds_like") if self.echo is not None else None
        return None if found is None else float(found)

    @property
    def samples(self) -> tuple[Sample, ...]:
        """Held-out messages beside what the echo said."""
        return tuple(Sample(**kept) for kept in self.echo.samples) if self.echo is not None else ()


class Library:
    """Finds echoes."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def cards(
        self, realm: str | None = None, guild_id: int | None = None, asker: Asker | None = None
    ) -> list[Card]:
        """The echoes that are live or under way, the newest first.

        Args:
            asker: who looks: only what they may see; None: the host, who sees all.
        """
        return await self._store.read(_cards, realm, guild_id, asker, self._clock.now())

    async def card(self, consent_id: int) -> Card:
        """The card of a consent.

        Raises:
            EchoUnknown
        """
        return await self._store.read(_card_of, consent_id)

    async def find(self, realm: str, guild_id: int | None, subject_id: int) -> Card | None:
        """The live echo of a person on a server, one that is ready before one that is not; or None."""
        every = await self.cards(realm, guild_id)
        theirs = [card for card in every if card.consent.subject_id == subject_id]
        return next((card for card in theirs if card.is_ready), theirs[0] if theirs else None)

    async def candidates(self, search: str = "", limit: int = 50) -> list[Candidate]:
        """People of servers whom the host could ask, who wrote most first."""
        return await self._store.read(echo_candidates.candidates, "discord", search, limit)


def _cards(
    db: Database, realm: str | None, guild_id: int | None, asker: Asker | None, now: datetime
) -> list[Card]:
    wanted = [
        consent
        for consent in echo_consents.under_way(db)
        if (realm is None or consent.realm == realm)
        and (guild_id is None or consent.guild_id in (guild_id, None))
        and (asker is None or access.may_see(consent, asker))
    ]
    under_way = echo_sessions.active(db)
    return [_card(db, consent, under_way) for consent in wanted[:_MOST]]


def _card_of(db: Database, consent_id: int) -> Card:
    consent = echo_consents.by_id(db, consent_id)
    if consent is None or consent.state in OVER:
        raise EchoUnknown
    return _card(db, consent, echo_sessions.active(db))


def _card(db: Database, consent: Consent, under_way: Sequence[Session]) -> Card:
    up, down = echo_sessions.votes(db, consent.id)
    return Card(
        consent,
        echoes.of_consent(db, consent.id),
        next(iter(echo_jobs.of_consent(db, consent.id)), None),
        tuple(each for each in under_way if each.consent_id == consent.id),
        Totals(**echo_sessions.totals(db, consent.id)),
        echo_messages.count(db, consent.id),
        up,
        down,
    )
