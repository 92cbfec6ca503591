"""GAMYGDALA: emotions out of goals and beliefs (Popescu, Broekens & van Someren, IEEE TAC 2014).

Agents own goals; a belief makes goals likelier or less likely; what that does to them and to those who
like or dislike them is computed. Everything else about an event is the belief's business.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from core.feelings.emotions import Emotion, Felt
from core.feelings.fading import Curve, per_second
from core.feelings.pad import Pad
from core.feelings.tables import PadTable, place


class Convention(StrEnum):
    """Which GAMYGDALA: they differ where a goal's likelihood begins and when it is settled.

    Attributes:
        PAPER: an unknown likelihood at first, so that the first belief counts in full (ΔL = L′); a belief of
            likelihood 0 or 1 settles the goal one way or the other although ΔL is computed unsettled,
            which is what the paper's listings 1, 3 and 4 print.
        JAVASCRIPT: as the released engine does it (broekens/gamygdala): every goal begins at .5.
    """

    PAPER = "paper"
    JAVASCRIPT = "javascript"


@dataclass(slots=True)
class Goal:
    """Something an agent wants, or with a negative utility wants to avoid.

    Attributes:
        utility: −1…1. likelihood: that it is or will be so; None while nothing is known.
        maintenance: it can be won and lost again; otherwise it is settled once it is certain.
    """

    name: str
    utility: float
    likelihood: float | None = None
    maintenance: bool = False


@dataclass(frozen=True, slots=True)
class Belief:
    """Something that happens, or might.

    Attributes:
        likelihood: that it is true, 0…1 (what lies outside −1…1 is cut). cause: who did it, "" for nobody.
        goals: how good (1) or bad (−1) it is for each goal, by the goal's name.
        incremental: it adds likelihood · congruence to the goal's likelihood instead of setting it.
    """

    likelihood: float
    goals: tuple[tuple[str, float], ...]
    cause: str = ""
    incremental: bool = False


@dataclass(slots=True)
class Relation:
    """What an agent feels for another.

    Attributes:
        like: −1…1. emotions: those felt towards the other, by intensity, in the order they came up.
    """

    like: float
    emotions: dict[Emotion, float] = field(default_factory=dict)


@dataclass(slots=True)
class Agent:
    """Somebody with goals and feelings.

    Attributes:
        emotions: by intensity, 0 or more, in the order they came up: appraisals add up without bound.
        goals: the names of their goals. relations: by the other's name.
        gain: how strongly little appraisals tell, over 0 up to 20.
    """

    name: str
    goals: set[str] = field(default_factory=set)
    emotions: dict[Emotion, float] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    gain: float = 1.0

    def felt(self) -> tuple[Felt, ...]:
        """What they feel, limited to 0…1 by g·I / (g·I + 1)."""
        return tuple(Felt(emotion, self._limited(value)) for emotion, value in self.emotions.items())

    def pad(self, *, limited: bool, table: PadTable = PadTable.GAMYGDALA) -> tuple[float, float, float]:
        """Σ I · PAD over what they feel; `limited` puts each axis within −1…1 by g·x / (g·|x| + 1)."""
        axes = [0.0, 0.0, 0.0]
        for emotion, intensity in self.emotions.items():
            for axis, value in enumerate(place(emotion, table)):
                axes[axis] += intensity * value
        p, a, d = (self._limited(value) for value in axes) if limited else axes
        return p, a, d

    def mood(self, table: PadTable = PadTable.GAMYGDALA) -> Pad:
        """The limited PAD state."""
        return Pad.within(*self.pad(limited=True, table=table))

    def _limited(self, value: float) -> float:
        return self.gain * value / (self.gain * abs(value) + 1)


class Gamygdala:
    """The engine: agents, their goals and relations, and what beliefs do to them."""

    def __init__(
        self,
        convention: Convention = Convention.PAPER,
        *,
        factor: float = 0.8,
        curve: Curve = Curve.EXPONENTIAL,
    ) -> None:
        """
        Args:
            factor: what is left of an emotion after a second, or with a linear curve what is lost in one.
        """
        self.convention = convention
        self.agents: dict[str, Agent] = {}
        self.goals: dict[str, Goal] = {}
        self._factor = factor
        self._curve = curve

    def add_agent(self, name: str) -> Agent:
        """Somebody new; whoever is known by that name already stays as they are."""
        return self.agents.setdefault(name, Agent(name))

    def add_goal(
        self,
        owner: str,
        name: str,
        utility: float,
        *,
        likelihood: float | None = None,
        maintenance: bool = False,
    ) -> Goal:
        """Give an agent a goal. A goal known by that name is shared: its utility stays, both own it, it is
        to be maintained if one of them says so.

        Raises:
            ValueError: nobody is called that, or the utility is outside −1…1.
        """
        agent = self._agent(owner)
        if not -1 <= utility <= 1:
            raise ValueError(f"the utility {utility} of {name!r} is outside −1…1")
        if name not in self.goals:
            known = 0.5 if likelihood is None and self.convention is Convention.JAVASCRIPT else likelihood
            self.goals[name] = Goal(name, utility, known)
        goal = self.goals[name]
        goal.maintenance = goal.maintenance or maintenance
        agent.goals.add(name)
        return goal

    def drop_goal(self, owner: str, name: str) -> None:
        """The agent does not care any more; a goal of nobody is forgotten."""
        self._agent(owner).goals.discard(name)
        if not any(name in agent.goals for agent in self.agents.values()):
            self.goals.pop(name, None)

    def relate(self, of: str, to: str, like: float) -> None:
        """`of` likes `to` that much from now on, −1…1. What they feel towards them stays.

        Raises:
            ValueError: one of them is unknown, or `like` is outside.
        """
        self._agent(to)
        if not -1 <= like <= 1:
            raise ValueError(f"the like {like} of {of!r} for {to!r} is outside −1…1")
        self._relation(self._agent(of), to).like = like

    def appraise(self, belief: Belief) -> None:
        """Let everybody feel about it. Goals nobody knows are passed over, as the original does.

        Raises:
            ValueError: a number of the belief is none.
        """
        numbers = [belief.likelihood, *(congruence for _, congruence in belief.goals)]
        if not all(math.isfinite(number) for number in numbers):
            raise ValueError("a belief's numbers are finite")
        for name, congruence in belief.goals:
            if goal := self.goals.get(name):
                self._appraise(goal, belief, _within(congruence))

    def wait(self, seconds: float) -> None:
        """Let everything fade. Negative time is none."""
        for agent in self.agents.values():
            self._fade(agent.emotions, max(seconds, 0.0))
            for relation in agent.relations.values():
                self._fade(relation.emotions, max(seconds, 0.0))

    def _appraise(self, goal: Goal, belief: Belief, congruence: float) -> None:
        change = self._move(goal, belief, congruence)
        if change == 0 and self.convention is Convention.PAPER:
            return
        desirability = change * goal.utility
        for owner in [agent for agent in self.agents.values() if goal.name in agent.goals]:
            self._about_oneself(owner, goal, change)
            self._about_the_cause(owner, belief.cause, desirability)
            for watcher in self.agents.values():
                if owner.name in watcher.relations:
                    self._about_another(watcher, owner, desirability)
                    if watcher is owner:  # the original lets a relation to oneself count twice
                        self._about_the_cause(owner, belief.cause, desirability)
                    elif watcher.name == belief.cause:
                        self._about_ones_deed(watcher, owner, desirability)

    def _move(self, goal: Goal, belief: Belief, congruence: float) -> float:
        """Move the goal's likelihood and answer by how much.

        L′ = (congruence · likelihood + 1) / 2, or L + likelihood · congruence when incremental.
        """
        is_paper = self.convention is Convention.PAPER
        old, low = goal.likelihood, 0.0 if is_paper else -1.0
        if old is not None and not goal.maintenance and (old >= 1 or old <= low):
            return 0.0
        sure = _within(belief.likelihood)
        if belief.incremental:
            new = max(low, min(1.0, (old or 0.0) + sure * congruence))
        else:
            new = (congruence * sure + 1.0) / 2.0
        goal.likelihood = new
        if is_paper and not belief.incremental and congruence and sure in (0.0, 1.0):
            goal.likelihood = 1.0 if (congruence > 0) == (sure == 1.0) else 0.0
        return new if old is None else new - old

    def _about_oneself(self, owner: Agent, goal: Goal, change: float) -> None:
        intensity = abs(goal.utility * change)
        if intensity == 0:
            return
        for emotion in self._own_emotions(goal, change):
            _add(owner.emotions, emotion, intensity)

    def _own_emotions(self, goal: Goal, change: float) -> list[Emotion]:
        wanted, now = goal.utility >= 0, goal.likelihood
        if now is not None and 0 < now < 1:
            return [Emotion.HOPE if wanted == (change >= 0) else Emotion.FEAR]
        if now == 1:
            told = [Emotion.SATISFACTION if wanted else Emotion.FEARS_CONFIRMED] if change < 0.5 else []
            return [*told, Emotion.JOY if wanted else Emotion.DISTRESS]
        if now == 0:
            # The released engine compares the other way round here, so that it hardly ever disappoints.
            is_told = change < 0.5 if self.convention is Convention.PAPER else change > 0.5
            told = [Emotion.DISAPPOINTMENT if wanted else Emotion.RELIEF] if is_told else []
            return [*told, Emotion.DISTRESS if wanted else Emotion.JOY]
        return []

    def _about_the_cause(self, owner: Agent, cause: str, desirability: float) -> None:
        if not cause or cause == owner.name:  # pride and shame are not GAMYGDALA's
            return
        emotion = Emotion.GRATITUDE if desirability >= 0 else Emotion.ANGER
        _add(self._relation(owner, cause).emotions, emotion, abs(desirability))
        _add(owner.emotions, emotion, abs(desirability))

    def _about_another(self, watcher: Agent, owner: Agent, desirability: float) -> None:
        relation = watcher.relations[owner.name]
        intensity = abs(desirability * relation.like)
        if intensity == 0:
            return
        if desirability >= 0:
            emotion = Emotion.HAPPY_FOR if relation.like >= 0 else Emotion.RESENTMENT
        else:
            emotion = Emotion.PITY if relation.like >= 0 else Emotion.GLOATING
        _add(relation.emotions, emotion, intensity)
        _add(watcher.emotions, emotion, intensity)

    def _about_ones_deed(self, doer: Agent, owner: Agent, desirability: float) -> None:
        relation = doer.relations[owner.name]
        if relation.like < 0:
            return
        emotion = Emotion.GRATIFICATION if desirability >= 0 else Emotion.REMORSE
        _add(relation.emotions, emotion, abs(desirability * relation.like))
        _add(doer.emotions, emotion, abs(desirability * relation.like))

    def _fade(self, emotions: dict[Emotion, float], seconds: float) -> None:
        faded = {
            emotion: per_second(value, seconds, self._factor, self._curve)
            for emotion, value in emotions.items()
        }
        emotions.clear()
        emotions.update({emotion: value for emotion, value in faded.items() if value >= 0})

    def _relation(self, agent: Agent, to: str) -> Relation:
        return agent.relations.setdefault(to, Relation(0.0))

    def _agent(self, name: str) -> Agent:
        if name not in self.agents:
            known = ", ".join(map(repr, self.agents)) or "nobody"
            raise ValueError(f"nobody is called {name!r}; known: {known}")
        return self.agents[name]


def _add(emotions: dict[Emotion, float], emotion: Emotion, intensity: float) -> None:
    emotions[emotion] = emotions.get(emotion, 0.0) + intensity


def _within(value: float) -> float:
    return max(-1.0, min(1.0, value))
