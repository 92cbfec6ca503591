"""Warnings: given with a reason, kept, and taken back."""

from __future__ import annotations

from core.clock import Clock
from core.safety.clean import one_line
from core.server.refusals import WarningUnknown
from db import warnings
from db.store import Store
from db.warnings import StoredWarning


class Warnings:
    """The warnings of the people on a server. People are named by their platform ids."""

    def __init__(self, store: Store, clock: Clock, realm: str) -> None:
        self._store = store
        self._clock = clock
        self._realm = realm

    async def give(
        self, guild_id: int, person_id: int, person: str, by_id: int, by_name: str, reason: str
    ) -> int:
        """Warn somebody; answers how many warnings they have now."""
        warning = StoredWarning(
            self._realm,
            guild_id,
            person_id,
            one_line(person),
            by_id,
            one_line(by_name),
            one_line(reason),
            self._clock.now(),
        )
        await self._store.run(warnings.add, warning)
        return len(await self.of(guild_id, person_id))

    async def of(self, guild_id: int, person_id: int) -> list[StoredWarning]:
        """Somebody's warnings, the newest first."""
        return await self._store.run(warnings.of, self._realm, guild_id, person_id)

    async def take_back(self, guild_id: int, number: int) -> StoredWarning:
        """Take one warning back; answers what it was.

        Raises:
            WarningUnknown
        """
        gone = await self._store.run(warnings.remove, self._realm, guild_id, number)
        if gone is None:
            raise WarningUnknown(number=number)
        return gone

    async def clear(self, guild_id: int, person_id: int) -> int:
        """Take all of somebody's warnings back; answers how many there were."""
        return await self._store.run(warnings.clear, self._realm, guild_id, person_id)
