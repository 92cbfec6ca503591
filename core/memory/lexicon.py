"""What words have to do with each other, from WordNet 3.0 (Miller 1995; Princeton's own licence lies beside
the table; tools/make_lexicon.py makes it): the same thing, a kind of it, the opposite, or rivals."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path

_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "memory"
_KINSHIP_STEPS = 2


class Relation(Enum):
    """How one word stands to another."""

    SAME = "same"
    BROADER = "broader"
    OPPOSITE = "opposite"
    RIVAL = "rival"
    NONE = "none"


@dataclass(frozen=True)
class Lexicon:
    """The table. Get it from `lexicon`.

    Attributes:
        senses: of each word. part: n, v, a and r, whichever it is, the likeliest first.
        above: of each sense, the wider ones.
    """

    senses: dict[str, frozenset[int]]
    part: dict[str, str]
    above: dict[int, frozenset[int]]
    opposites: frozenset[tuple[str, str]]
    derived: frozenset[tuple[str, str]]
    irregular: dict[str, str]
    groups: dict[str, frozenset[int]]

    def lemma(self, word: str) -> str:
        """The form under which a word stands in a dictionary: "studies" → "study"."""
        if word in _VERBS or word in self.irregular or word in _KEPT:
            return _VERBS.get(word) or self.irregular.get(word, word)
        for ending, instead in _ENDINGS:
            stem = word[: -len(ending)]
            if not word.endswith(ending) or len(stem) < 2:
                continue
            doubled = ending in ("ed", "ing", "er", "est")
            with_e = stem + "e" if ending in ("ed", "ing") else ""
            bases = [stem + instead, with_e, stem[:-1] if doubled and stem[-1] == stem[-2] else ""]
            known = [base for base in bases if base in self.senses and self._is_form(word, ending, base)]
            if known:
                return max(known, key=lambda base: self.part[base][0] == "v")
        return word

    def _is_form(self, word: str, ending: str, base: str) -> bool:
        """Nearly every form of a verb is a word of its own too: "running" is run all the same."""
        if ending in ("ing", "ed", "ied", "ying"):
            return "v" in self.part[base] or word not in self.senses
        if ending in ("er", "ier", "est", "iest"):
            return "a" in self.part[base] and word not in self.senses
        return True

    def relation(self, a: str, b: str) -> Relation:
        """How `a` stands to `b`; both are lemmas."""
        if a == b or self._close(a, b) or _of_one_stem(a, b):
            return Relation.SAME
        pair = (min(a, b), max(a, b))
        if pair in self.opposites or _denies(a, b) or _denies(b, a):
            return Relation.OPPOSITE
        if pair in self.derived:
            return Relation.SAME
        mine, theirs = self.senses.get(a, frozenset()), self.senses.get(b, frozenset())
        if mine & theirs:
            return Relation.SAME
        wider, wide = self._wider(mine), self._wider(theirs)
        both_verbs = self.part.get(a, "n")[0] == "v" == self.part.get(b, "n")[0]
        if (mine & wide or theirs & wider) and not both_verbs:  # what is above a verb says next to nothing
            return Relation.BROADER
        return Relation.RIVAL if wider & wide else Relation.NONE

    def _close(self, a: str, b: str) -> bool:
        return bool(self.groups.get(a, frozenset()) & self.groups.get(b, frozenset()))

    def _wider(self, senses: frozenset[int]) -> frozenset[int]:
        found: frozenset[int] = frozenset()
        step = senses
        for _ in range(_KINSHIP_STEPS):
            step = frozenset(wide for sense in step for wide in self.above.get(sense, ()))
            found |= step
        return found


def _of_one_stem(a: str, b: str) -> bool:
    """ "introvert" and "introverted", "flute" and "flutist": long words that differ in their endings."""
    same = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rests = sorted((a[same:], b[same:]), key=len)
    if not rests[0]:
        return same >= 5 and rests[1] in _SUFFIXES
    if rests == ["a", "c"] or rests == ["c", "a"]:
        return same >= 5
    return same >= 4 and len(rests[1]) >= 2 and rests[0] in _VOWELS and rests[1] in _SUFFIXES


def _denies(a: str, b: str) -> bool:
    """ "unhappy" and "happy"."""
    return len(b) >= 4 and a in {prefix + b for prefix in ("un", "non", "dis", "in", "im", "ex")}


# Forms that are more often a verb's than WordNet's irregular plural.
_VERBS = {"lives": "live", "loves": "love", "leaves": "leave", "born": "born", "playing": "play"}
_ENDINGS = (
    *(
        ("ies", "y"),
        ("sses", "ss"),
        ("xes", "x"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("oes", "o"),
        ("s", ""),
        ("es", ""),
    ),
    *(("ied", "y"), ("ed", ""), ("ying", "ie"), ("ing", "")),
    *(("iest", "y"), ("ier", "y"), ("est", ""), ("er", "")),
)


@lru_cache(maxsize=1)
def _lists() -> dict[str, tuple[str, ...]]:
    lines = (_FOLDER / "lists.txt").read_text(encoding="utf-8").splitlines()
    split = [line.partition(":") for line in lines if not line.startswith("#")]
    return {name: tuple(words.split()) for name, _, words in split}


def in_order(name: str) -> tuple[str, ...]:
    """The words of one of the lists beside the table."""
    return _lists()[name]


def word_list(name: str) -> frozenset[str]:
    """The same, to look things up in."""
    return frozenset(in_order(name))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The table, read from its file when it is first asked for (about 0.1 s: not on the loop's thread)."""
    senses: dict[str, frozenset[int]] = {}
    part: dict[str, str] = {}
    above: dict[int, set[int]] = {}
    pairs: dict[str, set[tuple[str, str]]] = {"a": set(), "d": set()}
    irregular: dict[str, str] = {}
    for line in gzip.decompress((_FOLDER / "lexicon.txt.gz").read_bytes()).decode("utf-8").splitlines():
        kind, first, *rest = line.split(" ")
        if kind == "w":
            part[first] = rest[0]
            senses[first] = frozenset(map(int, rest[1:]))
        elif kind == "h":
            above.setdefault(int(first), set()).add(int(rest[0]))
        elif kind == "x":
            irregular[first] = rest[0]
        else:
            pairs[kind].add((first, rest[0]))
    opposites, groups = _by_hand()
    return Lexicon(
        senses,
        part,
        {sense: frozenset(wide) for sense, wide in above.items()},
        frozenset(pairs["a"] | opposites),
        frozenset(pairs["d"]),
        irregular,
        groups,
    )


def _by_hand() -> tuple[set[tuple[str, str]], dict[str, frozenset[int]]]:
    """What WordNet does not know of how people write in chats: `a = b` is the same, `a ! b` the opposite."""
    opposites: set[tuple[str, str]] = set()
    groups: dict[str, set[int]] = {}
    for number, line in enumerate((_FOLDER / "words.txt").read_text(encoding="utf-8").splitlines()):
        if "!" in line:
            a, b = (word.strip() for word in line.split("!"))
            opposites.add((min(a, b), max(a, b)))
        elif "=" in line:
            for word in line.split("="):
                groups.setdefault(word.strip(), set()).add(number)
    return opposites, {word: frozenset(numbers) for word, numbers in groups.items()}


_KEPT = word_list("not a verb's form")
_SUFFIXES = word_list("suffixes")
_VOWELS = frozenset(("a", "e", "o", "y", "m"))
