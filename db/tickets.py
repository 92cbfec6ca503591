"""Tickets: what people asked those who run a server, and what became of it. Their talk is not kept here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import AutoField, BigIntegerField, Database, IntegerField, TextField, fn

from db import people
from db.base import MomentField, Row, removal


class TicketRow(Row):
    id = AutoField()
    realm = TextField()
    guild_id = BigIntegerField()
    number = IntegerField()
    channel_id = BigIntegerField(null=True)
    opener_id = BigIntegerField()
    opener = TextField()
    subject = TextField()
    claimer_id = BigIntegerField(null=True, index=True)
    claimer = TextField()
    opened_at = MomentField()
    closed_at = MomentField(null=True)

    class Meta:
        table_name = "tickets"
        indexes = (
            (("realm", "guild_id", "number"), True),
            (("realm", "channel_id"), False),
            (("realm", "opener_id"), False),
        )


@dataclass(frozen=True, slots=True)
class StoredTicket:
    """A ticket.

    Attributes:
        number: counted on its server, from 1. channel_id: the channel or thread where it is talked about,
            None before that is made. opener_id, claimer_id: platform ids of who opened it and who takes
            care of it. closed_at: None while it is open.
    """

    row_id: int
    realm: str
    guild_id: int
    number: int
    channel_id: int | None
    opener_id: int
    opener: str
    subject: str
    claimer_id: int | None
    claimer: str
    opened_at: datetime
    closed_at: datetime | None


def open_ticket(
    db: Database, realm: str, guild_id: int, opener_id: int, opener: str, subject: str, at: datetime
) -> StoredTicket:
    """Open a ticket under the server's next number."""
    highest = (
        TicketRow.select(fn.MAX(TicketRow.number))
        .where(TicketRow.realm == realm, TicketRow.guild_id == guild_id)
        .scalar(db)
    )
    row_id = TicketRow.insert(
        realm=realm,
        guild_id=guild_id,
        number=(highest or 0) + 1,
        opener_id=opener_id,
        opener=opener,
        subject=subject,
        claimer="",
        opened_at=at,
    ).execute(db)
    return _one(db, TicketRow.id == row_id)[0]


def placed(db: Database, row_id: int, channel_id: int) -> None:
    """Note where a ticket is talked about."""
    TicketRow.update(channel_id=channel_id).where(TicketRow.id == row_id).execute(db)


def remove(db: Database, row_id: int) -> None:
    """Forget a ticket."""
    removal(TicketRow).where(TicketRow.id == row_id).execute(db)


def at_channel(db: Database, realm: str, channel_id: int) -> StoredTicket | None:
    """The open ticket that is talked about in a channel, or None."""
    found = _one(
        db,
        (TicketRow.realm == realm) & (TicketRow.channel_id == channel_id) & TicketRow.closed_at.is_null(),
    )
    return found[0] if found else None


def open_of(db: Database, realm: str, guild_id: int, opener_id: int) -> list[StoredTicket]:
    """The open tickets of a person (platform id) on a server."""
    return _one(
        db,
        (TicketRow.realm == realm)
        & (TicketRow.guild_id == guild_id)
        & (TicketRow.opener_id == opener_id)
        & TicketRow.closed_at.is_null(),
    )


def claim(db: Database, row_id: int, claimer_id: int, claimer: str) -> bool:
    """Note who takes care of a ticket; False when somebody does already."""
    free = (TicketRow.id == row_id) & TicketRow.claimer_id.is_null()
    return bool(TicketRow.update(claimer_id=claimer_id, claimer=claimer).where(free).execute(db))


def close(db: Database, row_id: int, at: datetime) -> bool:
    """Close a ticket; False when it was closed already."""
    still_open = (TicketRow.id == row_id) & TicketRow.closed_at.is_null()
    return bool(TicketRow.update(closed_at=at).where(still_open).execute(db))


def reopen(db: Database, row_id: int) -> None:
    """A ticket could not be closed after all."""
    TicketRow.update(closed_at=None).where(TicketRow.id == row_id).execute(db)


def export(db: Database, person_id: int) -> list[dict[str, Any]]:
    """The tickets that a person opened, as plain values."""
    return [
        {
            "guild_id": ticket.guild_id,
            "number": ticket.number,
            "subject": ticket.subject,
            "opened_at": ticket.opened_at.isoformat(),
            "closed_at": ticket.closed_at.isoformat() if ticket.closed_at else None,
        }
        for ticket in _one(db, _by(db, person_id, TicketRow.opener_id))
    ]


def erase(db: Database, person_id: int) -> int:
    """Remove a person's tickets, and their name from those they took care of; answers how many rows."""
    gone = int(removal(TicketRow).where(_by(db, person_id, TicketRow.opener_id)).execute(db))
    claimed = _by(db, person_id, TicketRow.claimer_id)
    return gone + int(TicketRow.update(claimer_id=None, claimer="").where(claimed).execute(db))


def _by(db: Database, person_id: int, column: Any) -> Any:
    person = people.by_row_id(db, person_id)
    if person is None:
        return TicketRow.id.in_([])
    return (TicketRow.realm == person.realm) & (column == person.platform_id)


def _one(db: Database, which: Any) -> list[StoredTicket]:
    return [_stored(row) for row in TicketRow.select().where(which).order_by(TicketRow.id).execute(db)]


def _stored(row: TicketRow) -> StoredTicket:
    return StoredTicket(
        row.id,
        row.realm,
        row.guild_id,
        row.number,
        row.channel_id,
        row.opener_id,
        row.opener,
        row.subject,
        row.claimer_id,
        row.claimer,
        row.opened_at,
        row.closed_at,
    )
