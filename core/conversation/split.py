"""Cutting a reply into messages Discord takes, never inside a code block or an emote."""

from __future__ import annotations

import re

LIMIT = 2000
COMFORTABLE = 1900
_FENCE = re.compile(r"^```([\w+-]*)[^\n`]*$", re.MULTILINE)
_ATOM = re.compile(r"<a?:\w{2,32}:\d{15,21}>|https?://\S+|<[@#][!&]?\d+>")


def split(text: str, comfortable: int = COMFORTABLE) -> list[str]:
    """Cut `text` into parts of at most `comfortable` characters (and never more than Discord's 2,000).

    Prefers a blank line, then a line's end, a sentence's end, a space. A code block that must be cut is
    closed at the end of one part and opened again, with its language, in the next.
    """
    rest = text.strip()
    parts: list[str] = []
    while len(rest) > comfortable:
        part, rest = _first(rest, comfortable)
        parts.append(part)
    if rest:
        parts.append(rest)
    return parts


def _first(text: str, comfortable: int) -> tuple[str, str]:
    room = comfortable - len("\n```")
    cut = _cut_at(text, room)
    head, rest = text[:cut].rstrip(), text[cut:].lstrip("\n").lstrip(" ")
    language = _open_fence(head)
    if language is None:
        return head, rest
    opened = f"```{language}\n"
    if len(opened) + len(rest) >= len(text):  # a fence too long to carry on would never end
        return head, rest
    return f"{head}\n```", opened + text[cut:].removeprefix("\n")


def _cut_at(text: str, room: int) -> int:
    window = text[: room + 1]
    for mark in ("\n\n", "\n", ". ", "! ", "? ", " "):
        at = window.rfind(mark)
        if at > room // 3:
            at += len(mark) if mark.strip() else 0
            if not _inside_atom(text, at):
                return at
    return _before_atom(text, room)


def _inside_atom(text: str, at: int) -> bool:
    return _before_atom(text, at) != at


def _before_atom(text: str, at: int) -> int:
    for atom in _ATOM.finditer(text, max(0, at - 400), min(len(text), at + 400)):
        if atom.start() < at < atom.end() and atom.start() > 0:
            return atom.start()
    return at


def _open_fence(text: str) -> str | None:
    """The language of the code block still open at the end of `text`, or None when none is."""
    language: str | None = None
    for line in text.split("\n"):
        if line.lstrip().startswith("```"):
            opened = line.strip()[3:]
            if language is None and "```" not in opened:
                language = opened if re.fullmatch(r"[\w+#-]{0,20}", opened) else ""
            elif language is not None:
                language = None
    return language
