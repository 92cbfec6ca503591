"""What cogs are handed of core, in one piece."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from functools import partial
from typing import TYPE_CHECKING

from bot.house import House, house_of
from bot.quiet import Mute
from core.clock import Clock
from core.conversation import status
from core.conversation.message import Door, Realm
from core.events import Bus
from core.server.side import ServerSide, server_side

if TYPE_CHECKING:
    from core.app import App


@dataclass(frozen=True)
class Services:
    """Passed from main.py through the session to the cogs.

    Attributes:
        doors: the doors that are open now; the bot puts its own there while it is online.
        mute: leaves a place in peace for a while. status: what the persona is up to, in a few words.
        house: the persona's own side: who it is, what it feels and remembers.
        zone: the host's; days are meant as they are there.
        command_servers: ids of the only servers that shall have the commands; empty: everywhere.
    """

    server: ServerSide
    bus: Bus
    clock: Clock
    command_servers: tuple[int, ...] = ()
    doors: dict[Realm, Door] = field(default_factory=dict)
    mute: Mute | None = None
    status: Callable[[], Awaitable[str]] | None = None
    house: House | None = None
    zone: tzinfo = UTC


def services_of(app: App) -> Services:
    """What cogs need of an app that is open."""
    clock = app.config.clock
    return Services(
        server_side(app.store, clock, app.config.zone),
        app.bus,
        clock,
        doors=app.doors,
        mute=app.proactive.mute,
        status=partial(status.current, app.desk),
        house=house_of(app),
        zone=app.config.zone,
    )
