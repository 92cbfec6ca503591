"""The bot's life on Discord: start, stop, states, reconnect."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable
from dataclasses import replace

import discord
import yarl

from bot import checkup
from bot import token as tokens
from bot.cogs.conversation import Line
from bot.connection import Patience, PersonaClient
from bot.faults import DISCORD, named
from bot.reach import reachable
from bot.services import Services
from core.clock import Clock
from core.errors import DiscordError, DiscordUnreachable, IntentsMissing, TokenMissing, explain
from core.events import Bus, SessionChanged, Subscription, WokeUp
from core.secrets import Secrets
from core.session import DiscordReport, SessionState, SessionStatus, TokenReport

log = logging.getLogger(__name__)

FINISH_WITHIN_S = 8.0


class DiscordSession:
    """Implements `core.session.Session`.

    Args:
        api_url, gateway_url: another Discord-compatible server, instead of Discord's own.
        ready_after_s: how long discord.py waits for one more server before it says that it is ready.
        reads_everything: asked at every start. True insists on the text of every message, and the
            session fails when Discord has switched that off; False is content with mentions, replies
            and direct messages. Without it the bot reads what Discord gives it.
        finish_within_s: how long replies under way may take when it goes offline; what is not done
            by then is taken up at the next start.
        services: what commands need of core; None: there are no commands.
    """

    def __init__(
        self,
        line: Line,
        secrets: Secrets,
        bus: Bus,
        clock: Clock,
        api_url: str | None = None,
        gateway_url: str | None = None,
        ready_after_s: float = 2.0,
        reads_everything: Callable[[], bool] | None = None,
        finish_within_s: float = FINISH_WITHIN_S,
        services: Services | None = None,
    ) -> None:
        self._line = line
        self._secrets = secrets
        self._bus = bus
        self._clock = clock
        self._ready_after_s = ready_after_s
        self._reads_everything = reads_everything
        self._finish_within_s = finish_within_s
        self._services = services
        self._status = SessionStatus()
        self._switch = asyncio.Lock()
        self._life: asyncio.Task[None] | None = None
        self._client: PersonaClient | None = None
        self._patience: Patience | None = None
        self._nudging: set[asyncio.Task[None]] = set()
        self._woken: Subscription | None = None
        if api_url:
            discord.http.Route.BASE = api_url.rstrip("/")
        if gateway_url:
            discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)

    @property
    def status(self) -> SessionStatus:
        return replace(self._status, latency_ms=self._latency_ms())

    async def start(self) -> None:
        async with self._switch:
            if self._life is not None and not self._life.done():
                return
            self._become(SessionStatus(SessionState.STARTING))
            self._sleep_on()
            self._woken = self._bus.listen(WokeUp, lambda _woke: self._wake())
            self._life = asyncio.create_task(self._live(), name="discord session")

    async def stop(self) -> None:
        async with self._switch:  # who stops it a second time waits for the first
            if self._life is not None and not self._life.done():
                self._become(replace(self._status, state=SessionState.STOPPING, trouble=None))
                self._life.cancel()
                await asyncio.wait([self._life])
            self._life = None
            self._sleep_on()
            for task in list(self._nudging):
                task.cancel()
            await asyncio.gather(*self._nudging, return_exceptions=True)
            self._become(SessionStatus(SessionState.STOPPED))

    async def check_token(self, token: str) -> TokenReport:
        return await tokens.report(token)

    async def check_up(self, token: str) -> DiscordReport:
        return await checkup.look(token)

    async def enable_intents(self, token: str) -> TokenReport:
        return await tokens.enable_intents(token)

    def is_online(self, client: PersonaClient) -> None:
        """Discord says that we are there."""
        if client is not self._client or self._status.state is SessionState.STOPPING:
            return
        self._become(
            SessionStatus(
                SessionState.ONLINE,
                name=client.user.display_name if client.user is not None else "",
                servers=_servers(client),
                reads_everything=client.intents.message_content,
            )
        )

    def servers_changed(self, client: PersonaClient) -> None:
        """It joined a server, left one, or one has another name or came late."""
        if client is self._client and self._status.state is SessionState.ONLINE:
            self._become(replace(self._status, servers=_servers(client)))

    def is_cut_off(self, client: PersonaClient, error: DiscordUnreachable | None) -> None:
        """The connection is gone; the client is already trying to get it back.

        Args:
            error: what stands in the way; None when Discord only asked to connect anew.
        """
        if client is self._client:
            self._still_trying(error)

    def _sleep_on(self) -> None:
        if self._woken is not None:
            self._woken.end()
            self._woken = None

    def _wake(self) -> None:
        """The computer slept: what was connected is most likely dead, and waiting has no point."""
        if self._client is not None:
            task = asyncio.create_task(self._client.nudge(), name="nudging the connection")
            self._nudging.add(task)
            task.add_done_callback(self._nudging.discard)
        elif self._patience is not None:
            self._patience.hurry()

    async def _live(self) -> None:
        """Be online until stopped; a network that is down is tried again, anything else is the end."""
        patience = self._patience = Patience(self._clock, reachable)
        while True:
            patience.begin()
            try:
                await self._connect(patience)
            except DiscordUnreachable as error:
                self._still_trying(error)
            except DiscordError as error:
                self._become(SessionStatus(SessionState.FAILED, trouble=explain(error)))
                return
            except Exception as error:
                log.exception("the session ended unexpectedly")
                self._become(SessionStatus(SessionState.FAILED, trouble=explain(error)))
                return
            await patience.wait()

    async def _connect(self, patience: Patience) -> None:
        """One connection, from the token to its end.

        Raises:
            DiscordError: why it ended.
        """
        token = await self._secrets.token()
        if not token:
            raise TokenMissing
        report = await tokens.report(token)
        client = PersonaClient(
            self._line,
            self,
            self._clock,
            patience,
            reads_everything=self._may_read(report),
            ready_after_s=self._ready_after_s,
            services=self._services,
        )
        self._client = client
        try:
            async with client:
                try:
                    await client.start(tokens.tidy(token))
                finally:  # nothing new is heard from here on, but what is being answered can be posted
                    if client.door is not None:
                        await self._line.leave(client.door, self._finish_within_s)
        except DISCORD as error:
            raise named(error) from error
        finally:
            self._client = None
        raise DiscordUnreachable

    def _may_read(self, report: TokenReport) -> bool:
        """Whether to ask for the text of every message."""
        if self._reads_everything is None:
            return not report.missing_intents
        wanted = self._reads_everything()
        if wanted and report.missing_intents:
            raise IntentsMissing(intents=", ".join(report.missing_intents))
        return wanted

    def _still_trying(self, error: DiscordUnreachable | None) -> None:
        status = self._status
        if status.state is SessionState.STOPPING:
            return
        state = SessionState.RECONNECTING if status.state is SessionState.ONLINE else status.state
        self._become(replace(status, state=state, trouble=explain(error) if error is not None else None))

    def _latency_ms(self) -> int | None:
        client = self._client
        if client is None or self._status.state is not SessionState.ONLINE:
            return None
        latency = client.latency
        return round(latency * 1000) if math.isfinite(latency) else None

    def _become(self, status: SessionStatus) -> None:
        if status != self._status:
            self._status = status
            self._bus.publish(SessionChanged(self.status))


def _servers(client: PersonaClient) -> tuple[str, ...]:
    return tuple(guild.name for guild in client.guilds if guild.name)  # without those that are still to come
