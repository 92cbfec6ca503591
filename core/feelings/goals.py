"""What a persona wants of the people it meets, weighed by GAMYGDALA: what is at stake, and how that feels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.feelings.appraisal import Appraisal, Mark
from core.feelings.emotions import Felt
from core.feelings.fading import halving
from core.feelings.gamygdala import Belief, Convention, Gamygdala
from core.feelings.pad import bounded

RESPECTED, LIKED, SAFE, OTHERS_WELL = "respected", "liked", "safe", "others well"
# Ours: how much a persona cares. All are to be maintained: none is ever won or lost for good.
UTILITIES: Mapping[str, float] = {RESPECTED: 0.8, LIKED: 0.7, SAFE: 0.9, OTHERS_WELL: 0.6}
# Ours: how good or bad what a message does is for each of them.
_CONGRUENCES: Mapping[Mark, Mapping[str, float]] = {
    Mark.INSULT: {RESPECTED: -1.0, LIKED: -0.6},
    Mark.THREAT: {SAFE: -1.0, RESPECTED: -0.5},
    Mark.THANKS: {RESPECTED: 0.5, LIKED: 0.5},
    Mark.PRAISE: {RESPECTED: 1.0, LIKED: 0.5},
    Mark.AFFECTION: {LIKED: 1.0},
    Mark.APOLOGY: {RESPECTED: 0.7, SAFE: 0.4},
}
# Ours: one message moves a likelihood by this much at most; a day later half of that is forgotten.
_STEP = 0.4
_HALF_LIFE_S = 86_400.0
_UNKNOWN = 0.5
_ME, _SENDER = "me", "sender"


@dataclass(frozen=True, slots=True)
class Stakes:
    """How likely it looks that the persona gets what it wants, 0…1 a goal; .5 where nothing tells."""

    likelihoods: Mapping[str, float] = field(default_factory=dict)

    def of(self, goal: str) -> float:
        """The likelihood of one goal."""
        return bounded(self.likelihoods.get(goal, _UNKNOWN), 0.0, 1.0)


def weighed(
    stakes: Stakes, appraisal: Appraisal, *, liking: float = 0.0, convention: Convention = Convention.PAPER
) -> tuple[Stakes, tuple[Felt, ...]]:
    """What a message does to what the persona wants, and how that feels: hope or fear, gratitude or anger.

    To be added to the appraisal's own emotions by `core.feelings.emotions.together`.

    Args:
        liking: for the sender, −1…1.
    """
    engine = Gamygdala(convention)
    engine.add_agent(_ME)
    engine.add_agent(_SENDER)
    engine.relate(_ME, _SENDER, bounded(liking))
    for goal, utility in UTILITIES.items():
        engine.add_goal(_ME, goal, utility, likelihood=stakes.of(goal), maintenance=True)
    if moved := _moved(appraisal):
        engine.appraise(Belief(_STEP, moved, _SENDER if _is_deed(appraisal) else "", incremental=True))
    after = {name: bounded(goal.likelihood or 0.0, 0.0, 1.0) for name, goal in engine.goals.items()}
    return Stakes(after), tuple(each for each in engine.agents[_ME].felt() if each.intensity > 0)


def settled(stakes: Stakes, seconds: float) -> Stakes:
    """What is still thought of the goals a while later: likelihoods go back to .5, half the way a day."""
    return Stakes(
        {
            goal: _UNKNOWN + halving(stakes.of(goal) - _UNKNOWN, seconds, _HALF_LIFE_S)
            for goal in stakes.likelihoods
        }
    )


def _moved(appraisal: Appraisal) -> tuple[tuple[str, float], ...]:
    """How good or bad it is for which goals, as strong as the message is."""
    strength = max(abs(appraisal.desirability), abs(appraisal.praiseworthiness))
    sums: dict[str, float] = {}
    for mark in sorted(appraisal.marks):
        for goal, congruence in _CONGRUENCES.get(mark, {}).items():
            sums[goal] = sums.get(goal, 0.0) + strength * congruence
    if appraisal.fortune:
        sums[OTHERS_WELL] = appraisal.fortune
    return tuple((goal, bounded(congruence)) for goal, congruence in sums.items())


def _is_deed(appraisal: Appraisal) -> bool:
    return not appraisal.marks.isdisjoint(_CONGRUENCES)
