"""The thinking of models that think aloud, told apart from what they say.

Most brains hand thinking over by itself. Some models write it into the text, as <think>…</think>; the
opening or the closing tag may be missing, or not be there yet while the text is growing.
"""

from __future__ import annotations

import re

_NAMES = r"(?:think|thinking|thought|reasoning|reflection)"
_WHOLE = re.compile(rf"<{_NAMES}>(.*?)</{_NAMES}>", re.DOTALL | re.IGNORECASE)
_OPEN = re.compile(rf"<{_NAMES}>(.*)\Z", re.DOTALL | re.IGNORECASE)
_CLOSE = re.compile(rf"\A(.*)</{_NAMES}>", re.DOTALL | re.IGNORECASE)
_TAGS = tuple(
    f"<{slash}{name}>"
    for name in ("think", "thinking", "thought", "reasoning", "reflection")
    for slash in ("", "/")
)


def apart(raw: str) -> tuple[str, str]:
    """What was said, and what was only thought, of all that a model has written so far.

    A tag without its partner counts to the end, or from the beginning; the start of a tag at the very
    end is left out, because the rest of it may be coming.
    """
    thoughts: list[str] = []

    def take(found: re.Match[str]) -> str:
        thoughts.append(found.group(1).strip())
        return ""

    said = _WHOLE.sub(take, raw)
    said = _OPEN.sub(take, said)
    said = _CLOSE.sub(take, said)
    return _without_half_a_tag(said), "\n".join(filter(None, thoughts))


def without_thinking(raw: str) -> str:
    """What was said."""
    return apart(raw)[0]


def _without_half_a_tag(text: str) -> str:
    at = text.rfind("<")
    tail = text[at:].lower()
    if len(tail) > 1 and any(tag.startswith(tail) for tag in _TAGS):
        return text[:at]
    return text
