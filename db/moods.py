"""The mood and needs of a persona: how they stood when last written, one row a realm, and the timeline of
every moment that moved them. How they drift with time is core's business (core/feelings)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from peewee import (
    JOIN,
    SQL,
    AutoField,
    BigIntegerField,
    Database,
    FloatField,
    ForeignKeyField,
    TextField,
    fn,
)

from db.base import MomentField, Row, removal
from db.messages import Message
from db.people import Person
from db.personas import PersonaRow
from db.relationships import HOUR_MS


class Levels(NamedTuple):
    """Pleasure, arousal, dominance −1…1; then the needs, each 0 (starved) to 1 (full)."""

    pleasure: float
    arousal: float
    dominance: float
    contact: float
    novelty: float
    rest: float
    recognition: float


class MoodRow(Row):
    id = AutoField()
    persona = ForeignKeyField(PersonaRow, on_delete="CASCADE", index=False)
    realm = TextField()
    pleasure = FloatField()
    arousal = FloatField()
    dominance = FloatField()
    contact = FloatField()
    novelty = FloatField()
    rest = FloatField()
    recognition = FloatField()
    emotions = TextField(default="{}")
    at = MomentField()

    class Meta:
        table_name = "moods"
        indexes = ((("persona", "realm"), True),)


class MomentRow(Row):
    id = AutoField()
    persona = ForeignKeyField(PersonaRow, on_delete="CASCADE", index=False)
    realm = TextField()
    at = MomentField()
    pleasure = FloatField()
    arousal = FloatField()
    dominance = FloatField()
    contact = FloatField()
    novelty = FloatField()
    rest = FloatField()
    recognition = FloatField()
    emotions = TextField(default="{}")
    message = ForeignKeyField(Message, null=True, on_delete="SET NULL")
    platform_id = BigIntegerField(null=True)
    person = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    cause = TextField()
    cause_params = TextField(default="{}")

    class Meta:
        table_name = "mood_moments"
        indexes = ((("persona", "realm", "at"), False),)


@dataclass(frozen=True, slots=True)
class StoredMood:
    """How a persona felt at `at`. `emotions`: the intensity, 0…1, of each."""

    levels: Levels
    emotions: dict[str, float]
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredMoment:
    """A point of the timeline: how it was from then on, and what moved it there.

    Attributes:
        cause: the English sentence, with `{name}` for the person; params: what else goes into it.
        person: the name of who caused it today; empty when it was nobody, or somebody who is gone.
    """

    at: datetime
    levels: Levels
    emotions: dict[str, float]
    cause: str
    params: Mapping[str, Any] = field(default_factory=dict)
    message_id: int | None = None
    platform_id: int | None = None
    person_id: int | None = None
    person: str = ""
    row_id: int = 0


def find(db: Database, persona_id: int, realm: str) -> StoredMood | None:
    """How a persona felt in a realm when it was last written."""
    query = MoodRow.select().where(MoodRow.persona == persona_id, MoodRow.realm == realm)
    return next(
        (StoredMood(_levels(row), json.loads(row.emotions), row.at) for row in query.execute(db)), None
    )


def put(db: Database, persona_id: int, realm: str, mood: StoredMood) -> None:
    """Write how a persona feels from `mood.at` on."""
    MoodRow.insert(
        persona=persona_id,
        realm=realm,
        at=mood.at,
        emotions=json.dumps(mood.emotions),
        **mood.levels._asdict(),
    ).on_conflict(
        conflict_target=[MoodRow.persona, MoodRow.realm],
        preserve=[MoodRow.at, MoodRow.emotions, *(getattr(MoodRow, name) for name in Levels._fields)],
    ).execute(db)


def note(db: Database, persona_id: int, realm: str, moment: StoredMoment) -> int:
    """Add a point to the timeline and answer its id."""
    return int(
        MomentRow.insert(
            persona=persona_id,
            realm=realm,
            at=moment.at,
            emotions=json.dumps(moment.emotions),
            message=moment.message_id,
            platform_id=moment.platform_id,
            person=moment.person_id,
            cause=moment.cause,
            cause_params=json.dumps(dict(moment.params)),
            **moment.levels._asdict(),
        ).execute(db)
    )


def caused(db: Database, persona_id: int, message_id: int) -> list[datetime]:
    """When a message (its row id) moved the mood, by the points of the timeline; empty when it never did."""
    query = MomentRow.select(MomentRow.at).where(
        MomentRow.message == message_id, MomentRow.persona == persona_id
    )
    return [row.at for row in query.order_by(MomentRow.id).execute(db)]


def newest_before(db: Database, persona_id: int, realm: str, at: datetime) -> datetime | None:
    """When the last point before a moment was."""
    query = MomentRow.select(fn.MAX(MomentRow.at)).where(
        MomentRow.persona == persona_id, MomentRow.realm == realm, MomentRow.at < at
    )
    (found,) = next(iter(query.tuples().execute(db)))
    moment: datetime | None = MomentRow.at.python_value(found) if isinstance(found, int) else found
    return moment


def timeline(
    db: Database, persona_id: int, realm: str, since: datetime, until: datetime, limit: int = 5000
) -> list[StoredMoment]:
    """The points between two moments, oldest first; where there are more than `limit`, as many of them at
    even steps, the newest among them."""
    columns = [getattr(MomentRow, name) for name in Levels._fields]
    query = (
        MomentRow.select(
            *columns,
            MomentRow.at,
            MomentRow.emotions,
            MomentRow.cause,
            MomentRow.cause_params,
            MomentRow.message,
            MomentRow.platform_id,
            MomentRow.person,
            fn.COALESCE(Person.name, ""),
            MomentRow.id,
        )
        .join(Person, JOIN.LEFT_OUTER)
        .where(MomentRow.persona == persona_id, MomentRow.realm == realm, MomentRow.at.between(since, until))
        .order_by(MomentRow.at.desc(), MomentRow.id.desc())
        .limit(limit)
    )
    if (step := _step(db, persona_id, realm, since, until, limit)) > 1:
        query = query.where(MomentRow.id.in_(SQL(*_each(step, persona_id, realm, since, until))))
    return [_moment(row) for row in query.tuples().execute(db)][::-1]


def _step(db: Database, persona_id: int, realm: str, since: datetime, until: datetime, limit: int) -> int:
    query = MomentRow.select(fn.COUNT(MomentRow.id)).where(
        MomentRow.persona == persona_id, MomentRow.realm == realm, MomentRow.at.between(since, until)
    )
    ((many,),) = query.tuples().execute(db)
    return -(-int(many) // limit)


def _each(
    step: int, persona_id: int, realm: str, since: datetime, until: datetime
) -> tuple[str, tuple[object, ...]]:
    """Each so many-th of the points, from the newest back; only the index is read for it."""
    statement = (
        "(select id from (select id, row_number() over (order by at desc, id desc) as number "
        "from mood_moments where persona_id = ? and realm = ? and at between ? and ?) "
        "where (number - 1) % ? = 0)"
    )
    between = MomentRow.at.db_value(since), MomentRow.at.db_value(until)
    return statement, (persona_id, realm, *between, step)


def average(db: Database, persona_id: int, realm: str, since: datetime, until: datetime) -> Levels | None:
    """The plain average of a stretch of the timeline; None where nothing happened."""
    columns = [fn.AVG(getattr(MomentRow, name)) for name in Levels._fields]
    query = MomentRow.select(*columns).where(
        MomentRow.persona == persona_id, MomentRow.realm == realm, MomentRow.at >= since, MomentRow.at < until
    )
    row = next(iter(query.tuples().execute(db)))
    return None if row[0] is None else Levels(*row)


def thin(db: Database, before: datetime) -> int:
    """Of the points before a moment keep the last of each hour; answers how many went."""
    last = MomentRow.select(fn.MAX(MomentRow.id)).group_by(
        MomentRow.persona, MomentRow.realm, MomentRow.at / HOUR_MS
    )
    return int(removal(MomentRow).where(MomentRow.at < before, MomentRow.id.not_in(last)).execute(db))


def export(db: Database, person_id: int) -> list[dict[str, Any]]:
    """What a person moved in the mood, as plain values."""
    query = MomentRow.select().where(MomentRow.person == person_id).order_by(MomentRow.at, MomentRow.id)
    return [
        {
            "at": row.at.isoformat(),
            "cause": row.cause,
            "params": json.loads(row.cause_params),
            "message": row.platform_id,
            "mood": [row.pleasure, row.arousal, row.dominance],
        }
        for row in query.execute(db)
    ]


def erase(db: Database, person_id: int) -> int:
    """Take a person out of the timeline: the mood stays what it was, nobody knows through whom."""
    query = MomentRow.update(
        person=None, message=None, platform_id=None, cause=FORGOTTEN, cause_params="{}"
    ).where(MomentRow.person == person_id)
    return int(query.execute(db))


# What stands where a person was: the catalogue has it from core/feelings/history.py.
FORGOTTEN = "Somebody wrote."


def _levels(row: MoodRow) -> Levels:
    return Levels(*(getattr(row, name) for name in Levels._fields))


def _moment(row: tuple[Any, ...]) -> StoredMoment:
    at, emotions, cause, params, message_id, platform_id, person_id, person, row_id = row[7:]
    return StoredMoment(
        at,
        Levels(*row[:7]),
        json.loads(emotions),
        cause,
        json.loads(params),
        message_id,
        platform_id,
        person_id,
        person,
        row_id,
    )
