"""The prompt: stable parts first, volatile last, all inside the token budget.

    persona (changes when the host edits it) → the transcript (grows at its end, loses old lines in
    chunks) → notes on this very moment → the messages to be answered

so that the model's prefix cache holds from one turn to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from core.llm.brain import Brain, ChatRequest
from core.persona.identity import Persona
from core.safety.clean import normal, one_line
from core.words import Text

SHIPPED = Path(__file__).resolve().parent.parent.parent / "resources" / "prompts"
TEMPLATE = "persona.txt"
DROP_CHUNK = 16  # transcript lines leave this many at a time, so that the prefix stays for a while


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request, ready for its brain, with what a host may want to know of it.

    Attributes:
        speaker: who writes; others: the names that must not be written for.
        parts: name, text and estimated tokens of each part, in order.
        dropped: how many transcript lines did not fit.
        fallback: why another model than the chosen one answers, or None.
    """

    brain: Brain
    request: ChatRequest
    speaker: str
    others: tuple[str, ...]
    parts: tuple[tuple[str, str, int], ...]
    tokens: int
    dropped: int
    fallback: Text | None

    @property
    def characters(self) -> int:
        return sum(len(message.content) for message in self.request.messages)

    def for_trace(self) -> dict[str, Any]:
        """The prompt as plain values."""
        return {
            "model": self.request.model,
            "prompt": [{"part": name, "text": text, "tokens": tokens} for name, text, tokens in self.parts],
            "prompt_tokens_estimated": self.tokens,
            "context_tokens": self.request.sampling.context_tokens,
            "dropped_lines": self.dropped,
        }


def stable_part(persona: Persona, prompts: Path) -> str:
    """Who the persona is, from the host's own template when there is one, else from the shipped."""
    own = prompts / TEMPLATE
    template = (own if own.is_file() else SHIPPED / TEMPLATE).read_text(encoding="utf-8")
    filled = Template(template).safe_substitute(
        name=normal(persona.name),
        summary=normal(persona.summary),
        traits=normal(", ".join(persona.traits)) or "-",
        lore=_rows(persona.lore),
        quirks=_rows(persona.quirks),
        style=normal(persona.style) or "-",
        examples=_rows(persona.examples),
    )
    return filled.strip()


def _rows(lines: tuple[str, ...]) -> str:
    return "\n".join(f"- {one_line(line)}" for line in lines) or "-"
