"""Emotions pull the mood and push it on; left alone it comes home. It never leaves the cube."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.feelings.emotions import Emotion, Felt, decay, together
from core.feelings.mood import (
    PULL_PER_S,
    RETURN_PER_S,
    Centre,
    Octant,
    Strength,
    centre,
    lived_through,
    octant,
    step,
)
from core.feelings.pad import NEUTRAL, Pad, bounded
from core.feelings.tables import T1, PadTable

lean = st.floats(-1, 1)
moods = st.builds(Pad, lean, lean, lean)
feelings = st.lists(st.builds(Felt, st.sampled_from(Emotion), st.floats(0, 1)), max_size=5)
spans = st.floats(0, 10_000)

JOY = (Felt(Emotion.JOY, 1.0),)
ANGER = (Felt(Emotion.ANGER, 1.0),)


@pytest.mark.parametrize(
    ("mood", "name"),
    [
        (Pad(0.1, 0.1, 0.1), Octant.EXUBERANT),
        (Pad(0.1, 0.1, -0.1), Octant.DEPENDENT),
        (Pad(0.1, -0.1, 0.1), Octant.RELAXED),
        (Pad(0.1, -0.1, -0.1), Octant.DOCILE),
        (Pad(-0.1, 0.1, 0.1), Octant.HOSTILE),
        (Pad(-0.1, 0.1, -0.1), Octant.ANXIOUS),
        (Pad(-0.1, -0.1, 0.1), Octant.DISDAINFUL),
        (Pad(-0.1, -0.1, -0.1), Octant.BORED),
        (Pad(0, 0, 0), Octant.NEUTRAL),
        (Pad(0, -0.1, 0), Octant.RELAXED),  # zero counts as positive
    ],
)
def test_a_mood_has_a_name(mood: Pad, name: Octant) -> None:
    assert octant(mood).octant is name


@pytest.mark.parametrize(
    ("length", "strength"),
    [
        (0.1, Strength.SLIGHTLY),
        (0.57, Strength.SLIGHTLY),
        (0.58, Strength.MODERATELY),
        (1.15, Strength.MODERATELY),
        (1.16, Strength.FULLY),
        (1.73, Strength.FULLY),
    ],
)
def test_a_mood_has_a_strength_in_thirds_of_the_diagonal(length: float, strength: Strength) -> None:
    side = length / math.sqrt(3)
    assert octant(Pad(side, side, side)).strength is strength


def test_a_lone_emotion_is_its_own_centre() -> None:
    assert centre([Felt(Emotion.JOY, 0.4)]) == (T1[Emotion.JOY], 0.4)
    assert centre([Felt(Emotion.JOY, 0.4)], table=PadTable.GAMYGDALA)[0] == Pad(0.76, 0.48, 0.35)


def test_the_papers_centre_is_the_sum_weighing_the_mean() -> None:
    felt = [Felt(Emotion.ANGER, 0.8), Felt(Emotion.HATE, 0.4)]
    where, weight = centre(felt, Centre.SUM)
    assert tuple(where) == pytest.approx((-1.0, 1.0, 0.55))  # cut at the bounds
    assert weight == pytest.approx(0.6)


def test_a_faint_emotion_hardly_moves_the_centre() -> None:
    where, weight = centre([Felt(Emotion.ANGER, 0.9), Felt(Emotion.JOY, 0.03)])
    assert where.distance(T1[Emotion.ANGER]) < 0.04
    assert weight == pytest.approx(0.93)


def test_nothing_felt_is_no_centre() -> None:
    assert centre([]) == centre([Felt(Emotion.JOY, 0.0)]) == (NEUTRAL, 0.0)


def test_the_pull_goes_straight_to_the_centre_at_its_speed() -> None:
    """weight / 600 a second: a full emotion pulls by .1 in a minute, a half one by .05."""
    start = Pad(0.0, 0.0, 0.0)
    after = step(start, JOY, start, 60)
    assert after.length == pytest.approx(60 * PULL_PER_S) == pytest.approx(0.1)
    assert after.distance(T1[Emotion.JOY]) == pytest.approx(T1[Emotion.JOY].length - 0.1)
    half = step(start, (Felt(Emotion.JOY, 0.5),), start, 60)
    assert half.length == pytest.approx(0.05)


def test_beyond_the_centre_the_mood_is_pushed_on() -> None:
    joyful = Pad(0.5, 0.25, 0.125)  # on the line through joy, past it
    after = step(joyful, JOY, NEUTRAL, 60)
    assert after.length == pytest.approx(joyful.length + 0.1)
    assert after.p / after.a == pytest.approx(2)


def test_a_long_pull_arrives_and_goes_on_as_push() -> None:
    far = T1[Emotion.JOY].length
    arrived = step(NEUTRAL, JOY, NEUTRAL, far / PULL_PER_S)
    assert tuple(arrived) == pytest.approx(tuple(T1[Emotion.JOY]), abs=1e-6)
    assert step(NEUTRAL, JOY, NEUTRAL, far / PULL_PER_S + 60).length == pytest.approx(far + 0.1)


def test_a_good_mood_does_not_hold_against_anger_for_long() -> None:
    assert octant(step(Pad(0.6, 0.3, 0.3), ANGER, NEUTRAL, 1200)).octant is Octant.HOSTILE


def test_left_alone_a_mood_is_home_in_the_time_of_the_paper() -> None:
    """√3 in 20 minutes, and not a bit past it."""
    home, away = Pad(0.3, -0.1, 0.2), Pad(-0.5, 0.6, 0.3)
    whole = away.distance(home)
    after = step(away, (), home, 60)
    assert after.distance(home) == pytest.approx(whole - 60 * RETURN_PER_S)
    assert step(away, (), home, 1200) == home
    assert step(Pad(-0.5, -0.5, -0.5), (), Pad(0.5, 0.5, 0.5), 1200) == Pad(0.5, 0.5, 0.5)


def test_an_insult_fades_and_the_mood_comes_home() -> None:
    home = Pad(0.3, 0.1, 0.1)
    soon, still = lived_through(home, (Felt(Emotion.ANGER, 0.8),), home, 300)
    assert soon.p < home.p - 0.1
    assert still[0].intensity == pytest.approx(0.4)
    later, gone = lived_through(soon, still, home, 6 * 3600)
    assert later == home
    assert gone == ()


def test_years_pass_at_once() -> None:
    home = Pad(0.1, 0.0, 0.0)
    assert lived_through(Pad(-1, 1, 1), ANGER, home, 3e9) == (home, ())


@given(moods, feelings, moods, spans, st.sampled_from(Centre))
def test_the_mood_stays_in_the_cube(
    mood: Pad, felt: list[Felt], home: Pad, seconds: float, how: Centre
) -> None:
    step(mood, felt, home, seconds, how=how)  # a Pad outside raises
    lived_through(mood, felt, home, seconds, how=how)


@given(moods, moods, spans, spans)
def test_the_way_home_only_gets_shorter(mood: Pad, home: Pad, one: float, two: float) -> None:
    first = step(mood, (), home, one)
    second = step(first, (), home, two)
    assert second.distance(home) <= first.distance(home) + 1e-12 <= mood.distance(home) + 2e-12
    assert step(mood, (), home, one + two).distance(second) < 1e-6


@given(moods, feelings, spans, spans)
def test_time_in_two_pieces_is_the_same_time(mood: Pad, felt: list[Felt], one: float, two: float) -> None:
    """While the same is felt: pull, then push, wherever the cut is."""
    whole = step(mood, felt, NEUTRAL, one + two)
    assert step(step(mood, felt, NEUTRAL, one), felt, NEUTRAL, two).distance(whole) < 1e-5


@given(moods, feelings, spans, st.randoms(use_true_random=False))
def test_the_order_of_emotions_does_not_matter(
    mood: Pad, felt: list[Felt], seconds: float, shuffler: object
) -> None:
    mixed = list(felt)
    shuffler.shuffle(mixed)  # type: ignore[attr-defined]
    assert step(mood, felt, NEUTRAL, seconds).distance(step(mood, mixed, NEUTRAL, seconds)) < 1e-9


@given(moods, feelings)
def test_no_time_changes_nothing(mood: Pad, felt: list[Felt]) -> None:
    assert step(mood, felt, NEUTRAL, 0).distance(mood) < 1e-12
    assert step(mood, felt, NEUTRAL, -5).distance(mood) < 1e-12


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_million_random_events_leave_no_drift() -> None:
    _live(1_000_000)


def test_ten_thousand_random_events_leave_no_drift() -> None:
    _live(10_000)


def _live(events: int) -> None:
    """Random emotions at random times: in the cube all along, no preference of its own, home at the end."""
    draw = random.Random(4)
    known = list(Emotion)
    mood, felt = NEUTRAL, ()
    total = 0.0
    for _ in range(events):
        felt = together(felt, (Felt(draw.choice(known), draw.random()),))
        seconds = draw.expovariate(1 / 120)
        mood = step(mood, felt, NEUTRAL, seconds)
        felt = decay(felt, seconds)
        total += mood.length
    assert 0 < total / events < math.sqrt(3)
    assert all(0 < each.intensity <= 1 for each in felt)
    assert lived_through(mood, felt, NEUTRAL, 86_400) == (NEUTRAL, ())


@pytest.mark.parametrize("bad", [1.0001, -2.0, float("nan"), float("inf")])
def test_a_point_outside_the_cube_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="outside"):
        Pad(bad, 0, 0)


@given(st.floats(), st.floats(), st.floats())
def test_any_number_can_be_cut_to_the_cube(p: float, a: float, d: float) -> None:
    assert max(abs(axis) for axis in Pad.within(p, a, d)) <= 1
    assert bounded(float("nan")) == 0
