"""Text from outside, made fit for a prompt: one normal form, nothing invisible, one line's worth."""

from __future__ import annotations

import re
import unicodedata

_JOINERS = {"\u200d", "\ufe0f"}  # emoji are made with these
_MARKS = str.maketrans("⟦⟧", "[]")
_BREAKS = str.maketrans("", "", "\n\t")
_BLANKS = re.compile(r"[ \t\u00a0]+")
_LINES = re.compile(r"\s*\n\s*")


def whole(text: str) -> str:
    """The text with torn surrogates, which JSON may hold and no file and no model takes, put together or
    replaced by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


_RUN = re.compile(r"\s{3,}|([^\w\s])\1{40,}")


def short_runs(text: str) -> str:
    """The text with at most two blanks and at most forty equal marks in a row.

    For patterns: what looks for blanks before a word tries each of a thousand of them a thousand times.
    """
    return _RUN.sub(_shortened, text)


def _shortened(run: re.Match[str]) -> str:
    if (mark := run.group(1)) is not None:
        return mark * 40
    return "\n\n" if "\n" in run.group() else "  "


def normal(text: str) -> str:
    """NFKC form without invisible characters (zero-width, bidi overrides, tags, controls)."""
    return visible(unicodedata.normalize("NFKC", text))


def visible(text: str) -> str:
    """A text without its invisible characters, all else as it is."""
    if text.isascii() and text.translate(_BREAKS).isprintable():
        return text
    return "".join(sign for sign in text if _is_visible(sign))


def one_line(text: str) -> str:
    """`normal`, with line breaks shown as ` / `, so that nobody can write a second speaker's line."""
    return _BLANKS.sub(" ", _LINES.sub(" / ", normal(text).strip()))


def marked(text: str) -> str:
    """`one_line` between marks that the text itself cannot hold: what stands in them is quoted, not said."""
    return f"⟦{one_line(text).translate(_MARKS)}⟧"


def _is_visible(sign: str) -> bool:
    if sign in "\n\t" or sign in _JOINERS:
        return True
    return unicodedata.category(sign) not in {"Cc", "Cf", "Co", "Cs", "Cn"}
