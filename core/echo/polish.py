"""Gentle post-processing: the outer form of a draft, made like one of the person's own messages.

A small model hears a person's words from examples, but not how long they write, how they begin and how
they end. So each answer borrows the outer form of a real message, picked by chance: over many answers
the shares come out right, together as they go together. Where the brain by itself is near enough to the
person (`Gaps`), nothing is touched.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.echo.spelling import Spellings, spelled, spellings_of
from core.echo.style import EMOJI, EMOTICON, StyleProfile, ending, marks, starts_high

NEAR = 0.05  # a share that is off by less than this is left alone
_LENGTH_NEAR = 0.2
_MARK_COUNTS, _QUESTION_COUNTS, _LENGTH_COUNTS = 0.6, 1.2, 1.5
_FACE = re.compile(rf"\s*(?:{EMOTICON.pattern}|{EMOJI.pattern})")
_SENTENCE_END = re.compile(r"[.?!]+(?=\s|$)|\.\.+")
_CLAUSE_END = re.compile(r"[,;](?=\s)|\s-+\s|\s(?=(?:and|but|so|because|or|which|if|then|as|since)\s)")
_SHORTEST, _LONGEST = 0.4, 1.6  # how far from the length that is wanted an end may be
_DANGLING = re.compile(
    r"(?:^|\s)(?:an?|the|to|of|in|at|for|with|and|or|but|so|is|are|be|as|by|from|that|which|if|your|my|it's|its"
    r"|i|can|will|would|have|has|because|when|some|any|very|also|into|about|use|using|following)\W*$",
    re.IGNORECASE,
)
_SHORTENED = re.compile(r"\b(\w+)'(s|t|re|m|ve|ll|d)\b", re.IGNORECASE)
_LEFT_OUT = re.compile(
    r"\b(im|ive|dont|doesnt|didnt|cant|wont|isnt|arent|wasnt|couldnt|wouldnt|shouldnt|havent|hasnt|thats|theres"
    r"|whats|youre|theyre)\b",
    re.IGNORECASE,
)
_WRITTEN_OUT = re.compile(r"\b(?:I'm|(?:do|does|did|ca|wo|is|are|was|could|would|should|have|has)n't"
                          r"|(?:that|there|what)'s|(?:you|they)'re|I've)(?!\w)", re.IGNORECASE)  # fmt: skip
_ASKS = re.compile(
    r"(?:(?:and|so|but|or)\s+)?(?:what|why|how|where|who|which|is|are|do|does|did|can|could|have you"
    r"|would you|was|were|has|any)\b",
    re.IGNORECASE,
)
_NEXT_START = re.compile(r"(?<=[.?!]\s)([A-Za-z])(?=[a-z]*\b)")
_WRAPPING = re.compile(r"[*`_]{1,3}(?=\S)|(?<=\S)[*`_]{1,3}(?=\s|$|[.,!?])")


@dataclass(frozen=True, slots=True)
class Form:
    """The outside of a message: how long, how it begins and ends.

    Attributes:
        high: begins with a capital; None when it does not begin with a letter.
        ending: its last mark. face: its emoticon or emoji, empty for none.
        marks: the punctuation it has.
    """

    length: int
    high: bool | None
    ending: str
    face: str
    marks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Habits:
    """Habits that are counted over all of a person's messages, as shares.

    Attributes:
        bare: "dont" among "dont" and "don't". small_i: "i" among "i" and "I".
        low_next: small letters after a mark that ends a sentence inside a message.
        dotted: ".." or "..." among what parts two sentences inside a message.
        spellings: how they write words that have several spellings.
    """

    bare: float
    small_i: float
    low_next: float
    dotted: float
    spellings: Spellings = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gaps:
    """What the brain gets wrong by itself, by a trial: only that is mended. `commas`: it has too many."""

    length: bool = True
    case: bool = True
    endings: bool = True
    faces: bool = True
    marks: bool = True
    commas: bool = True


def form_of(text: str) -> Form:
    """The outer form of a message."""
    face = EMOTICON.search(text) or EMOJI.search(text)
    return Form(
        length=len(text),
        high=starts_high(text),
        ending=ending(text),
        face=face[0] if face else "",
        marks=_marks_of(text),
    )


def habits_of(texts: Sequence[str]) -> Habits:
    """Count a person's habits; where there is nothing to count, what is usual."""
    whole = "\n".join(texts)
    return Habits(
        bare=_share(len(_LEFT_OUT.findall(whole)), len(_WRITTEN_OUT.findall(whole)), 0.0),
        small_i=_share(len(re.findall(r"\bi\b", whole)), len(re.findall(r"\bI\b", whole)), 0.0),
        low_next=_share(
            len(re.findall(r"[.?!] +[a-z]", whole)), len(re.findall(r"[.?!] +[A-Z]", whole)), 0.0
        ),
        dotted=_share(len(re.findall(r"\w\.\.+ *\w", whole)), len(re.findall(r"\w\. +\w", whole)), 0.0),
        spellings=spellings_of(texts),
    )


