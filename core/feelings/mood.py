"""Mood: a point in PAD that emotions pull and push, and that returns to the character's default."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from core.feelings.emotions import Felt
from core.feelings.pad import Pad


class Octant(StrEnum):
    """Mehrabian's names for the eight corners of PAD, and the middle."""

    EXUBERANT = "exuberant"
    DEPENDENT = "dependent"
    RELAXED = "relaxed"
    DOCILE = "docile"
    HOSTILE = "hostile"
    ANXIOUS = "anxious"
    DISDAINFUL = "disdainful"
    BORED = "bored"
    NEUTRAL = "neutral"


class Strength(StrEnum):
    """How far from the middle, as ALMA says it: "slightly relaxed"."""

    SLIGHTLY = "slightly"
    MODERATELY = "moderately"
    FULLY = "fully"


class Named(NamedTuple):
    """A mood in words."""

    octant: Octant
    strength: Strength


_BY_SIGN = (
    Octant.EXUBERANT,
    Octant.DEPENDENT,
    Octant.RELAXED,
    Octant.DOCILE,
    Octant.HOSTILE,
    Octant.ANXIOUS,
    Octant.DISDAINFUL,
    Octant.BORED,
)
_CUTS = (math.sqrt(3) / 3, 2 * math.sqrt(3) / 3)


def octant(mood: Pad) -> Named:
    """The octant and its strength. Zero counts as positive; all zero is neutral (Gebhard 2005)."""
    if mood.length == 0:
        return Named(Octant.NEUTRAL, Strength.SLIGHTLY)
    name = _BY_SIGN[4 * (mood.p < 0) + 2 * (mood.a < 0) + (mood.d < 0)]
    slight, moderate = _CUTS
    if mood.length <= slight:
        return Named(name, Strength.SLIGHTLY)
    return Named(name, Strength.MODERATELY if mood.length <= moderate else Strength.FULLY)


def step(mood: Pad, emotions: Sequence[Felt], default: Pad, seconds: float) -> Pad:
    """The mood a while later, the emotions being felt all that time; without any it returns to `default`.

    Use `lived_through` for a while in which the emotions fade.

    Args:
        emotions: what is felt. default: `traits.default_mood` of the persona.
        seconds: how long; negative counts as 0.
    """
    raise NotImplementedError


def lived_through(
    mood: Pad, emotions: Sequence[Felt], default: Pad, seconds: float
) -> tuple[Pad, tuple[Felt, ...]]:
    """The mood and what is still felt a while later, the emotions fading on the way. Any length of time."""
    raise NotImplementedError
