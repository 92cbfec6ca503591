"""To whom a persona is open: who may talk with it, and who may choose it for a server of theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.events import Bus, PersonaChanged
from core.safety.access import EVERYONE, Access, Asker, Grant
from db import persona_access
from db.persona_access import StoredAccess
from db.store import Store


@dataclass(frozen=True, slots=True)
class Entrance:
    """To whom one persona is open.

    Attributes:
        use: who may talk with it. see: who may find it in the lists it is chosen from.
    """

    use: Grant = EVERYONE
    see: Grant = EVERYONE

    def may_use(self, asker: Asker) -> bool:
        """May this person talk with it, here? The host always may."""
        return Access(self.use, self.see).may_use(asker)

    def may_choose(self, asker: Asker) -> bool:
        """Is it offered to this person, here? Not where it would be mute to everybody anyway."""
        if asker.is_host:
            return True
        heard = self.use.everyone or bool(self.use.people) or asker.guild_id in self.use.guilds
        return heard and self.see.covers(asker)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody, or a server, that a persona could be opened to: their platform id and name."""

    id: int
    name: str


OPEN = Entrance()


async def entrance_of(persona_id: int, store: Store) -> Entrance:
    """To whom a persona is open, as it was decided last."""
    return _entrance(await store.run(persona_access.get, persona_id))


class Entrances:
    """Reads and changes to whom the personas are open."""

    def __init__(self, store: Store, bus: Bus) -> None:
        self._store = store
        self._bus = bus

    async def of(self, persona_id: int) -> Entrance:
        """To whom a persona is open."""
        return await entrance_of(persona_id, self._store)

    async def every(self) -> dict[int, Entrance]:
        """Those of the personas that are not open to everybody, by persona."""
        kept = await self._store.run(persona_access.every)
        return {each.persona_id: _entrance(each) for each in kept}

    async def guests(self, search: str = "", chosen: Iterable[int] = (), most: int = 30) -> list[Guest]:
        """People it could be opened to: those who are chosen already, then whoever was met.

        Args:
            search: a part of the names of those who are not chosen. chosen: platform ids.
        """
        met = await self._store.read(persona_access.met, search.strip(), tuple(chosen), most)
        return [Guest(*each) for each in met]

    async def open_to(self, persona_id: int, use: Grant, see: Grant) -> None:
        """Open a persona to these from the next message on, and to nobody else but the host."""
        if Entrance(use, see) == OPEN:
            await self._store.run(persona_access.forget, persona_id)
        else:
            kept = StoredAccess(persona_id, _plain(use), _plain(see))
            await self._store.run(persona_access.put, kept)
        self._bus.publish(PersonaChanged(persona_id))


def _plain(grant: Grant) -> dict[str, Any]:
    return {"people": sorted(grant.people), "guilds": sorted(grant.guilds), "everyone": grant.everyone}


def _grant(kept: dict[str, Any]) -> Grant:
    return Grant(
        people=frozenset(kept.get("people", ())),
        guilds=frozenset(kept.get("guilds", ())),
        everyone=kept.get("everyone") is True,
    )


def _entrance(kept: StoredAccess | None) -> Entrance:
    return OPEN if kept is None else Entrance(_grant(kept.use), _grant(kept.see))
