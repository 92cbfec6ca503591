"""What was chosen for a whole server, and whom the bot listens to there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import AutoField, BigIntegerField, Database, TextField, fn

from db import channels, people
from db.base import MomentField, Row, removal

ALLOW, BLOCK = "allow", "block"
PERSONAS = "personas"  # the key under which a server's own personas are kept, by id
EVERYWHERE = 0  # stands for all servers and direct messages; only the host blocks so


class ServerSettingRow(Row):
    id = AutoField()
    realm = TextField()
    guild_id = BigIntegerField()
    key = TextField()
    value = TextField()
    changed_by = BigIntegerField(null=True, index=True)
    changed_at = MomentField()

    class Meta:
        table_name = "server_settings"
        indexes = ((("realm", "guild_id", "key"), True),)


class ListedRow(Row):
    id = AutoField()
    realm = TextField()
    guild_id = BigIntegerField()
    person_id = BigIntegerField(index=True)
    person = TextField()
    list = TextField()
    by_id = BigIntegerField(null=True, index=True)
    at = MomentField()

    class Meta:
        table_name = "listed"
        indexes = ((("realm", "guild_id", "person_id"), True),)


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody (platform id) on a server's allow or block list."""

    person_id: int
    person: str
    list: str


@dataclass(frozen=True, slots=True)
class ListedThere:
    """Somebody (platform id) on a list of a server, or (guild_id EVERYWHERE) of all places; since when."""

    person_id: int
    person: str
    list: str
    guild_id: int
    guild: str
    at: datetime


def get(db: Database, realm: str, guild_id: int) -> dict[str, Any]:
    """Everything that was chosen for a server, by key."""
    query = ServerSettingRow.select().where(
        ServerSettingRow.realm == realm, ServerSettingRow.guild_id == guild_id
    )
    return {row.key: json.loads(row.value) for row in query.execute(db)}


def by_key(db: Database, realm: str, key: str) -> dict[int, Any]:
    """What each server chose under one key, by the server's id."""
    query = ServerSettingRow.select().where(ServerSettingRow.realm == realm, ServerSettingRow.key == key)
    return {row.guild_id: json.loads(row.value) for row in query.execute(db)}


def homes(db: Database, realm: str) -> dict[int, str]:
    """The server's name, or its id, of each persona that was made on one, by persona."""
    names = {each.guild_id: each.guild_name for each in channels.every(db, realm)}
    made = by_key(db, realm, PERSONAS)
    return {one: names.get(guild_id) or str(guild_id) for guild_id, ids in made.items() for one in ids}


def put(
    db: Database, realm: str, guild_id: int, key: str, value: Any, changed_by: int | None, at: datetime
) -> None:
    """Choose a value for a server; None takes the choice back.

    Args:
        changed_by: platform id of who chose; None when it was the host.
    """
    if value is None:
        removal(ServerSettingRow).where(
            ServerSettingRow.realm == realm,
            ServerSettingRow.guild_id == guild_id,
            ServerSettingRow.key == key,
        ).execute(db)
        return
    ServerSettingRow.insert(
        realm=realm, guild_id=guild_id, key=key, value=json.dumps(value), changed_by=changed_by, changed_at=at
    ).on_conflict(
        conflict_target=[ServerSettingRow.realm, ServerSettingRow.guild_id, ServerSettingRow.key],
        preserve=[ServerSettingRow.value, ServerSettingRow.changed_by, ServerSettingRow.changed_at],
    ).execute(db)


def enlist(
    db: Database,
    realm: str,
    guild_id: int,
    person_id: int,
    person: str,
    which: str,
    by_id: int | None,
    at: datetime,
) -> None:
    """Put somebody (platform id) on a server's ALLOW or BLOCK list, and off the other."""
    ListedRow.insert(
        realm=realm, guild_id=guild_id, person_id=person_id, person=person, list=which, by_id=by_id, at=at
    ).on_conflict(
        conflict_target=[ListedRow.realm, ListedRow.guild_id, ListedRow.person_id],
        preserve=[ListedRow.person, ListedRow.list, ListedRow.by_id, ListedRow.at],
    ).execute(db)


