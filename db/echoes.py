"""Echoes: what was built from somebody's messages, by the consent it rests on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from peewee import AutoField, BlobField, Database, IntegerField, TextField

from db.base import MomentField, Row, removal


class EchoRow(Row):
    id = AutoField()
    consent_id = IntegerField(unique=True)
    state = TextField()
    profile = BlobField(null=True)
    size_bytes = IntegerField(default=0)
    messages = IntegerField(default=0)
    style = TextField(default="{}")
    fidelity = TextField(default="{}")
    samples = TextField(default="[]")
    model = TextField(default="")
    base = TextField(default="")
    made_at = MomentField()
    built_at = MomentField(null=True)

    class Meta:
        table_name = "echoes"


class EchoModelRow(Row):
    name = TextField(unique=True)
    consent_id = IntegerField()
    host = TextField()
    made_at = MomentField()

    class Meta:
        table_name = "echo_models"


@dataclass(frozen=True, slots=True)
class StoredEcho:
    """An echo without its profile, which is read apart.

    Attributes:
        state: `building`, `ready` or `failed`.
        size_bytes: of the profile. messages: how many it was built from.
        style: the readable profile, as plain values (see core.echo.style.StyleProfile).
        fidelity: how it did on held-out messages (see core.echo.exam.Marks); empty when not measured.
        samples: replies beside the real ones, as plain values.
        model: the Ollama model that was built for it, "" when there is none. base: what it was built on.
    """

    id: int
    consent_id: int
    state: str
    size_bytes: int
    messages: int
    style: dict[str, Any] = field(hash=False)
    fidelity: dict[str, Any] = field(hash=False)
    samples: tuple[dict[str, Any], ...] = field(hash=False)
    model: str
    base: str
    made_at: datetime
    built_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model that was, or was about to be, made in an Ollama. `host`: where."""

    name: str
    consent_id: int
    host: str
    made_at: datetime


def begin(db: Database, consent_id: int, at: datetime) -> StoredEcho:
    """The echo of a consent, made when there is none yet."""
    EchoRow.insert(consent_id=consent_id, state="building", made_at=at).on_conflict_ignore().execute(db)
    found = of_consent(db, consent_id)
    assert found is not None
    return found


def of_consent(db: Database, consent_id: int) -> StoredEcho | None:
    """The echo that rests on a consent, or None."""
    return next(iter(_those(db, EchoRow.consent_id == consent_id)), None)


def by_id(db: Database, number: int) -> StoredEcho | None:
    """The echo with this number, or None."""
    return next(iter(_those(db, EchoRow.id == number)), None)


def every(db: Database) -> list[StoredEcho]:
    """All echoes, the oldest first."""
    return _those(db)


def profile(db: Database, number: int) -> bytes | None:
    """An echo's profile as core.echo.profile packed it, or None while there is none."""
    query = EchoRow.select(EchoRow.profile).where(EchoRow.id == number)
    return next((bytes(row.profile) for row in query.execute(db) if row.profile is not None), None)


def put_profile(db: Database, consent_id: int, packed: bytes, messages: int, style: dict[str, Any]) -> None:
    """Keep what was learnt."""
    EchoRow.update(profile=packed, size_bytes=len(packed), messages=messages, style=json.dumps(style)).where(
        EchoRow.consent_id == consent_id
    ).execute(db)


def put_fidelity(
    db: Database, consent_id: int, fidelity: dict[str, Any], samples: list[dict[str, Any]]
) -> None:
    """Keep how it did."""
    EchoRow.update(fidelity=json.dumps(fidelity), samples=json.dumps(samples, ensure_ascii=False)).where(
        EchoRow.consent_id == consent_id
    ).execute(db)


def put_model(db: Database, consent_id: int, model: str, base: str) -> None:
    """Keep which model writes for it."""
    EchoRow.update(model=model, base=base).where(EchoRow.consent_id == consent_id).execute(db)


def put_state(db: Database, consent_id: int, state: str, built_at: datetime | None = None) -> None:
    """`building`, `ready` or `failed`."""
    values: dict[str, Any] = {"state": state} | ({"built_at": built_at} if built_at is not None else {})
    EchoRow.update(**values).where(EchoRow.consent_id == consent_id).execute(db)


def announce_model(db: Database, model: StoredModel) -> None:
    """A model is about to be made: written down first, so that it can be found and removed in any case."""
    EchoModelRow.insert(
        name=model.name, consent_id=model.consent_id, host=model.host, made_at=model.made_at
    ).on_conflict_replace().execute(db)


def models(db: Database, consent_id: int | None = None) -> list[StoredModel]:
    """The models made for a consent, or for all."""
    query = EchoModelRow.select()
    if consent_id is not None:
        query = query.where(EchoModelRow.consent_id == consent_id)
    return [StoredModel(row.name, row.consent_id, row.host, row.made_at) for row in query.execute(db)]


def model_gone(db: Database, name: str) -> None:
    """A model was removed."""
    removal(EchoModelRow).where(EchoModelRow.name == name).execute(db)


def erase(db: Database, consent_id: int) -> int:
    """Remove what was built; models stay noted until Ollama has removed them."""
    return int(removal(EchoRow).where(EchoRow.consent_id == consent_id).execute(db))


_COLUMNS = (
    *(EchoRow.id, EchoRow.consent_id, EchoRow.state, EchoRow.size_bytes, EchoRow.messages, EchoRow.style),
    *(EchoRow.fidelity, EchoRow.samples, EchoRow.model, EchoRow.base, EchoRow.made_at, EchoRow.built_at),
)


def _those(db: Database, *where: Any) -> list[StoredEcho]:
    query = EchoRow.select(*_COLUMNS).order_by(EchoRow.id)
    return [_stored(row) for row in (query.where(*where) if where else query).execute(db)]


def _stored(row: Any) -> StoredEcho:
    return StoredEcho(
        id=row.id,
        consent_id=row.consent_id,
        state=row.state,
        size_bytes=row.size_bytes,
        messages=row.messages,
        style=json.loads(row.style),
        fidelity=json.loads(row.fidelity),
        samples=tuple(json.loads(row.samples)),
        model=row.model,
        base=row.base,
        made_at=row.made_at,
        built_at=row.built_at,
    )
