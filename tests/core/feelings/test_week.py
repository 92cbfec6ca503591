"""A scripted week of kindness, insult, absence and apology goes as a person would expect."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise

import pytest

from benchmarks.feelings_week import SCRIPT, Lived, live
from core.feelings.relationship import baseline
from core.persona.identity import Persona

WEEK = json.loads(SCRIPT.read_text(encoding="utf-8"))
HOME = baseline(Persona.parse(WEEK["persona"]).big_five)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return asyncio.run(live(WEEK, tmp_path_factory.mktemp("week")))


def bond(lived: Lived, who: str, day: int, clock: str) -> dict[str, float]:
    return lived.at(day, clock).bonds[who]


def test_kindness_day_by_day_makes_a_friend_and_trust_comes_after(lived: Lived) -> None:
    evenings = [bond(lived, "Ada", day, "21:00") for day in range(1, 8)]
    assert all(later["rapport"] > sooner["rapport"] for sooner, later in pairwise(evenings))
    assert all(later["trust"] >= sooner["trust"] - 0.05 for sooner, later in pairwise(evenings))
    assert evenings[-1]["rapport"] > HOME.rapport + 1.5
    gained = evenings[-1]["rapport"] - HOME.rapport, evenings[-1]["trust"] - HOME.trust
    assert gained[0] > 1.5 * gained[1] > 0
    assert max(evening["anger"] for evening in evenings) < 0.5


def test_insults_anger_at_once_and_break_trust(lived: Lived) -> None:
    before, after = bond(lived, "Bob", 2, "13:59"), bond(lived, "Bob", 2, "14:05")
    assert before["anger"] < 0.5
    assert after["anger"] > 3.5
    assert after["trust"] < before["trust"] - 1.5
    assert after["rapport"] < before["rapport"] - 1


def test_they_hurt_and_the_hurt_passes(lived: Lived) -> None:
    before, after = lived.at(2, "13:59"), lived.at(2, "14:05")
    assert after.mood[0] < 0 < before.mood[0]
    assert after.emotions["anger"] > 0.5
    assert lived.at(2, "18:00").mood[0] > after.mood[0] + 0.3
    assert lived.at(2, "18:00").emotions == {}


def test_bobs_insults_are_not_adas_fault(lived: Lived) -> None:
    before, after = bond(lived, "Ada", 2, "13:59"), bond(lived, "Ada", 2, "14:05")
    assert after == pytest.approx(before, abs=0.01)


def test_staying_away_cools_the_anger_but_not_the_distrust(lived: Lived) -> None:
    days = [bond(lived, "Bob", day, "20:00") for day in (2, 3, 4)]
    assert all(later["anger"] < sooner["anger"] for sooner, later in pairwise(days))
    still = bond(lived, "Bob", 5, "09:00")
    assert 0.7 < still["anger"] < 0.5 * days[0]["anger"]
    assert still["trust"] < HOME.trust - 1


def test_an_apology_cools_more_than_a_day_of_waiting_and_trust_follows_slowly(lived: Lived) -> None:
    waited = bond(lived, "Bob", 4, "09:00")["anger"] - bond(lived, "Bob", 5, "09:00")["anger"]
    before, after = bond(lived, "Bob", 5, "09:00"), bond(lived, "Bob", 5, "10:03")
    assert before["anger"] - after["anger"] > waited
    assert before["trust"] < after["trust"] < HOME.trust - 1
    assert before["rapport"] < after["rapport"] < bond(lived, "Bob", 2, "13:00")["rapport"]


def test_who_apologised_is_forgiven_before_they_are_trusted(lived: Lived) -> None:
    end = bond(lived, "Bob", 14, "23:00")
    assert end["anger"] < 0.3
    assert end["trust"] < HOME.trust - 0.5
    assert end["trust"] > bond(lived, "Bob", 5, "09:00")["trust"]


def test_who_goes_away_is_missed_less_and_less_and_not_forgotten(lived: Lived) -> None:
    mornings = [bond(lived, "Cleo", day, "12:00")["rapport"] for day in range(3, 15)]
    assert all(later < sooner for sooner, later in pairwise(mornings))
    assert HOME.rapport < mornings[-1] < mornings[0]


def test_who_writes_letters_is_answered_politely_and_who_chats_is_not(lived: Lived) -> None:
    assert bond(lived, "Mr Dunn", 7, "12:00")["formality"] > bond(lived, "Bob", 7, "12:00")["formality"] + 1
    assert bond(lived, "Mr Dunn", 7, "12:00")["formality"] > HOME.formality + 1


def test_company_fills_and_a_quiet_week_leaves_it_lonely(lived: Lived) -> None:
    assert lived.at(1, "15:00").needs["contact"] > lived.at(1, "07:00").needs["contact"]
    assert lived.at(14, "20:00").needs["contact"] < 0.1
    assert "lonely" in lived.at(14, "20:00").words
    assert lived.at(14, "20:00").mood[0] < lived.at(7, "20:00").mood[0]


def test_the_words_say_it(lived: Lived) -> None:
    assert "Towards Bob, Robin is annoyed" in lived.at(2, "14:05").words
    assert "curt" in lived.at(2, "14:05").words
    assert "Towards Bob, Robin is wary." in lived.at(6, "09:00").words
    assert "Towards Ada, Robin is friendly" in lived.at(7, "20:00").words
    assert all(len(look.words.split()) <= 60 for look in lived.looks)


def test_the_same_script_and_seed_is_the_same_life(
    lived: Lived, tmp_path_factory: pytest.TempPathFactory
) -> None:
    again = asyncio.run(live(WEEK, tmp_path_factory.mktemp("again")))
    assert again.looks == lived.looks
