"""Tickets: somebody asks those who run the server, one of them takes care, it is closed with a transcript."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from core.clock import Clock
from core.safety.clean import normal, one_line
from core.server.refusals import NotATicket, TicketTaken, TooManyTickets
from core.words import say
from db import tickets
from db.base import Database
from db.store import Store
from db.tickets import StoredTicket

__all__ = ["LONGEST_SUBJECT", "MOST_OPEN", "Spoken", "StoredTicket", "Tickets", "transcript"]

MOST_OPEN = 3  # of one person on one server
LONGEST_SUBJECT = 100


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message of a ticket, for its transcript. `files`: the addresses of what came with it."""

    at: datetime
    name: str
    text: str
    files: tuple[str, ...] = ()


class Tickets:
    """The tickets of servers."""

    def __init__(self, store: Store, clock: Clock, realm: str) -> None:
        self._store = store
        self._clock = clock
        self._realm = realm

    async def open(self, guild_id: int, opener_id: int, opener: str, subject: str) -> StoredTicket:
        """Open a ticket; where it is talked about is noted with `placed`.

        Raises:
            TooManyTickets
        """
        return await self._store.run(
            _open, self._realm, guild_id, opener_id, one_line(opener), one_line(subject), self._clock.now()
        )

    async def placed(self, ticket: StoredTicket, channel_id: int) -> None:
        """The ticket is talked about there."""
        await self._store.run(tickets.placed, ticket.row_id, channel_id)

    async def forget(self, ticket: StoredTicket) -> None:
        """The ticket could not be given a place."""
        await self._store.run(tickets.remove, ticket.row_id)

    async def at(self, channel_id: int) -> StoredTicket:
        """The open ticket that is talked about in a channel.

        Raises:
            NotATicket
        """
        found = await self._store.run(tickets.at_channel, self._realm, channel_id)
        if found is None:
            raise NotATicket
        return found

    async def claim(self, ticket: StoredTicket, claimer_id: int, claimer: str) -> None:
        """Somebody takes care of it.

        Raises:
            TicketTaken
        """
        if not await self._store.run(tickets.claim, ticket.row_id, claimer_id, one_line(claimer)):
            raise TicketTaken(name=ticket.claimer or claimer)

    async def close(self, ticket: StoredTicket) -> None:
        """It is done with.

        Raises:
            NotATicket: it was closed already.
        """
        if not await self._store.run(tickets.close, ticket.row_id, self._clock.now()):
            raise NotATicket

    async def reopen(self, ticket: StoredTicket) -> None:
        """It could not be closed after all."""
        await self._store.run(tickets.reopen, ticket.row_id)


def transcript(ticket: StoredTicket, lines: Iterable[Spoken], server: str) -> str:
    """A ticket as a text file, the oldest line first."""
    head = (
        say(
            "Ticket {number} on {server}: {subject}",
            number=ticket.number,
            server=server,
            subject=ticket.subject,
        ),
        say("Opened by {name} on {when} UTC", name=ticket.opener, when=_moment(ticket.opened_at)),
        say("Taken care of by {name}", name=ticket.claimer or "–"),
    )
    return "\n".join((*head, "", *(_line(line) for line in lines))) + "\n"


def _line(line: Spoken) -> str:
    text = normal(line.text).replace("\n", "\n    ")
    files = "".join(f"\n    [{address}]" for address in line.files)
    return f"[{_moment(line.at)}] {one_line(line.name)}: {text}{files}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def _open(
    db: Database, realm: str, guild_id: int, opener_id: int, opener: str, subject: str, at: datetime
) -> StoredTicket:
    if len(tickets.open_of(db, realm, guild_id, opener_id)) >= MOST_OPEN:
        raise TooManyTickets(most=MOST_OPEN)
    return tickets.open_ticket(db, realm, guild_id, opener_id, opener, subject, at)
