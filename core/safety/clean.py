"""Text from outside, made fit for a prompt: one normal form, nothing invisible, one line's worth."""

from __future__ import annotations

import re
import unicodedata

_JOINERS = {"\u200d", "\ufe0f"}  # emoji are made with these
_BLANKS = re.compile(r"[ \t\u00a0]+")
_LINES = re.compile(r"\s*\n\s*")


def normal(text: str) -> str:
    """NFKC form without invisible characters (zero-width, bidi overrides, tags, controls)."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in folded if _is_visible(sign))


def one_line(text: str) -> str:
    """`normal`, with line breaks shown as ` / `, so that nobody can write a second speaker's line."""
    return _BLANKS.sub(" ", _LINES.sub(" / ", normal(text).strip()))


def _is_visible(sign: str) -> bool:
    if sign in "\n\t" or sign in _JOINERS:
        return True
    return unicodedata.category(sign) not in {"Cc", "Cf", "Co", "Cs", "Cn"}
