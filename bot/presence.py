"""What is shown beside the bot's name: the persona's status, changed at most once a minute."""

from __future__ import annotations

import asyncio
import logging
from types import TracebackType

import discord

from bot.faults import DISCORD
from core.clock import Clock
from core.events import Bus, StatusChanged

log = logging.getLogger(__name__)

AT_MOST_EVERY_S = 60.0
LONGEST = 128


def shown(text: str) -> discord.CustomActivity | None:
    """A status as Discord shows it; None for an empty one."""
    return discord.CustomActivity(name=text[:LONGEST]) if text else None


class Presence:
    """Keeps one connection's presence true (`async with`).

    The first one goes along when the client introduces itself: set `client.activity = shown(text)` before
    it connects. Nothing is sent when it becomes ready: Discord drops connections that do that.
    """

    def __init__(self, client: discord.Client, bus: Bus, clock: Clock) -> None:
        self._client = client
        self._bus = bus
        self._clock = clock
        self._wanted: str | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Presence:
        self._subscription = self._bus.listen(StatusChanged, self._heard)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._subscription.end()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _heard(self, event: StatusChanged) -> None:
        self._wanted = event.text
        self._client.activity = shown(event.text)  # for the next time it introduces itself
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._make_true(), name="presence")

    async def _make_true(self) -> None:
        """Show what is wanted, and what was wanted meanwhile a minute later; then there is nothing to do."""
        while self._wanted is not None:
            text, self._wanted = self._wanted, None
            if self._client.is_ready() and not self._client.is_closed():
                await self._show(text)
            await self._clock.sleep(AT_MOST_EVERY_S)

    async def _show(self, text: str) -> None:
        try:
            await self._client.change_presence(activity=shown(text))
        except DISCORD as error:
            log.info("the status could not be shown: %s", type(error).__name__)
