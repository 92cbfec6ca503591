"""A point in the space of moods: pleasure, arousal, dominance (Mehrabian's PAD)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Pad:
    """Pleasure, arousal, dominance, each −1…1.

    Raises:
        ValueError: a number is outside, or is no number. Use `Pad.within` to cut instead.
    """

    p: float = 0.0
    a: float = 0.0
    d: float = 0.0

    def __post_init__(self) -> None:
        if not (-1 <= self.p <= 1 and -1 <= self.a <= 1 and -1 <= self.d <= 1):
            raise ValueError(f"outside −1…1: {self.p}, {self.a}, {self.d}")

    @classmethod
    def within(cls, p: float, a: float, d: float) -> Self:
        """The point cut to the bounds, each axis for itself; what is no number counts as 0."""
        return cls(bounded(p), bounded(a), bounded(d))

    @property
    def length(self) -> float:
        """Distance from the neutral point, 0…√3."""
        return math.sqrt(self.p * self.p + self.a * self.a + self.d * self.d)

    def distance(self, other: Pad) -> float:
        """Distance to another point, 0…2√3."""
        return math.sqrt((self.p - other.p) ** 2 + (self.a - other.a) ** 2 + (self.d - other.d) ** 2)

    def __iter__(self) -> Iterator[float]:
        return iter((self.p, self.a, self.d))


NEUTRAL = Pad()


def bounded(value: float, low: float = -1.0, high: float = 1.0) -> float:
    """`value` cut to `low`…`high`; 0 (or the nearest bound to it) for what is no number."""
    if value != value:
        value = 0.0
    return low if value < low else high if value > high else float(value)
