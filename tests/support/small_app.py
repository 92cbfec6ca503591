"""The services of a turn without the rest of the app: opens in milliseconds, for tests of single pieces."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from core.clock import VirtualClock
from core.conversation.desk import Desk
from core.conversation.line import Line
from core.conversation.practice import PracticeRoom
from core.events import Bus
from core.llm.budget import TokenRatios
from core.memory.recall import Recall
from core.persona.identity import Personas, sample
from core.settings import Settings
from db.store import Store
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles


@dataclass(frozen=True)
class SmallApp:
    """Has what `core.app.App` has of the same name."""

    bus: Bus
    store: Store
    settings: Settings
    personas: Personas
    desk: Desk
    line: Line
    practice: PracticeRoom


@asynccontextmanager
async def small_app(folder: Path, clock: VirtualClock, brain: FakeBrain) -> AsyncIterator[SmallApp]:
    """Open a store with the persona Finn in it, and everything a turn needs."""
    store = await Store.open(folder / "echodeck.db", bytes(range(32)), now=clock.now)
    bus = Bus()
    settings = Settings(store, bus, clock, {})
    personas = Personas(store, bus, clock)
    desk = Desk(
        store=store,
        settings=settings,
        personas=personas,
        roles=FakeRoles(brain),  # type: ignore[arg-type]
        clock=clock,
        bus=bus,
        chance=Random(7),
        prompts=folder / "prompts",
        ratios=TokenRatios(),
        recall=Recall(store, None, clock),
        pace="instant",
        seeded=True,
    )
    await personas.add(sample("Finn"))
    try:
        async with Line(desk, finish_within_s=0) as line:
            yield SmallApp(
                bus, store, settings, personas, desk, line, PracticeRoom(store, line, personas, bus, clock)
            )
    finally:
        await store.close()
