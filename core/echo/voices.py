"""With what an echo writes: its profile, and the brain that is chosen for chat."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import cast

from core.echo.generate import Manner, recipe
from core.echo.profile import EchoProfile, unpacked
from core.errors import BrainError
from core.llm.brain import (
    Brain,
    ChatMessage,
    ChatRequest,
    Chunk,
    ModelDetails,
    ModelInfo,
    ModelRecipe,
    Progress,
    Role,
    Sampling,
)
from core.llm.ollama import OllamaBrain
from core.llm.roles import Choice, Roles
from db import echoes
from db.echoes import StoredEcho
from db.store import Store

_MOST_OPEN = 6
_KEPT_LOADED = "1h"  # longer than the longest pause between two replies of a session that is not idle


class Profiles:
    """Profiles that are in use, opened: to open a large one takes a second."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._open: OrderedDict[tuple[int, object], EchoProfile] = OrderedDict()

    async def get(self, echo: StoredEcho) -> EchoProfile | None:
        """An echo's profile as it was built last; None while there is none."""
        key = echo.consent_id, echo.built_at
        if key not in self._open:
            packed = await self._store.read(echoes.profile, echo.id)
            if packed is None:
                return None
            self._open[key] = await asyncio.to_thread(unpacked, packed)
            while len(self._open) > _MOST_OPEN:
                self._open.popitem(last=False)
        self._open.move_to_end(key)
        return self._open[key]

    def forget(self, consent_id: int) -> None:
        """Let go of an echo's profiles."""
        for key in [key for key in self._open if key[0] == consent_id]:
            del self._open[key]


class BuiltBrain:
    """A brain whose model was built from a recipe: what the model begins with by itself is not sent again,
    and between two replies of a session it stays loaded.

    Args:
        beginning: the recipe's system prompt and examples, as every prompt of the echo begins.
    """

    def __init__(self, brain: Brain, model: str, beginning: Sequence[ChatMessage]) -> None:
        self.name = brain.name
        self._brain = brain
        self._model = model
        self._beginning = tuple(beginning)

    def chat(self, request: ChatRequest) -> AsyncIterator[Chunk]:
        size = len(self._beginning)
        if request.model == self._model and request.messages[:size] == self._beginning:
            request = replace(request, messages=request.messages[size:], keep_alive=_KEPT_LOADED)
        return self._brain.chat(request)

    async def embed(self, model: str, texts: Sequence[str]) -> list[list[float]]:
        return await self._brain.embed(model, texts)

    async def count_tokens(self, request: ChatRequest) -> int | None:
        return await self._brain.count_tokens(request)

    async def list_models(self) -> list[ModelInfo]:
        return await self._brain.list_models()

    async def show(self, model: str) -> ModelDetails:
        return await self._brain.show(model)

    def pull(self, model: str) -> AsyncIterator[Progress]:
        return self._brain.pull(model)

    def create(self, recipe: ModelRecipe) -> AsyncIterator[Progress]:
        return self._brain.create(recipe)

    async def delete(self, model: str) -> None:
        await self._brain.delete(model)

    async def alive(self) -> bool:
        return await self._brain.alive()

    async def close(self) -> None:
        await self._brain.close()


async def voice(roles: Roles, echo: StoredEcho, profile: EchoProfile) -> tuple[Brain, Manner]:
    """The brain that is chosen for chat now, and how it writes for an echo: with the model that was built
    for it where that still stands on the chosen one, else with the chosen one itself.

    Raises:
        core.errors.NoBrain
    """
    choice = await roles.choose(Role.CHAT)
    if await _is_built_on(choice, echo):
        made = recipe(profile, echo.model, echo.base)
        beginning = (ChatMessage("system", made.system), *made.examples)
        return cast(Brain, BuiltBrain(choice.brain, echo.model, beginning)), Manner(echo.model)
    return choice.brain, Manner(choice.model)


async def _is_built_on(choice: Choice, echo: StoredEcho) -> bool:
    if not echo.model or echo.base != choice.model:
        return False
    try:
        installed = {model.name for model in await choice.brain.list_models()}
    except BrainError:
        return False
    return echo.model in installed or f"{echo.model}:latest" in installed


async def load(brain: Brain, model: str) -> None:
    """Have a model ready before it is asked.

    Raises:
        core.errors.BrainError
    """
    await _ask(brain, model, _KEPT_LOADED)


async def unload(brain: Brain, model: str) -> None:
    """Give a model's memory back; the starter brain's stays, others use it too.

    Raises:
        core.errors.BrainError
    """
    if isinstance(brain, OllamaBrain | BuiltBrain) or brain.name == "ollama":
        await _ask(brain, model, "0")


async def _ask(brain: Brain, model: str, keep: str) -> None:
    # Without a message Ollama only loads or unloads; others want one.
    told = () if brain.name == "ollama" else (ChatMessage("user", "hi"),)
    request = ChatRequest(model, told, Sampling(max_tokens=1), keep_alive=keep)
    chunks = brain.chat(request)
    async with aclosing(chunks) as answer:  # type: ignore[type-var]
        async for _ in answer:
            pass
