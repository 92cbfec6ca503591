"""SillyTavern's chats (`.jsonl`: a header, then a message a line), read for how the character speaks.

Its lines become example lines of a persona, not history. Whom it spoke to in another program is nobody the
bot will ever meet, and what was said there happened on no server: kept as messages it would be recalled as
if it had, and counted in everybody's statistics. How it spoke is what a chat can teach.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.persona import macros
from core.persona.form import limits

MOST_LINES = 200_000
MOST_EXAMPLES = 24
_SHORTEST, _LONGEST = 12, 400  # characters of a line that shows how somebody speaks


@dataclass(frozen=True, slots=True)
class TavernChat:
    """A chat of another program.

    Attributes:
        character: who it was with; empty when the file does not say. examples: what they said, chosen
            from all over the chat. messages: how many there are in it.
    """

    character: str
    examples: tuple[str, ...]
    messages: int


def is_chat(content: bytes) -> bool:
    """Does it look like a chat: lines of JSON objects, the first a header or a message?"""
    first = content.lstrip(b"\xef\xbb\xbf \r\n").split(b"\n", 1)[0]
    try:
        head = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(head, dict) and bool({"user_name", "chat_metadata", "mes"} & head.keys())


def read_chat(content: bytes) -> TavernChat:
    """A chat from a file's content. Lines that are no messages are passed over.

    Raises:
        ValueError: the character says nothing in it.
    """
    character, said, messages = "", [], 0
    for line in _lines(content):
        character = character or _text(line.get("character_name"))
        text = _text(line.get("mes"))
        if not text:
            continue
        messages += 1
        if line.get("is_user") is True or line.get("is_system") is True:
            continue
        character = character or _text(line.get("name"))
        said.append(" ".join(macros.in_words(text, character).split()))
    examples = _chosen(said)
    if not examples:
        raise ValueError("the character says nothing in this chat")
    return TavernChat(character[: limits()["name"].longest], examples, messages)


def _lines(content: bytes) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(content.decode("utf-8-sig", "replace").split("\n")):
        if number >= MOST_LINES:
            return
        try:
            values = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(values, dict):
            yield values


def _chosen(said: list[str]) -> tuple[str, ...]:
    """Lines that fit, without repeats, evenly from the whole chat."""
    fitting = list(dict.fromkeys(text for text in said if _SHORTEST <= len(text) <= _LONGEST))
    if not fitting:
        longest = limits()["examples"].longest or _LONGEST
        fitting = list(dict.fromkeys(text[:longest].strip() for text in said if text))
    step = max(1.0, len(fitting) / MOST_EXAMPLES)
    return tuple(fitting[int(at * step)] for at in range(min(MOST_EXAMPLES, len(fitting))))


def _text(value: object) -> str:
    return macros.whole(value).replace("\x00", "").strip() if isinstance(value, str) else ""
