"""Mood: a point in PAD that emotions pull and push, and that returns to the character's default."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from core.feelings.emotions import HALF_LIFE_S, Felt, decay
from core.feelings.pad import NEUTRAL, Pad
from core.feelings.tables import PadTable, place


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


class Centre(StrEnum):
    """How several emotions become one virtual emotion centre.

    Attributes:
        WEIGHTED: their mean, each weighed by its intensity; they weigh as much as all together, at most 1
            (ALMA's released EmotionPADCentroid). What is hardly felt any more hardly counts: the default.
        SUM: their sum, cut to the bounds, weighing their mean intensity (the paper, as AlmaNet reads it).
    """

    WEIGHTED = "weighted"
    SUM = "sum"


# Gebhard 2005: from the middle of an octant to the next in 10 minutes; home over √3 in 20 minutes.
PULL_PER_S = 1 / 600
RETURN_PER_S = math.sqrt(3) / 1200
# Ours: emotions that fade are taken as constant for this long.
_SLICE_S = 20.0


def centre(
    emotions: Iterable[Felt], how: Centre = Centre.WEIGHTED, table: PadTable = PadTable.T1
) -> tuple[Pad, float]:
    """The virtual emotion centre and its weight, 0…1; neutral and 0 when nothing is felt."""
    felt = [(place(each.emotion, table), each.intensity) for each in emotions if each.intensity > 0]
    strength = math.fsum(intensity for _, intensity in felt)
    if strength == 0:
        return NEUTRAL, 0.0
    share = [intensity / strength if how is Centre.WEIGHTED else 1.0 for _, intensity in felt]
    where = Pad.within(
        math.fsum(part * at.p for (at, _), part in zip(felt, share, strict=True)),
        math.fsum(part * at.a for (at, _), part in zip(felt, share, strict=True)),
        math.fsum(part * at.d for (at, _), part in zip(felt, share, strict=True)),
    )
    return where, min(1.0, strength if how is Centre.WEIGHTED else strength / len(felt))


def step(
    mood: Pad,
    emotions: Sequence[Felt],
    default: Pad,
    seconds: float,
    *,
    how: Centre = Centre.WEIGHTED,
    table: PadTable = PadTable.T1,
) -> Pad:
    """The mood a while later, the emotions being felt all that time; without any it returns to `default`.

    Pull: while the mood lies before the emotion centre, it moves towards it, by weight / 600 a second.
    Push: at the centre and beyond, it moves on in the centre's direction. Return: √3 / 1200 a second
    towards the default, never past it (Gebhard 2005).

    Use `lived_through` for a while in which the emotions fade.

    Args:
        emotions: what is felt. default: `traits.default_mood` of the persona.
        seconds: how long; negative counts as 0.
    """
    seconds = max(seconds, 0.0)
    goal, weight = centre(emotions, how, table)
    reach = goal.length
    if weight == 0 or reach < _NEAR:
        return _towards(mood, default, RETURN_PER_S * seconds)
    far = PULL_PER_S * weight * seconds
    along = (mood.p * goal.p + mood.a * goal.a + mood.d * goal.d) / reach
    if along < reach - _NEAR:
        to_centre = mood.distance(goal)
        if far <= to_centre:
            return _towards(mood, goal, far)
        mood, far = goal, far - to_centre
    push = far / reach
    return Pad.within(mood.p + push * goal.p, mood.a + push * goal.a, mood.d + push * goal.d)


def lived_through(
    mood: Pad,
    emotions: Iterable[Felt],
    default: Pad,
    seconds: float,
    *,
    half_life_s: float = HALF_LIFE_S,
    how: Centre = Centre.WEIGHTED,
    table: PadTable = PadTable.T1,
) -> tuple[Pad, tuple[Felt, ...]]:
    """The mood and what is still felt a while later, the emotions fading on the way. Any length of time."""
    felt, left = tuple(emotions), max(seconds, 0.0)
    while felt and left > 0:
        slice_s = min(left, _SLICE_S)
        between = decay(felt, slice_s / 2, half_life_s=half_life_s)
        mood = step(mood, between, default, slice_s, how=how, table=table)
        felt = decay(felt, slice_s, half_life_s=half_life_s)
        left -= slice_s
    return step(mood, (), default, left, how=how, table=table), felt


_NEAR = 1e-9


def _towards(here: Pad, there: Pad, far: float) -> Pad:
    """`far` along the straight line, stopping there."""
    whole = here.distance(there)
    if far >= whole:
        return there
    share = far / whole
    return Pad.within(
        here.p + share * (there.p - here.p),
        here.a + share * (there.a - here.a),
        here.d + share * (there.d - here.d),
    )
