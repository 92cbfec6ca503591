"""The bot's life on Discord, as the rest of the app sees it. bot/ lives it; core only names it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.errors import Explained
from core.events import Bus, SessionChanged

log = logging.getLogger(__name__)


class SessionState(StrEnum):
    """Where the bot's life stands."""

    STOPPED = "stopped"
    STARTING = "starting"
    ONLINE = "online"
    RECONNECTING = "reconnecting"
    STOPPING = "stopping"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """A moment of that life.

    Attributes:
        trouble: why it failed or reconnects, and what to do; None when all is well.
        name: the bot's own name on Discord, empty before it is online.
        servers: names of the servers it is on.
        latency_ms: the gateway's last heartbeat round trip, or None.
        reads_everything: False when Discord gives it the text of mentions, replies and DMs only.
    """

    state: SessionState = SessionState.STOPPED
    trouble: Explained | None = None
    name: str = ""
    servers: Sequence[str] = ()
    latency_ms: int | None = None
    reads_everything: bool = True


@dataclass(frozen=True, slots=True)
class TokenReport:
    """What Discord said about a token.

    Attributes:
        name, application_id: whose it is.
        missing_intents: the ones the bot needs that are switched off, by Discord's names for them.
        can_enable: True when Echodeck can switch them on itself.
        invite_url: the link that brings the bot to a server with the permissions it needs.
        servers: how many servers it is on already.
    """

    name: str
    application_id: int
    missing_intents: tuple[str, ...]
    can_enable: bool
    invite_url: str
    servers: int


@dataclass(frozen=True, slots=True)
class ChannelReport:
    """What the bot may not do in a channel of a server, by the names that Discord gives permissions."""

    server: str
    name: str
    channel_id: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DiscordReport:
    """What Discord said when it was asked.

    Attributes:
        starts_left: how often the bot may still go online today.
        channels: those in which it lacks something that it needs; `looked_at`: of how many.
    """

    token: TokenReport
    starts_left: int
    channels: tuple[ChannelReport, ...]
    looked_at: int


class Session(Protocol):
    """Start, stop and ask about the bot. Changes are published as `SessionChanged`."""

    @property
    def status(self) -> SessionStatus:
        """Where it stands now."""
        ...

    async def start(self) -> None:
        """Begin to go online with the kept token; returns once it has begun. Failures are a status,
        never an exception. Harmless when it is already on its way."""
        ...

    async def stop(self) -> None:
        """Go offline; returns when everything has ended. Harmless when stopped."""
        ...

    async def check_token(self, token: str) -> TokenReport:
        """Ask Discord about a token before it is kept.

        Raises:
            core.errors.DiscordError: refused, a person's token, or unreachable.
        """
        ...

    async def check_up(self, token: str) -> DiscordReport:
        """Ask Discord all that the self-test wants to know.

        Raises:
            core.errors.DiscordError
        """
        ...

    async def enable_intents(self, token: str) -> TokenReport:
        """Switch on the intents the bot needs, where Discord allows it, and report again.

        Raises:
            core.errors.DiscordError
        """
        ...


class LateSession:
    """A session whose parts are loaded when they are first needed: the window is there before them.

    Args:
        load: loads the parts, on a thread, and answers what makes the session, on the loop.
    """

    def __init__(self, load: Callable[[], Callable[[], Session]]) -> None:
        self._load = load
        self._loading = asyncio.Lock()
        self._made: Session | None = None

    @property
    def status(self) -> SessionStatus:
        return self._made.status if self._made is not None else SessionStatus()

    async def start(self) -> None:
        await (await self._session()).start()

    async def stop(self) -> None:
        async with self._loading:  # a start may be under way
            session = self._made
        if session is not None:
            await session.stop()

    async def check_token(self, token: str) -> TokenReport:
        return await (await self._session()).check_token(token)

    async def check_up(self, token: str) -> DiscordReport:
        return await (await self._session()).check_up(token)

    async def enable_intents(self, token: str) -> TokenReport:
        return await (await self._session()).enable_intents(token)

    async def _session(self) -> Session:
        async with self._loading:
            if self._made is None:
                self._made = (await asyncio.to_thread(self._load))()
            return self._made


async def failed(session: Session, bus: Bus) -> Explained:
    """Wait until the session has failed for good; answers why."""
    over: asyncio.Future[Explained] = asyncio.get_running_loop().create_future()

    def changed(event: SessionChanged) -> None:
        status: SessionStatus = event.status
        log.info("%s %s", status.state.value, status.name)
        look(status)

    def look(status: SessionStatus) -> None:
        if status.state is SessionState.FAILED and status.trouble is not None and not over.done():
            over.set_result(status.trouble)

    look(session.status)
    listening = bus.listen(SessionChanged, changed)
    try:
        return await over
    finally:
        listening.end()
