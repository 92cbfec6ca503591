"""The mood of the day: five whole numbers 0–10 in the global state table, drawn each morning.

Drawn from the persona, the day before and chance. The seed and what the draw was made from are stored with
it: the same seed and the same inputs draw the same day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from random import Random
from typing import NamedTuple

from core.feelings.pad import Pad, bounded
from core.feelings.traits import Traits

LOWEST, HIGHEST = 0, 10
PREFIX = "daily_mood_"
DAY_KEY, SEED_KEY, INPUTS_KEY = "daily_mood_day", "daily_mood_seed", "daily_mood_inputs"

_CARRY = 0.3  # how much of yesterday's deviation is still there
_SPREAD = 1.2  # standard deviation of chance, in points


class DailyMood(NamedTuple):
    """The day's numbers, 0–10. Quiet days lie at 2 for anger and sadness, at 5 for the others."""

    anger: int
    joy: int
    sadness: int
    energy: int
    talkativeness: int


USUAL = DailyMood(anger=2, joy=5, sadness=2, energy=5, talkativeness=5)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a day is drawn from, all rounded so that they can be stored and drawn from again.

    Attributes:
        openness … neuroticism: the persona's traits, −1…1.
        pleasure: average of the last 24 hours of the mood, −1…1; 0 where nothing happened.
        contact: the need, 0…1. rest: the need, 0…1.
        yesterday: the day before's numbers, or None.
    """

    openness: float
    conscientiousness: float
    extraversion: float
    agreeableness: float
    neuroticism: float
    pleasure: float = 0.0
    contact: float = 0.5
    rest: float = 1.0
    yesterday: tuple[int, ...] | None = None

    @classmethod
    def of(
        cls, traits: Traits, pleasure: float, contact: float, rest: float, yesterday: DailyMood | None
    ) -> Inputs:
        """Round what there is."""
        return cls(
            round(traits.openness, 4),
            round(traits.conscientiousness, 4),
            round(traits.extraversion, 4),
            round(traits.agreeableness, 4),
            round(traits.neuroticism, 4),
            round(pleasure, 4),
            round(contact, 4),
            round(rest, 4),
            None if yesterday is None else tuple(yesterday),
        )

    def as_plain(self) -> dict[str, object]:
        """As it is stored."""
        return asdict(self)


class _Means(NamedTuple):
    anger: float
    joy: float
    sadness: float
    energy: float
    talkativeness: float


def expected(inputs: Inputs) -> _Means:
    """The day that chance plays around."""
    e, a, n, p = inputs.extraversion, inputs.agreeableness, inputs.neuroticism, inputs.pleasure
    return _Means(
        2.0 - 1.2 * a + 1.0 * n - 2.0 * p,
        5.0 + 1.5 * e - 1.0 * n + 2.5 * p,
        2.0 + 1.5 * n - 0.5 * e - 2.0 * p,
        5.0 + 1.5 * e - 0.5 * n + 3.0 * (inputs.rest - 0.8),
        5.0 + 2.5 * e + 1.5 * (0.5 - inputs.contact) + 1.0 * p,
    )


def draw(seed: int, inputs: Inputs) -> DailyMood:
    """The day's numbers. Neurotic characters have more varied days (Eid & Diener 1999)."""
    chance = Random(seed)
    means = expected(inputs)
    before: tuple[float, ...] = inputs.yesterday or means
    spread = _SPREAD * (1.0 + 0.5 * inputs.neuroticism)
    return DailyMood(
        *(
            whole(mean + _CARRY * (last - mean) + chance.gauss(0.0, spread))
            for mean, last in zip(means, before, strict=True)
        )
    )


def whole(value: float) -> int:
    """A number of the day: whole, 0–10."""
    return round(bounded(value, LOWEST, HIGHEST))


def read(state: Mapping[str, object]) -> DailyMood:
    """The day's numbers out of the state table; what is missing or no number counts as usual."""
    return DailyMood(
        *(
            whole(value) if isinstance(value, int | float) else usual
            for value, usual in ((state.get(PREFIX + name), getattr(USUAL, name)) for name in USUAL._fields)
        )
    )


def offset(day: DailyMood) -> Pad:
    """How the day moves the mood's home: along joy, anger and distress in PAD (Gebhard 2005), and arousal.

    Half of the emotion's vector at the scale's end, so a day colours the mood and does not make it.
    """
    joy = (day.joy - USUAL.joy) / 5.0
    anger = (day.anger - USUAL.anger) / 8.0
    sadness = (day.sadness - USUAL.sadness) / 8.0
    energy = (day.energy - USUAL.energy) / 5.0
    return Pad.within(
        0.5 * (0.40 * joy - 0.51 * anger - 0.40 * sadness),
        0.5 * (0.20 * joy + 0.59 * anger - 0.20 * sadness) + 0.2 * energy,
        0.5 * (0.10 * joy + 0.25 * anger - 0.50 * sadness),
    )
