"""An echo answers: in the person's manner, past the copy gate and the output guard, after a natural pause."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from core.clock import Clock
from core.conversation.guarding import look_over_reply
from core.conversation.message import IncomingMessage
from core.conversation.pacing import wait_before
from core.echo import generate, voices
from core.echo.clean import TOKEN
from core.echo.consent import require_live
from core.echo.generate import SYSTEM
from core.echo.pairs import ME, Line
from core.echo.refusals import EchoNotReady, SessionOver
from core.echo.voices import Profiles
from core.echoing import MESSAGE_GENERATION_COOLDOWN
from core.events import Bus, EchoSessionChanged
from core.llm.roles import Roles
from core.safety.clean import one_line
from core.safety.output import Refused
from core.settings import Settings
from core.words import T, Text
from db import echo_sessions, echoes, messages, privacy, servers
from db.base import Database
from db.echo_sessions import StoredReply, StoredSession
from db.echoes import StoredEcho
from db.store import Store

__all__ = ["Answer", "Silence", "StoredReply", "Talk", "label"]

SHORTEST_WAIT_S, LONGEST_WAIT_S = 1.0, 8.0
_EARLIER_LINES = 6
_EARLIER = timedelta(minutes=30)
_LONGEST_REPLY = 1900
_BLANKS = re.compile(r"\s{2,}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What an echo says. Post it under its labelled name, with no mentions allowed, and tell `posted`.

    Attributes:
        id: its number in the history. text: fit to be posted.
        name: "Alice · echo": how it is signed. model: what wrote it.
    """

    id: int
    session_id: int
    text: str
    name: str
    model: str
    tokens: int
    latency_ms: int


@dataclass(frozen=True, slots=True)
class Silence:
    """Why it says nothing."""

    reason: Text


def label(name: str) -> str:
    """How an echo is signed, so that nobody is deceived."""
    return f"{one_line(name)[:70]} · echo"


class Talk:
    """Answers for sessions; one reply at a time in each."""

    def __init__(
        self,
        store: Store,
        roles: Callable[[], Roles],
        settings: Settings,
        profiles: Profiles,
        bus: Bus,
        clock: Clock,
        chance: Random,
    ) -> None:
        self._store = store
        self._roles = roles
        self._settings = settings
        self._profiles = profiles
        self._bus = bus
        self._clock = clock
        self._chance = chance
        self._busy: dict[int, asyncio.Lock] = {}
        self._newest: dict[int, int] = {}
        self._spoke: dict[int, float] = {}

    async def reply(self, session_id: int, burst: Sequence[IncomingMessage]) -> Answer | Silence:
        """Answer messages that came together, the last of them in the first place.

        Waits for the pause between replies and for as long as a person would take, 1 to 8 seconds, the time
        the model needs included: show that somebody is typing meanwhile, and post what is answered at once.

        Args:
            burst: oldest first, at least one.

        Raises:
            SessionOver, EchoNotReady, ConsentMissing
            core.errors.BrainError: the brain cannot do it now.
        """
        mine = self._newest[session_id] = burst[-1].id
        async with self._busy.setdefault(session_id, asyncio.Lock()):
            if self._newest[session_id] != mine:
                return Silence(T("something newer is answered instead"))
            try:
                return await self._answer(session_id, burst)
            finally:
                self._spoke[session_id] = self._clock.monotonic()

    async def posted(self, answer: Answer, message_id: int) -> None:
        """An answer was posted as this message."""
        await self._store.run(echo_sessions.posted, answer.id, message_id)

    async def vote(self, message_id: int, by_id: int, up: bool | None) -> bool:
        """Somebody likes what an echo posted (True), does not (False), or takes that back (None); False when
        the message is no echo's."""
        return await self._store.run(_vote, message_id, by_id, up, self._clock.now())

    async def take_back(self, message_id: int, by_id: int, up: bool) -> bool:
        """Somebody takes back that they like (True), or dislike, what an echo posted; False when the message
        is no echo's."""
        return await self._store.run(_take_back, message_id, by_id, up)

    async def is_of_an_echo(self, message_id: int) -> bool:
        """Was this message posted for an echo, under whatever name?"""
        return await self._store.run(echo_sessions.by_message, message_id) is not None

    async def said(self, consent_id: int, limit: int = 100) -> list[StoredReply]:
        """What an echo said, the newest first."""
        return await self._store.read(echo_sessions.replies, consent_id, limit)

    def forget(self, session_id: int) -> None:
        """A session is over."""
        self._busy.pop(session_id, None)
        self._newest.pop(session_id, None)
        self._spoke.pop(session_id, None)

    async def _answer(self, session_id: int, burst: Sequence[IncomingMessage]) -> Answer | Silence:
        began = self._clock.monotonic()
        heard = await self._store.run(_hear, session_id, burst, self._clock.now())
        self._bus.publish(EchoSessionChanged(heard.session))
        if not heard.name:
            return Silence(T("nobody is left whom it may answer"))
        burst = heard.burst
        settings = await self._settings.every()
        await self._rest(session_id, settings[MESSAGE_GENERATION_COOLDOWN.key])
        profile = await self._profiles.get(heard.echo)
        if profile is None:
            raise EchoNotReady
        brain, manner = await voices.voice(self._roles(), heard.echo, profile)
        asked = self._clock.monotonic()
        context = [*heard.earlier, *(Line(str(each.author.id), one_line(each.text)) for each in burst)]
        written = await generate.reply(profile, brain, manner, context, self._chance)
        write_ms = round(1000 * (self._clock.monotonic() - asked))
        text = _BLANKS.sub(" ", TOKEN.sub("", written.text)).strip()[:_LONGEST_REPLY]
        if not text:
            return Silence(T("nothing it could say passed the copy gate"))
        verdict = await look_over_reply(text, SYSTEM, None, settings)
        if isinstance(verdict, Refused):
            return Silence(verdict.reason)
        text = verdict.text
        await self._pause(burst[-1].text, text, self._clock.monotonic() - began)
        latency = round(1000 * (self._clock.monotonic() - began))
        kept = StoredReply(
            id=0,
            session_id=session_id,
            consent_id=heard.session.consent_id,
            at=self._clock.now(),
            answers=burst[-1].id,
            asker_id=burst[-1].author.id,
            posted_id=None,
            text=text,
            model=manner.model,
            tokens=written.tokens,
            write_ms=write_ms,
            latency_ms=latency,
            drafts=len(written.drafts),
        )
        number, session = await self._store.run(_keep, kept)
        self._bus.publish(EchoSessionChanged(session))
        return Answer(number, session_id, text, label(heard.name), manner.model, written.tokens, latency)

    async def _rest(self, session_id: int, seconds: float) -> None:
        """Wait until the pause between two replies is over."""
        since = self._clock.monotonic() - self._spoke.get(session_id, float("-inf"))
        if since < seconds:
            await self._clock.sleep(seconds - since)

    async def _pause(self, incoming: str, text: str, took_s: float) -> None:
        wanted = wait_before("brisk", incoming, text, 0.0, self._chance)
        wait = min(max(wanted, SHORTEST_WAIT_S), LONGEST_WAIT_S) - took_s
        if wait > 0:
            await self._clock.sleep(wait)


