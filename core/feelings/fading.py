"""How an intensity fades, in the three families the literature uses. Plain numbers, nothing is kept."""

from __future__ import annotations

import math
from enum import StrEnum


class Curve(StrEnum):
    """The shape of a decay."""

    EXPONENTIAL = "exponential"
    LINEAR = "linear"
    HYPERBOLIC = "hyperbolic"  # a hyperbolic tangent, turned over: slow, fast, slow


# ALMA's default: a decay time of 20,000 ms in periods of 500 ms.
ALMA_STEPS = 40
# What ALMA's exponential has left of the range at its last step; its tanh is stretched by the second.
_ALMA_REST = 0.004
_ALMA_TANH = 0.2


def alma(
    step: int, start: float, baseline: float = 0.0, curve: Curve = Curve.EXPONENTIAL, steps: int = ALMA_STEPS
) -> float:
    """The intensity after `step` periods, as ALMA computes it (its *DecayFunction classes).

    With R = start − baseline and X = ⌊steps · R⌋, the step from which on only the baseline is left:
    exponential e^(x · ln .004 / X) · R + baseline; linear start − x / steps; hyperbolic
    start − (½ tanh((x − X/2) / (R · .2 · steps)) + ½) · R.

    Args:
        step: which period, 0 for the start. start: the intensity then, 0…1.
        baseline: where it ends, below `start` or it does not fade. steps: periods a full range takes.
    """
    span = start - baseline
    last = int(steps * span)
    if step <= 0 or span <= 0:
        return start
    if step > last:
        return baseline
    if curve is Curve.EXPONENTIAL:
        return math.exp(step * math.log(_ALMA_REST) / last) * span + baseline
    if curve is Curve.LINEAR:
        return max(baseline, start - step / steps)
    turned = (step - last / 2) / (span * _ALMA_TANH * steps)
    return start - (math.tanh(turned) / 2 + 0.5) * span


def per_second(
    intensity: float, seconds: float, factor: float = 0.8, curve: Curve = Curve.EXPONENTIAL
) -> float:
    """GAMYGDALA's decay: I · factor^t, or linear I − factor · t, which may end below 0.

    Args:
        seconds: how long, 0 or more. factor: what is left each second, or what is lost.

    Raises:
        ValueError: GAMYGDALA has no such curve.
    """
    if curve is Curve.EXPONENTIAL:
        return float(intensity * factor**seconds)
    if curve is Curve.LINEAR:
        return intensity - factor * seconds
    raise ValueError(f"GAMYGDALA knows no {curve} decay")


def halving(value: float, seconds: float, half_life_s: float) -> float:
    """`value · ½^(t / half-life)`, FAtiMA's form (there 15 ticks for emotions, 60 for the mood)."""
    return float(value * 0.5 ** (max(seconds, 0.0) / half_life_s))
