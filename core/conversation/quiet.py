"""Being quiet everywhere on Discord for a while, because the host said so at the computer."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.clock import Clock
from core.conversation.message import Realm
from core.events import Bus, QuietChanged
from db import channel_settings
from db.base import Database
from db.store import Store

EVERYWHERE = 0  # no channel and no server has this id: what is chosen under it counts for all of them
_KEY = "muted_until"


class Quiet:
    """The host's own mute. It ends by itself; nothing is kept here between reads."""

    def __init__(self, store: Store, clock: Clock, bus: Bus) -> None:
        self._store = store
        self._clock = clock
        self._bus = bus

    async def until(self) -> datetime | None:
        """When it speaks again, in UTC; None when it is not quiet."""
        kept = (await self._store.run(channel_settings.get, Realm.DISCORD, EVERYWHERE)).get(_KEY)
        moment = datetime.fromisoformat(kept) if isinstance(kept, str) else None
        return moment if moment is not None and moment > self._clock.now() else None

    async def hush(self, hours: float) -> datetime:
        """Say nothing on Discord for some hours; answers when it speaks again."""
        now = self._clock.now()
        until = now + timedelta(hours=hours)
        await self._store.run(_put, until, now)
        self._bus.publish(QuietChanged(until))
        return until

    async def speak(self) -> None:
        """Speak again, from now on."""
        await self._store.run(_put, None, self._clock.now())
        self._bus.publish(QuietChanged(None))


def _put(db: Database, until: datetime | None, at: datetime) -> None:
    value = until.isoformat() if until is not None else None
    channel_settings.put(db, Realm.DISCORD, None, EVERYWHERE, _KEY, value, None, at)
