"""What people say to somebody's face, heard in a message in plain words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from core.feelings import phrasebook as book
from core.feelings.plain import Plain


class Mark(StrEnum):
    """What a message does, besides what it says. Relationships read these."""

    INSULT = "insult"
    THREAT = "threat"
    THANKS = "thanks"
    APOLOGY = "apology"
    PRAISE = "praise"
    AFFECTION = "affection"
    GREETING = "greeting"
    FAREWELL = "farewell"
    QUESTION = "question"
    HUMILITY = "humility"  # speaks low of themselves: no insult to anybody else
    CONFIDING = "confiding"  # tells of a sorrow or a joy of their own


@dataclass(frozen=True, slots=True)
class Heard:
    """What the phrases of a message say.

    Attributes:
        marks: how strongly it does what it does, each over 0 up to 1.
        loss, luck: it tells of a sorrow or a joy of the sender's own.
        joking: it is not meant as it is said. maybe: it speaks of what might be.
        phew: something feared did not happen. alas: something hoped for did not.
    """

    marks: dict[Mark, float]
    loss: bool = False
    luck: bool = False
    joking: bool = False
    maybe: bool = False
    phew: bool = False
    alas: bool = False


# As many signs before a phrase may turn it round: "i do not want to".
_BEFORE = 12


def heard(plain: Plain, *, to_me: bool) -> Heard:
    """Listen for the phrases. What is said to "you" counts whoever that is.

    Args:
        to_me: also hear an insult without "you" ("stupid bot").
    """
    said = plain.said
    kidding = bool(book.KIDDING.search(said))
    joking = kidding or bool(book.JOKING.search(said))
    soft = 0.3 if kidding else 0.6 if joking else 1.0
    loss, luck = _is_told(book.MY_LOSS, said), _is_told(book.MY_LUCK, said)
    found = {
        Mark.INSULT: soft * insult(said, to_me=to_me),
        Mark.THREAT: soft * threat(said),
        Mark.THANKS: 0.6 if book.THANKS.search(said) and not book.NO_THANKS.search(said) else 0.0,
        Mark.APOLOGY: apology(said),
        Mark.PRAISE: praise(said),
        Mark.AFFECTION: affection(plain),
        Mark.GREETING: float(bool(book.GREETS.match(said))),
        Mark.FAREWELL: float(bool(book.LEAVES.search(said))),
        Mark.QUESTION: float(bool(book.ASKS.search(said))),
        Mark.HUMILITY: 0.5 if _is_told(book.MYSELF, said) else 0.0,
        Mark.CONFIDING: 0.6 if loss or luck else 0.0,
    }
    return Heard(
        marks={mark: weight for mark, weight in found.items() if weight > 0},
        loss=loss,
        luck=luck and not loss,
        joking=joking,
        maybe=bool(book.MAYBE.search(said)),
        phew=bool(book.PHEW.search(said)),
        alas=bool(book.ALAS.search(said)),
    )


def insult(said: str, *, to_me: bool) -> float:
    """How hard it hits who is spoken to, 0 for no insult. Denied, or said of oneself, it is none."""
    worst = 0.0
    for found in book.INSULTED.finditer(said):
        is_verb = not found["between"] and found["word"] in book.ALSO_VERBS
        is_denied = book.DENIED.search(found["between"]) or book.NOT_SAID.search(said[: found.start()])
        if not is_verb and not is_denied:
            worst = max(worst, book.INSULTS[found["word"]] * (0.7 if found["asked"] else 1.0))
    for weight, pattern in book.TO_HELL:
        if weight > worst and _is_told(pattern, said):
            worst = weight
    if to_me and (called := book.CALLED.match(said)):
        worst = max(worst, book.INSULTS[called["word"]] * 0.9)
    return worst


def threat(said: str) -> float:
    """How bad a threat it is to who is spoken to, 0 for none."""
    if any(not book.DENIED.search(found[0]) for found in book.THREAT.finditer(said)):
        return 0.8
    return 0.6 if _is_told(book.THREATENED, said) else 0.0


def apology(said: str) -> float:
    """How much of an apology it is; sympathy, and asking for an apology, are none."""
    if not book.APOLOGY.search(said) or book.NO_APOLOGY.search(said):
        return 0.0
    return 0.25 if book.BUT_YOU.search(said) else 0.6


def praise(said: str) -> float:
    """How much it praises who is spoken to."""
    best = 0.5 if _is_told(book.PRAISES, said) else 0.0
    for found in book.PRAISED.finditer(said):
        if not found["asked"] and not book.DENIED.search(found["between"]):
            best = 0.65
    return best


def affection(plain: Plain) -> float:
    """How much affection it shows to who is spoken to; a heart alone says a little."""
    if _is_told(book.AFFECTION, plain.said):
        return 0.7
    return 0.35 if book.HEARTS.search(plain.own) else 0.0


def _is_told(phrase: re.Pattern[str], said: str) -> bool:
    """The phrase is there, with no "not" inside it or in the few words before."""
    if not (found := phrase.search(said)):
        return False
    return not book.DENIED.search(said[max(0, found.start() - _BEFORE) : found.end()])
