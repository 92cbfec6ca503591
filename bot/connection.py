"""One connection to Discord, from its first word to its last."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol
from uuid import uuid4
from weakref import WeakSet

import discord
from discord.ext import commands
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.cogs import mounted
from bot.cogs.conversation import Conversation, Line
from bot.commands.answers import answering
from bot.commands.registration import Registration
from bot.commands.tree import CONTEXTS, INSTALLS, Tree
from bot.commands.views import is_over
from bot.door import DiscordDoor
from bot.faults import DISCORD, NETWORK
from bot.missed import Missed
from bot.presence import Presence, shown
from bot.quiet import QuietView
from bot.services import Services
from core.clock import Clock
from core.conversation.message import Realm
from core.errors import DiscordUnreachable
from core.server.refusals import ButtonsOver

log = logging.getLogger(__name__)

LOOK_EVERY_S = 3.0
LONGEST_WAIT_S = 120.0  # at most 720 IDENTIFYs a day, whatever happens; Discord allows 1,000
RESUMABLE_S = 60.0  # Discord keeps a cut session for minutes; after such a wait a new one is made
CONNECT_WITHIN_S = 60.0
HEAR_OUT_S = 2.0
HELD_S = 5.0  # a session that was cut sooner after it had been taken up is taken up a second later
_TAKE_UP_AGAIN = 4000  # closed by us for no fault of anybody's: the session can be resumed
GOODBYE_S = 3.0


class Patience:
    """How long to wait before the next try: not at all at first, then one second, then twice as long
    each time up to two minutes. What held for longer than that makes it forget.

    Where the way to Discord itself is gone (no network), it looks every few seconds whether it is back,
    and waits no longer then; so it does when it is hurried. Looking costs Discord nothing.

    Args:
        reachable: whether Discord's address answers at all; None: that is not known.
    """

    def __init__(self, clock: Clock, reachable: Callable[[], Awaitable[bool]] | None = None) -> None:
        self._clock = clock
        self._reachable = reachable
        self._hurried = asyncio.Event()
        self._began = clock.monotonic()
        self.wait_s = 0.0

    def begin(self) -> None:
        """A try begins."""
        self._began = self._clock.monotonic()

    async def wait(self) -> None:
        """The try has ended: wait for as long as that calls for."""
        if self._clock.monotonic() - self._began > LONGEST_WAIT_S:
            self.wait_s = 0.0
        wait_s, self.wait_s = self.wait_s, min(LONGEST_WAIT_S, max(1.0, self.wait_s * 2))
        self._hurried.clear()
        if wait_s <= LOOK_EVERY_S or self._reachable is None or await self._reachable():
            await self._rest(wait_s)
            return
        until = self._clock.monotonic() + wait_s
        while self._clock.monotonic() < until and not self._hurried.is_set():
            await self._rest(LOOK_EVERY_S)
            if await self._reachable():
                log.info("the network is back")
                self.wait_s = 1.0
                return

    async def wait_to_resume(self) -> None:
        """A session that Discord had granted was cut: taking it up again costs no IDENTIFY, and whoever
        writes meanwhile waits. However often that happens, it takes no more than a second."""
        self._hurried.clear()
        await self._rest(0.0 if self._clock.monotonic() - self._began > HELD_S else 1.0)

    def hurry(self) -> None:
        """Wait no longer: the computer woke up."""
        self._hurried.set()

    async def _rest(self, seconds: float) -> None:
        resting = asyncio.ensure_future(self._clock.sleep(seconds))
        hurried = asyncio.ensure_future(self._hurried.wait())
        try:
            await asyncio.wait({resting, hurried}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in (resting, hurried):
                waiting.cancel()
            await asyncio.gather(resting, hurried, return_exceptions=True)


class Life(Protocol):
    """Who is told how the connection does."""

    def is_online(self, client: PersonaClient) -> None: ...
    def servers_changed(self, client: PersonaClient) -> None: ...
    def is_cut_off(self, client: PersonaClient, error: DiscordUnreachable | None) -> None: ...


class PersonaClient(commands.Bot):
    """One connection's worth of discord.py; a new one is made for every start.

    Args:
        ready_after_s: how long discord.py waits for one more server before it says that it is ready.
        services: what commands need of core; None: there are no commands.

    Attributes:
        waiting_views: buttons and forms that wait for somebody; they end with the connection.
    """

    def __init__(
        self,
        line: Line,
        life: Life,
        clock: Clock,
        patience: Patience,
        *,
        reads_everything: bool,
        ready_after_s: float,
        services: Services | None = None,
    ) -> None:
        intents = discord.Intents.default()
        intents.message_content = reads_everything
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            max_ratelimit_timeout=60,
            guild_ready_timeout=ready_after_s,
            tree_cls=Tree,
            allowed_contexts=CONTEXTS,
            allowed_installs=INSTALLS,
        )
        self._line = line
        self._life = life
        self._clock = clock
        self._patience = patience
        self._hearing: set[asyncio.Task[Any]] = set()
        self._took_up = False
        self._missed = Missed(clock)
        self._granted = False  # the session that is held now was granted by Discord
        self._services = services
        self.waiting_views: WeakSet[discord.ui.View | discord.ui.Modal] = WeakSet()
        self._presence: Presence | None = None
        self.door: DiscordDoor | None = None

    async def setup_hook(self) -> None:
        assert self.user is not None
        self.door = DiscordDoor(self, self.user.id, self._clock)
        house = self._services.house if self._services is not None else None
        echoes = house.echoes if house is not None else None
        await self.add_cog(Conversation(self._line, self.door, self.user, echoes))
        if self._services is not None:
            services = self._services
            await mounted(self, services)
            await self._take_up(services, self.door)
            await self.add_cog(
                Registration(self, services.server.registered, services.bus, services.command_servers)
            )

    async def _take_up(self, services: Services, door: DiscordDoor) -> None:
        """What the persona does beside answering: its door, its status, the button for quiet."""
        services.doors[Realm.DISCORD] = door
        if services.mute is not None:
            self.add_view(QuietView(services.mute))
        if services.status is not None:
            self.activity = shown(await services.status())
        self._presence = Presence(self, services.bus, services.clock)
        await self._presence.__aenter__()

    async def _leave_off(self) -> None:
        if self._services is not None and self._services.doors.get(Realm.DISCORD) is self.door:
            self._services.doors.pop(Realm.DISCORD, None)
        if self._presence is not None:
            await self._presence.__aexit__(None, None, None)
            self._presence = None

    async def connect(self, *, reconnect: bool = True) -> None:
        """Hold the gateway, and take it up again where it was cut.

        Stands in for discord.py's own loop, which (2.7.1) logs every lost network as an error with
        a traceback, waits up to 17 minutes between tries and trips over its own retry when the very
        first connect fails.

        Raises:
            OSError, TimeoutError, aiohttp.ClientError: the network has been down for too long to resume.
            discord.ConnectionClosed: Discord closed the connection for good, by a code that says why.
        """
        how: dict[str, Any] = {"initial": True}
        while not self.is_closed():
            self._patience.begin()
            self._granted = False
            try:
                await self._listen(how)
            except ReconnectWebSocket as asked:  # also what a cut connection looks like at first
                how = self._next_try(resume=asked.resume)
                self._life.is_cut_off(self, None)
            except NETWORK as error:
                if self.ws is None or self._patience.wait_s >= RESUMABLE_S:
                    raise
                log.info("the connection was lost (%s); trying again", type(error).__name__)
                how = self._next_try(resume=True)
                self._life.is_cut_off(self, DiscordUnreachable())
            self._missed.cut()
            self.dispatch("disconnect")
            if self._granted and "resume" in how:
                await self._patience.wait_to_resume()
            else:
                await self._patience.wait()

    async def nudge(self) -> None:
        """The connection may be dead without a word (the computer slept): cut it, to take it up again."""
        self._patience.hurry()
        if self.ws is not None and self.ws.open:
            try:
                async with asyncio.timeout(GOODBYE_S):
                    await self.ws.close(_TAKE_UP_AGAIN)
            except TimeoutError:
                log.info("the old connection did not answer")

    async def _listen(self, how: dict[str, Any]) -> None:
        opening = DiscordWebSocket.from_client(self, **how)
        self.ws = await asyncio.wait_for(opening, CONNECT_WITHIN_S)
        while True:
            try:
                await self.ws.poll_event()
            except (ReconnectWebSocket, *DISCORD):
                raise
            except Exception:
                if not self.ws.open:
                    raise
                # discord.py did not understand an event: that is no reason to hear no others
                log.exception("an event could not be read (%s)", uuid4().hex[:8])

    def _next_try(self, *, resume: bool) -> dict[str, Any]:
        if self.ws is None:
            return {"initial": True}
        if not resume or self.ws.session_id is None:
            return {"initial": False}
        return {
            "initial": False,
            "resume": True,
            "session": self.ws.session_id,
            "sequence": self.ws.sequence,
            "gateway": self.ws.gateway,
        }

    async def close(self) -> None:
        """Finish what was heard, say goodbye, and do not wait long for an answer to it."""
        if (getting_ready := self._connection._ready_task) is not None:
            getting_ready.cancel()  # discord.py lets it run on, into a client that is closed
            await asyncio.gather(getting_ready, return_exceptions=True)
        await self._leave_off()
        await self._hear_out()
        for view in list(self.waiting_views):
            view.stop()
        try:
            async with asyncio.timeout(GOODBYE_S):
                await super().close()
        except TimeoutError:
            log.info("Discord did not answer the goodbye")
            await self.http.close()

    def _schedule_event(
        self, coro: Callable[..., Coroutine[Any, Any, Any]], event_name: str, *args: Any, **kwargs: Any
    ) -> asyncio.Task[None]:
        # discord.py forgets the tasks of its events; here they end before the connection does.
        task = super()._schedule_event(coro, event_name, *args, **kwargs)
        self._hearing.add(task)
        task.add_done_callback(self._hearing.discard)
        return task

    async def _hear_out(self) -> None:
        """What arrived is written down; what takes longer (a late resume) is left for the next time."""
        hearing = self._hearing - {asyncio.current_task()}
        if hearing:
            _, late = await asyncio.wait(hearing, timeout=HEAR_OUT_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        # Here nothing has run yet of what hears a button: that nothing will is certain.
        if event_name == "interaction" and is_over(args[0]):
            self._schedule_event(self._over, "over", args[0])
        super().dispatch(event_name, *args, **kwargs)

    async def _over(self, interaction: discord.Interaction) -> None:
        async with answering(interaction):
            raise ButtonsOver

    # --- what Discord says --------------------------------------------------------------------

    async def on_message(self, message: discord.Message, /) -> None:
        """Commands come as Discord's own, talk goes through the cog."""
        self._missed.heard(message)

    async def on_connect(self) -> None:
        self._granted = True

    async def on_ready(self) -> None:
        self._life.is_online(self)
        if not self._took_up and self.door is not None:
            self._took_up = True
            self._missed.begins(self)
            await self._line.resume(self.door, Realm.DISCORD)
        for message in await self._missed.read_direct(self):
            self.dispatch("message", message)

    async def on_resumed(self) -> None:
        self._granted = True
        self._missed.resumed()
        self._life.is_online(self)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self._life.servers_changed(self)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self._life.servers_changed(self)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        self._life.servers_changed(self)
        for message in await self._missed.read_server(guild):
            self.dispatch("message", message)

    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        self._life.servers_changed(self)

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        log.exception("%s failed (%s)", event_method, uuid4().hex[:8])
