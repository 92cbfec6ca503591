"""The JSON object in a model's answer, as far as there is one: with words around it, in a fence, cut off,
with quotation marks inside its strings, in Python's spelling."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

LONGEST = 40_000  # characters that are read
MOST_STARTS = 6
_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_COMMENT = re.compile(r"(?m)(?<![:\"'\w])//[^\n]{0,200}$|/\*[^*]{0,500}\*/")
_TRAILING = re.compile(r",(?=\s{0,50}[}\]])")
_CURLY = str.maketrans("“”„«»", '"""""')


def found_in(answer: str) -> Mapping[str, Any]:
    """The first object that can be read; empty when there is none. What it means is the caller's to check."""
    text = _THOUGHT.sub("", answer[:LONGEST])
    starts = [found.start() for found in re.finditer(r"\{", text)][:MOST_STARTS]
    for start in starts:
        for spelt in _spellings(text[start:]):
            values = _read(spelt)
            if isinstance(values, dict) and values:
                return values
    return {}


def _read(text: str) -> object:
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def _spellings(text: str) -> Iterator[str]:
    """The object as it stands, then mended in one way after the other."""
    yield text
    plain = _TRAILING.sub("", _COMMENT.sub("", text))
    yield plain
    yield _quoted(plain)
    if (pythons := _from_python(plain)) is not None:
        yield pythons
    straight = _quoted(plain.translate(_CURLY))
    yield straight
    yield from _closed(plain)
    yield from _closed(_quoted(plain))
    yield from _closed(straight)


def _closed(cut_off: str) -> Iterator[str]:
    """An object that was cut off, closed at each of its last commas."""
    commas = [found.start() for found in re.finditer(r",", cut_off)][-12:]
    ends = (cut_off, cut_off + '"', *(cut_off[:at] for at in reversed(commas)))
    for end in ends:
        for close in ("}", "]}", "}}", '"]}'):
            yield end + close


def _quoted(text: str) -> str:
    """Quotation marks inside strings escaped: one ends a string only before a comma, colon or bracket."""
    made: list[str] = []
    inside = skip = False
    for at, sign in enumerate(text):
        if sign == '"' and not skip:
            following = text[at + 1 : at + 40].lstrip()[:1]
            if inside and following and following not in ",:}]":
                sign = '\\"'
            else:
                inside = not inside
        skip = sign == "\\" and not skip
        made.append(sign)
    return "".join(made)


def _from_python(text: str) -> str | None:
    """A dict as Python spells it, as JSON; literals only, nothing is run."""
    end = text.rfind("}") + 1
    try:
        values = ast.literal_eval(text[:end])
        return json.dumps(values, allow_nan=False) if isinstance(values, dict) else None
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None
