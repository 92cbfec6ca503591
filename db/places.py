"""The places something was said in, however many: in the order in which somebody wrote there last."""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from peewee import Database

from db.base import sql

_BEGINNING = 160
_LATELY = 2_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Every channel of a realm with its last message; leaps from one to the next along the indexes.
_CHANNELS = """
    with recursive found(id) as (
        select min(channel_id) from messages
        union all
        select (select min(channel_id) from messages where channel_id > found.id)
        from found where found.id is not null)
    select id as channel,
        (select m.id from messages m where m.channel_id = found.id and m.realm = ?1
         order by m.sent_at desc, m.id desc limit 1) as last
    from found where id is not null and last is not null
"""
# Somebody wrote there who was ever seen under a name that holds these words.
_WHERE_THEY_WROTE = """
    id in (select channel_id from messages where realm = ?1 and author_id in (
        select platform_id from people where realm = ?1 and (name like ?2 escape '\\' or id in (
            select person_id from person_names where name like ?2 escape '\\'))))
"""


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place in the list.

    Attributes:
        channel_id: also its row id in lists. name: of the channel, or of the person in a direct message.
        last_author, last_text: who wrote last, and how that begins.
    """

    channel_id: int
    realm: str
    guild_id: int | None
    name: str
    guild: str
    is_direct: bool
    last_at: datetime
    last_author: str
    last_text: str

    @property
    def row_id(self) -> int:
        return self.channel_id


def latest(db: Database, realm: str, most: int) -> list[int]:
    """The channels somebody wrote in last, the latest first; only as far back as the newest messages go."""
    newest = "select channel_id from messages where realm = ? order by sent_at desc, id desc limit ?"
    found = dict.fromkeys(channel for (channel,) in sql(db, newest, (realm, _LATELY)).fetchall())
    return list(found)[:most]


def order(db: Database, realm: str, words: Sequence[str] = (), who: str = "") -> array[int]:
    """All channels of a realm, the one written in last first.

    Args:
        words: only places in whose name, or their server's, each of these stands.
        who: only where somebody wrote who was ever seen under a name that holds this.
    """
    channels = f"{_CHANNELS} and {_WHERE_THEY_WROTE}" if who else _CHANNELS
    values = (realm, _holding(who)) if who else (realm,)
    if words:
        wanted = [word.casefold() for word in words]
        return array(
            "q",
            (
                channel
                for channel, name, guild in sql(db, _named(channels), values).fetchall()
                if all(word in f"{name} {guild}".casefold() for word in wanted)
            ),
        )
    statement = (
        f"select json_group_array(channel) from (select channel from ({channels}) seen "  # noqa: S608
        "join messages m on m.id = seen.last order by m.sent_at desc, channel desc)"
    )
    ((found,),) = sql(db, statement, values).fetchall()
    return array("q", json.loads(found))


def lines(db: Database, realm: str, channel_ids: Sequence[int]) -> list[PlaceLine]:
    """These places, in the order asked for; those in which nothing is left are left out."""
    statement = f"""
        select wanted.value, m.guild_id, m.author_name, substr(m.text, 1, {_BEGINNING}), m.sent_at,
            coalesce(nullif(c.name, ''), {_CALLED}, cast(wanted.value as text)),
            coalesce(nullif(c.guild_name, ''), {_GUILD}, '')
        from json_each(?2) wanted
        join messages m on m.id = (
            select id from messages where channel_id = wanted.value and realm = ?1
            order by sent_at desc, id desc limit 1)
        left join channels c on c.realm = ?1 and c.channel_id = wanted.value
    """.replace("CHANNEL", "wanted.value")  # noqa: S608 - only our own words are put in
    rows = sql(db, statement, (realm, json.dumps(list(channel_ids)))).fetchall()
    known = {row[0]: _line(realm, row) for row in rows}
    return [known[channel] for channel in channel_ids if channel in known]


# What a place without an entry of its own was called when somebody wrote there last.
_FROM_LAST = (
    "(select {what} from messages where channel_id = CHANNEL and realm = ?1 and not is_self "
    "order by sent_at desc, id desc limit 1)"
)
_CALLED = _FROM_LAST.format(what="coalesce(nullif(json_extract(extras, '$.channel'), ''), author_name)")
_GUILD = _FROM_LAST.format(what="json_extract(extras, '$.guild')")


def _holding(words: str) -> str:
    """A pattern for whatever holds these words."""
    plain = re.sub(r"([%_\\])", r"\\\1", words)
    return f"%{plain}%"


def _named(channels: str) -> str:
    """The channels with their names, as a statement."""
    return f"""
        select seen.channel, coalesce(nullif(c.name, ''), {_CALLED}, cast(seen.channel as text)),
            coalesce(nullif(c.guild_name, ''), {_GUILD}, '')
        from ({channels}) seen
        join messages m on m.id = seen.last
        left join channels c on c.realm = ?1 and c.channel_id = seen.channel
        order by m.sent_at desc, seen.channel desc
    """.replace("CHANNEL", "seen.channel")  # noqa: S608 - only our own words are put in


def _line(realm: str, row: tuple[Any, ...]) -> PlaceLine:
    channel, guild_id, author, text, at, name, guild = row
    moment = _EPOCH + timedelta(milliseconds=at)
    return PlaceLine(channel, realm, guild_id, name, guild, guild_id is None, moment, author, text)
