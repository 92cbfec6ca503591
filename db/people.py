"""People the bot has met, and every name they were ever seen under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from peewee import (
    AutoField,
    BigIntegerField,
    BooleanField,
    Database,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from db.base import MomentField, Row


class Person(Row):
    id = AutoField()
    realm = TextField()
    platform_id = BigIntegerField()
    name = TextField()
    is_bot = BooleanField(default=False)
    state = TextField(default="new")
    first_seen = MomentField()
    last_seen = MomentField()
    message_count = IntegerField(default=0)

    class Meta:
        table_name = "people"
        indexes = ((("realm", "platform_id"), True), (("realm", "last_seen", "state", "is_bot"), False))


class PersonName(Row):
    person = ForeignKeyField(Person, on_delete="CASCADE")
    guild_id = BigIntegerField(default=0)
    name = TextField()
    first_seen = MomentField()
    last_seen = MomentField()

    class Meta:
        table_name = "person_names"
        indexes = ((("person", "guild_id", "name"), True),)


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """A person as known here. `state` is one of new, acquainted, regular, dormant, opted_out, erased."""

    row_id: int
    realm: str
    platform_id: int
    name: str
    is_bot: bool
    state: str
    first_seen: datetime
    last_seen: datetime
    message_count: int


def meet(
    db: Database, realm: str, platform_id: int, guild_id: int | None, name: str, is_bot: bool, at: datetime
) -> StoredPerson:
    """Note that a person wrote at `at` under `name`; makes them when they are new."""
    Person.insert(
        realm=realm,
        platform_id=platform_id,
        name=name,
        is_bot=is_bot,
        first_seen=at,
        last_seen=at,
        message_count=1,
    ).on_conflict(
        conflict_target=[Person.realm, Person.platform_id],
        update={Person.name: name, Person.last_seen: at, Person.message_count: Person.message_count + 1},
    ).execute(db)
    person = find(db, realm, platform_id)
    assert person is not None
    PersonName.insert(
        person=person.row_id, guild_id=guild_id or 0, name=name, first_seen=at, last_seen=at
    ).on_conflict(
        conflict_target=[PersonName.person, PersonName.guild_id, PersonName.name],
        update={PersonName.last_seen: at},
    ).execute(db)
    return person


def find(db: Database, realm: str, platform_id: int) -> StoredPerson | None:
    """The person with this platform id, or None."""
    query = Person.select().where(Person.realm == realm, Person.platform_id == platform_id)
    return next((_stored(row) for row in query.execute(db)), None)


def by_row_id(db: Database, row_id: int) -> StoredPerson | None:
    """The person with this row id, or None."""
    return next((_stored(row) for row in Person.select().where(Person.id == row_id).execute(db)), None)


def every(db: Database, realm: str) -> list[StoredPerson]:
    """Everybody of a realm, in the order they were met."""
    return [
        _stored(row) for row in Person.select().where(Person.realm == realm).order_by(Person.id).execute(db)
    ]


def put_state(db: Database, row_id: int, state: str) -> None:
    """Move a person to another state of their life (core/memory/lifecycle.py has the rules)."""
    Person.update(state=state).where(Person.id == row_id).execute(db)


def names(db: Database, row_id: int) -> list[str]:
    """Every name a person was seen under, the newest first."""
    query = (
        PersonName.select(PersonName.name)
        .where(PersonName.person == row_id)
        .order_by(PersonName.last_seen.desc())
    )
    return list(dict.fromkeys(row.name for row in query.execute(db)))


def _stored(row: Person) -> StoredPerson:
    return StoredPerson(
        row.id,
        row.realm,
        row.platform_id,
        row.name,
        row.is_bot,
        row.state,
        row.first_seen,
        row.last_seen,
        row.message_count,
    )
