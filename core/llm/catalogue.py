"""The models worth having, by what a computer can carry: a small table, each with its reason.

Sizes are those of Ollama's own library, rounded; licences are those of the models' makers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import psutil

from core.llm.brain import Role
from core.llm.machine import GIB, OVERHEAD, Machine
from core.words import T, Text

MOST_OF_A_ROLE = 3
PROCESSOR_GIB = 5.5  # what a processor alone still writes faster than people read
SCORING_GIB = 1.5  # it judges every message, beside the one that writes


@dataclass(frozen=True, slots=True)
class Recommended:
    """A model worth having on a computer with at least `memory_gib` of memory.

    Attributes:
        size_gib: what is downloaded, approximately. why: what speaks for it.
        licence: its name; `open` is False where the licence has conditions of its maker's own.
    """

    role: Role
    model: str
    size_gib: float
    memory_gib: int
    why: Text
    licence: str
    open: bool = True


_LLAMA, _GEMMA, _APACHE = "Llama Community", "Gemma Terms", "Apache 2.0"

RECOMMENDED: tuple[Recommended, ...] = (
    Recommended(Role.CHAT, "llama3.2:1b", 1.3, 4, T("The smallest that holds a talk"), _LLAMA, False),
    Recommended(Role.CHAT, "llama3.2:3b", 2.0, 8, T("Quick, and chats easily"), _LLAMA, False),
    Recommended(Role.CHAT, "qwen3:4b", 2.6, 8, T("Clever for its size, and uses tools"), _APACHE),
    Recommended(Role.CHAT, "gemma3:4b", 3.3, 12, T("Many languages, and sees pictures"), _GEMMA, False),
    Recommended(Role.CHAT, "llama3.1:8b", 4.9, 16, T("Natural talk, and uses tools"), _LLAMA, False),
    Recommended(Role.CHAT, "qwen3:8b", 5.2, 16, T("Clever, and uses tools"), _APACHE),
    Recommended(Role.CHAT, "mistral-nemo:12b", 7.1, 24, T("Stays in its part, and reads a lot"), _APACHE),
    Recommended(Role.CHAT, "gemma3:12b", 8.1, 24, T("Many languages, and sees pictures"), _GEMMA, False),
    Recommended(Role.CHAT, "mistral-small:24b", 14.0, 36, T("The finest writer here"), _APACHE),
    Recommended(Role.SCORING, "qwen3:0.6b", 0.5, 4, T("Judges in a blink"), _APACHE),
    Recommended(Role.SCORING, "qwen3:1.7b", 1.4, 8, T("Quick, and judges soundly"), _APACHE),
    Recommended(Role.SCORING, "llama3.2:3b", 2.0, 16, T("Judges with more care"), _LLAMA, False),
    Recommended(Role.EMBEDDING, "nomic-embed-text", 0.3, 4, T("Finds by meaning, in English"), _APACHE),
    Recommended(Role.EMBEDDING, "bge-m3", 1.2, 12, T("Finds by meaning, in many languages"), "MIT"),
)


def recommended(memory_bytes: int | None = None) -> list[Recommended]:
    """The models worth having with this much memory: the best few of each role, the best of each last."""
    memory = memory_bytes if memory_bytes is not None else psutil.virtual_memory().total
    able = [model for model in RECOMMENDED if model.memory_gib * GIB * 0.9 <= memory]
    return [model for role in Role for model in [one for one in able if one.role is role][-MOST_OF_A_ROLE:]]


def best(advice: Iterable[Recommended], machine: Machine) -> set[tuple[Role, str]]:
    """Of each role the one to take first: the largest that is still quick on this computer."""
    found: dict[Role, Recommended] = {}
    for model in advice:
        if _quick(model, machine):
            found[model.role] = model
    return {(role, model.model) for role, model in found.items()}


def _quick(model: Recommended, machine: Machine) -> bool:
    if model.role is Role.SCORING:
        return model.size_gib <= SCORING_GIB
    on_the_cards = model.size_gib * OVERHEAD * GIB <= machine.graphics_bytes
    return on_the_cards or model.size_gib <= PROCESSOR_GIB
