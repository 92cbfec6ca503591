"""Which commands Discord was last told of, so that it is told again only when they have changed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from core.clock import Clock
from db import state
from db.store import Store


class Registered:
    """Remembers a fingerprint for each bot and each place (a server, or everywhere)."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def is_known(
        self, application_id: int, guild_id: int | None, commands: list[dict[str, Any]]
    ) -> bool:
        """Was Discord told of exactly these commands?"""
        kept = await self._store.run(state.get, state.State, _key(application_id, guild_id))
        return kept == fingerprint(commands) or (kept is None and not commands)

    async def told(self, application_id: int, guild_id: int | None, commands: list[dict[str, Any]]) -> None:
        """Discord has been told of these commands."""
        key = _key(application_id, guild_id)
        await self._store.run(state.put, state.State, key, fingerprint(commands), self._clock.now())


def fingerprint(commands: list[dict[str, Any]]) -> str:
    """SHA-256 of the commands as they are sent, whatever their order."""
    rows = sorted(json.dumps(command, sort_keys=True, ensure_ascii=True) for command in commands)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _key(application_id: int, guild_id: int | None) -> str:
    return f"commands.{application_id}.{guild_id or 'everywhere'}"
