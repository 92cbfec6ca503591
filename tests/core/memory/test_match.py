"""What says the same is one fact, what only sounds alike is two, and what cannot both hold is told apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.facts import FIVE_BY_THREE, NoRoles, Wordy, judged, rows_for, shares
from core.memory.embedder import shipped
from core.memory.match import Verdict, judge
from core.memory.wording import read

PAIRS = Path(__file__).parents[2] / "data" / "facts_pairs.jsonl"


def pairs() -> list[dict[str, Any]]:
    return [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("known", "new"),
    [
        ("I live in Lisbon", "my home is in Lisbon"),
        ("I have a dog named Rex", "our dog's name is Rex"),
        ("I quit smoking", "I no longer smoke"),
        ("I hate mushrooms", "I can't stand mushrooms"),
        ("My birthday is on March 3rd", "I was born on 3 March"),
        ("my sister is a doctor", "I have a sister who works as a physician"),
        ("I'm 1.80 m tall", "my height is 180 cm"),
        ("I prefer tea to coffee", "I like tea better than coffee"),
    ],
)
def test_the_same_in_other_words_is_the_same(known: str, new: str) -> None:
    assert judge(known, new).verdict is Verdict.SAME
    assert judge(new, known).verdict is Verdict.SAME


@pytest.mark.parametrize(
    ("known", "new", "why"),
    [
        ("I like sushi", "I don't like sushi", "denied"),
        ("I have two cats", "I have three cats", "numbers"),
        ("my exam is on friday", "my exam is on tuesday", "days"),
        ("my sister is a nurse", "I'm a nurse", "relatives"),
        ("I want a dog", "I have a dog", "tense"),
        ("I used to smoke", "I smoke", "tense"),
        ("my dog is called Rex", "my dog is called Max", "names"),
        ("I have a cat", "I have a dog", "rivals"),
        ("I broke my left arm", "I broke my right arm", "opposite"),
        ("Anna is taller than Ben", "Ben is taller than Anna", "roles"),
        ("Tom lent me 50 euros", "I lent Tom 50 euros", "roles"),
        ("I'm flying to Tokyo", "I'm flying from Tokyo", "direction"),
        ("My nickname is Jojo", "my dog's nickname is Jojo", "owner"),
        ("I do yoga", "I teach yoga", "deeds"),
        ("I'm afraid of flying", "I love flying", "feeling"),
        ("I have a dog", "I have a dog and a parrot", "more"),
    ],
)
def test_what_only_sounds_alike_is_not(known: str, new: str, why: str) -> None:
    for a, b in ((known, new), (new, known)):
        found = judge(a, b, 0.99)
        assert found.verdict is not Verdict.SAME
        assert why in found.conflicts


@pytest.mark.parametrize(
    ("known", "new", "closes"),
    [
        ("I live in Oslo", "I live in Bergen", True),
        ("I live in Oslo", "I want to live in Bergen", False),
        ("I live in Oslo", "I used to live in Bergen", False),
        ("I live in Oslo", "my sister lives in Bergen", False),
        ("I work in Oslo", "I live in Bergen", False),
        ("I love sushi", "I hate sushi", True),
        ("I love sushi", "I love ramen", False),
        ("I smoke", "I quit smoking", True),
        ("I'm 24", "I'm 25", True),
        ("I have two cats", "I have three cats", True),
        ("My favourite color is green", "My favourite color is blue", True),
        ("My favourite color is green", "My favourite food is soup", False),
        ("My dog is called Rex", "My dog is called Max", True),
        ("My dog is called Rex", "My cat is called Max", False),
        ("I speak Spanish", "I speak Portuguese", False),
        ("I want a dog", "I have a dog", True),
    ],
)
def test_what_cannot_both_hold_contradicts(known: str, new: str, closes: bool) -> None:
    assert (judge(known, new, 0.85).verdict is Verdict.CONTRADICTION) is closes


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_breaks_it(known: str, new: str) -> None:
    judge(known, new, 0.5)
    read(known)


async def test_the_pairs_of_the_benchmark_meet_the_bars_they_were_made_for() -> None:
    embedder = shipped()
    assert embedder is not None
    rows = await judged([pair for pair in pairs() if not pair["held_out"]], embedder)
    await embedder.close()
    figures = shares(rows)
    assert figures["paraphrases"] >= 200
    assert figures["look_alikes"] >= 200
    assert figures["merged_share"] >= 0.93
    assert figures["false_merge_share"] <= 0.02


async def test_words_alone_never_merge_more_that_is_different() -> None:
    figures = shares(await judged([pair for pair in pairs() if not pair["held_out"]], None))
    assert figures["false_merge_share"] <= 0.02


@pytest.mark.parametrize("roles", [NoRoles(), Wordy()])
async def test_five_facts_in_three_wordings_are_five_rows(roles: Any) -> None:
    assert await rows_for(FIVE_BY_THREE, roles, None) == (5, 5)
