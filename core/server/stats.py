"""How lively a server is, as numbers and as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo

from core.clock import Clock
from core.server.picture import Bar, bars
from db import activity
from db.activity import Day
from db.store import Store


@dataclass(frozen=True, slots=True)
class Activity:
    """A server's last days.

    Attributes:
        days: each of them, also those on which nothing was said, the oldest first.
        busiest: the day with the most messages, None when nothing was said.
    """

    days: tuple[Day, ...]
    messages: int
    busiest: Day | None


class Stats:
    """Counts what the bot has seen in a server's public channels.

    Args:
        zone: where the days begin at midnight.
    """

    def __init__(self, store: Store, clock: Clock, zone: tzinfo, realm: str) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._realm = realm

    async def activity(self, guild_id: int, days: int) -> Activity:
        """The last `days` days, today among them."""
        local = self._clock.now().astimezone(self._zone)
        zone = timezone(local.utcoffset() or timedelta())
        first = local.date() - timedelta(days=days - 1)
        since = datetime(first.year, first.month, first.day, tzinfo=zone)
        counted = await self._store.read(activity.by_day, self._realm, guild_id, since, zone)
        return summed(counted, first, days)


def summed(counted: Sequence[Day], first: date, days: int) -> Activity:
    """Fill in the days on which nothing was said, and sum up."""
    by_date = {day.date: day for day in counted}
    every = tuple(
        by_date.get(each, Day(each, 0, 0)) for each in (first + timedelta(days=n) for n in range(days))
    )
    busiest = max(every, key=lambda day: day.messages)
    return Activity(every, sum(day.messages for day in every), busiest if busiest.messages else None)


def picture(seen: Activity) -> bytes:
    """The days as bars, in a PNG; Sundays stand out."""
    return bars([Bar(day.messages, str(day.date.day), day.date.weekday() == 6) for day in seen.days])
