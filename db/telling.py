"""Which facts may be told where: the one query that decides it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from peewee import Database

from db.base import sql
from db.facts import StoredFact, by_row_ids


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
