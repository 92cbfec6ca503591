"""Facts by rule, for when no model can read: first-person sentences of kinds that are nearly always meant.

Precise rather than many: a question, a condition, a joke in quotes or a passing state ("I'm tired") is no
fact. The fact's text is the person's own clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.safety.clean import normal, short_runs

_TABLE = Path(__file__).resolve().parents[2] / "resources" / "memory" / "rules.txt"
_LONGEST_CLAUSE = 160


@dataclass(frozen=True, slots=True)
class Rules:
    """The table of resources/memory/rules.txt.

    Attributes:
        kinds: category and pattern of each kind of sentence. marks: patterns by the name of their use.
    """

    kinds: tuple[tuple[str, re.Pattern[str]], ...]
    marks: dict[str, re.Pattern[str]]


_QUOTED = re.compile(r"^>.*$|```.*?```|`[^`]*`|\|\|.*?\|\||https?://\S+|<[@#:a][^>]*>", re.M | re.S)


@lru_cache(maxsize=1)
def table() -> Rules:
    """The table, read when it is first asked for."""
    parts: dict[str, str] = {}
    kinds: list[tuple[str, re.Pattern[str]]] = []
    marks: dict[str, re.Pattern[str]] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        name, colon, pattern = line.partition(": ")
        if line.startswith("#") or not colon:
            continue
        for part, stands_for in parts.items():
            pattern = pattern.replace(f"{{{part}}}", stands_for)
        if name.startswith("@"):
            parts[name[1:]] = pattern
        elif name.startswith("!"):
            marks[name[1:]] = re.compile(pattern, re.I)
        else:
            kinds.append((name, re.compile(rf"(?:{pattern})", re.I)))
    return Rules(tuple(kinds), marks)


def clauses(text: str) -> Iterator[str]:
    """The clauses of a message that may tell of its writer, without greetings and trimmings around them.

    Lines that quote somebody, code, spoilers and links are left out.
    """
    marks = table().marks
    plain = _QUOTED.sub(" ", short_runs(normal(text)).replace("’", "'"))
    for clause in marks["clauses"].split(plain):
        if clause.rstrip().endswith("?"):
            continue
        bare = marks["tails"].sub("", marks["openers"].sub("", " ".join(clause.split())))
        if 5 <= len(bare) <= _LONGEST_CLAUSE:
            yield bare


def read(text: str) -> list[tuple[str, str]]:
    """The facts a message tells of its writer: category and the clause that says so."""
    found: dict[str, str] = {}
    kinds, marks = table().kinds, table().marks
    for clause in clauses(text):
        if marks["unsure"].search(clause):
            continue
        category = next((category for category, pattern in kinds if pattern.match(clause)), None)
        if category is not None:
            found.setdefault(clause, category)
    return [(category, clause) for clause, category in found.items()]
