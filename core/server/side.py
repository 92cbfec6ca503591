"""The server's side in one piece, as cogs are handed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from core.clock import Clock
from core.server.choices import Choices
from core.server.homes import Homes
from core.server.locks import Locks
from core.server.modlog import ModLog
from core.server.registered import Registered
from core.server.reminders import Reminders
from core.server.stats import Stats
from core.server.tickets import Tickets
from core.server.warnings import Warnings
from db.store import Store


@dataclass(frozen=True)
class ServerSide:
    """What commands on a server need of core."""

    warnings: Warnings
    modlog: ModLog
    tickets: Tickets
    reminders: Reminders
    stats: Stats
    choices: Choices
    homes: Homes
    locks: Locks
    registered: Registered


def server_side(store: Store, clock: Clock, zone: tzinfo, realm: str = "discord") -> ServerSide:
    """Put it together.

    Args:
        zone: the host's time zone, by which times of day are meant.
    """
    return ServerSide(
        Warnings(store, clock, realm),
        ModLog(store, clock, realm),
        Tickets(store, clock, realm),
        Reminders(store, clock, zone, realm),
        Stats(store, clock, zone, realm),
        Choices(store, clock, realm),
        Homes(store, clock, realm),
        Locks(store, clock, realm),
        Registered(store, clock),
    )
