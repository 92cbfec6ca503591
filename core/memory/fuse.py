"""How words, meaning, neighbours and what the question says become one order.

The base is DESIGN.md's: S = .5·minmax(BM25) + .5·minmax(cosine), then S_i += .3·(S_{i−1} + S_{i+1})
within a session. What was added, and what each addition brought or cost on LoCoMo with one conversation
left out at a time, stands in benchmarks/README.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from core.memory.query import Reading, words
from db.recall import Around, Found

Numbers = NDArray[np.float64]

# A pause longer than this, in a channel, ends a session.
SESSION_GAP_MS = 30 * 60 * 1000

_TELLS_WHEN = re.compile(
    r"\b(yesterday|today|tonight|tomorrow|last|next|ago|recently|just|week|weekend|month|year|years|since"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july"
    r"|august|september|october|november|december|\d{4})\b",
    re.IGNORECASE,
)
_DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Weights:
    """The constants of the order, chosen on LoCoMo with one conversation left out at a time.

    Attributes:
        meaning: the share of the cosine in the base, the rest is BM25's.
        around: what each neighbour gives; `answers` is given on top by a question to what follows it.
        topic: what the session gives: this much of the mean of its three best.
        speaker: the factor for words of the one person the question names.
        substance: a message of 40 words and more counts this much more than an empty one.
        asks: how much less a question counts than a statement.
        when: how much more a message counts that names a time, if the question asks for one.
        day: how much more a message counts that was sent on a day the question names.
        recency: how much more a message of this minute counts than an old one; at most 0.1.
        recency_days: after how many days that is down to a third.
        diversity: λ of maximal marginal relevance (Carbonell & Goldstein 1998), against near-duplicates
            only; what says the same as a better one falls behind all that has a third of the best score.
        duplicate: the share of common words from which two messages are near-duplicates.
    """

    meaning: float = 0.5
    around: float = 0.3
    answers: float = 0.1
    topic: float = 0.4
    speaker: float = 1.4
    substance: float = 0.4
    asks: float = 0.1
    when: float = 0.3
    day: float = 0.8
    recency: float = 0.03
    recency_days: float = 30.0
    diversity: float = 0.6
    duplicate: float = 0.8


@dataclass(frozen=True, slots=True)
class Parts:
    """What a memory's score is made of.

    Attributes:
        words: BM25, 0 to 1. meaning: the cosine, 0 to 1; None when it has no vector (yet).
        around, topic: what neighbours and session added.
        factor: the product of what speaker, substance, time and recency say.
        total: the score; its scale means nothing outside one question.
    """

    words: float
    meaning: float | None
    around: float
    topic: float
    factor: float
    total: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was found for a question.

    Attributes:
        found: the candidates. lexical: BM25 by row id.
        cosines: by row id; low and high: the smallest and largest in the scope.
        links: who stands beside whom.
    """

    found: Sequence[Found]
    lexical: Mapping[int, float]
    cosines: Mapping[int, float]
    low: float = 0.0
    high: float = 0.0
    links: Sequence[Around] = ()


def order(
    evidence: Evidence, reading: Reading, now: datetime, k: int, weights: Weights
) -> list[tuple[int, Parts]]:
    """The row ids of the best `k` and how they came about, best first."""
    found = evidence.found
    if not found:
        return []
    lexical, meaning, base = _base(evidence, weights)
    around = _from_neighbours(evidence, base, weights)
    topic = _from_session(found, base + around, weights)
    factor = _factors(found, reading, now, weights)
    total = (base + around + topic) * factor
    return [
        (
            found[at].row_id,
            Parts(
                words=float(lexical[at]),
                meaning=None if math.isnan(meaning[at]) else float(meaning[at]),
                around=float(around[at]),
                topic=float(topic[at]),
                factor=float(factor[at]),
                total=float(total[at]),
            ),
        )
        for at in _diverse(found, total, k, weights)
    ]


def seeds(evidence: Evidence, reading: Reading, now: datetime, most: int, weights: Weights) -> list[int]:
    """The row ids whose neighbours are worth looking at: the best ones before neighbours count."""
    if not evidence.found:
        return []
    scores = _base(evidence, weights)[2] * _factors(evidence.found, reading, now, weights)
    return [evidence.found[int(at)].row_id for at in np.argsort(-scores, kind="stable")[:most]]


