"""Needs run out, are filled, and never leave their gauges."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.feelings import needs
from core.feelings.needs import START, Needs, drifted, heard
from core.persona.identity import BigFive

HOUR = 3600.0
EVEN = BigFive()
level = st.floats(0, 1)
lean = st.floats(-1, 1)
gauges = st.builds(Needs, level, level, level, level)
traits = st.builds(BigFive, openness=lean, extraversion=lean, neuroticism=lean)
seconds = st.floats(0, 10_000 * HOUR)


@given(gauges, traits, st.lists(st.tuples(seconds, st.booleans(), lean, level), max_size=20))
def test_whatever_happens_the_gauges_hold(
    now: Needs, who: BigFive, events: list[tuple[float, bool, float, float]]
) -> None:
    for passed, to_me, warmth, news in events:
        now = heard(drifted(now, who, passed), who, to_me=to_me, warmth=warmth, news=news)
        assert all(0 <= gauge <= 1 for gauge in now)


@given(gauges, traits, seconds, seconds)
def test_alone_company_runs_out_and_rest_comes_back(
    now: Needs, who: BigFive, first: float, more: float
) -> None:
    early, late = drifted(now, who, first), drifted(now, who, first + more)
    assert late.contact <= early.contact <= now.contact
    assert late.novelty <= early.novelty <= now.novelty
    assert late.recognition <= early.recognition <= now.recognition
    assert late.rest >= early.rest - 1e-12


@given(gauges, traits, seconds, seconds)
def test_it_does_not_matter_how_often_anybody_looks(
    now: Needs, who: BigFive, first: float, more: float
) -> None:
    at_once = drifted(now, who, first + more)
    in_two = drifted(drifted(now, who, first), who, more)
    assert all(abs(a - b) < 1e-6 for a, b in zip(at_once, in_two, strict=True))


def test_a_message_is_company_and_costs_rest() -> None:
    then = heard(START, EVEN, to_me=True, warmth=0.0, news=0.5)
    assert then.contact > START.contact
    assert then.rest < START.rest
    overheard = heard(START, EVEN, to_me=False, warmth=0.0, news=0.5)
    assert START.contact < overheard.contact < then.contact


def test_praise_is_recognition_and_an_insult_takes_it() -> None:
    praised = heard(START, EVEN, to_me=True, warmth=0.8, news=0.5)
    insulted = heard(START, EVEN, to_me=True, warmth=-0.8, news=0.5)
    assert insulted.recognition < START.recognition < praised.recognition


def test_the_same_old_words_are_no_news() -> None:
    fresh = heard(START, EVEN, to_me=True, warmth=0.0, news=1.0)
    stale = heard(START, EVEN, to_me=True, warmth=0.0, news=0.0)
    assert stale.novelty < START.novelty < fresh.novelty


def test_the_extraverted_miss_company_sooner_and_tire_later() -> None:
    outgoing, shy = BigFive(extraversion=0.9), BigFive(extraversion=-0.9)
    assert drifted(START, outgoing, 12 * HOUR).contact < drifted(START, shy, 12 * HOUR).contact
    assert (
        heard(START, outgoing, to_me=True, warmth=0, news=0).rest
        > heard(START, shy, to_me=True, warmth=0, news=0).rest
    )


def test_loneliness_and_tiredness_colour_the_mood_and_fullness_does_not() -> None:
    assert needs.offset(Needs(1, 1, 1, 1)).length == 0
    assert needs.offset(Needs(0, 1, 1, 1)).p < 0
    assert needs.offset(Needs(1, 1, 0, 1)).a < 0
    assert needs.offset(Needs(0, 0, 0, 0)).length < 0.35, "it colours the mood, it does not make it"
