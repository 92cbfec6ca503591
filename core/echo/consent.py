"""Consent first: who asked, who agreed, who allowed it, to what, and until when. Nothing is read without.

A consent is live when its person said yes, somebody who runs the server (or the host) allowed it, and its
time is not over. Whoever asks for an echo of themselves has said yes by asking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.clock import Clock
from core.echo import access
from core.echo.refusals import (
    AskedAlready,
    AskedTooOften,
    BotsHaveNoVoice,
    ConsentMissing,
    ConsentOver,
    ConsentUnknown,
    DeclinedLately,
    MayNotPermit,
    NotTheirVoice,
    WantsNothingKept,
)
from core.echoing import DATA_RETENTION_DAYS, MAX_MESSAGES_PER_ANALYSIS
from core.errors import EchodeckError
from core.events import Bus, EchoConsentChanged
from core.safety.access import NOBODY, Asker, Grant
from core.safety.clean import one_line
from core.settings import Settings
from db import echo_consents, privacy
from db.base import Database
from db.echo_consents import ACCEPTED, ASKED, DECLINED, OVER
from db.echo_consents import StoredConsent as Consent
from db.echo_consents import StoredStep as Step
from db.store import Store

__all__ = ["OVER", "Consent", "Consents", "Request", "Step"]

ANSWER_WITHIN = timedelta(days=7)
REST_AFTER_NO = timedelta(days=30)  # so long nobody else asks again
_DAY = timedelta(hours=24)
MOST_A_DAY = 5  # requests of one person
MOST_A_SERVER_A_DAY = 20
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants to have read.

    Attributes:
        guild_id, guild_name: the server; None and "" where the person hands over a file.
        subject_id, subject_name: whose voice; platform id.
        cutoff: only messages before this moment (core.echo.cutoff).
        channels: ids of those that may be read; empty for all that the bot may read.
        use: who may talk with the echo, beside its person, the host and those who run the server.
        from_file: the person's own export is read instead of a server.
        own: the host says that this voice is their own (only believed of the host, and for a file).
    """

    guild_id: int | None
    guild_name: str
    subject_id: int
    subject_name: str
    cutoff: datetime
    channels: tuple[int, ...] = ()
    use: Grant = field(default=NOBODY)
    realm: str = "discord"
    is_bot: bool = False
    from_file: bool = False
    own: bool = False


