"""Quirks that grow and fade: what shows and is welcome becomes stronger, what never shows becomes fainter.

The nightly reflection looks at the day's own messages. How a quirk shows is told by shared words, unless a
model that read the day says it better (`Evidence` can come from anywhere).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.feelings.pad import bounded
from core.words import T, Text
from db.quirks import StoredQuirkChange

START = 0.5
FAINTEST, STRONGEST = 0.1, 1.0
MOST_A_NIGHT = 0.08
FADING_A_NIGHT = 0.02
_ENOUGH = 3  # shows of a day that count in full

_WORD = re.compile(r"[^\W\d_]{3,}")
_EMPTY_WORDS = (
    "the and for that with you are not but this have has was were will would can could should about them "
    "they their there then than his her its our your too very some any all one two from into what when who "
    "why how does did doing done just like being been also much many more most"
)
_EMPTY = frozenset(_EMPTY_WORDS.split())


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a day says of a quirk.

    Attributes:
        shown: in how many of the bot's messages it showed.
        welcome: how people answered to that on average, −1…1.
    """

    shown: int = 0
    welcome: float = 0.0


@dataclass(frozen=True, slots=True)
class Change:
    """A quirk's strength before and after a night, and why."""

    text: str
    before: float
    after: float
    reason: Text


def reflect(
    quirks: Sequence[str], strengths: Mapping[str, float], evidence: Mapping[str, Evidence]
) -> list[Change]:
    """What a night changes. Quirks without a strength stand at `START`; no step exceeds `MOST_A_NIGHT`."""
    changes = []
    for text in quirks:
        before = strengths.get(text, START)
        step, reason = _step(evidence.get(text, Evidence()))
        after = bounded(before + step, FAINTEST, STRONGEST)
        if abs(after - before) > 1e-9:
            changes.append(Change(text, before, after, reason))
    return changes


def _step(day: Evidence) -> tuple[float, Text]:
    often = min(day.shown, _ENOUGH) / _ENOUGH
    if not day.shown:
        return -FADING_A_NIGHT, T("It did not show that day.")
    if day.welcome < -0.1:
        return MOST_A_NIGHT * often * day.welcome, T("It showed {n} times and was not welcome.", n=day.shown)
    if day.welcome > 0.1:
        share = 0.5 + 0.5 * day.welcome
        return MOST_A_NIGHT * often * share, T("It showed {n} times and was welcome.", n=day.shown)
    return MOST_A_NIGHT * often * 0.5, T("It showed {n} times.", n=day.shown)


def evidence_of(quirks: Iterable[str], said: Sequence[tuple[str, float]]) -> dict[str, Evidence]:
    """How quirks showed in what was said.

    Args:
        said: each own message, with how people answered to it, −1…1.
    """
    days = {}
    for quirk in quirks:
        wanted = _stems(quirk)
        hits = [welcome for text, welcome in said if _shows(wanted, _stems(text))]
        days[quirk] = Evidence(len(hits), sum(hits) / len(hits) if hits else 0.0)
    return days


def _shows(wanted: frozenset[str], found: frozenset[str]) -> bool:
    """A third of a quirk's words, at least one, and two when it has five or more."""
    shared = len(wanted & found)
    return bool(wanted) and shared >= (2 if len(wanted) >= 5 else 1) and shared * 3 >= min(len(wanted), 6)


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:5] for word in _WORD.findall(text[:4000].casefold()) if word not in _EMPTY)


def as_lived(quirks: Sequence[str], strengths: Mapping[str, float]) -> tuple[str, ...]:
    """The quirks for the prompt, the strongest first, with a word where one is strong or has faded."""
    ordered = sorted(quirks, key=lambda text: -strengths.get(text, START))
    return tuple(text + _word(strengths.get(text, START)) for text in ordered)


def _word(strength: float) -> str:
    if strength >= 0.8:
        return " (more than ever)"
    return " (hardly any more)" if strength <= 0.2 else ""


def stored(change: Change, at: datetime) -> StoredQuirkChange:
    """A change as it is kept."""
    return StoredQuirkChange(
        change.text, change.before, change.after, at, change.reason.key, change.reason.params
    )
