"""Two people who write differently, made up, for tests that need many messages."""

from __future__ import annotations

import random

_THINGS = [
    "kernel",
    "router",
    "window",
    "garden",
    "kettle",
    "ticket",
    "server",
    "bicycle",
    "camera",
    "recipe",
]
_DOES = ["broke again", "works now", "needs a restart", "is too slow", "came back today", "looks fine to me"]


def lena(count: int, seed: int = 1) -> list[str]:
    """Small letters, dots in twos, no apostrophes, a smile now and then."""
    chance = random.Random(seed)
    return [
        f"{chance.choice(['yeah', 'hmm', 'well', 'dunno'])} the {chance.choice(_THINGS)} "
        f"{chance.choice(_DOES)}.. i dont {chance.choice(['mind', 'know', 'care'])}"
        f"{chance.choice(['', ' :)'])}"
        for _ in range(count)
    ]


def otto(count: int, seed: int = 2) -> list[str]:
    """Whole sentences."""
    chance = random.Random(seed)
    return [
        f"I believe that the {chance.choice(_THINGS)} {chance.choice(_DOES)}, which I don't "
        f"{chance.choice(['expect', 'understand', 'recommend'])}!"
        for _ in range(count)
    ]
