"""Do two facts about one person say the same, contradict each other, or stand side by side?

Meaning alone cannot tell: to an embedder "my dog is called Rex" and "my dog is called Max" are nearer to each
other than most paraphrases are. So the words are laid side by side first. What only one of them has decides
(a number, a day, a name, a relative, a denial, a rival such as cat for dog), and the cosine settles what the
words leave open.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from core.memory.lexicon import Relation, lexicon, word_list
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


@dataclass(slots=True)
class Laid:
    """Two wordings side by side: which words meet, and what is left of each."""

    shared: float = 0.0
    left: list[str] = field(default_factory=list)
    right: list[str] = field(default_factory=list)
    opposed: list[tuple[str, str]] = field(default_factory=list)
    rivals: list[tuple[str, str]] = field(default_factory=list)


# Fitted by logistic regression on the half of tests/data/facts_pairs.jsonl that is not held out.
_BIAS = -3.9
_WEIGHTS = {
    "cosine": 6.8,
    "overlap": 3.3,
    "both_left": -3.9,
    "one_left": -1.2,
    "figures": -1.75,
    "nouns": -1.5,
}
_SAME_FROM = 0.5
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
    left, right = _weight(laid.left), _weight(laid.right)
    total = _weight(a.words) + _weight(b.words)
    marks = 0.5 * len(_liking(a) ^ _liking(b))
    return {
        "cosine": cosine,
        "overlap": 2 * laid.shared / total if total else 1.0,
        "both_left": min(left, right),
        "one_left": max(left, right) + marks,
        "figures": len([word for word in laid.left + laid.right if word in a.names | b.names])
        + len((a.numbers ^ b.numbers) - {"1"})
        + 0.6 * len(a.days ^ b.days),
        "nouns": float(_nouns_apart(laid.left, laid.right)),
    }


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


def conflicts(a: Wording, b: Wording, laid: Laid) -> list[str]:
    """Why two wordings cannot say the same."""
    found = []
    if a.denied != b.denied:
        found.append("denied")
    if a.numbers and b.numbers and not _same_figures(a.numbers, b.numbers):
        found.append("numbers")
    if a.days and b.days and a.days != b.days:
        found.append("days")
    if a.relatives != b.relatives:
        found.append("relatives")
    if _tenses_clash(a.tense, b.tense):
        found.append("tense")
    if "FEAR" in a.marks ^ b.marks:
        found.append("feeling")
    if laid.opposed:
        found.append("opposite")
    if any(word in a.names for word in laid.left) and any(word in b.names for word in laid.right):
        found.append("names")
    if _deeds_differ(a, b, laid):
        found.append("deeds")
    if laid.rivals:
        found.append("rivals")
    if _other_owner(a, b) or _other_owner(b, a):
        found.append("owner")
    if _from_and_to(a, b):
        found.append("direction")
    if swapped(a, b):
        found.append("roles")
    return found


def _same_figures(a: frozenset[str], b: frozenset[str]) -> bool:
    """The same numbers, of the same units where both name one."""
    if a == b:
        return True
    bare = ({number.split()[0] for number in some} for some in (a, b))
    units = ({number for number in some if " " in number} for some in (a, b))
    return next(bare) == next(bare) and not (next(units) and next(units))


def swapped(a: Wording, b: Wording) -> bool:
    """Do the same two change places: "Ann is taller than Ben", "Tom lent me a book"?"""
    for pivot in ("THAN", "than"):
        if pivot in a.order and pivot in b.order:
            (a_before, a_after), (b_before, b_after) = _around(a.order, pivot), _around(b.order, pivot)
            if a_before & b_after and a_after & b_before:
                return True
    somebody = a.names | a.relatives | b.names | b.relatives
    for verb in (a.verbs & b.verbs) | (a.marks & b.marks):
        if verb in a.order and verb in b.order:
            (a_before, a_after), (b_before, b_after) = _around(a.order, verb), _around(b.order, verb)
            if a_before & b_after & somebody and a_after & b_before & somebody:
                return True
    for acts, suffers in ((a.order, b.order), (b.order, a.order)):
        if "i" in acts and "me" not in acts and "me" in suffers and "i" not in suffers:
            after_i, before_me = _around(acts, "i")[1], _around(suffers, "me")[0]
            if len(after_i & before_me) >= 2 and after_i & before_me & somebody:
                return True
    return False


def _deeds_differ(a: Wording, b: Wording, laid: Laid) -> bool:
    """Both say what is done, and not the same; or one does where the other only is or has."""
    left = [word for word in laid.left if word in a.verbs]
    right = [word for word in laid.right if word in b.verbs]
    telling, plain = word_list("telling verbs"), word_list("plain verbs")
    if left and right:
        return not all(word in plain for word in (*left, *right))
    return any(word in telling for word in (*laid.left, *laid.right))


def _other_owner(a: Wording, b: Wording) -> bool:
    """One speaks of somebody's thing, the other does not know that somebody."""
    known = {*b.words, *b.relatives, *b.owners}
    return any(all(relation(owner, word) is not Relation.SAME for word in known) for owner in a.owners)


