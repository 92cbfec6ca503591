"""The example index: which of a person's own messages show best how they would answer now.

Only the person's own messages are kept. What others wrote to them is read once, never stored: a message
is found again by its own words, which are mostly those of what it answered.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.echo.clean import TOKEN
from core.echo.style import FUNCTION_WORDS, words

_K1, _B = 1.2, 0.75  # BM25's usual constants (Robertson and Zaragoza 2009)
_COMMON = frozenset(FUNCTION_WORDS)
_MOST_SIGNS = 240
_ALIKE = 0.5
_LOOKED_AT = 10  # places looked at for each message that is wanted


class Examples:
    """A BM25 index over a person's own messages.

    Args:
        replies: their messages, cleaned, oldest first.
    """

    def __init__(self, replies: Sequence[str]) -> None:
        self.replies = tuple(replies)
        self._words = [_telling(reply) for reply in replies]
        self._lengths = np.array([len(found) for found in self._words], np.float64)
        self._average = max(float(self._lengths.mean()), 1.0) if len(replies) else 1.0
        self._postings = _postings(self._words)
        self._usual = self._typical()

    def static(self, count: int) -> list[str]:
        """The same for every answer, so that a model need not read them again: from short to long, with
        the person's own mixture of lengths, and no two alike."""
        return self._usual[:count]

    def similar(
        self,
        question: Sequence[tuple[str, float]],
        count: int,
        without: Sequence[str],
        suits: Callable[[int], float] | None = None,
    ) -> list[str]:
        """Their messages nearest to a text, the nearest last.

        Args:
            question: texts and their weights.
            without: messages not to answer with.
            suits: how well the message at a place of `replies` goes with what is to be written, 0…1; as
                much as to be the nearest of all. With it, recent messages fill up what words do not find.
        """
        scores = np.zeros(len(self.replies))
        for text, weight in question:
            for word in set(_telling(text)):
                self._add(scores, word, weight)
        chosen: list[str] = []
        kept = [set(words(text)) for text in without]
        for at in self._ranked(scores, count, suits):
            mine = set(words(self.replies[at]))
            if len(chosen) == count:
                break
            if not self._shows(at) or any(_alike(mine, other) for other in kept):
                continue
            chosen.append(self.replies[at])
            kept.append(mine)
        return chosen[::-1]

    def _ranked(
        self, scores: NDArray[np.float64], count: int, suits: Callable[[int], float] | None
    ) -> list[int]:
        """The places worth a look, the best first."""
        order = np.argsort(-scores, kind="stable")[: count * _LOOKED_AT]
        found = [int(at) for at in order if scores[at] > 0]
        if suits is None:
            return found
        late = range(max(0, len(self.replies) - count * _LOOKED_AT), len(self.replies))
        most = float(scores.max(initial=0.0)) or 1.0
        rank = {at: scores[at] / most + suits(at) for at in {*found, *late}}
        return sorted(rank, key=lambda at: (-rank[at], at))

    def _shows(self, at: int) -> bool:
        """Can it be shown? Tokens that stand for what was taken out would be learned too."""
        return len(self.replies[at]) <= _MOST_SIGNS and not TOKEN.search(self.replies[at])

    def _add(self, scores: NDArray[np.float64], word: str, weight: float) -> None:
        if (posting := self._postings.get(word)) is None:
            return
        rows, times = posting
        rare = np.log(1 + (len(self.replies) - len(rows) + 0.5) / (len(rows) + 0.5))
        size = _K1 * (1 - _B + _B * self._lengths[rows] / self._average)
        scores[rows] += weight * rare * times * (_K1 + 1) / (times + size)

    def _typical(self, most: int = 16) -> list[str]:
        """Messages in the middle of slices of equal size, sliced by length, with common words preferred."""
        fit = [reply for reply in self.replies if 8 <= len(reply) <= _MOST_SIGNS and not TOKEN.search(reply)]
        if not fit:
            return list(dict.fromkeys(self.replies))[:most]
        often = Counter(word for reply in fit for word in set(words(reply)))
        chosen: list[str] = []
        ordered = np.array(sorted(range(len(fit)), key=lambda at: len(fit[at])))
        for part in np.array_split(ordered, min(most, len(fit))):
            slice_ = [fit[at] for at in part]
            usual = sorted(slice_, key=lambda text: -_familiar(text, often))
            fresh = [text for text in usual if not any(_alike_texts(text, other) for other in chosen)]
            chosen.append((fresh or usual)[0])
        # Every prefix of the list shall mix lengths: take the slices in a scattered order.
        order = sorted(range(len(chosen)), key=lambda at: (at * 0.618034) % 1)
        return [chosen[at] for at in order]


def _telling(text: str) -> list[str]:
    return [word for word in words(text) if word not in _COMMON and len(word) > 1]


def _postings(
    texts: Sequence[Sequence[str]],
) -> dict[str, tuple[NDArray[np.int32], NDArray[np.float32]]]:
    lists: dict[str, tuple[list[int], list[int]]] = {}
    for at, found in enumerate(texts):
        for word, times in Counter(found).items():
            rows, counts = lists.setdefault(word, ([], []))
            rows.append(at)
            counts.append(times)
    return {
        word: (np.array(rows, np.int32), np.array(counts, np.float32))
        for word, (rows, counts) in lists.items()
    }


def _familiar(text: str, often: Counter[str]) -> float:
    found = words(text)
    return sum(math.log(often[word]) for word in found) / (len(found) + 2)


def _alike(one: set[str], other: set[str]) -> bool:
    return bool(one) and len(one & other) > _ALIKE * len(one | other)


def _alike_texts(one: str, other: str) -> bool:
    return _alike(set(words(one)), set(words(other)))
