"""What a persona wants is at stake in what people say; GAMYGDALA tells how that feels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.feelings.appraisal import read
from core.feelings.emotions import Emotion, Felt
from core.feelings.gamygdala import Convention
from core.feelings.goals import LIKED, OTHERS_WELL, RESPECTED, SAFE, UTILITIES, Stakes, settled, weighed

LINES = (
    "you idiot",
    "i'll delete you",
    "you are great",
    "i love you",
    "sorry",
    "my dog died",
    "tea?",
    "thanks",
)


def heard(text: str, stakes: Stakes | None = None, **how: object) -> tuple[Stakes, dict[Emotion, float]]:
    after, felt = weighed(stakes or Stakes(), read(text, to_me=True), **how)  # type: ignore[arg-type]
    return after, {each.emotion: each.intensity for each in felt}


def test_an_insult_threatens_respect_and_angers() -> None:
    stakes, felt = heard("you are an idiot")
    assert stakes.of(RESPECTED) < stakes.of(LIKED) < 0.5 == stakes.of(SAFE)
    assert felt.keys() == {Emotion.FEAR, Emotion.ANGER}


def test_a_threat_threatens_safety_most() -> None:
    stakes, felt = heard("i will delete you")
    assert stakes.of(SAFE) < stakes.of(RESPECTED) < 0.5
    assert felt[Emotion.FEAR] > 0.1


def test_praise_gives_hope_and_gratitude() -> None:
    stakes, felt = heard("you are the best")
    assert stakes.of(RESPECTED) > 0.5
    assert felt.keys() == {Emotion.HOPE, Emotion.GRATITUDE}


def test_the_tenth_insult_is_no_surprise() -> None:
    """Likelihoods only change while there is something to lose."""
    stakes, first = heard("you are an idiot")
    for _ in range(10):
        stakes, last = heard("you are an idiot", stakes)
    assert stakes.of(RESPECTED) == 0
    assert last.get(Emotion.ANGER, 0.0) < first[Emotion.ANGER]


def test_nobody_is_blamed_for_their_own_sorrow() -> None:
    stakes, felt = heard("my dog died yesterday")
    assert stakes.of(OTHERS_WELL) < 0.5
    assert felt.keys() == {Emotion.FEAR}


def test_small_talk_leaves_everything_as_it_was() -> None:
    stakes, felt = heard("tea is at five")
    assert stakes == Stakes(dict.fromkeys(UTILITIES, 0.5))
    assert felt == {}


def test_a_day_later_half_is_forgotten() -> None:
    stakes, _ = heard("you are an idiot")
    later = settled(stakes, 86_400)
    assert later.of(RESPECTED) - 0.5 == pytest.approx((stakes.of(RESPECTED) - 0.5) / 2)
    assert settled(stakes, 1e9).of(RESPECTED) == pytest.approx(0.5)


@given(st.lists(st.sampled_from(LINES), max_size=15), st.floats(-1, 1), st.sampled_from(Convention))
def test_stakes_stay_within_their_bounds(lines: list[str], liking: float, convention: Convention) -> None:
    stakes = Stakes()
    for line in lines:
        stakes, felt = weighed(stakes, read(line, to_me=True), liking=liking, convention=convention)
        assert all(0 <= stakes.of(goal) <= 1 for goal in UTILITIES)
        assert all(isinstance(each, Felt) for each in felt)
        stakes = settled(stakes, 60)


def test_kept_nonsense_is_read_as_bounds() -> None:
    assert Stakes({RESPECTED: 7.0, SAFE: float("nan")}).of(RESPECTED) == 1.0
    assert 0 <= Stakes({SAFE: float("nan")}).of(SAFE) <= 1
