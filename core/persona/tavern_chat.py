"""SillyTavern's chats (`.jsonl`: a header, then a message a line), read for how the character speaks.

Its lines become example lines of a persona, not history. Whom it spoke to in another program is nobody the
bot will ever meet, and what was said there happened on no server: kept as messages it would be recalled as
if it had, and counted in everybody's statistics. How it spoke is what a chat can teach.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.persona import macros
from core.persona.form import limits

MOST_LINES = 200_000
MOST_EXAMPLES = 24
_SHORTEST, _LONGEST = 12, 400  # characters of a line that shows how somebody speaks
_YES = (True, 1, "true")
_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TavernChat:
    """A chat of another program.

    Attributes:
        character: who it was with; empty when the file does not say, as of a group.
        said: lines of each who spoke beside the user, chosen from all over the chat, by name; whoever said
            most first.
        messages: how many there are in it.
    """

    character: str
    said: Mapping[str, tuple[str, ...]]
    messages: int

    def lines_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """What somebody of one of these names said; when there is nobody, whoever said most."""
        known = {name.casefold(): lines for name, lines in self.said.items()}
        found = (known[name.casefold()] for name in names if name.casefold() in known)
        return next(found, next(iter(self.said.values()), ()))


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
        ValueError: nobody but the user says anything in it.
    """
    character, user, messages = "", "", 0
    said: dict[str, list[str]] = {}
    for line in _lines(content):
        character = character or _name(line.get("character_name"))
        user = user or _name(line.get("user_name"))
        text = _text(line.get("mes"))
        if not text:
            continue
        messages += 1
        speaker = character or _name(line.get("name"))
        if _is_told(line) or line.get("is_user") in _YES or (speaker and _name(line.get("name")) == user):
            continue
        spoken = _THOUGHT.sub("", text)
        said.setdefault(speaker, []).append(" ".join(macros.in_words(spoken, speaker).split()))
    most_first = sorted(said.items(), key=lambda each: -len(each[1]))
    chosen = {speaker: lines for speaker, every in most_first if (lines := _chosen(every))}
    if not chosen:
        raise ValueError("the character says nothing in this chat")
    longest = limits()["name"].longest
    return TavernChat((character or next(iter(chosen)))[:longest], chosen, messages)


def _is_told(line: Mapping[str, Any]) -> bool:
    """Is it a note of the program's, a narrator's or a comment, which nobody in the chat says?"""
    extra = line.get("extra")
    kind = extra.get("type") if isinstance(extra, Mapping) else None
    return line.get("is_system") in _YES or kind in ("narrator", "comment")


def _name(value: object) -> str:
    """A name; chats of a group have `unused` where a name would be."""
    name = " ".join(_text(value).split())
    return "" if name == "unused" else name


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
