"""To whom a persona is open. One without a row is open to everybody."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from peewee import Database, ForeignKeyField, TextField

from db import people
from db.base import Row, removal
from db.people import Person
from db.personas import PersonaRow

_REALM = "discord"  # the ids that are kept are that platform's
_GONE = ("opted_out", "erased")


class PersonaAccessRow(Row):
    persona = ForeignKeyField(PersonaRow, primary_key=True, on_delete="CASCADE")
    use = TextField()
    see = TextField()

    class Meta:
        table_name = "persona_access"


@dataclass(frozen=True, slots=True)
class StoredAccess:
    """Who may use a persona, and who may find it in lists: JSON values with `people`, `guilds` (lists of
    platform ids) and `everyone`."""

    persona_id: int
    use: dict[str, Any]
    see: dict[str, Any]


def get(db: Database, persona_id: int) -> StoredAccess | None:
    """What was decided for a persona, or None: then it is open to everybody."""
    query = PersonaAccessRow.select().where(PersonaAccessRow.persona == persona_id)
    return next((_stored(row) for row in query.execute(db)), None)


def every(db: Database) -> list[StoredAccess]:
    """What was decided for all personas that something was decided for."""
    return [_stored(row) for row in PersonaAccessRow.select().execute(db)]


def put(db: Database, access: StoredAccess) -> None:
    """Keep what was decided, in the place of what was decided before."""
    PersonaAccessRow.insert(
        persona=access.persona_id, use=json.dumps(access.use), see=json.dumps(access.see)
    ).on_conflict(
        conflict_target=[PersonaAccessRow.persona],
        preserve=[PersonaAccessRow.use, PersonaAccessRow.see],
    ).execute(db)


def forget(db: Database, persona_id: int) -> None:
    """Open a persona to everybody again."""
    removal(PersonaAccessRow).where(PersonaAccessRow.persona == persona_id).execute(db)


def met(db: Database, search: str, also: Collection[int], limit: int) -> list[tuple[int, str]]:
    """People who could be chosen: platform ids and names. Those in `also` first, then who wrote most.

    Args:
        search: a part of their name, "" for everybody. also: platform ids that are found in any case.
    """
    mine = (Person.realm == _REALM) & ~Person.is_bot
    first = Person.select().where(mine, Person.platform_id.in_(list(also))).order_by(Person.name)
    others = (
        Person.select()
        .where(mine, Person.state.not_in(_GONE), Person.platform_id.not_in(list(also)))
        .where(Person.name.contains(search))
        .order_by(Person.message_count.desc(), Person.id)
        .limit(limit)
    )
    return [(row.platform_id, row.name) for query in (first, others) for row in query.execute(db)]


def export(db: Database, person_id: int) -> list[dict[str, Any]]:
    """The personas that a person (by row id) was named for, as plain values."""
    platform_id = _platform_id(db, person_id)
    names = {row.id: row.name for row in PersonaRow.select(PersonaRow.id, PersonaRow.name).execute(db)}
    return [
        {
            "persona": names[each.persona_id],
            "may_use": platform_id in each.use.get("people", ()),
            "may_see": platform_id in each.see.get("people", ()),
        }
        for each in every(db)
        if platform_id is not None and _names(each, platform_id)
    ]


def erase(db: Database, person_id: int) -> int:
    """Take a person (by row id) out of what was decided; answers for how many personas. Who was left out
    stays left out: a persona that was open to them alone is open to nobody then."""
    platform_id = _platform_id(db, person_id)
    if platform_id is None:
        return 0
    found = [each for each in every(db) if _names(each, platform_id)]
    for each in found:
        put(
            db,
            StoredAccess(each.persona_id, _without(each.use, platform_id), _without(each.see, platform_id)),
        )
    return len(found)


def _platform_id(db: Database, person_id: int) -> int | None:
    person = people.by_row_id(db, person_id)
    return person.platform_id if person is not None and person.realm == _REALM else None


def _names(access: StoredAccess, platform_id: int) -> bool:
    return any(platform_id in grant.get("people", ()) for grant in (access.use, access.see))


def _without(grant: dict[str, Any], platform_id: int) -> dict[str, Any]:
    return grant | {"people": [each for each in grant.get("people", ()) if each != platform_id]}


def _stored(row: Any) -> StoredAccess:
    return StoredAccess(row.persona_id, json.loads(row.use), json.loads(row.see))
