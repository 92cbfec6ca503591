"""Goals and beliefs make emotions: as the paper prints them, and as the released engine computes them."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import appraisal as benchmark
from benchmarks.scenarios import played, scenarios
from core.feelings.emotions import Emotion
from core.feelings.fading import Curve
from core.feelings.gamygdala import Belief, Convention, Gamygdala

# The first four are those of reference/gamygdala_scenarios.json; the others were drawn at random and
# answered by the rules of broekens/gamygdala's js/Gamygdala.js, run in Node.
KEPT = Path(__file__).resolve().parents[2] / "data" / "feelings" / "gamygdala.json"
SCENARIOS = json.loads(KEPT.read_text(encoding="utf-8"))

share, signed = st.floats(0, 1), st.floats(-1, 1)


def feels(engine: Gamygdala, name: str, **expected: float) -> None:
    """Exactly these emotions, to the .01 the listings are printed with."""
    found = {emotion.value: value for emotion, value in engine.agents[name].emotions.items()}
    wanted = {emotion.replace("_", "-"): value for emotion, value in expected.items()}
    assert found == pytest.approx(wanted, abs=0.01)


def of_hero(convention: Convention, name: str, utility: float, **known: Any) -> Gamygdala:
    engine = Gamygdala(convention)
    engine.add_agent("hero")
    engine.add_goal("hero", name, utility, **known)
    return engine


@pytest.mark.parametrize("raw", SCENARIOS, ids=lambda raw: raw["name"])
def test_the_released_engines_numbers(raw: dict[str, Any]) -> None:
    [scenario] = [each for each in scenarios(KEPT) if each.name == raw["name"]]
    assert played(scenario) == {"name": raw["name"], "steps": raw["expected"]}


def test_listing_1_relief() -> None:
    engine = of_hero(Convention.PAPER, "village destroyed", -0.9)
    engine.appraise(Belief(0.6, (("village destroyed", 1),)))
    feels(engine, "hero", fear=0.72)
    engine.wait(3)
    engine.appraise(Belief(0, (("village destroyed", 1),)))
    feels(engine, "hero", fear=0.369, relief=0.27, joy=0.27)


def test_listing_3_the_blacksmith() -> None:
    engine = Gamygdala()
    engine.add_agent("village")
    engine.add_agent("blacksmith")
    engine.add_goal("blacksmith", "live", 0.7)
    engine.appraise(Belief(1, (("live", 1),), "village"))
    feels(engine, "blacksmith", joy=0.7, gratitude=0.7)
    engine.relate("blacksmith", "village", 1)
    engine.wait(3)
    engine.add_goal("village", "destroyed", -1)
    engine.appraise(Belief(0.7, (("destroyed", 1),)))
    assert engine.agents["blacksmith"].emotions[Emotion.PITY] == pytest.approx(0.85)
    engine.wait(3)
    engine.appraise(Belief(1, (("destroyed", -1),), "blacksmith"))
    feels(engine, "blacksmith", joy=0.18, gratitude=0.18, pity=0.44, happy_for=0.85, gratification=0.85)
    # As the paper says of the village, had it a mind: relief, joy, and gratitude towards the blacksmith.
    feels(engine, "village", fear=0.44, relief=0.85, joy=0.85, gratitude=0.85)


def test_listing_4_a_soldier() -> None:
    engine = of_hero(Convention.PAPER, "die", -1)
    engine.appraise(Belief(0.7, (("die", 1),)))
    feels(engine, "hero", fear=0.85)
    engine.wait(1)
    engine.add_goal("hero", "win", 1, likelihood=0.1875)
    engine.appraise(Belief(0.5, (("win", 1),)))
    feels(engine, "hero", fear=0.68, hope=0.5625)


def test_a_hope_that_is_disappointed() -> None:
    engine = of_hero(Convention.PAPER, "lottery", 0.8, likelihood=0.9)
    engine.appraise(Belief(0, (("lottery", 1),)))
    feels(engine, "hero", disappointment=0.32, distress=0.32)


def test_remorse_towards_somebody_liked() -> None:
    engine = of_hero(Convention.PAPER, "alive", 1, likelihood=0.85)
    engine.add_agent("knight")
    engine.relate("knight", "hero", 1)
    engine.appraise(Belief(0.5, (("alive", -1),), "knight"))
    assert engine.agents["knight"].emotions[Emotion.REMORSE] == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("likelihood", "congruence", "kept"),
    [(1, 1, 1), (1, -1, 0), (0, 1, 0), (0, -1, 1), (1, 0, 0.5), (0, 0, 0.5)],
)
def test_in_the_paper_certainty_settles_a_goal(likelihood: float, congruence: float, kept: float) -> None:
    engine = of_hero(Convention.PAPER, "goal", 1)
    engine.appraise(Belief(likelihood, (("goal", congruence),)))
    assert engine.goals["goal"].likelihood == kept


@pytest.mark.parametrize("convention", Convention)
def test_what_is_won_stays_won_unless_it_must_be_maintained(convention: Convention) -> None:
    for maintenance in (False, True):
        engine = of_hero(convention, "fed", 1, maintenance=maintenance)
        engine.appraise(Belief(1, (("fed", 1),)))
        before = dict(engine.agents["hero"].emotions)
        engine.appraise(Belief(0.8, (("fed", -1),)))
        assert (engine.agents["hero"].emotions != before) is maintenance


def test_the_first_word_counts_in_full_in_the_paper_only() -> None:
    paper, released = (of_hero(mode, "goal", 1) for mode in (Convention.PAPER, Convention.JAVASCRIPT))
    for engine in (paper, released):
        engine.appraise(Belief(0.6, (("goal", 1),)))
    feels(paper, "hero", hope=0.8)
    feels(released, "hero", hope=0.3)


def test_bits_of_evidence_add_up() -> None:
    engine = of_hero(Convention.JAVASCRIPT, "goal", 1)
    for _ in range(3):
        engine.appraise(Belief(0.2, (("goal", 1),), incremental=True))
    assert engine.goals["goal"].likelihood == 1
    assert engine.agents["hero"].emotions[Emotion.JOY] == pytest.approx(0.1)


def test_an_enemy_gloats_and_resents() -> None:
    engine = of_hero(Convention.PAPER, "goal", 1, likelihood=0.5)
    engine.add_agent("enemy")
    engine.relate("enemy", "hero", -0.5)
    engine.appraise(Belief(0.6, (("goal", -1),)))
    engine.appraise(Belief(0.6, (("goal", 1),)))
    feels(engine, "enemy", gloating=0.15, resentment=0.3)


def test_a_goal_that_is_dropped_leaves_cold() -> None:
    engine = of_hero(Convention.PAPER, "goal", 1)
    engine.drop_goal("hero", "goal")
    engine.appraise(Belief(1, (("goal", 1),)))
    feels(engine, "hero")


def test_linear_decay_ends_in_nothing() -> None:
    engine = Gamygdala(factor=0.4, curve=Curve.LINEAR)
    engine.add_agent("hero")
    engine.add_goal("hero", "goal", 1)
    engine.appraise(Belief(0.6, (("goal", 1),)))
    engine.wait(1)
    feels(engine, "hero", hope=0.4)
    engine.wait(2)
    feels(engine, "hero")


@pytest.mark.parametrize(
    ("action", "told"),
    [
        (lambda engine: engine.add_goal("nobody", "goal", 1), "nobody is called 'nobody'; known: 'hero'"),
        (lambda engine: engine.add_goal("hero", "goal", 1.5), "outside"),
        (lambda engine: engine.relate("hero", "hero", 2), "outside"),
        (lambda engine: engine.relate("hero", "ghost", 0), "'ghost'"),
        (lambda engine: engine.appraise(Belief(math.nan, (("g", 1),))), "finite"),
        (lambda engine: engine.appraise(Belief(1, (("g", math.inf),))), "finite"),
    ],
)
def test_what_cannot_be_is_refused_in_words(action: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        action(of_hero(Convention.PAPER, "g", 1))


beliefs = st.builds(
    Belief,
    signed,
    st.lists(st.tuples(st.sampled_from(("a", "b", "c")), signed), max_size=3).map(tuple),
    st.sampled_from(("", "hero", "enemy", "stranger")),
    st.booleans(),
)


@given(
    st.sampled_from(Convention),
    st.lists(beliefs, max_size=12),
    st.lists(signed, min_size=4, max_size=4),
    st.data(),
)
def test_numbers_stay_within_their_bounds(
    convention: Convention, happenings: list[Belief], numbers: list[float], data: st.DataObject
) -> None:
    engine = Gamygdala(convention)
    for name in ("hero", "enemy"):
        engine.add_agent(name)
    engine.add_goal("hero", "a", numbers[0])
    engine.add_goal("hero", "b", numbers[1], maintenance=True)
    engine.add_goal("enemy", "a", 0)
    engine.relate("enemy", "hero", numbers[2])
    engine.relate("hero", "enemy", numbers[3])
    for belief in happenings:
        engine.appraise(belief)
        engine.wait(data.draw(st.floats(0, 100)))
    for agent in engine.agents.values():
        assert all(value >= 0 and math.isfinite(value) for value in agent.emotions.values())
        assert all(0 <= each.intensity <= 1 for each in agent.felt())
        assert all(abs(axis) <= 1 for axis in agent.pad(limited=True))
        agent.mood()


@given(st.sampled_from(Convention), share, share, signed, signed, signed, signed)
def test_the_order_of_events_about_different_goals_does_not_matter(
    convention: Convention, one: float, two: float, up: float, down: float, utility: float, other: float
) -> None:
    answers = []
    for turned in (False, True):
        engine = Gamygdala(convention)
        engine.add_agent("hero")
        engine.add_goal("hero", "a", utility)
        engine.add_goal("hero", "b", other)
        happenings = [Belief(one, (("a", up),), "x"), Belief(two, (("b", down),), "x")]
        for belief in reversed(happenings) if turned else happenings:
            engine.appraise(belief)
        answers.append(dict(engine.agents["hero"].emotions))
    assert answers[0] == pytest.approx(answers[1])


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_million_events_leave_no_drift() -> None:
    """Good and bad news in turn, a second apart, for eleven days: still bounded, still balanced."""
    engine = of_hero(Convention.PAPER, "goal", 1, maintenance=True)
    good, bad = Belief(0.6, (("goal", 1),)), Belief(0.6, (("goal", -1),))
    for number in range(1_000_000):
        engine.appraise(bad if number % 2 else good)
        engine.wait(1)
    hero = engine.agents["hero"].emotions
    # A geometric series: .6 · .8 / (1 − .8²) after the last wait, and .8 of that for the one before.
    assert hero[Emotion.FEAR] == pytest.approx(0.6 * 0.8 / (1 - 0.64))
    assert hero[Emotion.HOPE] == pytest.approx(0.8 * 0.6 * 0.8 / (1 - 0.64))


def asked(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    monkeypatch.setattr(sys, "argv", ["appraisal", "--messages", "40", "--json", *words])
    benchmark.main()


def test_the_benchmark_answers_scenarios_without_their_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "scenarios.json"
    bare = [{key: raw[key] for key in raw if key != "expected"} for raw in SCENARIOS[:4]]
    data.write_text(json.dumps(bare), encoding="utf-8")
    asked(monkeypatch, "--data", str(data), "--out", str(tmp_path / "rows.jsonl"))
    told = json.loads(capsys.readouterr().out)
    assert [scenario["steps"] for scenario in told["scenarios"]] == [raw["expected"] for raw in SCENARIOS[:4]]
    assert [scenario["name"] for scenario in told["scenarios"]] == [raw["name"] for raw in bare]
    assert told["figures"]["scenarios"] == 4
    assert told["figures"]["appraisal_p95_ms"] > 0
    assert len((tmp_path / "rows.jsonl").read_text().splitlines()) == told["figures"]["messages"] == 40


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "cannot be read as JSON"),
        ('{"name": "x"}', "no list of scenarios"),
        ('[{"name": "x", "agents": ["a"], "steps": [{"wait": 3}]}]', "0.steps.0.wait"),
        ('[{"name": "x", "agents": ["a"], "steps": [{}]}]', "a step is one of belief, wait_s"),
        ('[{"name": "x", "agents": ["a"], "steps": [{"wait_s": -1}]}]', "0.steps.0.wait_s"),
        ('[{"name": "x", "agents": ["a"], "steps": [], "mode": "java"}]', "'paper' or 'javascript'"),
        (
            '[{"name": "x", "agents": ["a"], "steps": [{"belief": {"likelihood": 1, "goals": ["g"],'
            ' "congruence": []}}]}]',
            "1 goals but 0 numbers",
        ),
        (
            '[{"name": "x", "agents": ["a"], "steps": [], "goals": [{"agent": "b", "name": "g",'
            ' "utility": 1}]}]',
            "scenario 'x': nobody is called 'b'",
        ),
    ],
)
def test_a_wrong_file_is_told_where(
    text: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "bad.json"
    data.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as refused:
        asked(monkeypatch, "--data", str(data))
    assert told in str(refused.value)


def test_a_goal_nobody_has_is_told_in_the_notes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "odd.json"
    step = {"belief": {"likelihood": 1, "goals": ["ghost"], "congruence": [1]}}
    data.write_text(json.dumps([{"name": "x", "agents": ["a"], "steps": [step]}]), encoding="utf-8")
    asked(monkeypatch, "--data", str(data))
    assert "x: ghost" in json.loads(capsys.readouterr().out)["notes"]


def test_every_kind_of_step_is_played(tmp_path: Path) -> None:
    data = tmp_path / "all.json"
    steps = [
        {"like": {"of": "b", "to": "a", "like": 0.5}},
        {"goal": {"agent": "a", "name": "g", "utility": 1}},
        {"belief": {"likelihood": 0.6, "cause": None, "goals": ["g"], "congruence": [1]}},
        {"wait_s": 1.5},
        {"drop": {"agent": "a", "goal": "g"}},
        {"belief": {"likelihood": 0.6, "goals": ["g"], "congruence": [-1]}},
    ]
    row = {"name": "all", "agents": ["a", "b"], "steps": steps, "gain": 2}
    data.write_text(json.dumps({"scenarios": [{**row, "decay": {"curve": "linear", "factor": 0.1}}]}))
    [told] = [played(scenario)["steps"] for scenario in scenarios(data)]
    assert told[2]["a"]["emotions"] == {"hope": 0.8}
    assert told[2]["b"] == {**told[2]["b"], "relations": [["a", 0.5, [["happy-for", 0.4]]]]}
    assert told[2]["a"]["pad_gain_limited"][0] == pytest.approx(0.816 / 1.816, abs=1e-6)
    assert told[3]["a"]["emotions"] == told[5]["a"]["emotions"] == {"hope": 0.65}
