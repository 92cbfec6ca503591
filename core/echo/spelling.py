"""Which way a person writes a word that people in chats write in several: "doesn't", "doesnt", "dosent"."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).resolve().parents[2] / "resources" / "echo" / "spellings.txt"
_WORD = re.compile(r"(?<![\w/.'’-])['\w&][\w'’/-]*(?![\w/-])")
_FEWEST = 4  # uses of a word that tell how somebody writes it
_SLIPS = 2  # as many uses of a spelling are a slip, or another word ("vitamin c")
_SHOUTED = 2


@dataclass(frozen=True, slots=True)
class Table:
    """Words in their spellings.

    Attributes:
        groups: each word's spellings, the dictionary's first.
        group_of: the group of each spelling.
        replaced: those of them that cannot be another word.
    """

    groups: tuple[tuple[str, ...], ...]
    group_of: Mapping[str, int]
    replaced: frozenset[str]


@lru_cache(maxsize=1)
def table() -> Table:
    """The table of resources/echo/spellings.txt."""
    groups: list[tuple[str, ...]] = []
    group_of: dict[str, int] = {}
    replaced: set[str] = set()
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        for spelling in line.split():
            bare = spelling.rstrip("*")
            group_of.setdefault(bare, len(groups))
            if bare == spelling:
                replaced.add(bare)
        groups.append(tuple(spelling.rstrip("*") for spelling in line.split()))
    return Table(tuple(groups), group_of, frozenset(replaced))


Spellings = Mapping[int, tuple[tuple[str, int], ...]]


def spellings_of(texts: Sequence[str]) -> Spellings:
    """How often a person writes each word in which way, of the words they use often enough to tell."""
    known = table()
    counts: dict[int, Counter[str]] = {}
    for text in texts:
        for word in _words(text):
            if (group := known.group_of.get(word)) is not None:
                counts.setdefault(group, Counter())[word] += 1
    ways = {
        group: tuple((way, times) for way, times in found.most_common() if times > _SLIPS)
        for group, found in counts.items()
        if found.total() >= _FEWEST
    }
    return {group: found for group, found in ways.items() if found}


def spelled(text: str, spellings: Spellings, chance: random.Random) -> str:
    """The text with those words in the person's own spellings, each as often as they do.

    One number is drawn whatever the text, and a word is spelled alike all over it: several drafts that are
    given the same chance get the same habits.
    """
    known, drawn = table(), chance.random()

    def written(found: re.Match[str]) -> str:
        word = found[0].replace("’", "'")
        low = word.lower()
        group = known.group_of.get(low)
        if group is None or group not in spellings or low not in known.replaced:
            return found[0]
        ways = spellings[group]
        own = random.Random(f"{drawn} {group}")
        chosen = own.choices([way for way, _ in ways], [times for _, times in ways])[0]
        if chosen == low:
            return found[0]
        if word.isupper() and len(word) > _SHOUTED:
            return chosen.upper()
        return chosen[:1].upper() + chosen[1:] if word[0].isupper() and low != "i" else chosen

    return _WORD.sub(written, text)


def _words(text: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]
