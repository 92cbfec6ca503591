"""Do two facts about one person say the same, contradict each other, or stand side by side?

Meaning alone cannot tell: to an embedder "my dog is called Rex" and "my dog is called Max" are nearer to each
other than most paraphrases are. So the words are laid side by side first. What only one of them has decides
(a number, a day, a name, a relative, a denial, a rival such as cat for dog), and the cosine settles what the
words leave open.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from core.memory.clash import conflicts
from core.memory.laid import Laid, lay, weight
from core.memory.lexicon import lexicon, word_list
from core.memory.wording import Wording, is_generic, read


class Verdict(Enum):
    """How a new fact stands to a known one."""

    SAME = "same"
    CONTRADICTION = "contradiction"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and what it rests on.

    Attributes:
        likeness: 0–1, how surely they say the same.
        conflicts: why they cannot say the same; empty when nothing forbids it.
    """

    verdict: Verdict
    likeness: float
    conflicts: tuple[str, ...] = ()


# Fitted by logistic regression on the half of tests/data/facts_pairs.jsonl that is not held out.
_BIAS = -3.9
_WEIGHTS = {
    "cosine": 6.8,
    "overlap": 3.3,
    "both_left": -3.9,
    "one_left": -1.2,
    "figures": -1.75,
    "apart": -1.5,
}
_SAME_FROM = 0.6
_LEAST_APART = 0.7
# Stands for the cosine where there is no embedder: the words decide alone.
_NO_COSINE = 0.78


def judge(known: str, new: str, cosine: float | None = None) -> Judgement:
    """Compare two facts about the same person.

    Args:
        cosine: of their vectors, −1…1; None without an embedder.
    """
    a, b = read(known), read(new)
    laid = lay(a, b)
    found = tuple(conflicts(a, b, laid))
    likeness = _likeness(features(a, b, laid, _NO_COSINE if cosine is None else cosine))
    if not found and likeness >= _SAME_FROM:
        return Judgement(Verdict.SAME, likeness)
    verdict = Verdict.CONTRADICTION if contradicts(a, b, laid, found) else Verdict.OTHER
    return Judgement(verdict, likeness, found)


def contradicts(known: Wording, new: Wording, laid: Laid, found: tuple[str, ...]) -> bool:
    """Can `known` no longer hold once `new` was said?

    Two kinds: the same thing denied, ended, fulfilled or counted anew; and another answer to a question that
    has only one at a time (where somebody lives, how old they are, what their dog is called).
    """
    if {"relatives", "owner", "roles", "direction"} & set(found):
        return False
    if new.tense == "wish" and known.tense != "wish":
        return False
    rest = [word for word in (*laid.left, *laid.right) if not is_generic(word)]
    opposed = {word for pair in laid.opposed for word in pair}
    if set(found) & _CHANGES and laid.shared + len(laid.opposed) > 0 and not set(rest) - opposed:
        return True
    if new.tense == "past" or known.tense == "past" or known.denied or new.denied:
        return False
    return bool(_question(known) and _question(known) == _question(new) and (rest or "numbers" in found))


def _question(wording: Wording) -> tuple[object, ...] | None:
    """What a fact answers, if that has one answer at a time; None for everything else."""
    words = set(wording.words)
    if "FAV" in wording.marks:
        kind = frozenset(word for word in words if is_generic(word))
        return ("favourite", kind) if kind else None
    for word in word_list("one at a time"):
        if word in words:
            return (word, wording.relatives)
    if "named" in wording.order or "nickname" in words:
        return ("named", wording.relatives, frozenset(words - wording.names))
    return None


_CHANGES = frozenset(("denied", "tense", "numbers", "opposite", "days", "feeling"))


def features(a: Wording, b: Wording, laid: Laid, cosine: float) -> dict[str, float]:
    """What likeness is reckoned from."""
    left, right = weight(laid.left), weight(laid.right)
    apart = _things_apart(laid.left, laid.right)
    total = weight(a.words) + weight(b.words)
    marks = 0.5 * len(_liking(a) ^ _liking(b))
    return {
        "cosine": cosine,
        "overlap": 2 * laid.shared / total if total else 1.0,
        "both_left": max(min(left, right), _LEAST_APART if apart else 0.0),
        "one_left": max(left, right) + marks,
        "figures": len([word for word in laid.left + laid.right if word in a.names | b.names])
        + len((a.numbers ^ b.numbers) - {"1"})
        + 0.6 * len(a.days ^ b.days),
        "apart": float(apart),
    }


def _liking(wording: Wording) -> set[str]:
    return {"LIKE" if mark == "FAV" else mark for mark in wording.marks}


def _things_apart(left: list[str], right: list[str]) -> int:
    """How many things, or qualities of one, stand against each other; that both only name a kind says
    nothing."""
    mine, theirs = (
        [word for word in some if lexicon().part.get(word, "n")[0] in "na"] for some in (left, right)
    )
    if all(is_generic(word) for word in (*mine, *theirs)):
        return 0
    return min(len(mine), len(theirs))


def _likeness(values: dict[str, float]) -> float:
    score = _BIAS + sum(_WEIGHTS[name] * value for name, value in values.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))