@dataclass(frozen=True, slots=True)
class _Heard:
    """With what a burst is answered. `name`: of the voice; "" when nobody is left to answer. `burst`: without
    what people said of whom nothing is kept."""

    session: StoredSession
    echo: StoredEcho
    name: str
    earlier: tuple[Line, ...]
    burst: tuple[IncomingMessage, ...] = ()


def _hear(db: Database, session_id: int, burst: Sequence[IncomingMessage], now: datetime) -> _Heard:
    """Note what came in, and look up with what to answer."""
    session = echo_sessions.by_id(db, session_id)
    if session is None or session.ended_at is not None:
        raise SessionOver
    consent = require_live(db, session.consent_id, now)
    echo = echoes.of_consent(db, consent.id)
    if echo is None:
        raise EchoNotReady
    fit = tuple(each for each in burst if _may_be_answered(db, each))
    if not fit:
        return _Heard(session, echo, "", ())
    echo_sessions.heard(db, session_id, len(fit), now)
    session = echo_sessions.by_id(db, session_id) or session
    return _Heard(session, echo, consent.subject_name, _earlier(db, session, burst, now), fit)


def _may_be_answered(db: Database, message: IncomingMessage) -> bool:
    """Neither wants its writer nothing kept of them, nor are they shut out by the server's moderators."""
    place, who = message.place, message.author.id
    if privacy.stance(db, place.realm, who):
        return False
    return not servers.is_shut_out(db, place.realm, place.guild_id, who)


def _earlier(
    db: Database, session: StoredSession, burst: Sequence[IncomingMessage], now: datetime
) -> tuple[Line, ...]:
    """The last lines before the burst, the echo's own among them, oldest first."""
    since = now - _EARLIER
    fresh = {message.id for message in burst}
    heard = [
        (line.sent_at, Line(str(line.author_id), one_line(line.text)))
        for line in messages.transcript(db, session.channel_id, since, _EARLIER_LINES + len(burst))
        if line.platform_id not in fresh and line.text
    ]
    said = [
        (reply.at, Line(ME, reply.text))
        for reply in echo_sessions.replies(db, session.consent_id, _EARLIER_LINES)
        if reply.session_id == session.id and reply.at >= since
    ]
    lines = sorted(heard + said, key=lambda each: each[0])
    return tuple(line for _, line in lines[-_EARLIER_LINES:])


def _vote(db: Database, message_id: int, by_id: int, up: bool | None, now: datetime) -> bool:
    reply = echo_sessions.by_message(db, message_id)
    if reply is None:
        return False
    session = echo_sessions.by_id(db, reply.session_id)
    if session is not None and not privacy.stance(db, session.realm, by_id):
        if up is None:
            echo_sessions.unvote(db, reply.id, by_id, None)
        else:
            echo_sessions.vote(db, reply.id, by_id, up, now)
    return True


def _take_back(db: Database, message_id: int, by_id: int, up: bool) -> bool:
    reply = echo_sessions.by_message(db, message_id)
    if reply is None:
        return False
    echo_sessions.unvote(db, reply.id, by_id, up)
    return True


def _keep(db: Database, reply: StoredReply) -> tuple[int, StoredSession]:
    """Keep what is said; nothing where the consent or the session ended while it was written."""
    session = echo_sessions.by_id(db, reply.session_id)
    if session is None or session.ended_at is not None:
        raise SessionOver
    require_live(db, reply.consent_id, reply.at)
    number = echo_sessions.keep_reply(db, reply)
    kept = echo_sessions.by_id(db, reply.session_id)
    assert kept is not None
    return number, kept
