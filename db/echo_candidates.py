"""Of whom an echo could be asked for: who was met on which server."""

from __future__ import annotations

from dataclasses import dataclass

from peewee import Database

from db.base import sql


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody on a server.

    Attributes:
        person_id: their platform id. messages: how many were heard of them, everywhere.
    """

    guild_id: int
    guild_name: str
    person_id: int
    name: str
    messages: int


def candidates(db: Database, realm: str, search: str, limit: int) -> list[Candidate]:
    """People of servers, who wrote most first.

    Args:
        search: a part of their name; "" for everybody.
    """
    found = sql(
        db,
        "select distinct n.guild_id, coalesce((select max(c.guild_name) from channels c "
        "where c.realm = p.realm and c.guild_id = n.guild_id), ''), p.platform_id, p.name, p.message_count "
        "from people p join person_names n on n.person_id = p.id "
        "where p.realm = ? and not p.is_bot and p.state not in ('opted_out', 'erased') and n.guild_id <> 0 "
        "and instr(lower(p.name), lower(?)) > 0 order by p.message_count desc, p.id limit ?",
        (realm, search, limit),
    )
    return [Candidate(*row) for row in found.fetchall()]
