"""What may be learnt and how far it is believed: trust by source, quarantine for orders dressed as facts.

A memory is a sentence about somebody in the third person. What tells the reader what to do is none, however
it is worded, and what comes from a message that was itself an attempt is kept apart with it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from core.safety.clean import normal
from core.safety.injection import as_words, signs
from core.safety.suspicion import Suspicion
from core.words import T, Text


class Source(StrEnum):
    """Who a fact comes from."""

    HOST = "host"
    THEMSELVES = "themselves"
    ANOTHER = "another"
    IMPORTED = "imported"
    SELF = "self"  # the bot's own words, a prompt, a recalled memory: nothing is learnt from them


TRUST = {
    Source.HOST: 1.0,
    Source.THEMSELVES: 0.8,
    Source.IMPORTED: 0.6,
    Source.ANOTHER: 0.4,
    Source.SELF: 0.0,
}
SUSPECTED = 0.25  # what is left of the trust when the message was suspected
ENOUGH = 0.5  # the weight of signs at which a short sentence about a person is none

ORDERS = Path(__file__).resolve().parents[2] / "resources" / "safety" / "orders.toml"
_MARKUP = re.compile(r"[<\[{]{1,2}/?\w{2,20}[>\]}]|\||```|^#{1,6} ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of a fact.

    Attributes:
        trust: 0–1. quarantined: kept apart, never told and never in a prompt, until the host looks.
        learnt: False when it is to be thrown away.
        reason: why it was kept apart or thrown away, for the host; None when nothing was wrong.
    """

    trust: float
    quarantined: bool = False
    learnt: bool = True
    reason: Text | None = None


def reads_like_instruction(text: str) -> bool:
    """Does a would-be fact tell its reader what to do? Facts are told in the third person."""
    ordered, anywhere = _orders()
    if ordered.search(as_words(text).removeprefix("\n ")) or anywhere.search(normal(text)):
        return True
    if _MARKUP.search(text):
        return True
    return sum(signs(text).values()) >= ENOUGH


def judge(fact: str, source: Source, said: Sequence[Suspicion] = ()) -> Judgement:
    """What becomes of a fact.

    Args:
        fact: its sentence.
        said: the suspicion of each message it comes from; nobody is suspected when none is given.
    """
    trust = TRUST[source]
    if source is Source.SELF:
        return Judgement(trust, learnt=False, reason=T("nothing is learnt from the bot's own words"))
    if source is Source.HOST:
        return Judgement(trust)
    if any(each.is_suspected for each in said):
        reason = T("it comes from a message that tried to steer the bot")
        return Judgement(round(trust * SUSPECTED, 3), quarantined=True, reason=reason)
    if reads_like_instruction(fact):
        return Judgement(round(trust * SUSPECTED, 3), True, reason=T("it reads like an instruction"))
    return Judgement(trust)


@lru_cache(maxsize=1)
def _orders() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What is searched in a text read as words, and in the text itself."""
    told: dict[str, list[str]] = tomllib.loads(ORDERS.read_text(encoding="utf-8"))
    read, anywhere = (
        re.compile("|".join(f"(?:{pattern})" for pattern in told[each])) for each in ("patterns", "anywhere")
    )
    return read, anywhere
