"""What cogs are handed of core, in one piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.clock import Clock
from core.events import Bus
from core.server.side import ServerSide, server_side

if TYPE_CHECKING:
    from core.app import App


@dataclass(frozen=True)
class Services:
    """Passed from main.py through the session to the cogs.

    Attributes:
        command_servers: ids of the only servers that shall have the commands; empty: everywhere.
    """

    server: ServerSide
    bus: Bus
    clock: Clock
    command_servers: tuple[int, ...] = ()


def services_of(app: App) -> Services:
    """What cogs need of an app that is open."""
    clock = app.config.clock
    return Services(server_side(app.store, clock, app.config.zone), app.bus, clock)
