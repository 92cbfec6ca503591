"""Who may be imitated: every consent that was asked for, and what became of it.

The newest state stands in one row a consent; every step towards it is a line of the ledger that is never
changed. Once a consent has ended its names are blanked: what remains says that somebody was asked, by
whom, and that what was read is gone.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from peewee import AutoField, BigIntegerField, Database, ForeignKeyField, IntegerField, TextField, fn

from db.base import MomentField, Row, removal

ASKED, ACCEPTED, DECLINED, REVOKED, EXPIRED = "asked", "accepted", "declined", "revoked", "expired"
OVER = (DECLINED, REVOKED, EXPIRED)


class EchoConsentRow(Row):
    id = AutoField()
    realm = TextField()
    guild_id = BigIntegerField(null=True)
    guild_name = TextField()
    subject_id = BigIntegerField()
    subject_name = TextField()
    asked_by = BigIntegerField(null=True, index=True)
    asked_by_name = TextField()
    permitted_by = BigIntegerField(null=True)
    permitted_by_name = TextField()
    source = TextField()
    channels = TextField()
    cutoff = MomentField()
    most = IntegerField()
    retention_days = IntegerField()
    use = TextField()
    state = TextField()
    asked_at = MomentField()
    answered_at = MomentField(null=True)
    permitted_at = MomentField(null=True)
    expires_at = MomentField(null=True)
    ended_at = MomentField(null=True)
    erased_at = MomentField(null=True)

    class Meta:
        table_name = "echo_consents"
        indexes = (
            (("realm", "subject_id"), False),
            (("realm", "guild_id", "asked_at"), False),
            (("state", "expires_at"), False),
        )


class EchoConsentEventRow(Row):
    id = AutoField()
    consent = ForeignKeyField(EchoConsentRow, on_delete="CASCADE")
    at = MomentField()
    act = TextField()
    by_id = BigIntegerField(null=True)
    detail = TextField()

    class Meta:
        table_name = "echo_consent_events"


@dataclass(frozen=True, slots=True)
class StoredConsent:
    """A consent as it stands.

    Attributes:
        guild_id: the server that is read; None for what the person hands over as a file.
        subject_id, subject_name: whose voice; platform id.
        asked_by, permitted_by: platform ids of who asked, and of the admin (or HOST, 0) who allowed it.
        source: `discord`, or `file`: the person's own export.
        channels: ids of those that are read; empty for all the bot may read.
        cutoff: only messages before this moment. most: at most so many of them.
        use: who may talk with it, as plain values (see core.echo.access).
        state: asked, accepted, declined, revoked or expired.
        expires_at: when what was read is erased, known once it was accepted.
        erased_at: when everything that was made from it was gone.
    """

    id: int
    realm: str
    guild_id: int | None
    guild_name: str
    subject_id: int
    subject_name: str
    asked_by: int | None
    asked_by_name: str
    permitted_by: int | None
    permitted_by_name: str
    source: str
    channels: tuple[int, ...]
    cutoff: datetime
    most: int
    retention_days: int
    use: dict[str, Any] = field(hash=False)
    state: str
    asked_at: datetime
    answered_at: datetime | None = None
    permitted_at: datetime | None = None
    expires_at: datetime | None = None
    ended_at: datetime | None = None
    erased_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        """May be read and used now: the person said yes, an admin too, and the time is not over."""
        return (
            self.state == ACCEPTED
            and self.permitted_at is not None
            and self.expires_at is not None
            and now < self.expires_at
        )


@dataclass(frozen=True, slots=True)
class StoredStep:
    """A line of the ledger.

    Attributes:
        act: asked, permitted, accepted, declined, revoked, expired or erased.
        by_id: platform id of who did it; None for the clock, or once they are erased.
        detail: what else belongs to it (for `erased`: how many rows of what), as plain values.
    """

    consent_id: int
    at: datetime
    act: str
    by_id: int | None
    detail: dict[str, Any] = field(default_factory=dict, hash=False)


_PLAIN = tuple(name for name in StoredConsent.__slots__ if name not in ("id", "channels", "use"))


def add(db: Database, consent: StoredConsent) -> StoredConsent:
    """Write down that somebody is asked; answers it with its number."""
    values = {name: getattr(consent, name) for name in _PLAIN}
    values |= {"channels": json.dumps(consent.channels), "use": json.dumps(consent.use)}
    number = int(EchoConsentRow.insert(**values).execute(db))
    note(db, StoredStep(number, consent.asked_at, ASKED, consent.asked_by))
    kept = by_id(db, number)
    assert kept is not None
    return kept


def note(db: Database, step: StoredStep) -> None:
    """Add a line to the ledger."""
    EchoConsentEventRow.insert(
        consent=step.consent_id, at=step.at, act=step.act, by_id=step.by_id, detail=json.dumps(step.detail)
    ).execute(db)


def by_id(db: Database, number: int) -> StoredConsent | None:
    """The consent with this number, or None."""
    return next(iter(_those(db, EchoConsentRow.id == number)), None)


def of_subject(db: Database, realm: str, subject_id: int) -> list[StoredConsent]:
    """Every consent about one person, the newest first."""
    return _those(db, EchoConsentRow.realm == realm, EchoConsentRow.subject_id == subject_id)


def recent(db: Database, realm: str, guild_id: int | None, limit: int) -> list[StoredConsent]:
    """The newest consents of a server (None: of anywhere), the newest first."""
    where = [EchoConsentRow.realm == realm]
    if guild_id is not None:
        where.append(EchoConsentRow.guild_id == guild_id)
    return _those(db, *where)[:limit]


def under_way(db: Database) -> list[StoredConsent]:
    """Consents that were asked for or given, and are not over, the newest first."""
    return _those(db, EchoConsentRow.state.in_([ASKED, ACCEPTED]))


def states(db: Database) -> dict[str, int]:
    """How many consents there are in each state."""
    row = EchoConsentRow
    query = row.select(row.state, fn.count(row.id)).group_by(row.state).tuples()
    return {str(state): int(many) for state, many in query.execute(db)}


def asked_since(db: Database, realm: str, since: datetime) -> list[StoredConsent]:
    """Every consent that was asked for since a moment, the newest first."""
    return _those(db, EchoConsentRow.realm == realm, EchoConsentRow.asked_at >= since)


def permit(db: Database, number: int, by_id: int, name: str, at: datetime) -> None:
    """An admin allows it."""
    EchoConsentRow.update(permitted_by=by_id, permitted_by_name=name, permitted_at=at).where(
        EchoConsentRow.id == number
    ).execute(db)
    note(db, StoredStep(number, at, "permitted", by_id))


def accept(db: Database, number: int, at: datetime, until: datetime) -> None:
    """The person says yes."""
    kept = by_id(db, number)
    EchoConsentRow.update(state=ACCEPTED, answered_at=at, expires_at=until).where(
        EchoConsentRow.id == number
    ).execute(db)
    note(db, StoredStep(number, at, ACCEPTED, kept.subject_id if kept else None))


def end(db: Database, number: int, state: str, by_id: int | None, at: datetime) -> None:
    """It is over: declined, revoked or expired. Names go with it."""
    EchoConsentRow.update(
        state=state, ended_at=at, subject_name="", asked_by_name="", permitted_by_name=""
    ).where(EchoConsentRow.id == number).execute(db)
    note(db, StoredStep(number, at, state, by_id))


def erased(db: Database, number: int, at: datetime, counts: dict[str, Any]) -> None:
    """Everything that was made from it is gone: the receipt."""
    EchoConsentRow.update(erased_at=at).where(EchoConsentRow.id == number).execute(db)
    note(db, StoredStep(number, at, "erased", None, counts))


def to_erase(db: Database) -> list[StoredConsent]:
    """Consents that are over while something made from them may still be there."""
    return _those(db, EchoConsentRow.state.in_([REVOKED, EXPIRED]), EchoConsentRow.erased_at.is_null())


def run_out(db: Database, now: datetime, unanswered_since: datetime) -> list[StoredConsent]:
    """Consents whose time is over, and those that nobody has answered since a moment."""
    kept = (EchoConsentRow.state == ACCEPTED) & (EchoConsentRow.expires_at <= now)
    waiting = (EchoConsentRow.state == ASKED) & (EchoConsentRow.asked_at <= unanswered_since)
    return _those(db, kept | waiting)


def ledger(db: Database, numbers: Collection[int]) -> list[StoredStep]:
    """What happened to consents, the oldest first."""
    query = EchoConsentEventRow.select().where(EchoConsentEventRow.consent.in_(list(numbers)))
    return [
        StoredStep(row.consent_id, row.at, row.act, row.by_id, json.loads(row.detail))
        for row in query.order_by(EchoConsentEventRow.id).execute(db)
    ]


def forget(db: Database, realm: str, person_id: int) -> int:
    """Remove what was asked about a person (by platform id), and their name where they asked or allowed."""
    mine = (EchoConsentRow.realm == realm) & (EchoConsentRow.subject_id == person_id)
    numbers = [row.id for row in EchoConsentRow.select(EchoConsentRow.id).where(mine).execute(db)]
    removal(EchoConsentEventRow).where(EchoConsentEventRow.consent.in_(numbers)).execute(db)
    gone = int(removal(EchoConsentRow).where(mine).execute(db))
    here = EchoConsentRow.realm == realm
    asked = EchoConsentRow.update(asked_by=None, asked_by_name="")
    gone += int(asked.where(here, EchoConsentRow.asked_by == person_id).execute(db))
    allowed = EchoConsentRow.update(permitted_by=None, permitted_by_name="")
    gone += int(allowed.where(here, EchoConsentRow.permitted_by == person_id).execute(db))
    ours = EchoConsentRow.select(EchoConsentRow.id).where(here)
    steps = EchoConsentEventRow.update(by_id=None)
    return gone + int(
        steps.where(EchoConsentEventRow.by_id == person_id, EchoConsentEventRow.consent.in_(ours)).execute(db)
    )


def _those(db: Database, *where: Any) -> list[StoredConsent]:
    query = EchoConsentRow.select().where(*where).order_by(EchoConsentRow.id.desc())
    return [_stored(row) for row in query.execute(db)]


def _stored(row: Any) -> StoredConsent:
    values = {name: getattr(row, name) for name in _PLAIN}
    return StoredConsent(
        id=row.id, channels=tuple(json.loads(row.channels)), use=json.loads(row.use), **values
    )
