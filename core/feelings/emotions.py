"""The emotions of OCC, how strongly they are felt, where they lie in PAD, and how they fade."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.feelings.fading import halving


class Emotion(StrEnum):
    """The 22 emotions of Ortony, Clore & Collins (1988), and ALMA's two more (liking, disliking)."""

    JOY = "joy"
    DISTRESS = "distress"
    HAPPY_FOR = "happy-for"
    PITY = "pity"
    GLOATING = "gloating"
    RESENTMENT = "resentment"
    HOPE = "hope"
    FEAR = "fear"
    SATISFACTION = "satisfaction"
    FEARS_CONFIRMED = "fear-confirmed"
    RELIEF = "relief"
    DISAPPOINTMENT = "disappointment"
    PRIDE = "pride"
    SHAME = "shame"
    ADMIRATION = "admiration"
    REPROACH = "reproach"
    GRATIFICATION = "gratification"
    REMORSE = "remorse"
    GRATITUDE = "gratitude"
    ANGER = "anger"
    LOVE = "love"
    HATE = "hate"
    LIKING = "liking"
    DISLIKING = "disliking"


@dataclass(frozen=True, slots=True)
class Felt:
    """An emotion and how strongly it is felt.

    Attributes:
        intensity: 0…1.

    Raises:
        ValueError: the intensity is outside, or is no number.
    """

    emotion: Emotion
    intensity: float

    def __post_init__(self) -> None:
        if not 0 <= self.intensity <= 1:
            raise ValueError(f"{self.emotion} of intensity {self.intensity} is outside 0…1")


# Ours: chat is slower than a game. What is said is felt half as strongly this much later.
HALF_LIFE_S = 300.0
# Ours: below this an emotion is over.
FAINTEST = 0.02


def decay(
    felt: Iterable[Felt], seconds: float, *, half_life_s: float = HALF_LIFE_S, faintest: float = FAINTEST
) -> tuple[Felt, ...]:
    """What is left of emotions after a while; what got fainter than `faintest` is gone.

    I(t) = I₀ · ½^(t / half-life): it does not matter in how many pieces the time passes.

    Args:
        seconds: how long; nothing fades in no or negative time.
        half_life_s: seconds until half is left.
    """
    left = (Felt(each.emotion, halving(each.intensity, seconds, half_life_s)) for each in felt)
    return tuple(each for each in left if each.intensity >= faintest)


def together(*several: Iterable[Felt]) -> tuple[Felt, ...]:
    """One list out of several, strongest first: the same emotion twice is felt as a + b − a·b.

    So two half joys are three quarters of joy, never more than all of it, in whatever order they come.
    """
    missing: dict[Emotion, float] = {}
    for felt in several:
        for each in felt:
            missing[each.emotion] = missing.get(each.emotion, 1.0) * (1.0 - each.intensity)
    summed = [Felt(emotion, 1.0 - left) for emotion, left in missing.items()]
    return tuple(sorted(summed, key=lambda each: (-each.intensity, each.emotion)))
