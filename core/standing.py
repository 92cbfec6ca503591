"""What Echodeck stands on, for core.health to watch: the model that writes, and the disk."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psutil

from core.clock import Clock, SystemClock
from core.errors import BrainError, OllamaAway
from core.events import Bus
from core.health import Health, Part
from core.llm.roles import Roles
from core.words import T, Text

LEAST_FREE = 200 * 1024**2
_MIB = 1024**2


def health_of(bus: Bus, clock: Clock, roles: Roles, folder: Path, rounds: bool = True) -> Health:
    """What watches over an app.

    Args:
        folder: the data folder. rounds: False watches nothing.
    """

    async def brain() -> Text | None:
        if not await roles.relies_on_ollama():
            return None
        ollama = await roles.ollama()
        try:
            await ollama.version()
        except BrainError:
            return OllamaAway(host=ollama.host).what
        return None

    async def storage() -> Text | None:
        free = (await asyncio.to_thread(psutil.disk_usage, str(folder))).free
        if free >= LEAST_FREE:
            return None
        return T("The disk is almost full: {free} MB are free.", free=free // _MIB)

    return Health(
        bus,
        clock,
        (
            Part("brain", brain, T("Ollama is back: it answers again.")),
            Part("storage", storage, T("There is room on the disk again.")),
        ),
        awake=rounds
        and isinstance(clock, SystemClock),  # on one that is moved by hand nothing really goes or comes
    )
