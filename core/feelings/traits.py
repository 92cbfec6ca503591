"""From character to default mood: Mehrabian's regression of the Big Five on PAD."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from core.feelings.pad import Pad


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