def unlist(db: Database, realm: str, guild_id: int, person_id: int) -> bool:
    """Take somebody off a server's lists; False when they were on none."""
    return bool(
        removal(ListedRow)
        .where(ListedRow.realm == realm, ListedRow.guild_id == guild_id, ListedRow.person_id == person_id)
        .execute(db)
    )


def listed(db: Database, realm: str, guild_id: int) -> list[Listed]:
    """Who is on the lists of a server, in the order they came there."""
    query = ListedRow.select().where(ListedRow.realm == realm, ListedRow.guild_id == guild_id)
    return [Listed(row.person_id, row.person, row.list) for row in query.order_by(ListedRow.id).execute(db)]


def every_listed(db: Database, realm: str) -> list[ListedThere]:
    """Who is on any list of any server, the newest first."""
    names = {each.guild_id: each.guild_name for each in channels.every(db, realm)}
    query = ListedRow.select().where(ListedRow.realm == realm).order_by(ListedRow.id.desc())
    return [
        ListedThere(row.person_id, row.person, row.list, row.guild_id, names.get(row.guild_id, ""), row.at)
        for row in query.execute(db)
    ]


def is_shut_out(db: Database, realm: str, guild_id: int | None, person_id: int) -> bool:
    """Is somebody blocked everywhere or here, or missing from an allow list here that names others?

    Args:
        guild_id: None for a direct chat.
    """
    here = EVERYWHERE if guild_id is None else guild_id
    on_server = (ListedRow.realm == realm) & (ListedRow.guild_id == here)
    both = (ListedRow.realm == realm) & ListedRow.guild_id.in_((EVERYWHERE, here))
    rows = ListedRow.select().where(both, ListedRow.person_id == person_id).execute(db)
    on = {row.guild_id: row.list for row in rows}
    if BLOCK in on.values() or here in on:
        return BLOCK in on.values()
    query = ListedRow.select(fn.COUNT(ListedRow.id)).where(on_server, ListedRow.list == ALLOW)
    return bool(query.scalar(db))


def forget_guild(db: Database, realm: str, guild_id: int) -> None:
    """Forget what was chosen for a server, and its lists."""
    for table in (ServerSettingRow, ListedRow):
        removal(table).where(table.realm == realm, table.guild_id == guild_id).execute(db)


def export(db: Database, person_id: int) -> list[dict[str, Any]]:
    """On which lists a person is, and what they chose for servers, as plain values."""
    person = people.by_row_id(db, person_id)
    if person is None:
        return []
    on = ListedRow.select().where(ListedRow.realm == person.realm, ListedRow.person_id == person.platform_id)
    chose = ServerSettingRow.select().where(
        ServerSettingRow.realm == person.realm, ServerSettingRow.changed_by == person.platform_id
    )
    return [
        *({"guild_id": row.guild_id, "list": row.list, "at": row.at.isoformat()} for row in on.execute(db)),
        *(
            {
                "guild_id": row.guild_id,
                "key": row.key,
                "value": json.loads(row.value),
                "at": row.changed_at.isoformat(),
            }
            for row in chose.execute(db)
        ),
    ]


def erase(db: Database, person_id: int) -> int:
    """Take a person off every list and forget that they chose something; answers how many rows."""
    person = people.by_row_id(db, person_id)
    if person is None:
        return 0
    mine = (ListedRow.realm == person.realm) & (ListedRow.person_id == person.platform_id)
    gone = int(removal(ListedRow).where(mine).execute(db))
    put_there = (ListedRow.realm == person.realm) & (ListedRow.by_id == person.platform_id)
    gone += int(ListedRow.update(by_id=None).where(put_there).execute(db))
    chose = (ServerSettingRow.realm == person.realm) & (ServerSettingRow.changed_by == person.platform_id)
    return gone + int(ServerSettingRow.update(changed_by=None).where(chose).execute(db))
