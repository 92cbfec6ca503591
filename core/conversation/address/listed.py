"""Words, as they are listed in this package."""

from __future__ import annotations


def listed(text: str) -> frozenset[str]:
    """The words of a list that is written as a text, parted by blanks."""
    return frozenset(text.split())
