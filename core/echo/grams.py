"""Texts as numbers: TF-IDF over the pieces of one to five signs that they are made of.

Pieces of signs carry spelling, endings, punctuation and habits of typing at once, which is why they are
the standard evidence in authorship attribution (Stamatatos 2009). Everything is plain numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LONGEST_PIECE = 5
_AT_ONCE = 1_000  # texts hashed together: bounds the memory, whatever the number of texts


@dataclass(frozen=True, slots=True)
class Rows:
    """A sparse matrix, one row a text.

    Attributes:
        starts: where each row begins in `columns` and `values`; one longer than there are rows.
        width: how many columns there are.
    """

    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    values: NDArray[np.float32]
    width: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def row_of_each(self) -> NDArray[np.int64]:
        """The row that each value stands in."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def times(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """The product with a dense vector of `width` weights."""
        return np.bincount(self.row_of_each, self.values * weights[self.columns], minlength=len(self)).astype(
            np.float64
        )

    def transposed_times(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """The product of the transposed matrix with one weight a row."""
        return np.bincount(
            self.columns, self.values * weights[self.row_of_each], minlength=self.width
        ).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Pieces:
    """A vocabulary of pieces, as sorted hashes, and how rare each is (smoothed idf)."""

    hashes: NDArray[np.uint32]
    rarity: NDArray[np.float32]

    @classmethod
    def of(cls, texts: Sequence[str], least: int = 2, most: int = 60_000) -> Pieces:
        """Those that at least `least` texts have, the `most` frequent ones."""
        seen: NDArray[np.uint32] = np.zeros(0, np.uint32)
        times: NDArray[np.int64] = np.zeros(0, np.int64)
        for first in range(0, len(texts), _AT_ONCE):
            _, hashes, _ = _counted(texts[first : first + _AT_ONCE])
            found, counts = np.unique(hashes, return_counts=True)
            together, places = np.unique(np.concatenate([seen, found]), return_inverse=True)
            times = np.bincount(places, np.concatenate([times, counts])).astype(np.int64)
            seen = together
        kept = times >= least
        if kept.sum() > most:
            kept &= times > np.partition(times, -most)[-most]
        rarity = np.log((1 + len(texts)) / (1 + times[kept])) + 1
        return cls(seen[kept], rarity.astype(np.float32))

    def rows(self, texts: Sequence[str]) -> Rows:
        """Each text as a row of length 1: damped counts times rarity."""
        parts = [self._rows(texts[first : first + _AT_ONCE]) for first in range(0, len(texts), _AT_ONCE)]
        lengths = np.concatenate([np.zeros(1, np.int64), *(np.diff(part[0]) for part in parts)])
        columns = np.concatenate([np.zeros(0, np.int32), *(part[1] for part in parts)])
        values = np.concatenate([np.zeros(0, np.float32), *(part[2] for part in parts)])
        return Rows(np.cumsum(lengths), columns, values, len(self.hashes))

    def _rows(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
        row, hashes, counts = _counted(texts)
        place = np.searchsorted(self.hashes, hashes)
        place[place == len(self.hashes)] = 0
        known = self.hashes[place] == hashes if len(self.hashes) else np.zeros(len(hashes), bool)
        row, place, counts = row[known], place[known], counts[known]
        values = (1 + np.log(counts)) * self.rarity[place]
        squares = np.bincount(row, values**2, minlength=len(texts))
        values = values / np.sqrt(np.maximum(squares, 1e-12))[row]
        starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(texts)))])
        return starts.astype(np.int64), place.astype(np.int32), values.astype(np.float32)


def _counted(
    texts: Sequence[str],
) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.int64]]:
    """Row, hash and count of every distinct piece of every text, sorted by row."""
    signs, owner = _signs(texts)
    every = []
    rolling = np.zeros(len(signs), np.uint64)
    for size in range(1, LONGEST_PIECE + 1):
        if size > len(signs):
            break
        end = len(signs) - size + 1
        # A rolling polynomial, taken apart by a multiplication (Knuth) so that similar pieces lie apart.
        rolling = rolling[:end] * np.uint64(1_000_003) + signs[size - 1 :]
        inside = owner[:end] == owner[size - 1 :]
        mixed = (rolling[inside] + np.uint64(size)) * np.uint64(0x9E3779B97F4A7C15)
        every.append((owner[:end][inside].astype(np.uint64) << np.uint64(32)) | (mixed >> np.uint64(32)))
    keys, counts = np.unique(np.concatenate(every), return_counts=True)
    return (
        (keys >> np.uint64(32)).astype(np.int64),
        (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32),
        counts.astype(np.int64),
    )


def _signs(texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """All signs of all texts, a blank at both ends of each, and the text that each belongs to."""
    padded = [f" {text} " for text in texts]
    signs = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(padded)), [len(text) for text in padded])
    return signs, owner
