"""Whom the bot listens to, decided by the host at the computer: the same lists that those who run a server
keep with `/settings people`, and blocks that hold everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from core.clock import Clock
from db import channels, persona_access, servers
from db.base import Database
from db.servers import ALLOW, BLOCK, EVERYWHERE, ListedThere
from db.store import Store

__all__ = ["ALLOW", "BLOCK", "EVERYWHERE", "ListedThere", "Listening", "Named"]

DISCORD = "discord"
_SHORTEST_ID, _LONGEST_ID = 15, 20  # digits of one of Discord's ids
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Named:
    """A person or a server, by Discord's id."""

    id: int
    name: str


class Listening:
    """Reads and changes the lists."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def every(self) -> list[ListedThere]:
        """Who is on any list, the newest first."""
        return await self._store.read(servers.every_listed, DISCORD)

    async def servers(self) -> list[Named]:
        """The servers the bot has seen, by name."""
        return await self._store.read(_servers)

    async def find(self, words: str, most: int = 30) -> list[Named]:
        """People by a part of their name, or anybody by their id, met or not; nobody for no words."""
        words = words.strip()
        if not words:
            return []
        met = await self._store.read(persona_access.met, words, (), most)
        found = [Named(*each) for each in met]
        number = _id_in(words)
        if number is None:
            return found
        mine = await self._store.read(persona_access.met, "", (number,), 0)
        return [Named(*mine[0]) if mine else Named(number, str(number)), *found]

    async def put(self, guild_id: int, person: Named, which: str) -> None:
        """Put somebody on the ALLOW or BLOCK list of a server, and off its other; it holds from the next
        message on.

        Args:
            guild_id: EVERYWHERE with BLOCK only: who alone is answered everywhere, a persona's own entrance
                says.
        """
        if guild_id == EVERYWHERE and which != BLOCK:
            raise ValueError("nobody is allowed everywhere: see core.persona.entrance")
        await self._store.run(
            servers.enlist, DISCORD, guild_id, person.id, person.name, which, None, self._clock.now()
        )

    async def remove(self, guild_id: int, person_id: int) -> None:
        """Take somebody off a server's lists."""
        await self._store.run(servers.unlist, DISCORD, guild_id, person_id)


def _id_in(words: str) -> int | None:
    """The id somebody typed or pasted, also as a mention."""
    digits = words.removeprefix("<@").removeprefix("!").removesuffix(">")
    fits = digits.isascii() and digits.isdigit() and _SHORTEST_ID <= len(digits) <= _LONGEST_ID
    return int(digits) if fits and int(digits) <= _LARGEST_ID else None


def _servers(db: Database) -> list[Named]:
    found = {each.guild_id: each.guild_name for each in channels.every(db, DISCORD)}
    return [Named(*each) for each in sorted(found.items(), key=lambda each: (each[1].casefold(), each[0]))]
