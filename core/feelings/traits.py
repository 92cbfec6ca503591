"""Character and mood: Mehrabian's regressions of PAD on the Big Five and back, and how both sway emotions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.feelings.emotions import Felt
from core.feelings.pad import NEUTRAL, Pad, bounded
from core.feelings.tables import SWAY


class Traits(Protocol):
    """The five traits, each −1…1; `core.persona.identity.BigFive` is one."""

    @property
    def openness(self) -> float: ...
    @property
    def conscientiousness(self) -> float: ...
    @property
    def extraversion(self) -> float: ...
    @property
    def agreeableness(self) -> float: ...
    @property
    def neuroticism(self) -> float: ...


class Convention(StrEnum):
    """How the fifth trait enters the regression.

    Attributes:
        MEHRABIAN: as emotional stability, which is minus neuroticism. Right, and the default.
        ALMA: as ALMA prints it, neuroticism in the place of stability, so that a neurotic
            character comes out calm. Only to compare with ALMA's own numbers.
    """

    MEHRABIAN = "mehrabian"
    ALMA = "alma"


def default_mood(traits: Traits, convention: Convention = Convention.MEHRABIAN) -> Pad:
    """The mood this character returns to, cut to −1…1.

    P = .21 E + .59 A + .19 S; A = .15 O + .30 A − .57 S; D = .25 O + .17 C + .60 E − .32 A
    (Mehrabian 1996, J. Pers. 64; as quoted by Gebhard 2005), where S, emotional stability, is −N.
    """
    o, c, e, a = traits.openness, traits.conscientiousness, traits.extraversion, traits.agreeableness
    s = traits.neuroticism if convention is Convention.ALMA else -traits.neuroticism
    return Pad.within(
        0.21 * e + 0.59 * a + 0.19 * s,
        0.15 * o + 0.30 * a - 0.57 * s,
        0.25 * o + 0.17 * c + 0.60 * e - 0.32 * a,
    )


@dataclass(frozen=True, slots=True)
class Leaning:
    """Traits read off a mood, each −1…1."""

    openness: float
    conscientiousness: float
    extraversion: float
    agreeableness: float
    neuroticism: float


def as_traits(mood: Pad, convention: Convention = Convention.MEHRABIAN) -> Leaning:
    """The character somebody in this mood seems to have, cut to −1…1.

    O = .33 A + .67 D; C = .32 P + .30 D; E = .23 P + .12 A + .82 D; A = .83 P + .19 A − .21 D;
    S = .57 P − .65 A (Mehrabian, as quoted in ALMA's configuration).
    """
    p, a, d = mood.p, mood.a, mood.d
    stability = bounded(0.57 * p - 0.65 * a)
    return Leaning(
        openness=bounded(0.33 * a + 0.67 * d),
        conscientiousness=bounded(0.32 * p + 0.30 * d),
        extraversion=bounded(0.23 * p + 0.12 * a + 0.82 * d),
        agreeableness=bounded(0.83 * p + 0.19 * a - 0.21 * d),
        neuroticism=stability if convention is Convention.ALMA else -stability,
    )


# ALMA's k: how much a full trait strengthens or weakens an emotion.
_SWAY_SHARE = 0.20


def swayed(felt: Iterable[Felt], traits: Traits, mood: Pad = NEUTRAL, baseline: float = 0.0) -> list[Felt]:
    """Emotions as this character in this mood feels them: the neurotic fear more, the gentle rage less.

    I · (1 + infl(character)) + infl(mood read as a character), cut to baseline…1, where
    infl = .20 · Σ trait · sign (ALMA). What is not felt at all stays so.
    """
    own, passing = _five(traits), _five(as_traits(mood))
    found = []
    for each in felt:
        signs = SWAY[each.emotion]
        lasting = _SWAY_SHARE * sum(trait * sign for trait, sign in zip(own, signs, strict=True))
        now = _SWAY_SHARE * sum(trait * sign for trait, sign in zip(passing, signs, strict=True))
        intensity = each.intensity * (1 + lasting) + now if each.intensity > 0 else 0.0
        found.append(Felt(each.emotion, bounded(intensity, baseline, 1.0)))
    return found


def _five(traits: Traits) -> tuple[float, float, float, float, float]:
    return (
        traits.openness,
        traits.conscientiousness,
        traits.extraversion,
        traits.agreeableness,
        traits.neuroticism,
    )
