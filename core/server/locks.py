"""Locked channels: what people could do in them before, so that unlocking gives back exactly that."""

from __future__ import annotations

from datetime import datetime

from core.clock import Clock
from db import servers
from db.base import Database
from db.store import Store

_KEY = "lock"

# By the id of a role or a person: True allowed, False denied, None neither, by Discord's permission.
Before = dict[int, dict[str, bool | None]]


class Locks:
    """Remembers the channels that were locked on a server."""

    def __init__(self, store: Store, clock: Clock, realm: str) -> None:
        self._store = store
        self._clock = clock
        self._realm = realm

    async def before(self, guild_id: int, channel_id: int) -> Before | None:
        """What people could do before a channel was locked; None when it is not locked."""
        kept = (await self._store.run(servers.get, self._realm, guild_id)).get(_KEY, {})
        found = kept.get(str(channel_id))
        return {int(target_id): may for target_id, may in found.items()} if found is not None else None

    async def keep(self, guild_id: int, channel_id: int, before: Before, by_id: int) -> None:
        """A channel is being locked."""
        await self._store.run(_put, self._realm, guild_id, channel_id, before, by_id, self._clock.now())

    async def forget(self, guild_id: int, channel_id: int, by_id: int) -> None:
        """A channel is open again."""
        await self._store.run(_put, self._realm, guild_id, channel_id, None, by_id, self._clock.now())


def _put(
    db: Database,
    realm: str,
    guild_id: int,
    channel_id: int,
    before: Before | None,
    by_id: int,
    at: datetime,
) -> None:
    kept = servers.get(db, realm, guild_id).get(_KEY, {})
    kept.pop(str(channel_id), None)
    if before is not None:
        kept[str(channel_id)] = {str(target_id): may for target_id, may in before.items()}
    servers.put(db, realm, guild_id, _KEY, kept or None, by_id, at)