def gaps_between(person: StyleProfile, brain: StyleProfile) -> Gaps:
    """Where a brain's own drafts are too far from the person.

    Args:
        person, brain: counted on the person's messages, and on drafts that nobody touched.
    """

    def far(one: float, other: float) -> bool:
        return abs(one - other) > NEAR

    size = person.mean_length / max(brain.mean_length, 1.0)  # longer texts have more commas
    return Gaps(
        length=abs(person.mean_length - brain.mean_length) > _LENGTH_NEAR * person.mean_length,
        case=far(person.high_starts, brain.high_starts),
        endings=any(
            far(person.endings.get(m, 0), brain.endings.get(m, 0)) for m in ("", ".", "..", "...", "!")
        ),
        faces=far(person.emoticons + person.emoji, brain.emoticons + brain.emoji),
        commas=brain.marks[","] * size > person.marks[","] + NEAR,
        marks=any(far(person.marks[m], brain.marks[m]) for m in (",", '"', "(", ".", "..")),
    )


def polish(draft: str, form: Form, habits: Habits, gaps: Gaps, chance: random.Random, cut_off: bool) -> str:
    """Give a draft the outer form of a real message.

    Args:
        cut_off: the brain was stopped in the middle, so its last words may hang in the air.
    """
    text = _WRAPPING.sub("", draft.split("\n")[0]).strip().strip('"').strip()
    if gaps.length or cut_off:
        text = shortened(text, form.length if gaps.length else len(text), cut_off)
    if not text:
        return ""
    if gaps.marks:
        text = _without_strange_marks(text, form, gaps.commas)
        text = _parted_their_way(text, habits, chance)
    if gaps.case:
        text = _begun(text, form, habits, chance)
    text = _with_their_short_forms(text, habits, chance)
    if gaps.endings:
        text = _ended(text, form)
    if gaps.faces:
        text = _FACE.sub("", text).rstrip()
        text = f"{text} {form.face}" if form.face else text
    return text.strip()


def shortened(text: str, length: int, cut_off: bool) -> str:
    """The beginning of a text that is about `length` signs long and can stand for itself.

    The end of a sentence is better than that of a clause, and any of these better than a broken one: where
    a text that was cut off has neither, nothing is left.
    """
    sentences = [found.end() for found in _SENTENCE_END.finditer(text)]
    clauses = [found.end() if found[0].strip() else found.start() for found in _CLAUSE_END.finditer(text)]
    if not cut_off:
        sentences.append(len(text))
    for ends in (sentences, clauses):
        fit = [end for end in ends if _SHORTEST * length <= end <= _LONGEST * length + 6]
        if fit:
            return text[: min(fit, key=lambda end: abs(end - length))].rstrip(" ,;:-")
    every = sentences or clauses
    return text[: min(every, key=lambda end: abs(end - length))].rstrip(" ,;:-") if every else ""


