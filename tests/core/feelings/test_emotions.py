"""Emotions lie where the tables say, add up within bounds, and fade as the literature has it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.feelings.emotions import FAINTEST, HALF_LIFE_S, Emotion, Felt, decay, together
from core.feelings.fading import Curve, alma, halving, per_second
from core.feelings.mood import Octant, octant
from core.feelings.pad import Pad
from core.feelings.tables import GAMYGDALA, T1, PadTable, place

feelings = st.lists(st.builds(Felt, st.sampled_from(Emotion), st.floats(0, 1)), max_size=8)
spans = st.floats(0, 100_000)

# reference/emotion_tables.md, section 2: T1, its octant, and G where GAMYGDALA knows the emotion.
TABLE = """
joy             .40  .20  .10 exuberant   .76  .48  .35
distress       -.40 -.20 -.50 bored      -.61  .28 -.36
happy-for       .40  .20  .20 exuberant   .64  .35  .25
pity           -.40 -.20 -.50 bored      -.52  .02 -.21
gloating        .30 -.30 -.10 docile     -.45  .48  .42
resentment     -.20 -.30 -.20 bored      -.35  .35  .29
hope            .20  .20 -.10 dependent   .51  .23  .14
fear           -.64  .60 -.43 anxious    -.64  .60 -.43
satisfaction    .30 -.20  .40 relaxed     .87  .20  .62
fear-confirmed -.50 -.30 -.70 bored      -.61  .06 -.32
relief          .20 -.30  .40 relaxed     .29 -.19 -.28
disappointment -.30  .10 -.40 anxious    -.61 -.15 -.29
pride           .40  .30  .30 exuberant
shame          -.30  .10 -.60 anxious
admiration      .50  .30 -.20 dependent
reproach       -.30 -.10  .40 disdainful
gratification   .60  .50  .40 exuberant   .69  .57  .63
remorse        -.30  .10 -.60 anxious    -.57  .28 -.34
gratitude       .40  .20 -.30 dependent   .64  .16 -.21
anger          -.51  .59  .25 hostile    -.51  .59  .25
love            .30  .10  .20 exuberant
hate           -.60  .60  .30 hostile
liking          .40  .16 -.24 dependent
disliking      -.40  .20  .10 hostile
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_an_emotion_lies_where_t1_says(row: list[str]) -> None:
    emotion = Emotion(row[0])
    where = Pad(*map(float, row[1:4]))
    assert place(emotion) == T1[emotion] == where
    assert octant(where).octant is Octant(row[4])
    other = Pad(*map(float, row[5:8])) if len(row) > 5 else where
    assert place(emotion, PadTable.GAMYGDALA) == other


def test_the_tables_hold_every_emotion_and_no_other() -> None:
    assert {Emotion(row[0]) for row in ROWS} == set(Emotion) == set(T1)
    assert len(Emotion) == 24
    assert {Emotion(row[0]) for row in ROWS if len(row) > 5} == set(GAMYGDALA)


@pytest.mark.parametrize(("step", "left"), [(0, 1), (5, 0.6257), (10, 0.5316), (20, 0.502)])
def test_almas_exponential_decay(step: int, left: float) -> None:
    assert alma(step, 1.0, 0.5) == pytest.approx(left, abs=0.00005)


def test_almas_linear_decay_loses_the_same_each_step() -> None:
    assert [alma(step, 1.0, 0.0, Curve.LINEAR) for step in (0, 1, 20, 40, 41)] == pytest.approx(
        [1, 0.975, 0.5, 0, 0]
    )


def test_almas_hyperbolic_decay_is_slow_fast_slow() -> None:
    """½ tanh around the middle of 40 steps: half is left there, and a little is missing at both ends."""
    path = [alma(step, 1.0, 0.0, Curve.HYPERBOLIC) for step in range(41)]
    assert path[20] == pytest.approx(0.5)
    assert path[1] == pytest.approx(0.99139, abs=0.0005)
    assert path[40] == pytest.approx(0.00669, abs=0.0005)
    assert path[0] - path[5] < path[18] - path[23] > path[35] - path[40]
    assert alma(41, 1.0, 0.0, Curve.HYPERBOLIC) == 0


@pytest.mark.parametrize("curve", Curve)
@given(start=st.floats(0, 1), baseline=st.floats(0, 1))
def test_almas_decay_only_falls_and_ends_at_the_baseline(curve: Curve, start: float, baseline: float) -> None:
    path = [alma(step, start, baseline, curve) for step in range(45)]
    assert all(later <= earlier + 1e-12 for earlier, later in itertools.pairwise(path))
    assert path[-1] == pytest.approx(min(start, baseline))


def test_gamygdalas_decay_by_the_java_ports_numbers() -> None:
    assert [per_second(10, t, 0.4) for t in (1, 2)] == pytest.approx([4.0, 1.6])
    assert [per_second(10, t, 0.4, Curve.LINEAR) for t in (1, 2)] == pytest.approx([9.6, 9.2])
    with pytest.raises(ValueError, match="hyperbolic"):
        per_second(1, 1, 0.8, Curve.HYPERBOLIC)


def test_fatimas_half_lives() -> None:
    assert halving(5, 15, 15) == pytest.approx(2.5)
    assert halving(3, 60, 60) == pytest.approx(1.5)


def test_an_emotion_is_half_as_strong_after_its_half_life_and_gone_in_time() -> None:
    felt = (Felt(Emotion.JOY, 0.8),)
    assert decay(felt, HALF_LIFE_S) == (Felt(Emotion.JOY, 0.4),)
    assert decay(felt, 100 * HALF_LIFE_S) == ()


@given(feelings, spans, spans)
def test_decay_only_weakens_and_pieces_of_time_add_up(felt: list[Felt], one: float, two: float) -> None:
    first = decay(felt, one)
    assert sum(each.intensity for each in first) <= sum(each.intensity for each in felt)
    pieces, whole = decay(first, two), decay(felt, one + two)
    # At the edge of being felt, rounding may decide.
    near = [each for each in (*pieces, *whole) if abs(each.intensity - FAINTEST) > 1e-9]
    assert [each.intensity for each in pieces if each in near] == pytest.approx(
        [each.intensity for each in whole if each in near]
    )


@given(feelings, st.randoms(use_true_random=False))
def test_in_whatever_order_emotions_come_they_add_up_the_same(felt: list[Felt], shuffler: object) -> None:
    mixed = list(felt)
    shuffler.shuffle(mixed)  # type: ignore[attr-defined]
    one = {each.emotion: each.intensity for each in together(felt)}
    other = {each.emotion: each.intensity for each in together(mixed)}
    assert one.keys() == other.keys()
    assert one == pytest.approx(other)


@given(feelings)
def test_more_of_an_emotion_is_stronger_and_never_beyond_all(felt: list[Felt]) -> None:
    summed = {each.emotion: each.intensity for each in together(felt)}
    for each in felt:
        assert each.intensity <= summed[each.emotion] + 1e-12 <= 1 + 2e-12


@pytest.mark.parametrize("intensity", [-0.01, 1.01, float("nan"), float("inf")])
def test_an_impossible_intensity_is_refused(intensity: float) -> None:
    with pytest.raises(ValueError, match="outside"):
        Felt(Emotion.JOY, intensity)
