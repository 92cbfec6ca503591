"""The models on the shelf: what is installed, what each can do, what fits this computer, and which one
is in use for what."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import psutil

from core.errors import BrainError, Explained, explain
from core.llm.brain import ModelDetails, ModelInfo, Role
from core.llm.ollama import OllamaBrain
from core.llm.roles import Choice, Recommended, Roles, fits, recommended
from core.words import T, Text

_MANY_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class ShelfModel:
    """A model that can be chosen.

    Attributes:
        setting: what to write into a role's setting to choose it.
        details: what it can do, or None when its server would not say.
        fits: would it run well beside the rest of this computer?
    """

    setting: str
    info: ModelInfo
    details: ModelDetails | None
    fits: bool

    def can(self, role: Role) -> bool:
        """Is it of use for this role?"""
        wanted = "embedding" if role is Role.EMBEDDING else "completion"
        return self.details is not None and wanted in self.details.abilities


@dataclass(frozen=True, slots=True)
class Shelf:
    """All of it, as it was a moment ago.

    Attributes:
        ollama_host: where Ollama is looked for. ollama_version: empty when it does not answer.
        trouble: why Ollama does not answer, and what to do; None when it does.
        starter: is the starter brain installed?
        in_use: for each role the choice in force, or why there is none.
        wished: for each role what the settings ask for (`auto`, `starter`, `ollama:NAME`).
        memory_bytes: this computer's memory. advice: the models worth having with it.
    """

    ollama_host: str
    ollama_version: str
    trouble: Explained | None
    starter: bool
    models: tuple[ShelfModel, ...]
    in_use: Mapping[Role, Choice | Explained]
    wished: Mapping[Role, str]
    memory_bytes: int
    advice: tuple[Recommended, ...]


async def look(roles: Roles, memory_bytes: int | None = None) -> Shelf:
    """Look at the shelf. What does not answer is part of what is seen, never an exception.

    Args:
        memory_bytes: this computer's memory; asked for when not given.
    """
    memory = memory_bytes if memory_bytes is not None else psutil.virtual_memory().total
    ollama = await roles.ollama()
    wishes = {role: await roles.wished(role) for role in Role}
    version, trouble = "", None
    models: tuple[ShelfModel, ...] = ()
    try:
        version = await ollama.version()
        models = await _installed(ollama, memory)
    except BrainError as error:
        trouble = explain(error)
    return Shelf(
        wishes[Role.CHAT].ollama_host,
        version,
        trouble,
        roles.starter.installed,
        (*models, *await _starter(roles)),
        {role: await _in_use(roles, role) for role in Role},
        {role: wish.model for role, wish in wishes.items()},
        memory,
        tuple(recommended(memory)),
    )


async def _installed(ollama: OllamaBrain, memory: int) -> tuple[ShelfModel, ...]:
    """What Ollama has, the largest first; each is asked what it can do."""
    found = sorted(await ollama.list_models(), key=lambda model: (-model.size_bytes, model.name))
    turns = asyncio.Semaphore(_MANY_AT_ONCE)

    async def details(name: str) -> ModelDetails | None:
        async with turns:
            try:
                return await ollama.show(name)
            except BrainError:
                return None

    known = await asyncio.gather(*(details(model.name) for model in found))
    return tuple(
        ShelfModel(f"ollama:{model.name}", model, known_details, fits(model.size_bytes, memory))
        for model, known_details in zip(found, known, strict=True)
    )


async def _starter(roles: Roles) -> tuple[ShelfModel, ...]:
    if not roles.starter.installed:
        return ()
    return tuple(
        [
            ShelfModel("starter", model, await roles.starter.show(model.name), True)
            for model in await roles.starter.list_models()
        ]
    )


async def _in_use(roles: Roles, role: Role) -> Choice | Explained:
    try:
        return await roles.choose(role)
    except BrainError as error:
        return explain(error)


def purpose(role: Role) -> Text:
    """What a role is for, in a host's words."""
    return {
        Role.CHAT: T("Writes the replies"),
        Role.SCORING: T("Judges in the background"),
        Role.EMBEDDING: T("Finds memories by meaning"),
    }[role]
