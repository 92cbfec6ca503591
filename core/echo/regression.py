"""Logistic regression over several classes, fitted by L-BFGS (Nocedal 1980), in plain numpy."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.echo.grams import Rows

Numbers = NDArray[np.float64]
_REMEMBERED = 7


@dataclass(frozen=True, slots=True)
class Regression:
    """What tells classes apart.

    Attributes:
        weights: one row a class. bias: one number a class.
    """

    weights: Numbers
    bias: Numbers

    def scores(self, rows: Rows | Numbers) -> Numbers:
        """The log-odds of each class (up to a constant), one row a text."""
        return np.stack([_times(rows, row) for row in self.weights], axis=1) + self.bias


def fit(
    rows: Rows | Numbers, classes: Sequence[int], strength: float, rounds: int = 60, balanced: bool = True
) -> Regression:
    """Fit the weights.

    Args:
        classes: the class of each row, 0 … k−1.
        strength: the weight of the data against the ridge penalty (scikit-learn's C).
        balanced: every class counts alike, however many rows it has.
    """
    labels = np.asarray(classes)
    kinds = int(labels.max()) + 1
    truth = np.eye(kinds)[labels]
    share = len(labels) / (kinds * np.maximum(truth.sum(0), 1)) if balanced else np.ones(kinds)
    importance = share[labels]
    width = rows.width if isinstance(rows, Rows) else rows.shape[1]

    def cost(flat: Numbers) -> tuple[float, Numbers]:
        weights, bias = flat[:-kinds].reshape(kinds, width), flat[-kinds:]
        scores = np.stack([_times(rows, row) for row in weights], axis=1) + bias
        scores -= scores.max(1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(1, keepdims=True))
        loss = -strength * float((logs * truth).sum(1) @ importance) + 0.5 * float((weights**2).sum())
        wrong = (np.exp(logs) - truth) * importance[:, None] * strength
        slopes = np.stack([_transposed_times(rows, wrong[:, at]) for at in range(kinds)]) + weights
        return loss, np.concatenate([slopes.ravel(), wrong.sum(0)])

    flat = _lowest(cost, np.zeros(kinds * width + kinds), rounds)
    return Regression(flat[:-kinds].reshape(kinds, width), flat[-kinds:])


def _times(rows: Rows | Numbers, weights: Numbers) -> Numbers:
    return rows.times(weights) if isinstance(rows, Rows) else rows @ weights


def _transposed_times(rows: Rows | Numbers, weights: Numbers) -> Numbers:
    return rows.transposed_times(weights) if isinstance(rows, Rows) else rows.T @ weights


def _lowest(cost: Callable[[Numbers], tuple[float, Numbers]], start: Numbers, rounds: int) -> Numbers:
    """Where a smooth convex cost is lowest: L-BFGS with a backtracking line search (Armijo)."""
    at, (value, slope) = start, cost(start)
    steps: deque[tuple[Numbers, Numbers]] = deque(maxlen=_REMEMBERED)
    for _ in range(rounds):
        way = -_curved(slope, steps)
        fall = float(way @ slope)
        pace = 1.0 if steps else min(1.0, 1.0 / max(float(np.abs(slope).sum()), 1e-9))
        while True:
            new = at + pace * way
            new_value, new_slope = cost(new)
            if new_value <= value + 1e-4 * pace * fall or pace < 1e-10:
                break
            pace /= 2
        if float((new - at) @ (new_slope - slope)) > 1e-10:
            steps.append((new - at, new_slope - slope))
        done = abs(value - new_value) < 1e-5 * max(abs(value), 1.0)
        at, value, slope = new, new_value, new_slope
        if done:
            break
    return at


def _curved(slope: Numbers, steps: deque[tuple[Numbers, Numbers]]) -> Numbers:
    """The slope times the inverse curvature that the last steps showed (two-loop recursion)."""
    way = slope.copy()
    shares = []
    for step, change in reversed(steps):
        share = float(step @ way) / float(change @ step)
        shares.append(share)
        way -= share * change
    if steps:
        step, change = steps[-1]
        way *= float(step @ change) / float(change @ change)
    for (step, change), share in zip(steps, reversed(shares), strict=True):
        way += step * (share - float(change @ way) / float(change @ step))
    return way
