"""Two wordings side by side: which words meet, and what is left over of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from core.memory.lexicon import Relation, lexicon
from core.memory.wording import Wording, is_generic


@dataclass(slots=True)
class Laid:
    """Two wordings side by side: which words meet, and what is left of each."""

    shared: float = 0.0
    left: list[str] = field(default_factory=list)
    right: list[str] = field(default_factory=list)
    opposed: list[tuple[str, str]] = field(default_factory=list)
    rivals: list[tuple[str, str]] = field(default_factory=list)


def lay(a: Wording, b: Wording) -> Laid:
    """Pair the words that mean the same; what meets nothing is left over."""
    laid = Laid(left=list(a.words), right=list(b.words))
    for wanted in (Relation.SAME, Relation.BROADER):
        for word in list(laid.left):
            partner = next((other for other in laid.right if relation(word, other) is wanted), None)
            if partner is not None:
                laid.left.remove(word)
                laid.right.remove(partner)
                laid.shared += (_weigh(word) + _weigh(partner)) / 2
    for word in laid.left:
        for other in laid.right:
            if relation(word, other) is Relation.OPPOSITE:
                laid.opposed.append((word, other))
            elif word in a.verbs and other in b.verbs:
                continue
            elif relation(word, other) is Relation.RIVAL and is_generic(word) == is_generic(other):
                laid.rivals.append((word, other))
    return laid


@lru_cache(maxsize=4096)
def relation(a: str, b: str) -> Relation:
    """How one word stands to another; a slip of the keyboard counts as the same word."""
    found = lexicon().relation(a, b)
    if found is Relation.NONE and min(len(a), len(b)) >= 5 and _one_slip(a, b):
        known = lexicon().senses
        return Relation.NONE if a in known and b in known else Relation.SAME
    return found


def _one_slip(a: str, b: str) -> bool:
    """One letter more or less, or two neighbours in the wrong order; never the first letter.

    Another letter in its place may be another name: "Maria" is not "Mario".
    """
    if a[0] != b[0] or abs(len(a) - len(b)) > 1:
        return False
    start = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    turned = rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:]
    return turned or rest_a[1:] == rest_b or rest_a == rest_b[1:]


def _weigh(word: str) -> float:
    if is_generic(word):
        return 0.25
    return {"v": 0.6, "a": 0.7, "r": 0.4}.get(lexicon().part.get(word, "n")[:1], 1.0)


def weight(words: Iterable[str]) -> float:
    """How much words say together: a thing 1, a quality or a deed less, what only names a kind little."""
    return sum(_weigh(word) for word in words)
