"""Where echoes talk: one a channel, a few a server, until somebody ends it or nobody writes any more.

Sessions lie in the store, so they outlive the program. A model is loaded when the first of its sessions
begins and unloaded when the last one ends.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import Clock
from core.echo import access, voices
from core.echo.consent import Consent, require_live
from core.echo.refusals import (
    ChannelTaken,
    ConsentMissing,
    EchoClosed,
    EchoNotReady,
    EchoUnknown,
    SessionOver,
    TooManySessions,
)
from core.echo.voices import Profiles
from core.echoing import MAX_ACTIVE_SESSIONS_PER_SERVER, SESSION_IDLE_MINUTES
from core.errors import BrainError
from core.events import Bus, EchoSessionChanged
from core.llm.roles import Roles
from core.safety.access import Asker
from core.settings import Settings
from db import echo_consents, echo_sessions, echoes
from db.base import Database
from db.echo_sessions import StoredSession as Session
from db.echoes import StoredEcho
from db.store import Store

__all__ = ["Here", "Session", "Sessions"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Here:
    """A channel, as it is shown. `guild_id`: None in a direct message or the practice room."""

    realm: str
    guild_id: int | None
    channel_id: int
    channel_name: str


class Sessions:
    """Begins, finds and ends sessions."""

    def __init__(
        self,
        store: Store,
        roles: Callable[[], Roles],
        settings: Settings,
        profiles: Profiles,
        bus: Bus,
        clock: Clock,
    ) -> None:
        self._store = store
        self._roles = roles
        self._settings = settings
        self._profiles = profiles
        self._bus = bus
        self._clock = clock

    async def start(self, consent_id: int, here: Here, asker: Asker) -> Session:
        """Let an echo talk in a channel.

        Raises:
            EchoUnknown, EchoNotReady, EchoClosed, ChannelTaken, TooManySessions
        """
        most = await self._settings.get(MAX_ACTIVE_SESSIONS_PER_SERVER)
        now = self._clock.now()
        session, echo = await self._store.run(_start, consent_id, here, asker, most, now)
        self._tell(session)
        await self._load(echo)
        return session

    async def stop(self, session_id: int, asker: Asker) -> Session:
        """Send an echo away: whoever may use it may.

        Raises:
            SessionOver, EchoClosed
        """
        session = await self._store.run(_stop, session_id, asker, self._clock.now())
        await self.ended(session)
        return session

    async def active(self, realm: str | None = None, guild_id: int | None = None) -> list[Session]:
        """The sessions under way: everywhere, in a realm, or on a server."""
        return await self._store.run(echo_sessions.active, realm, guild_id)

    async def in_channel(self, realm: str, channel_id: int) -> Session | None:
        """The session under way in a channel, or None. Cheap: doors ask it for every message."""
        return await self._store.run(_in_channel, realm, channel_id)

    async def recent(self, limit: int = 50) -> list[Session]:
        """The newest sessions, over or not, the newest first."""
        return await self._store.read(echo_sessions.recent, limit)

    async def idle_after(self) -> timedelta:
        """How long nobody may have written before an echo leaves."""
        minutes = await self._settings.get(SESSION_IDLE_MINUTES)
        return timedelta(minutes=minutes)

    async def check(self) -> list[Session]:
        """End the sessions in which nobody wrote for long, and those whose consent is over."""
        before = self._clock.now() - await self.idle_after()
        over = await self._store.run(_end_idle, before, self._clock.now())
        for session in over:
            await self.ended(session)
        return over

    async def gone(self, realm: str, channel_id: int) -> None:
        """A channel was deleted, or is closed to the bot: nobody talks there any more."""
        session = await self._store.run(_end_in, realm, channel_id, self._clock.now())
        if session is not None:
            await self.ended(session)

    async def ended(self, session: Session) -> None:
        """Tell everybody, and unload the model when this was its last session."""
        self._tell(session)
        left = await self.active()
        if any(other.consent_id == session.consent_id for other in left):
            return
        self._profiles.forget(session.consent_id)
        echo = await self._store.run(echoes.of_consent, session.consent_id)
        if echo is None or not echo.model:
            return  # another model is everybody's
        try:
            await voices.unload(await self._roles().ollama(), echo.model)
        except BrainError as error:
            log.info("a model was not unloaded: %s", type(error).__name__)

    async def _load(self, echo: StoredEcho) -> None:
        """Have profile and model ready before the first message; a failure shows when it is asked."""
        try:
            profile = await self._profiles.get(echo)
            if profile is not None:
                brain, manner = await voices.voice(self._roles(), echo, profile)
                await voices.load(brain, manner.model)
        except BrainError as error:
            log.warning("an echo's model could not be loaded yet: %s", type(error).__name__)

    def _tell(self, session: Session) -> None:
        self._bus.publish(EchoSessionChanged(session))


def _start(
    db: Database, consent_id: int, here: Here, asker: Asker, most: int, now: datetime
) -> tuple[Session, StoredEcho]:
    consent = echo_consents.by_id(db, consent_id)
    if consent is None or not consent.is_live(now):
        raise EchoUnknown
    if not access.may_use(consent, asker) or not _belongs(consent, here):
        raise EchoClosed
    echo = echoes.of_consent(db, consent_id)
    if echo is None or echo.state != "ready":
        raise EchoNotReady
    if _in_channel(db, here.realm, here.channel_id) is not None:
        raise ChannelTaken
    if here.guild_id is not None and len(echo_sessions.active(db, here.realm, here.guild_id)) >= most:
        raise TooManySessions(most=most)
    channel = here.channel_id, here.channel_name
    by = access.HOST if asker.is_host else asker.id
    return echo_sessions.start(db, consent_id, here.realm, here.guild_id, channel, by, now), echo


def _belongs(consent: Consent, here: Here) -> bool:
    """An echo talks on the server its person agreed to; the practice room is the host's own."""
    return here.realm == "practice" or consent.guild_id is None or here.guild_id == consent.guild_id


def _stop(db: Database, session_id: int, asker: Asker, now: datetime) -> Session:
    session = echo_sessions.by_id(db, session_id)
    if session is None or session.ended_at is not None:
        raise SessionOver
    consent = echo_consents.by_id(db, session.consent_id)
    if consent is not None and not (access.may_use(consent, asker) or access.may_end(consent, asker)):
        raise EchoClosed
    return _over(db, session.id, "asked", now)


def _in_channel(db: Database, realm: str, channel_id: int) -> Session | None:
    here = (each for each in echo_sessions.active(db, realm) if each.channel_id == channel_id)
    return next(here, None)


def _end_idle(db: Database, before: datetime, now: datetime) -> list[Session]:
    over = []
    for session in echo_sessions.active(db):
        try:
            require_live(db, session.consent_id, now)
        except ConsentMissing:
            over.append(_over(db, session.id, "revoked", now))
        else:
            if session.last_at < before:
                over.append(_over(db, session.id, "idle", now))
    return over


def _end_in(db: Database, realm: str, channel_id: int, now: datetime) -> Session | None:
    session = _in_channel(db, realm, channel_id)
    return _over(db, session.id, "gone", now) if session is not None else None


def _over(db: Database, session_id: int, reason: str, now: datetime) -> Session:
    echo_sessions.end(db, session_id, reason, now)
    session = echo_sessions.by_id(db, session_id)
    assert session is not None
    return session
