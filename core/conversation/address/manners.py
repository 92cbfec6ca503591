"""How the bot is to behave in a place."""

from __future__ import annotations

from dataclasses import dataclass

TALKATIVENESS = 5


@dataclass(frozen=True, slots=True)
class Manners:
    """How the host wants it to behave here.

    Attributes:
        answer_name: it answers to its name without a mention.
        answer_bots: it may answer other bots.
        talkativeness: 0 (mentions, replies and direct messages only) to 10.
        eagerness: −1…1, what mood and needs add; 0 changes nothing.
    """

    answer_name: bool = True
    answer_bots: bool = False
    talkativeness: float = TALKATIVENESS
    eagerness: float = 0.0

    @property
    def threshold(self) -> float:
        """The score from which it speaks: .5 at talkativeness 5, .3 at 10, and at 0 no score reaches it."""
        if self.talkativeness <= 0:
            return 2.0
        return 0.7 - 0.04 * min(self.talkativeness, 10.0) - 0.1 * max(-1.0, min(1.0, self.eagerness))
