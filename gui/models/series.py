"""What a chart is made of: lines, and moments that can be pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Numbers = Sequence[float] | np.ndarray


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a chart.

    Attributes:
        xs: seconds since 1970. ys: the values. base: where given, the area from there to `ys` is filled.
        series: which colour and dash of the theme it wears.
    """

    name: str
    xs: Numbers
    ys: Numbers
    series: int
    base: Numbers | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment that can be pointed at.

    Attributes:
        at: seconds since 1970. words: when, and what happened. quote: what was written; may be empty.
    """

    at: float
    words: str
    quote: str = ""
