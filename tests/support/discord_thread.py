"""The fake Discord on a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from tests.support.discord_gateway import PATIENCE_S
from tests.support.fake_discord import FakeDiscord


class FakeDiscordThread:
    """A `FakeDiscord` on a thread and loop of its own, so that it takes no time of the loop under test.

    with FakeDiscordThread() as thread:
        guild = thread.do(lambda discord: discord.add_guild("Harbour"))
        … thread.discord.api_url …
        reply = await thread.ask(lambda discord: discord.next_post())
    """

    discord: FakeDiscord

    def __enter__(self) -> FakeDiscordThread:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fake Discord", daemon=True)
        self._thread.start()
        self.discord = self._run(_opened()).result(PATIENCE_S)
        return self

    def __exit__(self, *raised: object) -> None:
        self.do(lambda discord: discord.go_down())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_S)
        self._loop.close()

    def do(self, what: Callable[[FakeDiscord], Any]) -> Any:
        """Let `what` (sync or async) happen over there, and wait for its answer, blocking."""
        return self._run(self._apply(what)).result(PATIENCE_S)

    async def ask(self, what: Callable[[FakeDiscord], Any]) -> Any:
        """The same, without blocking the loop that asks."""
        return await asyncio.wrap_future(self._run(self._apply(what)))

    async def _apply(self, what: Callable[[FakeDiscord], Any]) -> Any:
        answer = what(self.discord)
        return await answer if asyncio.iscoroutine(answer) else answer

    def _run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)


async def _opened() -> FakeDiscord:
    return await FakeDiscord().__aenter__()
