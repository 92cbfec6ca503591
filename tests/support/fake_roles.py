"""One brain for every role, for tests that bring their own."""

from __future__ import annotations

from core.llm.brain import Brain, Role
from core.llm.roles import Choice
from core.words import Text


class FakeRoles:
    """Stands where `core.llm.roles.Roles` stands."""

    def __init__(self, brain: Brain, model: str = "fake", fallback: Text | None = None) -> None:
        self.brain = brain
        self._choice = Choice(brain, model, fallback)

    async def choose(self, role: Role) -> Choice:
        return self._choice

    async def close(self) -> None:
        await self.brain.close()
