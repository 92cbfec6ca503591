"""What admins changed by command, written down so that everybody in charge can see it."""

from __future__ import annotations

from core.clock import Clock
from core.safety.clean import one_line
from core.words import T, Text
from db import audit
from db.audit import StoredEntry as Entry
from db.store import Store

__all__ = ["ACTS", "PRIVACY_ACTS", "Audit", "Entry"]

LONGEST = 600  # characters of a value

ACTS: dict[str, Text] = {
    "persona": T("Persona changed"),
    "persona.new": T("Persona made"),
    "persona.own": T("Persona of this server's own"),
    "persona.gone": T("Persona put away"),
    "persona.chosen": T("Persona chosen"),
    "face": T("Face on this server changed"),
    "memory.new": T("Memory added"),
    "memory": T("Memory changed"),
    "memory.gone": T("Memory deleted"),
    "relationship": T("Relationship changed"),
    "mood": T("Day's mood changed"),
}
# What concerns a person's data as a whole: on the Privacy page, not in a server's log.
PRIVACY_ACTS: dict[str, Text] = {
    "export": T("Exported"),
    "erase": T("Erased"),
    "erase.again": T("Erased again after a restore"),
    "erase.copies": T("Erased in safety copies"),
    "age": T("Deleted because its time was over"),
}


class Audit:
    """Keeps who changed what."""

    def __init__(self, store: Store, clock: Clock, realm: str = "discord") -> None:
        self._store = store
        self._clock = clock
        self._realm = realm

    async def note(
        self,
        guild_id: int | None,
        by: tuple[int, str],
        act: str,
        subject: str,
        before: str = "",
        after: str = "",
        person_id: int | None = None,
    ) -> None:
        """Keep a change.

        Args:
            by: platform id and name of who made it. act: one of ACTS.
            person_id: platform id of whom it is about, if anybody.
        """
        entry = Entry(
            self._clock.now(),
            self._realm,
            guild_id,
            by[0],
            one_line(by[1]),
            act,
            one_line(subject)[:LONGEST],
            person_id,
            one_line(before)[:LONGEST],
            one_line(after)[:LONGEST],
        )
        await self._store.run(audit.note, entry)

    async def recent(self, guild_id: int | None, limit: int = 100) -> list[Entry]:
        """The newest changes asked for on a server, the newest first; None: anywhere."""
        return await self._store.read(audit.recent, self._realm, guild_id, limit)