def _base(evidence: Evidence, weights: Weights) -> tuple[Numbers, Numbers, Numbers]:
    """Words and meaning, each 0 to 1, and their sum; what has no vector yet is judged by words alone."""
    lexical = np.array([evidence.lexical.get(each.row_id, 0.0) for each in evidence.found])
    lexical = lexical / max(lexical.max(), 1e-9)
    cosines = np.array([evidence.cosines.get(each.row_id, math.nan) for each in evidence.found])
    meaning = np.clip((cosines - evidence.low) / max(evidence.high - evidence.low, 1e-9), 0, 1)
    both = (1 - weights.meaning) * lexical + weights.meaning * np.nan_to_num(meaning)
    return lexical, meaning, np.where(np.isnan(meaning), lexical, both)


def _from_neighbours(evidence: Evidence, base: Numbers, weights: Weights) -> Numbers:
    found = evidence.found
    place = {each.row_id: at for at, each in enumerate(found)}
    pairs = {
        pair for link in evidence.links for pair in ((link.before, link.row_id), (link.row_id, link.after))
    }
    added = np.zeros(len(found))
    for before, after in pairs:
        first, second = place.get(before or 0), place.get(after or 0)
        if first is None or second is None:
            continue
        if found[second].sent_ms - found[first].sent_ms > SESSION_GAP_MS:
            continue
        asked = weights.answers if _asks(found[first].text) else 0.0
        added[first] += weights.around * base[second]
        added[second] += (weights.around + asked) * base[first]
    return added


def _from_session(found: Sequence[Found], scores: Numbers, weights: Weights) -> Numbers:
    """What is talked about around here, beyond the neighbours: a third of the session's three best."""
    in_time = sorted(range(len(found)), key=lambda at: (found[at].channel_id, found[at].sent_ms))
    sessions: list[list[int]] = []
    for at in in_time:
        last = found[sessions[-1][-1]] if sessions else None
        if (
            last is None
            or last.channel_id != found[at].channel_id
            or found[at].sent_ms - last.sent_ms > SESSION_GAP_MS
        ):
            sessions.append([])
        sessions[-1].append(at)
    added = np.zeros(len(found))
    for session in sessions:
        added[session] = weights.topic * np.sort(scores[session])[-3:].sum() / 3
    return added


def _factors(found: Sequence[Found], reading: Reading, now: datetime, weights: Weights) -> Numbers:
    return np.array([_factor(each, reading, now, weights) for each in found])


def _factor(found: Found, reading: Reading, now: datetime, weights: Weights) -> float:
    length = min(found.text.count(" ") + 1, 40)
    factor = 1 + weights.substance * math.log1p(length) / math.log1p(40)
    if _asks(found.text):
        factor *= 1 - weights.asks
    if found.author_id == reading.speaker:
        factor *= weights.speaker
    if reading.when and _TELLS_WHEN.search(found.text):
        factor *= 1 + weights.when
    if reading.days:
        at = datetime.fromtimestamp(found.sent_ms / 1000, UTC)
        factor *= 1 + weights.day * max(day.nearness(at) for day in reading.days)
    age_days = max(0.0, now.timestamp() * 1000 - found.sent_ms) / _DAY_MS
    return factor * (1 + weights.recency * math.exp(-age_days / weights.recency_days))


def _asks(text: str) -> bool:
    """It ends in a question mark, and perhaps in a picture's caption after that."""
    said = text.rstrip()
    if said.endswith("]"):
        said = said[: said.rfind("[")].rstrip()
    return said.endswith("?")


def _diverse(found: Sequence[Found], total: Numbers, k: int, weights: Weights) -> list[int]:
    """The best `k`, where a near-duplicate of one already chosen has to be that much better."""
    left = np.argsort(-total, kind="stable")[: 4 * k].tolist()
    scores = {at: total[at] / max(total.max(), 1e-9) for at in left}
    said = {at: frozenset(words(found[at].text)) for at in left}
    likeness = dict.fromkeys(left, 0.0)
    chosen: list[int] = []
    while left and len(chosen) < k:
        best = max(
            left, key=lambda at: weights.diversity * scores[at] - (1 - weights.diversity) * likeness[at]
        )
        left.remove(best)
        chosen.append(best)
        for at in left:
            alike = len(said[at] & said[best]) / max(len(said[at] | said[best]), 1)
            if alike >= weights.duplicate:
                likeness[at] = max(likeness[at], alike)
    return chosen
