"""The commands of a session that goes online over real sockets."""

from __future__ import annotations

import asyncio

from bot.client import DiscordSession
from bot.services import services_of
from core.app import App
from core.events import SessionChanged
from core.session import SessionState
from tests.support.fake_discord import FakeDiscord


async def online(app: App, discord: FakeDiscord) -> None:
    """Be online for as long as it takes to say which commands there are."""
    session = DiscordSession(
        app.line,
        app.secrets,
        app.bus,
        app.config.clock,
        api_url=discord.api_url,
        gateway_url=discord.gateway_url,
        ready_after_s=0.02,
        services=services_of(app),
    )
    there = asyncio.Event()

    def look(event: SessionChanged) -> None:
        if event.status.state is SessionState.ONLINE:
            there.set()

    listening = app.bus.listen(SessionChanged, look)
    await session.start()
    async with asyncio.timeout(20):
        await there.wait()
    await session.stop()
    listening.end()


async def test_discord_hears_of_the_commands_once(app: App, discord: FakeDiscord) -> None:
    discord.add_guild("Harbour")
    for _ in range(3):
        await online(app, discord)
    told = [each for each in discord.asked if each.startswith("PUT") and each.endswith("/commands")]
    assert len(told) == 1
    assert {"kick", "settings", "help", "Report"} <= {each["name"] for each in discord.commands}
