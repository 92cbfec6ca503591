"""Which facts and which episodes may be told where: the two queries that decide it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from peewee import Database

from db import episodes
from db.base import sql
from db.episodes import EpisodeRow, StoredEpisode
from db.facts import StoredFact, by_row_ids

_EPISODES_LOOKED_AT = 300


@dataclass(frozen=True, slots=True)
class Tellable:
    """A live fact in a wording that may be told where it was asked for.

    Attributes:
        text: of the newest of its sources that may be told there. name: the person's.
    """

    fact: StoredFact
    text: str
    platform_id: int
    name: str


def tellable(
    db: Database, realm: str, platform_ids: Sequence[int], guild_id: int | None, channel_ids: Sequence[int]
) -> list[Tellable]:
    """What is known of these people and was said in these channels, newest first.

    Nobody who asked to be left alone, nothing quarantined, binned or closed; and never a wording from
    another server, another direct message or a channel that is not named.

    Args:
        guild_id: the server; None for direct messages.
        channel_ids: where it may have been said.
    """
    found = sql(
        db,
        "select s.fact_id, s.text, p.platform_id, p.name from people p "
        "join facts f on f.person_id = p.id and f.state = 'live' and f.realm = p.realm "
        "join fact_sources s on s.fact_id = f.id and s.guild_id is ? "
        "where p.realm = ? and p.platform_id in (select value from json_each(?)) "
        "and s.channel_id in (select value from json_each(?)) and p.state not in ('opted_out', 'erased') "
        "order by s.said_at, s.id",
        (guild_id, realm, json.dumps(list(platform_ids)), json.dumps(list(channel_ids))),
    )
    newest = {row[0]: (str(row[1]), int(row[2]), str(row[3])) for row in found.fetchall()}
    known = {fact.row_id: fact for fact in by_row_ids(db, list(newest))}
    return [Tellable(known[row_id], *said) for row_id, said in reversed(newest.items()) if row_id in known]


@dataclass(frozen=True, slots=True)
class Lived:
    """A live episode that may be told where it was asked for. `people`: platform ids of who took part."""

    episode: StoredEpisode
    people: tuple[int, ...]


def lived(
    db: Database,
    realm: str,
    platform_ids: Sequence[int],
    guild_id: int | None,
    channel_ids: Sequence[int],
    before: datetime,
) -> list[Lived]:
    """What happened in these channels with somebody of these people, the newest 300, newest first.

    Nothing in which somebody took part who asked to be left alone; nothing of another server, another
    direct message or a channel that is not named.

    Args:
        guild_id: the server; None for direct messages. channel_ids: where it may have happened; the first
            is the channel where it is told. before: what ended there later stands in its transcript anyway.
    """
    found = sql(
        db,
        "select e.id, json_group_array(p.platform_id) from episodes e "
        "join episode_people ep on ep.episode_id = e.id join people p on p.id = ep.person_id "
        "where e.realm = ? and e.state = 'live' and e.guild_id is ? "
        "and e.channel_id in (select value from json_each(?)) and (e.channel_id <> ? or e.ended_at < ?) "
        "group by e.id having sum(p.platform_id in (select value from json_each(?))) > 0 "
        "and sum(p.state in ('opted_out', 'erased')) = 0 order by e.ended_at desc, e.id desc limit ?",
        (
            realm,
            guild_id,
            json.dumps(list(channel_ids)),
            channel_ids[0],
            EpisodeRow.ended_at.db_value(before),
            json.dumps(list(platform_ids)),
            _EPISODES_LOOKED_AT,
        ),
    )
    people = {int(row_id): tuple(json.loads(ids)) for row_id, ids in found.fetchall()}
    return [Lived(each, people[each.row_id]) for each in episodes.by_row_ids(db, list(people))]
