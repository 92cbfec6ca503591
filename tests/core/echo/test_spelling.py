"""An echo spells as the person does, and leaves alone what is another word."""

import random
from collections import Counter

from core.echo.spelling import spelled, spellings_of, table


def written(text: str, own: list[str], seed: int = 1) -> str:
    return spelled(text, spellings_of(own), random.Random(seed))


def test_somebodys_own_spelling_takes_the_place_of_the_dictionarys() -> None:
    own = ["it dosent work"] * 5 + ["i luv that"] * 5
    assert written("It doesn't love you. Doesn’t it?", own) == "It dosent luv you. Dosent it?"


def test_who_writes_it_both_ways_is_written_both_ways_as_often() -> None:
    own = ["you there"] * 30 + ["u there"] * 10
    found = Counter(written("you", own, seed) for seed in range(400))
    assert 60 < found["u"] < 140


def test_a_word_is_spelled_alike_all_over_a_message() -> None:
    own = ["you"] * 20 + ["u"] * 20
    assert all(len(set(written("you you you", own, seed).split())) == 1 for seed in range(20))


def test_what_is_another_word_stays() -> None:
    own = ["it's fine"] * 9 + ["i'll see"] * 9 + ["see it"] * 9
    text = "its colour is ill, written in c for a r"
    assert written(text, own) == text


def test_commands_and_paths_stay() -> None:
    own = ["u are people"] * 9 + ["ppl are here"] * 9
    text = "ls /home/you/people-list a&&b"
    assert written(text, own) == text


def test_too_few_uses_tell_nothing() -> None:
    assert written("you", ["u", "u", "u"]) == "you"


def test_a_slip_is_no_habit() -> None:
    own = ["you"] * 10 + ["u"] * 2
    assert all(written("you", own, seed) == "you" for seed in range(50))


def test_shouting_stays_shouting() -> None:
    assert written("PLEASE, I'm late", ["pls"] * 9) == "PLS, I'm late"


def test_no_spelling_is_replaced_by_two_words() -> None:
    groups = table().groups
    every = [spelling for group in groups for spelling in group]
    assert [word for word, times in Counter(every).items() if times > 2] == []
    assert all(len(group) > 1 for group in groups)
