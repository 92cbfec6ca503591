"""What the persona needs: contact, novelty, rest and recognition, each a gauge from 0 (starved) to 1 (full).

Three leak, as in Dörner's PSI: level · ½^(t / half-life). Rest fills in silence:
1 − (1 − level) · ½^(t / 3 h).
What happens fills a share of what is missing or drains a share of what is there, so no event leaves 0…1.
"""

from __future__ import annotations

from typing import NamedTuple

from core.feelings.pad import Pad, bounded
from core.feelings.traits import Traits

HOUR_S = 3600.0
CONTACT_HALF_LIFE_S = 20 * HOUR_S
NOVELTY_HALF_LIFE_S = 48 * HOUR_S
RECOGNITION_HALF_LIFE_S = 72 * HOUR_S
REST_HALF_LIFE_S = 3 * HOUR_S


class Needs(NamedTuple):
    """How well each need is met, 0…1."""

    contact: float
    novelty: float
    rest: float
    recognition: float


START = Needs(0.6, 0.6, 0.8, 0.6)


def within(needs: Needs) -> Needs:
    """The levels cut to their bounds."""
    return Needs(*(bounded(level, 0.0, 1.0) for level in needs))


def drifted(needs: Needs, traits: Traits, seconds: float) -> Needs:
    """The levels a while later, nothing having happened.

    Contact runs out sooner for the extraverted, novelty for the open, recognition for the neurotic: each
    half-life is multiplied by 2^(−0.6 · trait).
    """
    after = max(seconds, 0.0)

    def left(level: float, half_life: float, trait: float) -> float:
        return float(level * 0.5 ** (after / (half_life * 2.0 ** (-0.6 * trait))))

    return within(
        Needs(
            left(needs.contact, CONTACT_HALF_LIFE_S, traits.extraversion),
            left(needs.novelty, NOVELTY_HALF_LIFE_S, traits.openness),
            1.0 - (1.0 - needs.rest) * 0.5 ** (after / REST_HALF_LIFE_S),
            left(needs.recognition, RECOGNITION_HALF_LIFE_S, traits.neuroticism),
        )
    )


def heard(needs: Needs, traits: Traits, *, to_me: bool, warmth: float, news: float) -> Needs:
    """The levels after a message.

    Args:
        to_me: it was addressed to the persona; overhearing gives and costs little.
        warmth: −1 (hurt) … 1 (kind).
        news: share of its words that were new here, 0…1.
    """
    near = 1.0 if to_me else 0.15
    effort = 0.012 * (1.0 - 0.5 * traits.extraversion)
    return within(
        Needs(
            _filled(needs.contact, 0.12 * near * (1.0 + 0.5 * max(warmth, 0.0))),
            _filled(needs.novelty, 0.08 * near * news) * (1.0 - 0.01 * near * (1.0 - news)),
            needs.rest * (1.0 - effort * near),
            _filled(needs.recognition, 0.3 * near * max(warmth, 0.0))
            * (1.0 - 0.2 * near * max(-warmth, 0.0)),
        )
    )


def _filled(level: float, share: float) -> float:
    return level + (1.0 - level) * share


def offset(needs: Needs) -> Pad:
    """How unmet needs move the mood's home: loneliness and neglect hurt, tiredness and boredom dull."""
    lonely, dull = max(0.0, 0.4 - needs.contact), max(0.0, 0.3 - needs.novelty)
    tired, neglected = max(0.0, 0.5 - needs.rest), max(0.0, 0.4 - needs.recognition)
    return Pad.within(-0.25 * lonely - 0.2 * neglected, -0.3 * tired - 0.2 * dull, -0.2 * neglected)