def is_enough(draft: str, length: int) -> bool:
    """Is a draft that still grows long enough, and has it a place to end at?"""
    return len(draft) > 1.25 * length + 4 and bool(shortened(draft, length, cut_off=True))


def hangs(text: str) -> bool:
    """Does it end on a word that asks for another?"""
    return bool(_DANGLING.search(text))


def fits(text: str, form: Form, usual: Mapping[str, float]) -> float:
    """How well a draft goes with the form it borrowed, in log-odds; 0 on average over a person's forms.

    A mark counts for a draft when the form has it, the more the rarer it is, and a little against it when
    the form has not, so that no draft gains by having none. To ask or not is more than a mark, and counts
    twice. Lengths count by their ratio.

    Args:
        usual: the share of the person's messages with each mark.
    """
    total = -_LENGTH_COUNTS * abs(math.log((len(text) + 4) / (form.length + 4)))
    for mark in _marks_of(text):
        share = usual[mark]
        counts = _QUESTION_COUNTS if mark == "?" else _MARK_COUNTS
        total += counts * ((mark in form.marks) - share) / max(share * (1 - share), 0.01) ** 0.5
    return total


def asks_alike(one: Form, other: Form) -> float:
    """How well a message of one form serves as an example for a question of the other form, 0…1."""
    if one.ending != "?":
        return 0.0
    return 0.7 + 0.3 * math.exp(-abs(math.log((one.length + 8) / (other.length + 8))))


def _marks_of(text: str) -> frozenset[str]:
    return frozenset(mark for mark, has in marks(text).items() if has)


def _without_strange_marks(text: str, form: Form, commas: bool) -> str:
    if commas and "," not in form.marks:
        text = re.sub(r",(?=\s|$)", "", text)
    if '"' not in form.marks:
        text = re.sub(r'["“”]', "", text)
    if "(" not in form.marks:
        text = re.sub(r"(?<![:;=8])[()\[\]](?![:;])", "", text)
    return text


def _parted_their_way(text: str, habits: Habits, chance: random.Random) -> str:
    """Sentences inside a message parted by dots, as many people do."""
    return re.sub(
        r"(?<=\w)\.(?=\s+\w)", lambda dot: ".." if chance.random() < habits.dotted else dot[0], text
    )


def _begun(text: str, form: Form, habits: Habits, chance: random.Random) -> str:
    low_next = chance.random() < habits.low_next
    if low_next:
        text = _NEXT_START.sub(lambda found: _lower(text, found), text)
    if form.high is None:
        return text
    if form.high:
        return text[:1].upper() + text[1:]
    first = text.split(" ", 1)[0]
    if re.fullmatch(r"I(?:'\w+)?", first):
        return text if habits.small_i < NEAR else "i" + text[1:]
    return text if sum(map(str.isupper, first)) > 1 else text[:1].lower() + text[1:]


def _lower(text: str, found: re.Match[str]) -> str:
    word = re.match(r"\w+", text[found.start() :])
    return found[0] if word is None or word[0] == "I" or word[0].isupper() else found[0].lower()


def _with_their_short_forms(text: str, habits: Habits, chance: random.Random) -> str:
    if chance.random() < habits.bare:
        text = _SHORTENED.sub(r"\1\2", text)
    if chance.random() < habits.small_i:
        text = re.sub(r"\bI\b", "i", text)
    return spelled(text, habits.spellings, chance)


def _ended(text: str, form: Form) -> str:
    """The person's way to stop; questions stay questions."""
    if text.endswith("?") or EMOTICON.search(text[-4:]):
        return text
    bare = text.rstrip(" .!…:;,")
    if form.ending == "?" and _ASKS.match(bare):
        return bare + "?"
    return bare + (form.ending if form.ending in {".", "..", "...", "!"} else "")


def _share(of: int, beside: int, usual: float) -> float:
    return of / (of + beside) if of + beside >= 5 else usual
