"""Whose a persona is: the host's, or one server's own.

A bot may be on servers that know nothing of each other, and whoever invites it to a server of theirs is an
administrator there. What they change must not show elsewhere: the host's personas are the host's, and a
server's administrators change those that were made on their server. On a bot's only server there is nobody
else whom a change could surprise. The day's mood is one for all servers, and every administrator may set it:
it is a few small numbers that chance draws anew tomorrow, and who set them is written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.clock import Clock
from db import channel_settings, servers
from db.base import Database
from db.store import Store

_KEY = servers.PERSONAS


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants to change a persona, and from where.

    Attributes:
        guild_id: the server the command was used on. elsewhere: the bot is on other servers, too.
        is_host: the person owns the bot.
    """

    guild_id: int
    elsewhere: bool
    is_host: bool


def may_change(
    persona_id: int, home: int | None, active_id: int | None, asker: Asker, trusting: bool
) -> bool:
    """May this person change this persona for everybody who has it?

    Args:
        home: the server it was made on; None: the host made it. active_id: who the bot is everywhere.
        trusting: the host lets every server's administrators change what is the host's.
    """
    if asker.is_host or not asker.elsewhere:
        return True
    if home is None or persona_id == active_id:
        return trusting
    return home == asker.guild_id


def is_seen(home: int | None, asker: Asker) -> bool:
    """Is a persona shown and offered there? What another server made for itself is not."""
    return home in (None, asker.guild_id) or asker.is_host


class Homes:
    """Remembers which persona was made on which server."""

    def __init__(self, store: Store, clock: Clock, realm: str) -> None:
        self._store = store
        self._clock = clock
        self._realm = realm

    async def every(self) -> dict[int, int]:
        """The server of each persona that was made on one, by persona."""
        kept = await self._store.run(servers.by_key, self._realm, _KEY)
        return {persona_id: guild_id for guild_id, ids in kept.items() for persona_id in ids}

    async def made(self, guild_id: int, persona_id: int, by_id: int) -> None:
        """A persona was made on a server."""
        await self._store.run(_made, self._realm, guild_id, persona_id, by_id, self._clock.now())

    async def move_in(self, guild_id: int, old_id: int, new_id: int, everywhere: bool, by_id: int) -> None:
        """Let a server's own persona stand wherever on the server another one stood.

        Args:
            everywhere: the other one stood where nothing was chosen for a channel.
        """
        await self._store.run(
            _move_in, self._realm, guild_id, old_id, new_id, everywhere, by_id, self._clock.now()
        )


def _made(db: Database, realm: str, guild_id: int, persona_id: int, by_id: int, at: datetime) -> None:
    ids = servers.get(db, realm, guild_id).get(_KEY, [])
    servers.put(db, realm, guild_id, _KEY, [*ids, persona_id], by_id, at)


def _move_in(
    db: Database,
    realm: str,
    guild_id: int,
    old_id: int,
    new_id: int,
    everywhere: bool,
    by_id: int,
    at: datetime,
) -> None:
    spots = {
        each.channel_id
        for each in channel_settings.every(db, realm, guild_id)
        if each.values.get("persona_id") == old_id
    }
    for spot in spots | ({guild_id} if everywhere else set()):
        channel_settings.put(db, realm, guild_id, spot, "persona_id", new_id, by_id, at)
