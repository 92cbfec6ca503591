"""GAMYGDALA scenarios as a JSON file: read strictly, played through the product's engine, told in numbers.

A file is a list of scenarios (or an object with a list `scenarios`):

    {"name": "…", "mode": "javascript" | "paper", "agents": ["bot", …],
     "goals": [{"agent": "bot", "name": "…", "utility": −1…1, "maintenance": false, "likelihood": 0…1}],
     "relations": [{"of": "bot", "to": "user", "like": −1…1}],
     "decay": {"curve": "exponential" | "linear", "factor": 0.8}, "gain": 1,
     "steps": [{"belief": {"likelihood": 0…1, "cause": "user", "goals": ["…"], "congruence": [−1…1],
                           "incremental": false}} | {"wait_s": 3} | {"like": {relation}} | {"goal": {goal}}
               | {"drop": {"agent": "bot", "goal": "…"}}]}

Everything but name, agents and steps may be left out; `expected` is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from core.feelings.fading import Curve
from core.feelings.gamygdala import Agent, Belief, Convention, Gamygdala

_LAST_DIGIT = Decimal("0.000001")

Name = Annotated[str, Field(min_length=1)]
Signed = Annotated[float, Field(ge=-1, le=1)]


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class GoalRow(Strict):
    agent: Name
    name: Name
    utility: Signed
    likelihood: Signed | None = None
    maintenance: bool = False


class RelationRow(Strict):
    of: Name
    to: Name
    like: Signed


class DropRow(Strict):
    agent: Name
    goal: Name


class BeliefRow(Strict):
    likelihood: float
    cause: str | None = ""
    goals: tuple[Name, ...]
    congruence: tuple[float, ...]
    incremental: bool = False

    @model_validator(mode="after")
    def _as_many(self) -> Self:
        if len(self.goals) != len(self.congruence):
            raise ValueError(f"{len(self.goals)} goals but {len(self.congruence)} numbers in congruence")
        return self

    def belief(self) -> Belief:
        goals = tuple(zip(self.goals, self.congruence, strict=True))
        return Belief(self.likelihood, goals, self.cause or "", self.incremental)


class Step(Strict):
    belief: BeliefRow | None = None
    wait_s: Annotated[float, Field(ge=0)] | None = None
    like: RelationRow | None = None
    goal: GoalRow | None = None
    drop: DropRow | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        given = self.model_fields_set
        if len(given) != 1 or all(getattr(self, name) is None for name in given):
            kinds = ", ".join(type(self).model_fields)
            raise ValueError(f"a step is one of {kinds}; this one has {sorted(given) or 'none'}")
        return self


class DecayRow(Strict):
    curve: Curve = Curve.EXPONENTIAL
    factor: Annotated[float, Field(ge=0, le=1)] = 0.8


class Scenario(Strict):
    name: Name
    mode: Convention = Convention.PAPER
    agents: Annotated[tuple[Name, ...], Field(min_length=1)]
    goals: tuple[GoalRow, ...] = ()
    relations: tuple[RelationRow, ...] = ()
    decay: DecayRow = DecayRow()
    gain: Annotated[float, Field(gt=0, le=20)] = 1.0
    steps: tuple[Step, ...]
    expected: Any = None


def scenarios(path: Path) -> list[Scenario]:
    """Read a file.

    Raises:
        SystemExit: it is no such file; says where, and what is wrong there.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise SystemExit(f"{path} cannot be read as JSON: {error}") from error
    if isinstance(raw, dict) and "scenarios" in raw:
        raw = raw["scenarios"]
    try:
        return TypeAdapter(list[Scenario]).validate_python(raw)
    except ValidationError as error:
        told = [f"  {'.'.join(map(str, each['loc'])) or 'file'}: {each['msg']}" for each in error.errors()]
        raise SystemExit("\n".join([f"{path} is no list of scenarios:", *told[:20]])) from error


def played(scenario: Scenario) -> dict[str, Any]:
    """Play a scenario; after each step, what everybody feels.

    Raises:
        SystemExit: it names somebody who is no agent.
    """
    engine = Gamygdala(scenario.mode, factor=scenario.decay.factor, curve=scenario.decay.curve)
    for name in scenario.agents:
        engine.add_agent(name).gain = scenario.gain
    try:
        for goal in scenario.goals:
            _give(engine, goal)
        for relation in scenario.relations:
            engine.relate(relation.of, relation.to, relation.like)
        steps = [_after(engine, step) for step in scenario.steps]
    except ValueError as error:
        raise SystemExit(f"scenario {scenario.name!r}: {error}") from error
    return {"name": scenario.name, "steps": steps}


def unknown_goals(scenario: Scenario) -> list[str]:
    """Goals that beliefs speak of and nobody has: the engine passes them over, whoever wrote them may not."""
    known = {goal.name for goal in scenario.goals} | {step.goal.name for step in scenario.steps if step.goal}
    spoken_of = [name for step in scenario.steps if step.belief for name in step.belief.goals]
    return [f"{scenario.name}: {name}" for name in dict.fromkeys(spoken_of) if name not in known]


def _give(engine: Gamygdala, goal: GoalRow) -> None:
    engine.add_goal(
        goal.agent, goal.name, goal.utility, likelihood=goal.likelihood, maintenance=goal.maintenance
    )


def _after(engine: Gamygdala, step: Step) -> dict[str, Any]:
    if step.belief is not None:
        engine.appraise(step.belief.belief())
    elif step.wait_s is not None:
        engine.wait(step.wait_s)
    elif step.like is not None:
        engine.relate(step.like.of, step.like.to, step.like.like)
    elif step.goal is not None:
        _give(engine, step.goal)
    elif step.drop is not None:
        engine.drop_goal(step.drop.agent, step.drop.goal)
    return {agent.name: _told(agent) for agent in engine.agents.values()}


def _told(agent: Agent) -> dict[str, Any]:
    return {
        "emotions": {emotion.value: _round(value) for emotion, value in sorted(agent.emotions.items())},
        "pad": _rounded(agent.pad(limited=False)),
        "pad_gain_limited": _rounded(agent.pad(limited=True)),
        "relations": [
            [
                to,
                relation.like,
                [[emotion.value, _round(value)] for emotion, value in relation.emotions.items()],
            ]
            for to, relation in agent.relations.items()
        ],
    }


def _rounded(values: Iterable[float]) -> list[float]:
    return [_round(value) for value in values]


def _round(value: float) -> float:
    """To six digits, half away from zero, as JavaScript's toFixed does; no minus zero."""
    return float(Decimal(value).quantize(_LAST_DIGIT, ROUND_HALF_UP)) + 0.0
