"""Work that needs the data closed: the window goes, the work is done, and everything opens again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.words import say


@dataclass(frozen=True, slots=True)
class Between:
    """What is to be done between closing and opening.

    Attributes:
        title: what it is, in the host's words. work: does it, and answers the sentence that is said when
            everything is open again.
    """

    title: str
    work: Callable[[], Awaitable[str]]


def starting_again() -> Between:
    """Nothing but closing everything and opening it again."""

    async def nothing() -> str:
        return say("Echodeck was started again.")

    return Between(say("Starting again…"), nothing)


Reopen = Callable[[Between], None]
