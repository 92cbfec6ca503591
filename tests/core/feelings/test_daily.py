"""The day's mood: drawn, repeatable, in whole numbers, coloured by character and by the day before."""

from __future__ import annotations

from statistics import fmean, pstdev

from hypothesis import given
from hypothesis import strategies as st

from core.feelings import daily
from core.feelings.daily import DailyMood, Inputs, draw, offset, read
from core.persona.identity import BigFive

lean = st.floats(-1, 1)
day = st.builds(DailyMood, *[st.integers(0, 10)] * 5)
inputs = st.builds(
    Inputs, lean, lean, lean, lean, lean, lean, st.floats(0, 1), st.floats(0, 1), st.none() | day
)


def of(pleasure: float = 0.0, yesterday: DailyMood | None = None, **traits: float) -> Inputs:
    return Inputs.of(BigFive(**traits), pleasure, 0.5, 0.8, yesterday)


def mean(made_from: Inputs, name: str) -> float:
    return fmean(getattr(draw(seed, made_from), name) for seed in range(400))


@given(st.integers(0, 2**32), inputs)
def test_a_day_is_whole_numbers_and_can_be_drawn_again(seed: int, made_from: Inputs) -> None:
    drawn = draw(seed, made_from)
    assert all(isinstance(value, int) and 0 <= value <= 10 for value in drawn)
    assert draw(seed, made_from) == drawn
    assert draw(seed, Inputs(**made_from.as_plain())) == drawn  # type: ignore[arg-type]


def test_chance_has_its_part() -> None:
    assert len({draw(seed, of()) for seed in range(50)}) > 25


def test_a_usual_character_has_usual_days() -> None:
    for name in DailyMood._fields:
        assert abs(mean(of(), name) - getattr(daily.USUAL, name)) < 0.3


def test_character_colours_the_days() -> None:
    assert mean(of(extraversion=0.9), "talkativeness") > mean(of(extraversion=-0.9), "talkativeness") + 2
    assert mean(of(neuroticism=0.9), "sadness") > mean(of(neuroticism=-0.9), "sadness") + 1
    assert mean(of(agreeableness=0.9), "anger") < mean(of(agreeableness=-0.9), "anger") - 1


def test_the_neurotic_have_more_varied_days() -> None:
    def spread(**traits: float) -> float:
        return pstdev(draw(seed, of(**traits)).energy for seed in range(400))

    assert spread(neuroticism=0.9) > spread(neuroticism=-0.9) * 1.3


def test_a_good_day_before_makes_a_better_one() -> None:
    assert mean(of(pleasure=0.6), "joy") > mean(of(pleasure=-0.6), "joy") + 1
    assert mean(of(yesterday=DailyMood(9, 5, 2, 5, 5)), "anger") > mean(of(), "anger") + 1


def test_rest_gives_energy() -> None:
    worn = Inputs.of(BigFive(), 0.0, 0.5, 0.1, None)
    assert mean(worn, "energy") < mean(of(), "energy") - 1


def test_a_usual_day_leaves_the_mood_alone_and_others_colour_it() -> None:
    assert offset(daily.USUAL).length == 0
    assert offset(daily.USUAL._replace(joy=9)).p > 0
    assert offset(daily.USUAL._replace(anger=9)).p < 0 < offset(daily.USUAL._replace(anger=9)).a
    assert offset(daily.USUAL._replace(sadness=9)).d < 0
    assert offset(daily.USUAL._replace(energy=1)).a < 0


@given(day)
def test_a_day_colours_the_mood_and_does_not_make_it(drawn: DailyMood) -> None:
    assert offset(drawn).length < 0.9


def test_what_is_missing_or_broken_in_the_state_table_counts_as_usual() -> None:
    kept = {"daily_mood_anger": 7, "daily_mood_joy": "x", "daily_mood_energy": 99, "daily_mood_sadness": None}
    assert read(kept) == daily.USUAL._replace(anger=7, energy=10)
