"""How much is said on a server, day by day. Only what everybody there can read is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from peewee import Database

from db.base import MomentField, sql

_BY_DAY = """
    select (sent_at + ?) / 86400000 as day, count(*), count(distinct author_id)
    from messages
    where realm = ? and sent_at >= ? and channel_id in
        (select channel_id from channels where realm = ? and guild_id = ? and is_public)
    group by day order by day
"""
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Day:
    """A day on a server: how many messages, by how many people (the bot among them)."""

    date: date
    messages: int
    people: int


def by_day(db: Database, realm: str, guild_id: int, since: datetime, zone: timezone) -> list[Day]:
    """The days since a moment on which something was said in a server's public channels.

    Args:
        zone: where the days begin at midnight.
    """
    shift = zone.utcoffset(None) // timedelta(milliseconds=1)
    begin = MomentField().db_value(since)
    rows = sql(db, _BY_DAY, (shift, realm, begin, realm, guild_id)).fetchall()
    return [Day(_EPOCH + timedelta(days=day), messages, people) for day, messages, people in rows]
