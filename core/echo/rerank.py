"""Which of several drafts is most like the person: learned from their own messages and other people's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.echo.grams import Pieces
from core.echo.regression import Numbers, Regression, fit
from core.echo.style import features

_CHAR_STRENGTH = 3.0
_STYLE_STRENGTH = 0.1
_MOST_TEXTS = 6_000  # of each kind: more teach it little, and the time stays short
_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Reranker:
    """Two views of a text, pieces of signs and hand-made features, and what each says of it."""

    pieces: Pieces
    chars: Regression
    middle: Numbers
    spread: Numbers
    style: Regression

    @classmethod
    def learned(cls, own: Sequence[str], others: Sequence[str]) -> Reranker:
        """Learn to tell a person's messages from other people's.

        Nothing of the others' is kept but how far pieces of signs speak for or against the person.

        Args:
            own: the person's messages. others: anybody else's, the more alike in subject the better.
        """
        texts = [*_some(own), *_some(others)]
        classes = [1] * min(len(own), _MOST_TEXTS) + [0] * min(len(others), _MOST_TEXTS)
        pieces = Pieces.of(texts)
        numbers = features(texts)
        middle, spread = numbers.mean(0), numbers.std(0) + 1e-6
        return cls(
            pieces,
            fit(pieces.rows(texts), classes, _CHAR_STRENGTH, _ROUNDS),
            middle,
            spread,
            fit(np.clip((numbers - middle) / spread, -5, 5), classes, _STYLE_STRENGTH, _ROUNDS),
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything it learned, to be kept."""
        return {
            "hashes": self.pieces.hashes,
            "rarity": self.pieces.rarity,
            "char_weights": self.chars.weights.astype(np.float32),
            "char_bias": self.chars.bias,
            "middle": self.middle,
            "spread": self.spread,
            "style_weights": self.style.weights,
            "style_bias": self.style.bias,
        }

    @classmethod
    def of_arrays(cls, kept: Mapping[str, NDArray[Any]]) -> Reranker:
        """The re-ranker that `arrays` was asked of."""
        return cls(
            Pieces(kept["hashes"], kept["rarity"]),
            Regression(kept["char_weights"].astype(np.float64), kept["char_bias"]),
            kept["middle"],
            kept["spread"],
            Regression(kept["style_weights"], kept["style_bias"]),
        )

    def scores(self, texts: Sequence[str]) -> Numbers:
        """How much each text is the person's: the sum of both views' log-odds."""
        chars = self.chars.scores(self.pieces.rows(texts))
        style = self.style.scores(np.clip((features(texts) - self.middle) / self.spread, -5, 5))
        total: Numbers = chars[:, 1] - chars[:, 0] + style[:, 1] - style[:, 0]
        return total


def _some(texts: Sequence[str]) -> list[str]:
    """At most so many, spread evenly over the whole."""
    if len(texts) <= _MOST_TEXTS:
        return list(texts)
    return [texts[at] for at in np.linspace(0, len(texts) - 1, _MOST_TEXTS).astype(int)]
