"""The moderation log: what was done, to whom, by whom, and why."""

from __future__ import annotations

from core.clock import Clock
from core.safety.clean import one_line
from core.words import T, Text
from db import modlog
from db.modlog import StoredDeed
from db.store import Store

LONGEST_AUDIT_REASON = 512  # characters, Discord's own limit

DEEDS: dict[str, Text] = {
    "kick": T("Kicked"),
    "ban": T("Banned"),
    "unban": T("Unbanned"),
    "mute": T("Muted"),
    "unmute": T("Unmuted"),
    "warn": T("Warned"),
    "unwarn": T("Warning taken back"),
    "purge": T("Messages deleted"),
    "slowmode": T("Slow mode"),
    "lock": T("Channel locked"),
    "unlock": T("Channel unlocked"),
    "settings": T("Settings changed"),
    "ticket": T("Ticket closed"),
    "report": T("Message reported"),
}


class ModLog:
    """Keeps what was done on a server."""

    def __init__(self, store: Store, clock: Clock, realm: str) -> None:
        self._store = store
        self._clock = clock
        self._realm = realm

    async def note(
        self,
        guild_id: int,
        act: str,
        by_id: int,
        by_name: str,
        reason: str,
        person_id: int | None = None,
        person: str = "",
    ) -> StoredDeed:
        """Keep a deed.

        Args:
            act: one of DEEDS. person_id, person: whom it concerns, if anybody.
        """
        deed = StoredDeed(
            self._realm,
            guild_id,
            act,
            person_id,
            one_line(person),
            by_id,
            one_line(by_name),
            one_line(reason),
            self._clock.now(),
        )
        await self._store.run(modlog.add, deed)
        return deed

    async def recent(self, guild_id: int, limit: int = 100, person_id: int | None = None) -> list[StoredDeed]:
        """The newest deeds, the newest first; with `person_id` those about them."""
        return await self._store.read(modlog.recent, self._realm, guild_id, limit, person_id)


def audit_reason(by_name: str, reason: str) -> str:
    """What stands in Discord's own audit log: who asked the bot, and why."""
    return one_line(f"{by_name}: {reason}" if reason else by_name)[:LONGEST_AUDIT_REASON]
