"""Asking the scoring model for an answer of a given form."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from core.errors import BrainStalled
from core.llm.brain import ChatMessage, ChatRequest, Role, Sampling, TextChunk
from core.llm.roles import Choice

WITHIN_S = 120


def understands(choice: Choice) -> bool:
    """Can this brain read? The starter brain writes nonsense; rules do better."""
    return choice.brain.name != "starter"


async def asked(
    choice: Choice,
    system: str,
    data: str,
    schema: Mapping[str, Any],
    *,
    max_tokens: int = 800,
    window_tokens: int = 4096,
    temperature: float = 0.0,
) -> str:
    """The model's whole answer, which should follow `schema` and has to be validated all the same.

    Args:
        data: what it is about, as JSON, so that nothing in it can pass for an instruction of ours.
        window_tokens: what prompt and answer need together, where the model has that much.

    Raises:
        core.errors.BrainError: the model could not do it, or not within two minutes.
    """
    request = ChatRequest(
        choice.model,
        (ChatMessage("system", system), ChatMessage("user", data)),
        Sampling(temperature, max_tokens=max_tokens, context_tokens=choice.window(window_tokens)),
        answer_schema=schema,
        slot=Role.SCORING,
    )
    said = ""
    try:
        async with asyncio.timeout(WITHIN_S):
            async for chunk in choice.brain.chat(request):
                if isinstance(chunk, TextChunk):
                    said += chunk.text
    except TimeoutError as error:
        raise BrainStalled(model=choice.model, seconds=WITHIN_S) from error
    return said
