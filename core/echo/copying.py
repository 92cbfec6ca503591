"""The copy gate: an echo writes like somebody, it does not repeat them, nor the one it answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from core.echo.style import words

RUN = 6  # as many words in a row as count for reuse
WHOLE = 4  # messages of fewer words ("no idea", "thanks a lot") belong to everybody
_PARROT_RUN = 4
_PARROT_PART = 0.6


def runs(found: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    """All runs of `size` words."""
    return (tuple(found[at : at + size]) for at in range(len(found) - size + 1))


class CopyGate:
    """What must not be said again.

    Args:
        messages: everything of the person's that the echo may have seen.
    """

    def __init__(self, messages: Iterable[str]) -> None:
        self._whole: set[tuple[str, ...]] = set()
        self._runs: set[int] = set()
        for message in messages:
            found = words(message)
            if len(found) >= WHOLE:
                self._whole.add(tuple(found))
            self._runs.update(map(hash, runs(found, RUN)))

    def is_verbatim(self, text: str) -> bool:
        """Is it one of the messages, in the same words, and at least four of them?"""
        return tuple(words(text)) in self._whole

    def reuses(self, text: str) -> bool:
        """Does it have six words in a row from a message?"""
        return any(hash(run) in self._runs for run in runs(words(text), RUN))

    def lets_through(self, text: str, context: Sequence[str]) -> bool:
        """Neither copied from the person nor from what came before; of that, no four words in a row."""
        return not (self.is_verbatim(text) or self.reuses(text) or parrots(text, context, part=0.0))


def parrots(text: str, context: Iterable[str], part: float = _PARROT_PART) -> bool:
    """Does it repeat what came before?

    So it does when it is all one of those messages (from two words on), or takes from it four words in a
    row or more that are most of what it says.

    Args:
        part: how much of what it says those words are at least, 0…1.
    """
    mine = words(text)
    if len(mine) < 2:
        return False
    for line in context:
        said = words(line)
        if mine == said:
            return True
        longest = _longest_run(mine, said)
        if longest >= RUN or (longest >= min(_PARROT_RUN, len(mine)) and longest >= part * len(mine)):
            return True
    return False


def _longest_run(one: Sequence[str], other: Sequence[str]) -> int:
    best, row = 0, [0] * (len(other) + 1)
    for word in one:
        new = [0] * (len(other) + 1)
        for at, theirs in enumerate(other):
            if word == theirs:
                new[at + 1] = row[at] + 1
        best, row = max(best, *new), new
    return best


def doubles_back(text: str) -> bool:
    """Does it say the same three words, or one word thrice, in a row again, as small models do?"""
    found = words(text)
    thrice = any(one == two == three for (one, two), three in zip(pairwise(found), found[2:], strict=False))
    threes = list(runs(found, 3))
    return thrice or len(set(threes)) < len(threes)
