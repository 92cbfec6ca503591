"""Why two facts about one person cannot say the same, however alike they sound."""

from __future__ import annotations

from core.memory.laid import Laid, relation
from core.memory.lexicon import Relation, lexicon, word_list
from core.memory.wording import Wording, is_generic


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
    if _lists_more(a, laid.left) or _lists_more(b, laid.right):
        found.append("more")
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
    for verb in (a.verbs & b.verbs) | (a.marks & b.marks & {"LIKE"}):
        if verb in a.order and verb in b.order:
            (a_before, a_after), (b_before, b_after) = _around(a.order, verb), _around(b.order, verb)
            there, here = a_before & b_after, a_after & b_before
            if there and here and ("i" in there | here or (there & somebody and here & somebody)):
                return True
    for acts, suffers in ((a.order, b.order), (b.order, a.order)):
        if "i" in acts and "me" not in acts and "me" in suffers and "i" not in suffers:
            after_i, before_me = _around(acts, "i")[1], _around(suffers, "me")[0]
            moved = after_i & before_me
            if moved & somebody and any(lexicon().part.get(word, "n")[0] == "v" for word in moved):
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


def _lists_more(wording: Wording, left: list[str]) -> bool:
    """Is something left over that stands in a list: "a dog and a cat" beside "a dog"?"""
    order = [lexicon().lemma(token) for token in wording.order if token not in ("a", "an", "the", "my")]
    beside = {order[at + 1] for at, token in enumerate(order[:-1]) if token == "and"}
    beside |= {order[at - 1] for at, token in enumerate(order) if token == "and" and at}
    return any(word in beside and not is_generic(word) and word not in wording.verbs for word in left)


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


def _tenses_clash(a: str, b: str) -> bool:
    pair = {a, b}
    return len(pair) == 2 and ("wish" in pair or pair == {"past", "now"})
