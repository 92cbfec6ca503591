"""What a person answered to: their messages, each with the few that came before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

ME = "me"  # how the person's own lines are marked in a context


@dataclass(frozen=True, slots=True)
class Line:
    """A message that came before. `speaker` is `ME` for the person themselves."""

    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A message of the person's and what came before it.

    Attributes:
        day: the day it was sent, in any form whose order is that of time.
        context: oldest first, the message that was answered last.
    """

    day: str
    context: tuple[Line, ...]
    reply: str


def held_out(pairs: Sequence[Pair], count: int) -> tuple[list[Pair], list[Pair]]:
    """Split by time: all but the last `count`, and those; at most half are held out.

    Args:
        pairs: in the order of time.
    """
    count = min(count, len(pairs) // 2)
    return list(pairs[: len(pairs) - count]), list(pairs[len(pairs) - count :])


def by_days(pairs: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Two halves, whole days each, so that no conversation stands on both sides.

    Days are dealt out in the order of time to the half that has less by then: both span the same time,
    so that neither is older than the other.
    """
    halves: tuple[list[Pair], list[Pair]] = ([], [])
    for _, day in groupby(pairs, key=lambda pair: pair.day):
        smaller = halves[0] if len(halves[0]) <= len(halves[1]) else halves[1]
        smaller.extend(day)
    return halves
