"""Where a persona is used: everywhere, or for one server or channel that was given to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.clock import Clock
from core.events import Bus, PersonaChanged
from core.persona.entrance import Entrances
from db import channel_settings, channels, personas
from db.base import Database
from db.store import Store

DISCORD = "discord"
_KEY = "persona_id"


@dataclass(frozen=True, slots=True)
class Spot:
    """A server, or a channel or thread of one, as the bot knows it.

    Attributes:
        id: the server's own id for the server itself.
        parent_id: the channel a thread belongs to.
        chosen: the persona that was chosen for this very place, or None.
        here: the persona that is there, by what was chosen for it or for what it belongs to; None: the
            one the bot is being.
    """

    guild_id: int
    guild_name: str
    id: int
    name: str
    parent_id: int | None = None
    chosen: int | None = None
    here: int | None = None

    @property
    def is_server(self) -> bool:
        return self.id == self.guild_id


class Whereabouts:
    """Reads and changes who the bot is where; `entrances`: to whom its personas are open."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self.entrances = Entrances(store, bus)

    async def spots(self) -> list[Spot]:
        """Every server and its channels, by name; what the bot has never seen is not known."""
        return await self._store.read(_spots)

    async def choose(self, spot: Spot, persona_id: int | None) -> None:
        """Be a persona there from the next reply on; None: whoever is chosen for what it belongs to."""
        await self._store.run(_choose, spot, persona_id, self._clock.now())
        self._bus.publish(PersonaChanged(persona_id or 0))


def _spots(db: Database) -> list[Spot]:
    there = {each.row_id for each in personas.every(db)}  # who was put away is nowhere, until taken out
    chosen = {
        each.channel_id: each.values[_KEY]
        for each in channel_settings.every(db, DISCORD)
        if each.values.get(_KEY) in there
    }
    found: list[Spot] = []
    known: set[int] = set()
    for each in channels.every(db, DISCORD):
        server = chosen.get(each.guild_id)
        if each.guild_id not in known:
            known.add(each.guild_id)
            found.append(
                Spot(each.guild_id, each.guild_name, each.guild_id, each.guild_name, None, server, server)
            )
        own = chosen.get(each.channel_id)
        above = chosen.get(each.parent_id, server) if each.parent_id is not None else server
        here = above if own is None else own
        found.append(
            Spot(each.guild_id, each.guild_name, each.channel_id, each.name, each.parent_id, own, here)
        )
    return sorted(found, key=lambda spot: (spot.guild_name.casefold(), spot.guild_id, not spot.is_server))


def _choose(db: Database, spot: Spot, persona_id: int | None, at: datetime) -> None:
    channel_settings.put(db, DISCORD, spot.guild_id, spot.id, _KEY, persona_id, None, at)
