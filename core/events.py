"""What happened: a small typed bus, used on the loop thread only.

Core publishes, pages and cogs listen. A listener's exception is logged and stops nobody else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from core.words import Text

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that has happened."""


@dataclass(frozen=True, slots=True)
class TurnStarted(Event):
    """The bot began to work on an answer (it will type, then reply or stay silent)."""

    turn_id: str
    place: str
    person: str


@dataclass(frozen=True, slots=True)
class TurnEnded(Event):
    """A turn reached its end.

    Attributes:
        replied: True when something was posted; False when the bot stayed silent or failed.
        reason: why it spoke or stayed silent, in plain words.
        took_ms: wall milliseconds from arrival to the last part posted.
    """

    turn_id: str
    realm: str
    place: str
    person: str
    replied: bool
    failed: bool
    reason: Text
    took_ms: int
    at: datetime


@dataclass(frozen=True, slots=True)
class TurnRated(Event):
    """Somebody said what they think of a reply, or took it back."""

    turn_id: str


@dataclass(frozen=True, slots=True)
class MessageRecorded(Event):
    """A message was written to the store, changed or removed there."""

    message_id: int
    realm: str
    channel_id: int


@dataclass(frozen=True, slots=True)
class ReplyGrowing(Event):
    """A reply is being written in the practice room; `text` is all of it so far."""

    turn_id: str
    channel_id: int
    text: str


@dataclass(frozen=True, slots=True)
class TypingChanged(Event):
    """The bot began or ceased to type in the practice room."""

    channel_id: int
    typing: bool


@dataclass(frozen=True, slots=True)
class PersonaChanged(Event):
    """A persona was added, edited, archived, or another one became the active one."""

    persona_id: int


@dataclass(frozen=True, slots=True)
class FeelingsChanged(Event):
    """Mood, needs, the day's mood, quirks or a relationship moved, by a message or by the host.

    Attributes:
        persona_id: whose; 0 where a relationship was set, which belongs to the bot.
        person_id: the row id of the person concerned, None when it concerns nobody.
    """

    persona_id: int
    realm: str
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class StatusChanged(Event):
    """The persona is up to something else: what is shown beside its name."""

    text: str


@dataclass(frozen=True, slots=True)
class MemoryChanged(Event):
    """Facts or episodes were written, edited, or put into or taken out of the bin.

    Attributes:
        people: the row ids of the people concerned; empty for anybody's.
    """

    realm: str
    people: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class QuietChanged(Event):
    """The host told the bot to be quiet on Discord until a moment (UTC), or to speak again (None)."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class SettingChanged(Event):
    """A setting has a new value."""

    key: str


@dataclass(frozen=True, slots=True)
class SessionChanged(Event):
    """The bot's life on Discord moved to another state (see core.session.SessionStatus)."""

    status: Any


@dataclass(frozen=True, slots=True)
class PromptCut(Event):
    """The model read fewer tokens than were sent: something was cut. Loud, because it must not happen."""

    model: str
    sent: int
    read: int


@dataclass(frozen=True, slots=True)
class Notice(Event):
    """Something the host should see in passing: becomes a toast and stays in the history.

    Attributes:
        level: good, warn, bad or info.
        step: what to do next, or None.
    """

    level: str
    text: Text
    step: Text | None = None


@dataclass(frozen=True, slots=True)
class JobProgress(Event):
    """A background job moved. `share` is 0–1, or None when unknown; `done` on its last event."""

    job_id: str
    title: Text
    share: float | None
    detail: Text | None
    done: bool


@dataclass(frozen=True, slots=True)
class ConsolidationProgress(Event):
    """A consolidation is with a person, or is done with them.

    Attributes:
        run_id: the run, 0 until it has written something. person_id: their row id.
        step: `reading`, `done`, `skipped` (the model failed: rules read instead, or nothing was written).
        done, total: people. inserted, confirmed, closed: facts of this person.
    """

    run_id: int
    realm: str
    person_id: int
    name: str
    step: str
    done: int
    total: int
    inserted: int = 0
    confirmed: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class EchoConsentChanged(Event):
    """Somebody was asked for their voice, or answered (see core.echo.consent.Consent)."""

    consent: Any


@dataclass(frozen=True, slots=True)
class EchoJobChanged(Event):
    """An analysis was queued, moved on, or ended (see core.echo.jobs.Job)."""

    job: Any


@dataclass(frozen=True, slots=True)
class EchoSessionChanged(Event):
    """An echo went online or offline, or said something (see core.echo.sessions.Session)."""

    session: Any


@dataclass(frozen=True, slots=True)
class EchoErased(Event):
    """Everything made from a consent is gone (see core.echo.erasing.Receipt)."""

    receipt: Any


@dataclass(frozen=True, slots=True)
class HealthChanged(Event):
    """Something that Echodeck stands on went away, or is back.

    Attributes:
        part: `brain` or `storage`.
        trouble: what is wrong, in a sentence; None when all is well again.
    """

    part: str
    trouble: Text | None


@dataclass(frozen=True, slots=True)
class WokeUp(Event):
    """The computer slept, or its clock jumped: what was open to the outside is most likely gone."""

    seconds: float


Listened = TypeVar("Listened", bound=Event)


class Subscription:
    """One listener's place on the bus; `end` it when the listener dies."""

    def __init__(self, end: Callable[[], None]) -> None:
        self._end: Callable[[], None] | None = end

    def end(self) -> None:
        """Stop listening. Harmless when called again."""
        if self._end is not None:
            self._end()
            self._end = None


class Bus:
    """Hands each event to those who listen for its type or a base of it, in the order they came."""

    def __init__(self) -> None:
        self._listeners: list[tuple[type[Event], Callable[[Any], None], Context]] = []

    def listen(self, kind: type[Listened], listener: Callable[[Listened], None]) -> Subscription:
        """Call `listener` for every later event of `kind`, until the subscription is ended.

        It runs in the context of who listens, not of who publishes: a command used in Spanish on Discord
        changes a setting, and the window still tells of it in its own language.
        """
        entry = (kind, listener, copy_context())
        self._listeners.append(entry)

        def end() -> None:
            if entry in self._listeners:
                self._listeners.remove(entry)

        return Subscription(end)

    def publish(self, event: Event) -> None:
        """Tell everybody who listens for this kind of event, now."""
        for kind, listener, context in list(self._listeners):
            if isinstance(event, kind):
                try:
                    context.copy().run(listener, event)
                except Exception:
                    log.exception("a listener of %s failed", type(event).__name__)