def _from_and_to(a: Wording, b: Wording) -> bool:
    """ "to Tokyo" and "from Tokyo", "in Paris" and "an hour from Paris"."""
    before = [_prepositions(wording) for wording in (a, b)]
    shared = before[0].keys() & before[1].keys() & (a.names | b.names)
    return any({before[0][word], before[1][word]} in _DIRECTIONS for word in shared)


def _prepositions(wording: Wording) -> dict[str, str]:
    order = [token for token in wording.order if token not in ("the", "a", "an", "my")]
    return dict(zip(order[1:], order[:-1], strict=True))


_DIRECTIONS = ({"from", "to"}, {"from", "in"}, {"from", "at"}, {"from", "into"})


@lru_cache(maxsize=65536)
def relation(a: str, b: str) -> Relation:
    """How one word stands to another; a slip of the keyboard counts as the same word."""
    found = lexicon().relation(a, b)
    if found is Relation.NONE and min(len(a), len(b)) >= 5 and _one_slip(a, b):
        known = lexicon().senses
        return Relation.NONE if a in known and b in known else Relation.SAME
    return found


def _around(order: tuple[str, ...], pivot: str) -> tuple[set[str], set[str]]:
    """The telling words before and after a word; "me" counts as "I"."""
    at = order.index(pivot)
    lemma = lexicon().lemma
    dull = {"be", "is", "are", "am", "a", "the", "to", "my", "at", "in", "on", "PREFER", "NOT"}
    before, after = (
        {"i" if token == "me" else lemma(token) for token in some} - dull
        for some in (order[:at], order[at + 1 :])
    )
    return before, after


def _one_slip(a: str, b: str) -> bool:
    """One letter more or less, or two neighbours in the wrong order; never the first letter. Another letter in
    its place may be another name: "Maria" is not "Mario"."""
    if a[0] != b[0] or abs(len(a) - len(b)) > 1:
        return False
    start = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    turned = rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:]
    return turned or rest_a[1:] == rest_b or rest_a == rest_b[1:]


def _liking(wording: Wording) -> set[str]:
    return {"LIKE" if mark == "FAV" else mark for mark in wording.marks}


def _tenses_clash(a: str, b: str) -> bool:
    pair = {a, b}
    return len(pair) == 2 and ("wish" in pair or pair == {"past", "now"})


def _weigh(word: str) -> float:
    if is_generic(word):
        return 0.25
    return {"v": 0.6, "a": 0.7, "r": 0.4}.get(lexicon().part.get(word, "n")[:1], 1.0)


def _weight(words: tuple[str, ...] | list[str]) -> float:
    return sum(_weigh(word) for word in words)


def _nouns_apart(left: list[str], right: list[str]) -> int:
    """How many things stand against each other; that both only name a kind says nothing."""
    mine, theirs = (
        [word for word in some if lexicon().part.get(word, "n")[0] == "n"] for some in (left, right)
    )
    if all(is_generic(word) for word in (*mine, *theirs)):
        return 0
    return min(len(mine), len(theirs))


def _likeness(values: dict[str, float]) -> float:
    score = _BIAS + sum(_WEIGHTS[name] * value for name, value in values.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))
