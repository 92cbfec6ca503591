"""How much the bot talks in a place."""

from __future__ import annotations

import pytest

from core.conversation.talkativeness import leaning, manners
from core.persona.identity import BigFive, Persona
from core.settings import ANSWER_BOTS, ANSWER_NAME, TALKATIVENESS

SETTINGS = {TALKATIVENESS.key: 5, ANSWER_NAME.key: True, ANSWER_BOTS.key: False}
SHY, OUTGOING = (Persona(name="X", big_five=BigFive(extraversion=lean)) for lean in (-1, 1))


def test_the_channels_choice_stands_before_the_hosts() -> None:
    plain = Persona(name="X")
    assert manners(SETTINGS, plain).talkativeness == 5
    assert manners(SETTINGS, plain, chosen=8).talkativeness == 8
    assert manners(SETTINGS, plain, chosen=0).talkativeness == 0


def test_an_outgoing_persona_speaks_more_readily_than_a_shy_one() -> None:
    assert manners(SETTINGS, OUTGOING).threshold < manners(SETTINGS, SHY).threshold


@pytest.mark.parametrize("persona", [SHY, OUTGOING])
def test_no_persona_talks_where_only_mentions_are_wanted_nor_beyond_the_scale(persona: Persona) -> None:
    assert leaning(0, persona) == 0
    assert 0 < leaning(1, persona) <= 10
    assert leaning(10, persona) <= 10


def test_mood_sways_by_a_tenth_at_most() -> None:
    even, gladly, rather_not = (manners(SETTINGS, SHY, wish=wish).threshold for wish in (0.5, 1.0, 0.0))
    assert gladly == pytest.approx(even - 0.1)
    assert rather_not == pytest.approx(even + 0.1)
