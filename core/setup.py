"""How far the host has come with the first set-up, so that it can be left and resumed."""

from __future__ import annotations

from enum import StrEnum

from core.clock import Clock
from db import state
from db.store import Store

_STEP = "setup.step"
_DONE = "setup.done"


class Step(StrEnum):
    """The steps, in their order."""

    WELCOME = "welcome"
    TOKEN = "token"
    INTENTS = "intents"
    INVITE = "invite"
    BRAIN = "brain"
    PERSONA = "persona"
    DONE = "done"


class Setup:
    """The progress of the set-up guide. Nothing is kept here between reads."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def step(self) -> Step:
        """Where the host was last; the welcome when they never began."""
        kept = await self._store.run(state.get, state.State, _STEP)
        return Step(kept) if kept in list(Step) else Step.WELCOME

    async def reached(self, step: Step) -> None:
        """Remember where the host is."""
        await self._store.run(state.put, state.State, _STEP, step.value, self._clock.now())

    async def finished(self) -> bool:
        """Has the guide been gone through, or put away for good?"""
        return bool(await self._store.run(state.get, state.State, _DONE))

    async def finish(self) -> None:
        """Do not open by itself any more. It can still be opened, and begins anew then."""
        now = self._clock.now()
        await self._store.run(state.put, state.State, _DONE, True, now)
        await self._store.run(state.put, state.State, _STEP, Step.WELCOME.value, now)
