"""Anger, rapport, trust and formality: bounded, settling, moved in small steps by what people do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.feelings import relationship
from core.feelings.appraisal import Appraisal, Mark, Who
from core.feelings.relationship import FALL, HIGHEST, LOWEST, NO_GAIN, RISE, baseline, moved, settled, touched
from core.persona.identity import BigFive
from db.relationships import Metrics

DAY = 86_400.0
EVEN = BigFive()

lean = st.floats(-1, 1)
traits = st.builds(
    BigFive,
    openness=lean,
    conscientiousness=lean,
    extraversion=lean,
    agreeableness=lean,
    neuroticism=lean,
)
metrics = st.builds(Metrics, *(st.floats(low, high) for low, high in zip(LOWEST, HIGHEST, strict=True)))
appraisals = st.builds(
    Appraisal,
    desirability=lean,
    praiseworthiness=lean,
    agent=st.sampled_from(Who),
    target=st.sampled_from(Who),
    marks=st.frozensets(st.sampled_from(Mark)),
    formality=lean,
)
seconds = st.floats(0, 400 * DAY)


def said(*marks: Mark, kind: float = 0.0, formality: float = 0.0) -> Appraisal:
    """A message from the sender to the persona; `kind` −1…1."""
    return Appraisal(
        desirability=kind,
        praiseworthiness=kind,
        agent=Who.SENDER,
        target=Who.ME,
        marks=frozenset(marks),
        formality=formality,
    )


INSULT = said(Mark.INSULT, kind=-0.8)
THANKS = said(Mark.THANKS, kind=0.6)
APOLOGY = said(Mark.APOLOGY)
TALK = said()


def after(now: Metrics, *heard: Appraisal, who: BigFive = EVEN, gained: Metrics = NO_GAIN) -> Metrics:
    for appraisal in heard:
        touch = touched(appraisal, to_me=True)
        assert touch is not None
        now = moved(now, touch, appraisal.formality, who, gained)
    return now


START = baseline(EVEN)


@given(metrics, st.lists(appraisals, max_size=20), traits)
def test_no_message_leaves_the_scales_or_steps_too_far(
    now: Metrics, heard: list[Appraisal], who: BigFive
) -> None:
    for appraisal in heard:
        touch = touched(appraisal, to_me=True)
        assert touch is not None
        then = moved(now, touch, appraisal.formality, who)
        for before, value, low, high, rise, fall in zip(now, then, LOWEST, HIGHEST, RISE, FALL, strict=True):
            assert low <= value <= high
            assert -fall - 1e-9 <= value - before <= rise + 1e-9
        now = then


@given(metrics, traits, seconds, seconds)
def test_time_brings_every_value_nearer_to_where_it_settles_and_never_past_it(
    now: Metrics, who: BigFive, first: float, more: float
) -> None:
    home = baseline(who)
    early, late = settled(now, who, first), settled(now, who, first + more)
    for value, soon, later, rest in zip(now, early, late, home, strict=True):
        assert abs(later - rest) <= abs(soon - rest) + 1e-9 <= abs(value - rest) + 2e-9
        assert (later - rest) * (value - rest) >= -1e-9


@given(metrics, traits, seconds, seconds)
def test_it_does_not_matter_how_often_anybody_looks(
    now: Metrics, who: BigFive, first: float, more: float
) -> None:
    at_once = settled(now, who, first + more)
    in_two = settled(settled(now, who, first), who, more)
    assert all(abs(a - b) < 1e-6 for a, b in zip(at_once, in_two, strict=True))


@given(metrics, traits)
def test_a_clock_that_went_back_changes_nothing(now: Metrics, who: BigFive) -> None:
    assert all(abs(a - b) < 1e-9 for a, b in zip(settled(now, who, -DAY), now, strict=True))


@given(traits)
def test_where_it_settles_lies_on_the_scales(who: BigFive) -> None:
    assert relationship.within(baseline(who)) == baseline(who)


def test_an_insult_angers_and_costs_trust_and_rapport() -> None:
    then = after(START, INSULT)
    assert then.anger > START.anger + 1
    assert then.rapport < START.rapport
    assert then.trust < START.trust - 0.5


def test_a_threat_is_worse_than_an_unfriendly_word() -> None:
    rude = after(START, said(kind=-0.5))
    threat = after(START, said(Mark.THREAT, kind=-0.5))
    assert threat.anger > rude.anger > START.anger
    assert threat.trust < rude.trust < START.trust


def test_trust_is_lost_at_once_and_won_back_slowly() -> None:
    """Five thanks do not make up for one insult."""
    assert after(START, INSULT, *[THANKS] * 5).trust < START.trust


def test_kindness_warms_at_once_and_earns_trust_slowly() -> None:
    then = after(START, THANKS)
    assert then.rapport - START.rapport > 2 * (then.trust - START.trust) > 0


def test_an_apology_cools_anger_but_does_not_give_back_all_trust() -> None:
    insulted = after(START, INSULT, INSULT)
    sorry = after(insulted, APOLOGY)
    assert sorry.anger < insulted.anger - 1
    assert insulted.trust < sorry.trust < START.trust


def test_the_agreeable_forgive_sooner_and_the_neurotic_flare_up() -> None:
    mild, touchy = BigFive(agreeableness=0.9), BigFive(neuroticism=0.9, agreeableness=-0.5)
    angry = START._replace(anger=6.0)
    assert settled(angry, mild, DAY).anger < settled(angry, EVEN, DAY).anger
    assert after(START, INSULT, who=touchy).anger > after(START, INSULT, who=mild).anger
    assert after(angry, APOLOGY, who=mild).anger < after(angry, APOLOGY, who=EVEN).anger


def test_an_insult_wrapped_in_an_apology_is_an_insult() -> None:
    touch = touched(said(Mark.APOLOGY, Mark.INSULT, kind=-0.5), to_me=True)
    assert touch is not None
    assert touch.harm > 0
    assert not touch.apology
    assert str(touch.cause.key) == "{name} was insulting."


def test_nobody_talks_themselves_into_a_friendship_in_a_day() -> None:
    """What was gained today counts: after the day's share, kindness still cools anger, and that is all."""
    full = Metrics(0.0, relationship.DAY_RAPPORT, relationship.DAY_TRUST, 0.0)
    then = after(START, *[THANKS] * 50, gained=full)
    assert (then.rapport, then.trust) == (START.rapport, START.trust)
    assert after(START, INSULT, gained=full).trust < START.trust


