"""What was chosen for a server and its channels, and what follows from it for one message.

`choices_for` reads, `here` decides and reads nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from core.clock import Clock
from core.server.refusals import ClockTimeUnclear
from db import channel_settings, servers
from db.base import Database
from db.servers import ALLOW, BLOCK, Listed
from db.store import Store

__all__ = [
    "ALLOW",
    "BLOCK",
    "Choices",
    "Chosen",
    "Here",
    "Listed",
    "choices_for",
    "clock_time",
    "here",
    "may_begin",
]

EVERYWHERE, ACTIVATED = "everywhere", "activated"
_CLOCK_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen and bears on one message, as it lies in the store.

    Attributes:
        server: by key. channel: by key; a thread has what its channel has, a channel what its server has, but
            for what was chosen for itself.
        shut_out: the person is on the server's block list, or not on its allow list.
    """

    server: dict[str, Any] = field(default_factory=dict)
    channel: dict[str, Any] = field(default_factory=dict)
    shut_out: bool = False


@dataclass(frozen=True, slots=True)
class Here:
    """What follows for a message.

    Attributes:
        active: False where the bot was deactivated: it stays silent whatever is said.
        shut_out: it does not listen to this person here.
        talkativeness: 0–10 as chosen for the channel; None where nothing was.
        proactive: it may begin to talk by itself. daily_cap: at most so often a day, None: as everywhere.
        quiet: now are the channel's quiet hours: it begins nothing by itself.
        muted: somebody asked it to be silent here for a while: only a mention wakes it.
        language: what to speak here, as a code; empty where nothing was chosen.
        persona_id: who it is here; None: who it is everywhere.
    """

    active: bool = True
    shut_out: bool = False
    talkativeness: float | None = None
    proactive: bool = False
    daily_cap: int | None = None
    quiet: bool = False
    muted: bool = False
    language: str = ""
    persona_id: int | None = None


def choices_for(
    db: Database, realm: str, guild_id: int | None, channel_id: int, parent_id: int | None, person_id: int
) -> Chosen:
    """Read what bears on a message of a person (platform id) in a channel. A query for `store.read`."""
    # What is chosen for all channels of a server is kept under the server's own id.
    channel: dict[str, Any] = {}
    for each in (guild_id, parent_id, channel_id):
        channel |= channel_settings.get(db, realm, each) if each is not None else {}
    server = servers.get(db, realm, guild_id) if guild_id is not None else {}
    return Chosen(server, channel, servers.is_shut_out(db, realm, guild_id, person_id))


def here(chosen: Chosen, now: datetime, local: datetime) -> Here:
    """What follows from what was chosen.

    Args:
        now: in UTC. local: the same moment in the host's time zone, by which quiet hours are meant.
    """
    channel = chosen.channel
    return Here(
        active=bool(channel.get("active", True)),
        shut_out=chosen.shut_out,
        talkativeness=channel.get("talkativeness"),
        proactive=may_begin(channel.get("proactive")),
        daily_cap=channel.get("daily_cap"),
        quiet=is_quiet(channel.get("quiet_from"), channel.get("quiet_to"), local.time()),
        muted=_later(channel.get("muted_until"), now),
        language=channel.get("language", ""),
        persona_id=channel.get("persona_id"),
    )


def may_begin(chosen: object) -> bool:
    """May the bot begin by itself? Beside a pause that somebody asked for, the choice is kept within it."""
    return bool(chosen.get("on")) if isinstance(chosen, dict) else bool(chosen)


def is_quiet(begin: str | None, end: str | None, at: time) -> bool:
    """Is a time of day within quiet hours, which may go past midnight? Without both ends there are none."""
    if not begin or not end or begin == end:
        return False
    first, last = time.fromisoformat(begin), time.fromisoformat(end)
    return first <= at < last if first < last else at >= first or at < last


def clock_time(text: str) -> str:
    """A time of day as `HH:MM`.

    Raises:
        ClockTimeUnclear
    """
    read = _CLOCK_TIME.fullmatch(text.strip())
    if read is None:
        raise ClockTimeUnclear(text=text.strip()[:20])
    return f"{int(read[1]):02}:{read[2]}"


class Choices:
    """Reads and changes what was chosen for servers and channels."""

    def __init__(self, store: Store, clock: Clock, realm: str) -> None:
        self._store = store
        self._clock = clock
        self._realm = realm

    async def server(self, guild_id: int) -> dict[str, Any]:
        """What was chosen for a server, by key."""
        return await self._store.run(servers.get, self._realm, guild_id)

    async def channel(self, channel_id: int) -> dict[str, Any]:
        """What was chosen for a channel itself, by key."""
        return await self._store.run(channel_settings.get, self._realm, channel_id)

    async def choose_for_server(self, guild_id: int, by_id: int, **values: Any) -> None:
        """Choose values for a server; None takes a choice back."""
        await self._store.run(_put_server, self._realm, guild_id, values, by_id, self._clock.now())

    async def choose(self, guild_id: int | None, channel_id: int, by_id: int, **values: Any) -> None:
        """Choose values for a channel (keys: db.channel_settings.KEYS); None takes a choice back.

        Args:
            guild_id: None for a direct chat.
        """
        await self._store.run(
            _put_channel, self._realm, guild_id, channel_id, values, by_id, self._clock.now()
        )

    async def enlist(self, guild_id: int, person_id: int, person: str, which: str, by_id: int) -> None:
        """Put somebody on the ALLOW or the BLOCK list, and off the other."""
        await self._store.run(
            servers.enlist, self._realm, guild_id, person_id, person, which, by_id, self._clock.now()
        )

    async def unlist(self, guild_id: int, person_id: int) -> bool:
        """Take somebody off the lists; False when they were on none."""
        return await self._store.run(servers.unlist, self._realm, guild_id, person_id)

    async def is_shut_out(self, guild_id: int | None, person_id: int) -> bool:
        """Is somebody blocked everywhere or on a server (None: a direct chat), or missing from its allow
        list?"""
        return await self._store.run(servers.is_shut_out, self._realm, guild_id, person_id)

    async def listed(self, guild_id: int) -> list[Listed]:
        """Who is on the lists of a server."""
        return await self._store.run(servers.listed, self._realm, guild_id)


def _put_server(
    db: Database, realm: str, guild_id: int, values: dict[str, Any], by_id: int, at: datetime
) -> None:
    for key, value in values.items():
        servers.put(db, realm, guild_id, key, value, by_id, at)


def _put_channel(
    db: Database,
    realm: str,
    guild_id: int | None,
    channel_id: int,
    values: dict[str, Any],
    by_id: int,
    at: datetime,
) -> None:
    for key, value in values.items():
        channel_settings.put(db, realm, guild_id, channel_id, key, value, by_id, at)


def _later(moment: object, now: datetime) -> bool:
    if isinstance(moment, int | float):
        return moment > now.timestamp()
    return isinstance(moment, str) and datetime.fromisoformat(moment) > now
