"""The models on the shelf: what is installed, what each can do, what fits this computer, and which one
is in use for what."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.errors import BrainError, Explained, explain
from core.llm import ollama_start
from core.llm.brain import LoadedModel, ModelDetails, ModelInfo, Role
from core.llm.catalogue import Recommended, recommended
from core.llm.machine import Fit, Machine, look_round
from core.llm.ollama import OllamaBrain
from core.llm.roles import Choice, Roles
from core.words import T, Text

_MANY_AT_ONCE = 4
_UNKNOWN = Machine(0)


@dataclass(frozen=True, slots=True)
class ShelfModel:
    """A model that can be chosen.

    Attributes:
        setting: what to write into a role's setting to choose it.
        details: what it can do, or None when its server would not say.
        fits: would it run well beside the rest of this computer? fit: how.
        loaded: what it takes while it is in memory, None when it is not.
    """

    setting: str
    info: ModelInfo
    details: ModelDetails | None
    fits: bool
    fit: Fit = Fit.MEMORY
    loaded: LoadedModel | None = None

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
        machine: this computer. program: Ollama's, where it is installed here and could be started.
        elsewhere: Ollama is on another computer, so this one's memory says nothing.
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
    machine: Machine = _UNKNOWN
    program: Path | None = None
    elsewhere: bool = False

    def duties(self, model: ShelfModel) -> list[Role]:
        """The roles that a model fulfils now."""
        wanted = "starter" if model.setting == "starter" else "ollama"
        return [
            role
            for role, choice in self.in_use.items()
            if isinstance(choice, Choice)
            and (choice.brain.name, choice.model) == (wanted, model.info.name)
            and not (role is Role.EMBEDDING and not self.wished[role].startswith("ollama:"))
        ]


async def look(roles: Roles, memory_bytes: int | None = None, machine: Machine | None = None) -> Shelf:
    """Look at the shelf. What does not answer is part of what is seen, never an exception.

    Args:
        memory_bytes: this computer's memory, where nothing else of it counts.
        machine: this computer; looked at when not given.
    """
    computer = Machine(memory_bytes) if memory_bytes is not None else machine or await look_round()
    ollama = await roles.ollama()
    wishes = {role: await roles.wished(role) for role in Role}
    elsewhere = not ollama_start.is_here(ollama.host)
    version, trouble, program = "", None, None
    models: tuple[ShelfModel, ...] = ()
    try:
        version = await ollama.version()
        models = await _installed(ollama, computer, elsewhere)
    except BrainError as error:
        trouble = explain(error)
        if not elsewhere:
            program = await asyncio.to_thread(ollama_start.find, ollama_start.this_computer())
    return Shelf(
        wishes[Role.CHAT].ollama_host,
        version,
        trouble,
        roles.starter.installed,
        (*models, *await _starter(roles)),
        {role: await _in_use(roles, role) for role in Role},
        {role: wish.model for role, wish in wishes.items()},
        computer.memory_bytes,
        tuple(recommended(computer.memory_bytes)),
        computer,
        program,
        elsewhere,
    )


async def _installed(ollama: OllamaBrain, machine: Machine, elsewhere: bool) -> tuple[ShelfModel, ...]:
    """What Ollama has, the largest first; each is asked what it can do."""
    found = sorted(await ollama.list_models(), key=lambda model: (-model.size_bytes, model.name))
    in_memory = await _in_memory(ollama)
    turns = asyncio.Semaphore(_MANY_AT_ONCE)

    async def shelved(model: ModelInfo) -> ShelfModel:
        async with turns:
            try:
                details = await ollama.show(model.name)
            except BrainError:
                details = None
        fit = Fit.ELSEWHERE if elsewhere else machine.fit(model.size_bytes)
        loaded = in_memory.get(model.name)
        return ShelfModel(f"ollama:{model.name}", model, details, fit is not Fit.LARGE, fit, loaded)

    return tuple(await asyncio.gather(*(shelved(model) for model in found)))


async def _in_memory(ollama: OllamaBrain) -> dict[str, LoadedModel]:
    try:
        return {model.name: model for model in await ollama.loaded()}
    except BrainError:
        return {}  # an older Ollama does not say


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
