"""A prompt as it is kept in a trace, and made anew from it, letter by letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from core.llm.brain import ChatMessage
from core.memory.fuse import Parts


def laid_out(messages: Sequence[ChatMessage], parts: Sequence[tuple[str, str, int]]) -> list[dict[str, Any]]:
    """The messages of a request as plain values, without saying twice what stands in a part: where a
    message is a piece of one, it is `part`, `start` and `length`, else `text`.

    Args:
        parts: name, text and tokens of each part of the prompt, in order.
    """
    begins = {name: 0 for name, _, _ in parts}
    found: list[dict[str, Any]] = []
    for message in messages:
        name, start = _place(message.content, parts, begins)
        if start < 0:
            found.append({"role": message.role, "text": message.content})
            continue
        begins[name] = start + len(message.content)
        found.append({"role": message.role, "part": name, "start": start, "length": len(message.content)})
    return found


def rebuilt(trace: Mapping[str, Any]) -> tuple[ChatMessage, ...]:
    """The messages that a trace was laid out from; nothing when they were not kept, or were erased since."""
    if trace.get("scrubbed"):
        return ()
    texts = {part["part"]: str(part["text"]) for part in trace.get("prompt", ())}
    return tuple(ChatMessage(each["role"], _words(each, texts)) for each in trace.get("messages", ()))


def weighed(parts: Parts) -> dict[str, float | None]:
    """What a memory's score is made of, as plain values."""
    return {name: value if value is None else round(value, 3) for name, value in asdict(parts).items()}


def _place(content: str, parts: Sequence[tuple[str, str, int]], begins: Mapping[str, int]) -> tuple[str, int]:
    for name, text, _ in parts:
        start = text.find(content, begins[name]) if content else -1
        if start >= 0:
            return name, start
    return "", -1


def _words(message: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    if "part" not in message:
        return str(message["text"])
    return texts[message["part"]][message["start"] : message["start"] + message["length"]]
