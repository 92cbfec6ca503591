"""Everything an echo is made of: counted, indexed and learned from one person's own messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.echo.copying import CopyGate
from core.echo.examples import Examples
from core.echo.polish import Form, Gaps, Habits, form_of, gaps_between, habits_of
from core.echo.rerank import Reranker
from core.echo.style import StyleProfile, profile_of

FEWEST_OTHERS = 100


@dataclass(frozen=True, slots=True)
class EchoProfile:
    """What `core.echo.generate` needs to write like somebody.

    Attributes:
        style: the readable profile. forms: the outside of each message, for answers to borrow.
        reranker: None when there were too few messages of others to learn from.
        gaps: what the brain gets wrong by itself; everything, until a trial has shown it.
    """

    style: StyleProfile
    habits: Habits
    forms: tuple[Form, ...]
    examples: Examples
    gate: CopyGate
    reranker: Reranker | None
    gaps: Gaps

    def after_trial(self, drafts: Sequence[str]) -> EchoProfile:
        """The same, mending only what the brain got wrong in drafts that nobody touched."""
        return replace(self, gaps=gaps_between(self.style, profile_of(drafts)))


def built(messages: Sequence[str], others: Sequence[str], times: Iterable[datetime] = ()) -> EchoProfile:
    """Make an echo's profile.

    Args:
        messages: the person's own, cleaned, oldest first.
        others: anybody else's, cleaned; read once, in memory, and not kept.
        times: when the person wrote, in their time zone; may be left out.
    """
    return EchoProfile(
        style=profile_of(messages, times),
        habits=habits_of(messages),
        forms=tuple(map(form_of, messages)),
        examples=Examples(messages),
        gate=CopyGate(messages),
        reranker=Reranker.learned(messages, others) if len(others) >= FEWEST_OTHERS else None,
        gaps=Gaps(),
    )