def test_plain_talk_brings_a_little_closer() -> None:
    then = after(START, *[TALK] * 10)
    assert 0.1 < then.rapport - START.rapport < 1


def test_telling_of_oneself_brings_closer_than_plain_talk() -> None:
    assert after(START, said(Mark.CONFIDING)).rapport > after(START, TALK).rapport + 0.1


def test_formality_follows_how_a_person_speaks() -> None:
    formal = after(START, *[said(formality=0.9)] * 30)
    casual = after(formal, *[said(formality=-0.9)] * 60)
    assert formal.formality > 3
    assert casual.formality < -3
    assert after(formal, TALK).formality == formal.formality


def test_what_was_said_to_somebody_else_moves_nothing() -> None:
    assert touched(said(kind=-0.9), to_me=False) is None
    assert touched(INSULT, to_me=False) is not None, "an insult at the persona needs no mention"


def test_people_see_whole_numbers() -> None:
    assert relationship.shown(Metrics(2.4, 7.6, 9.0, -3.7)) == Metrics(2, 8, 9, -4)


@given(metrics)
def test_liking_follows_rapport_and_anger(now: Metrics) -> None:
    assert -1 <= relationship.liking(now) <= 1
    warmer = now._replace(rapport=min(10.0, now.rapport + 1))
    angrier = now._replace(anger=min(10.0, now.anger + 1))
    assert relationship.liking(angrier) <= relationship.liking(now) <= relationship.liking(warmer)
