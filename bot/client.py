"""The bot's life on Discord: start, stop, states, reconnect."""

from __future__ import annotations

import asyncio
import logging
import math
from dataclasses import replace
from uuid import uuid4

import discord
import yarl
from discord.ext import commands

from bot import token as tokens
from bot.cogs.conversation import Conversation, Line
from bot.door import DiscordDoor
from bot.faults import DISCORD, named
from core.clock import Clock
from core.conversation.message import Realm
from core.errors import DiscordError, DiscordUnreachable, TokenMissing, explain
from core.events import Bus, SessionChanged
from core.secrets import Secrets
from core.session import SessionState, SessionStatus, TokenReport

log = logging.getLogger(__name__)

LONGEST_WAIT_S = 120.0
STOP_WITHIN_S = 10.0


class _Calm(logging.Filter):
    """discord.py calls a network that is down an error, with a trace, once a try: for us it is news."""

    def filter(self, record: logging.LogRecord) -> bool:
        if str(record.msg).startswith("Attempting a reconnect"):
            record.levelno, record.levelname = logging.INFO, "INFO"
            record.exc_info = record.exc_text = None
        return True


logging.getLogger("discord.client").addFilter(_Calm())
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks aloud here


class PersonaClient(commands.Bot):
    """One connection's worth of discord.py; a new one is made for every start."""

    def __init__(self, session: DiscordSession, *, reads_everything: bool) -> None:
        intents = discord.Intents.default()
        intents.message_content = reads_everything
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            max_ratelimit_timeout=60,
            guild_ready_timeout=session.ready_after_s,
        )
        self._session = session
        self._resumed = False

    async def setup_hook(self) -> None:
        assert self.user is not None
        self.door = DiscordDoor(self, self.user.id, self._session.clock)
        await self.add_cog(Conversation(self._session.line, self.door, self.user))

    async def on_message(self, message: discord.Message, /) -> None:
        """Nothing: commands come as Discord's own, talk goes through the cog."""

    async def on_ready(self) -> None:
        self._session.is_online(self)
        if not self._resumed:
            self._resumed = True
            await self._session.line.resume(self.door, Realm.DISCORD)

    async def on_resumed(self) -> None:
        self._session.is_online(self)

    async def on_disconnect(self) -> None:
        self._session.is_cut_off()

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self._session.is_online(self)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self._session.is_online(self)

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        log.exception("%s failed (%s)", event_method, uuid4().hex[:8])


class DiscordSession:
    """Implements `core.session.Session`.

    Args:
        api_url, gateway_url: another Discord-compatible server, instead of Discord's own.
        ready_after_s: how long discord.py waits for one more server before it says that it is ready.
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
    ) -> None:
        self.ready_after_s = ready_after_s
        self.line = line
        self.clock = clock
        self._secrets = secrets
        self._bus = bus
        self._status = SessionStatus()
        self._life: asyncio.Task[None] | None = None
        self._client: PersonaClient | None = None
        if api_url:
            discord.http.Route.BASE = api_url.rstrip("/")
        if gateway_url:
            discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)

    @property
    def status(self) -> SessionStatus:
        return replace(self._status, latency_ms=self._latency_ms())

    async def start(self) -> None:
        if self._life is not None and not self._life.done():
            return
        self._become(SessionStatus(SessionState.STARTING))
        self._life = asyncio.create_task(self._live(), name="discord session")

    async def stop(self) -> None:
        life = self._life
        if life is None:
            self._become(SessionStatus(SessionState.STOPPED))
            return
        self._become(replace(self._status, state=SessionState.STOPPING, trouble=None))
        life.cancel()
        await asyncio.wait([life], timeout=STOP_WITHIN_S)
        self._life = None
        self._become(SessionStatus(SessionState.STOPPED))

    async def check_token(self, token: str) -> TokenReport:
        return await tokens.report(token)

    async def enable_intents(self, token: str) -> TokenReport:
        return await tokens.enable_intents(token)

    def is_online(self, client: PersonaClient) -> None:
        """Discord says that we are there."""
        if self._status.state is SessionState.STOPPING or client is not self._client:
            return
        self._become(
            SessionStatus(
                SessionState.ONLINE,
                name=client.user.display_name if client.user is not None else "",
                servers=tuple(guild.name for guild in client.guilds),
                reads_everything=client.intents.message_content,
            )
        )

    def is_cut_off(self) -> None:
        """The connection is gone; discord.py is already trying to get it back."""
        if self._status.state is SessionState.ONLINE:
            trouble = explain(DiscordUnreachable())
            self._become(replace(self._status, state=SessionState.RECONNECTING, trouble=trouble))

    async def _live(self) -> None:
        """Be online until stopped; a network that is down is tried again, anything else is the end."""
        wait_s = 1.0
        while True:
            try:
                await self._connect()
                wait_s = 1.0
            except DiscordUnreachable as error:
                state = self._status.state
                if state is SessionState.ONLINE:
                    state = SessionState.RECONNECTING
                self._become(replace(self._status, state=state, trouble=explain(error)))
            except DiscordError as error:
                self._become(SessionStatus(SessionState.FAILED, trouble=explain(error)))
                return
            except Exception as error:
                log.exception("the session ended unexpectedly")
                self._become(SessionStatus(SessionState.FAILED, trouble=explain(error)))
                return
            await self.clock.sleep(wait_s)
            wait_s = min(LONGEST_WAIT_S, wait_s * 2)

    async def _connect(self) -> None:
        """One connection, from the token to its end.

        Raises:
            DiscordError: why it ended.
        """
        token = await self._secrets.token()
        if not token:
            raise TokenMissing
        report = await tokens.report(token)
        client = PersonaClient(self, reads_everything=not report.missing_intents)
        self._client = client
        try:
            async with client:
                await client.start(tokens.tidy(token))
        except DISCORD as error:
            raise named(error) from error
        except AttributeError as error:
            if client.ws is None:  # discord.py 2.7 trips over its own retry when the first connect fails
                raise DiscordUnreachable from error
            raise
        finally:
            self._client = None
        raise DiscordUnreachable

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
