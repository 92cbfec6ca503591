"""Whether the way to Discord is there at all: asked while it is not, so that nobody waits too long."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import discord
import yarl

WITHIN_S = 3.0


async def reachable() -> bool:
    """Does Discord's address take a connection? Nothing is said over it."""
    address = yarl.URL(discord.http.Route.BASE)
    if address.host is None or address.port is None:
        return False
    try:
        async with asyncio.timeout(WITHIN_S):
            _, writer = await asyncio.open_connection(address.host, address.port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True
