"""Patterns that somebody else wrote, made safe to run.

Python's `re` cannot be stopped, and a pattern like `(a+)+b` takes longer than anybody lives. So each pattern
is measured before it runs: how many ways it can try at one place of a text. What could take too long is not
run at all.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

LONGEST_PATTERN = 500
LONGEST_TEXT = 4_000  # characters a pattern is run over
MOST_STEPS = 30_000_000  # of all patterns of a scan: about a third of a second
_WIDE = LONGEST_TEXT
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "u": 0, "g": 0, "y": 0}
_NAMED, _REFERENCE = re.compile(r"\(\?<(?![=!])"), re.compile(r"\\k<(\w{1,40})>")  # as JavaScript has them
_WRITTEN = re.compile(r"/((?:[^/\\]|\\.)+)/([a-z]*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that may run. `steps`: how often it tries at most at one place of a text."""

    compiled: re.Pattern[str]
    steps: int


@lru_cache(maxsize=4096)
def pattern(written: str, *, bare: bool, cased: bool = False) -> Pattern | None:
    """The pattern of a key, or None where it is none, is not valid, or could take too long.

    Args:
        written: `/pattern/flags`. bare: without slashes it is a pattern too, as V3 writes them.
        cased: with `bare`, whether capitals count.
    """
    found = _WRITTEN.fullmatch(written)
    if len(written) > LONGEST_PATTERN or (found is None and not bare):
        return None
    source = found[1].replace("\\/", "/") if found is not None else written
    source = _REFERENCE.sub(r"(?P=\1)", _NAMED.sub("(?P<", source))
    flags = 0 if found is not None or cased else int(re.IGNORECASE)
    for flag in found[2] if found is not None else "":
        if flag not in _FLAGS:
            return None
        flags |= int(_FLAGS[flag])
    try:
        with warnings.catch_warnings():  # on what patterns may mean one day
            warnings.simplefilter("ignore")
            compiled = re.compile(source, flags)
            steps = _ways(_parsed(source, flags))
    except (re.error, RecursionError, OverflowError, ValueError):
        return None
    return Pattern(compiled, steps) if steps * LONGEST_TEXT <= MOST_STEPS else None


def is_written_as_pattern(key: str) -> bool:
    """Is a key written as `/pattern/flags`?"""
    return _WRITTEN.fullmatch(key) is not None


def _parsed(source: str, flags: int) -> Any:
    return re._parser.parse(source, flags)  # type: ignore[attr-defined]


def _ways(parsed: Any) -> int:
    """In how many ways a pattern may match from one place on, at most."""
    ways = 1
    for operation, argument in parsed:
        ways *= _ways_of(str(operation), argument)
        if ways > MOST_STEPS:
            break
    return ways


def _ways_of(operation: str, argument: Any) -> int:
    if operation in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, inner = argument
        most = min(int(most), _WIDE)
        inside = _ways(inner)
        # A choice inside is made anew with every repetition.
        choices = most - int(least) + 1
        return min(MOST_STEPS + 1, choices * inside**most) if inside > 1 else max(choices, 1)
    if operation == "BRANCH":
        return sum(_ways(branch) for branch in argument[1])
    if operation == "SUBPATTERN":
        return _ways(argument[-1])
    if operation in ("ASSERT", "ASSERT_NOT"):
        return _ways(argument[1])
    if operation == "ATOMIC_GROUP":
        return _ways(argument)
    if operation == "GROUPREF_EXISTS":
        return sum(_ways(branch) for branch in argument[1:] if branch is not None)
    return 1
