"""Trying a model out: one question, its answer as it grows, and how fast it wrote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.clock import Clock
from core.llm.brain import Brain, ChatMessage, ChatRequest, Sampling, TextChunk, Usage


@dataclass(frozen=True, slots=True)
class Trial:
    """How it went.

    Attributes:
        first_s: seconds until the first word, loading included.
        tokens: written. tokens_per_s: while it wrote; 0 when nothing was counted.
    """

    text: str
    first_s: float
    tokens: int
    tokens_per_s: float


async def try_out(
    brain: Brain, model: str, question: str, clock: Clock, growing: Callable[[str], None]
) -> Trial:
    """Ask a model a question, with no persona. Cancelling the task stops the model.

    Args:
        growing: called with all of the answer so far.

    Raises:
        core.errors.BrainError
    """
    request = ChatRequest(model, (ChatMessage("user", question),), Sampling(max_tokens=120))
    began, first = clock.monotonic(), None
    text, usage = "", None
    async for chunk in brain.chat(request):
        if isinstance(chunk, TextChunk):
            first = first if first is not None else clock.monotonic()
            text += chunk.text
            growing(text)
        elif isinstance(chunk, Usage):
            usage = chunk
    ended = clock.monotonic()
    first = first if first is not None else ended
    tokens = usage.completion_tokens if usage is not None else 0
    writing_s = usage.generate_ms / 1000 if usage is not None and usage.generate_ms else ended - first
    return Trial(text, first - began, tokens, tokens / writing_s if writing_s > 0 else 0.0)