class Consents:
    """Asks, answers and the ledger. Faces use these; `core.echo.echoes.Echoes` starts and ends the work."""

    def __init__(self, store: Store, settings: Settings, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._settings = settings
        self._bus = bus
        self._clock = clock

    async def ask(self, request: Request, asker: Asker, name: str) -> Consent:
        """Write down that somebody's voice is asked for. Self-analysis counts as accepted; an asker who runs
        the server has permitted it by asking.

        Args:
            name: what the asker is called.

        Raises:
            BotsHaveNoVoice, WantsNothingKept, AskedAlready, DeclinedLately, AskedTooOften
        """
        if request.is_bot:
            raise BotsHaveNoVoice(name=request.subject_name)
        values = await self._settings.every()
        most, days = values[MAX_MESSAGES_PER_ANALYSIS.key], values[DATA_RETENTION_DAYS.key]
        now = self._clock.now()
        by = access.HOST if asker.is_host else asker.id
        asked = Consent(
            id=0,
            realm=request.realm,
            guild_id=request.guild_id,
            guild_name=one_line(request.guild_name)[:_LONGEST_NAME],
            subject_id=request.subject_id,
            subject_name=one_line(request.subject_name)[:_LONGEST_NAME],
            asked_by=by,
            asked_by_name=one_line(name)[:_LONGEST_NAME],
            permitted_by=None,
            permitted_by_name="",
            source="file" if request.from_file else "discord",
            channels=request.channels,
            cutoff=request.cutoff,
            most=most,
            retention_days=days,
            use=access.plain(request.use),
            state=ASKED,
            asked_at=now,
        )
        own = request.subject_id == asker.id or (asker.is_host and request.own and request.from_file)
        kept = await self._store.run(_ask, asked, own, access.runs_the_server(asked, asker), now)
        return self._told(kept)

    async def permit(self, consent_id: int, admin: Asker, name: str) -> Consent:
        """Somebody who runs the server allows it.

        Raises:
            ConsentUnknown, ConsentOver, MayNotPermit
        """
        return self._told(
            await self._store.run(_permit, consent_id, admin, one_line(name), self._clock.now())
        )

    async def accept(self, consent_id: int, who: Asker) -> Consent:
        """The person says yes.

        Raises:
            ConsentUnknown, ConsentOver, NotTheirVoice
        """
        return self._told(await self._store.run(_accept, consent_id, who, self._clock.now()))

    async def decline(self, consent_id: int, who: Asker) -> Consent:
        """The person says no, or an admin does in the server's name.

        Raises:
            ConsentUnknown, ConsentOver, NotTheirVoice
        """
        return self._told(await self._store.run(_decline, consent_id, who, self._clock.now()))

    async def get(self, consent_id: int) -> Consent:
        """A consent as it stands.

        Raises:
            ConsentUnknown
        """
        return await self._store.read(_known, consent_id)

    async def of(self, realm: str, subject_id: int) -> list[Consent]:
        """Every consent about one person, the newest first."""
        return await self._store.read(echo_consents.of_subject, realm, subject_id)

    async def recent(self, realm: str, guild_id: int | None, limit: int = 100) -> list[Consent]:
        """The newest consents of a server (None: of anywhere), the newest first."""
        return await self._store.read(echo_consents.recent, realm, guild_id, limit)

    async def ledger(self, consent_ids: Sequence[int]) -> list[Step]:
        """What happened to consents, the oldest first."""
        return await self._store.read(echo_consents.ledger, list(consent_ids))

    async def is_live(self, consent_id: int) -> bool:
        """May be read, stored and used now?"""
        return await self._store.run(is_live, consent_id, self._clock.now())

    def _told(self, consent: Consent) -> Consent:
        self._bus.publish(EchoConsentChanged(consent))
        return consent


def is_live(db: Database, consent_id: int, now: datetime) -> bool:
    """May be read, stored and used now? For use inside a transaction that writes."""
    kept = echo_consents.by_id(db, consent_id)
    return kept is not None and kept.is_live(now) and not privacy.stance(db, kept.realm, kept.subject_id)


def require_live(db: Database, consent_id: int, now: datetime) -> Consent:
    """The consent, which is live.

    Raises:
        ConsentMissing
    """
    kept = echo_consents.by_id(db, consent_id)
    if kept is None or not is_live(db, consent_id, now):
        raise ConsentMissing
    return kept


def _known(db: Database, consent_id: int) -> Consent:
    kept = echo_consents.by_id(db, consent_id)
    if kept is None:
        raise ConsentUnknown
    return kept


def _open(db: Database, consent_id: int, now: datetime) -> Consent:
    kept = _known(db, consent_id)
    if kept.state in OVER or (kept.state == ASKED and now - kept.asked_at > ANSWER_WITHIN):
        raise ConsentOver
    return kept


def _ask(db: Database, asked: Consent, own: bool, permitted: bool, now: datetime) -> Consent:
    refused = _why_not(db, asked, own, now)
    if refused is not None:
        raise refused
    kept = echo_consents.add(db, asked)
    if own:
        echo_consents.accept(db, kept.id, now, now + timedelta(days=asked.retention_days))
    if permitted:
        echo_consents.permit(db, kept.id, asked.asked_by or access.HOST, asked.asked_by_name, now)
    return _known(db, kept.id)


def _why_not(db: Database, asked: Consent, own: bool, now: datetime) -> EchodeckError | None:
    name = asked.subject_name
    if privacy.stance(db, asked.realm, asked.subject_id):
        return WantsNothingKept(name=name)
    for before in echo_consents.of_subject(db, asked.realm, asked.subject_id):
        if before.guild_id != asked.guild_id:
            continue
        waiting = before.state == ASKED and now - before.asked_at <= ANSWER_WITHIN
        if waiting or (before.state == ACCEPTED and before.expires_at and now < before.expires_at):
            return AskedAlready(name=name)
        said_no = before.state == DECLINED and before.ended_at is not None
        if said_no and not own and before.ended_at and now - before.ended_at < REST_AFTER_NO:
            return DeclinedLately(name=name)
    lately = echo_consents.asked_since(db, asked.realm, now - _DAY)
    mine = [each for each in lately if each.asked_by == asked.asked_by]
    here = [each for each in lately if asked.guild_id is not None and each.guild_id == asked.guild_id]
    if asked.asked_by != access.HOST and len(mine) >= MOST_A_DAY:
        return _too_often(mine[MOST_A_DAY - 1], now)
    if len(here) >= MOST_A_SERVER_A_DAY:
        return _too_often(here[MOST_A_SERVER_A_DAY - 1], now)
    return None


def _too_often(oldest: Consent, now: datetime) -> AskedTooOften:
    return AskedTooOften(hours=max(1, round((oldest.asked_at + _DAY - now).total_seconds() / 3600)))


def _permit(db: Database, consent_id: int, admin: Asker, name: str, now: datetime) -> Consent:
    kept = _open(db, consent_id, now)
    if not access.runs_the_server(kept, admin):
        raise MayNotPermit
    if kept.permitted_at is None:
        echo_consents.permit(db, consent_id, access.HOST if admin.is_host else admin.id, name, now)
    return _known(db, consent_id)


def _accept(db: Database, consent_id: int, who: Asker, now: datetime) -> Consent:
    kept = _open(db, consent_id, now)
    if who.id != kept.subject_id:
        raise NotTheirVoice
    if kept.state == ASKED:
        echo_consents.accept(db, consent_id, now, now + timedelta(days=kept.retention_days))
    return _known(db, consent_id)


def _decline(db: Database, consent_id: int, who: Asker, now: datetime) -> Consent:
    kept = _open(db, consent_id, now)
    if kept.state != ASKED:
        raise ConsentOver
    if who.id != kept.subject_id and not access.runs_the_server(kept, who):
        raise NotTheirVoice
    echo_consents.end(db, consent_id, DECLINED, access.HOST if who.is_host else who.id, now)
    return _known(db, consent_id)
