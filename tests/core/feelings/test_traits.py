"""Character gives a mood to come home to, and strengthens or weakens what is felt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.feelings.emotions import Emotion, Felt
from core.feelings.pad import Pad
from core.feelings.tables import SWAY
from core.feelings.traits import Convention, Leaning, as_traits, default_mood, swayed
from core.persona.identity import BigFive, samples

lean = st.floats(-1, 1)
characters = st.builds(Leaning, lean, lean, lean, lean, lean)
moods = st.builds(Pad, lean, lean, lean)

# reference/emotion_tables.md, section 1: O C E A N, then P A D in ALMA's and in Mehrabian's convention.
VECTORS = [
    ((0.4, 0.8, 0.6, 0.3, 0.4), (0.379, -0.078, 0.500), (0.227, 0.378, 0.500)),  # Gebhard's worked example
    ((-0.8, -0.8, 1, 0.8, 0.3), (0.739, -0.051, 0.008), (0.625, 0.291, 0.008)),  # ALMA's "Anne"
    ((0, 0, 0, 0, 1), (0.19, -0.57, 0), (-0.19, 0.57, 0)),
    ((0, 0, 0, 1, 0), (0.59, 0.30, -0.32), (0.59, 0.30, -0.32)),
    ((0, 0, 1, 0, 0), (0.21, 0, 0.60), (0.21, 0, 0.60)),
    ((1, 0, 0, 0, 0), (0, 0.15, 0.25), (0, 0.15, 0.25)),
    ((0, 1, 0, 0, 0), (0, 0, 0.17), (0, 0, 0.17)),
]


@pytest.mark.parametrize(("ocean", "alma", "mehrabian"), VECTORS)
def test_the_default_mood_is_the_literatures(
    ocean: tuple[float, ...], alma: tuple[float, ...], mehrabian: tuple[float, ...]
) -> None:
    character = Leaning(*ocean)
    assert tuple(default_mood(character, Convention.ALMA)) == pytest.approx(alma, abs=0.0005)
    assert tuple(default_mood(character, Convention.MEHRABIAN)) == pytest.approx(mehrabian, abs=0.0005)
    assert default_mood(character) == default_mood(character, Convention.MEHRABIAN)


def test_a_nervous_character_is_not_calm_and_pleased() -> None:
    """The fifth trait of the regression is stability: taken as neuroticism, it comes out upside down."""
    nervous, steady = default_mood(BigFive(neuroticism=1)), default_mood(BigFive(neuroticism=-1))
    assert nervous.p < 0 < nervous.a
    assert steady.a < 0 < steady.p


def test_an_extreme_character_stays_within_the_bounds() -> None:
    """Truncated, not normalised: E and A at 1 with full stability sum up to .99, D to 1.34."""
    assert default_mood(BigFive(openness=1, conscientiousness=1, extraversion=1, agreeableness=-1)).d == 1.0


def test_every_sample_persona_has_a_default_mood() -> None:
    assert len({default_mood(persona.big_five) for persona in samples()}) == len(samples())


@pytest.mark.parametrize(
    ("mood", "traits"),
    [  # Mehrabian's reverse equations, one axis at a time; stability is minus neuroticism
        (Pad(1, 0, 0), (0, 0.32, 0.23, 0.83, -0.57)),
        (Pad(0, 1, 0), (0.33, 0, 0.12, 0.19, 0.65)),
        (Pad(0, 0, 1), (0.67, 0.30, 0.82, -0.21, 0)),
    ],
)
def test_a_mood_reads_as_a_character(mood: Pad, traits: tuple[float, ...]) -> None:
    found = as_traits(mood)
    assert (
        found.openness,
        found.conscientiousness,
        found.extraversion,
        found.agreeableness,
        found.neuroticism,
    ) == pytest.approx(traits, abs=0.0005)
    assert as_traits(mood, Convention.ALMA).neuroticism == pytest.approx(-traits[4], abs=0.0005)


def test_the_nervous_fear_more_and_the_gentle_rage_less() -> None:
    fear, anger = Felt(Emotion.FEAR, 0.5), Felt(Emotion.ANGER, 0.5)
    assert swayed([fear], BigFive(neuroticism=1))[0].intensity == pytest.approx(0.6)
    assert swayed([anger], BigFive(agreeableness=1))[0].intensity == pytest.approx(0.4)


def test_a_good_mood_makes_joy_greater() -> None:
    joy = [Felt(Emotion.JOY, 0.5)]
    good, bad = swayed(joy, BigFive(), Pad(0.8, 0.2, 0.5)), swayed(joy, BigFive(), Pad(-0.8, 0.2, -0.5))
    assert good[0].intensity > 0.5 > bad[0].intensity


def test_what_is_not_felt_is_not_made_up_by_a_mood() -> None:
    assert swayed([Felt(Emotion.JOY, 0.0)], BigFive(), Pad(1, 1, 1))[0].intensity == 0


def test_every_emotion_knows_its_traits() -> None:
    assert set(SWAY) == set(Emotion)


@given(characters, moods, st.sampled_from(Emotion), st.floats(0, 1))
def test_nothing_leaves_its_bounds(character: Leaning, mood: Pad, emotion: Emotion, intensity: float) -> None:
    default_mood(character)
    default_mood(as_traits(mood))
    assert 0 <= swayed([Felt(emotion, intensity)], character, mood)[0].intensity <= 1
