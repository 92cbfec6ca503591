"""A draft gets the outer form of a real message."""

import random

import pytest

from core.echo.polish import Gaps, fits, form_of, gaps_between, habits_of, hangs, polish, shortened
from core.echo.style import profile_of

PLAIN = habits_of([])
EVERYTHING = Gaps()
NOTHING = Gaps(length=False, case=False, endings=False, faces=False, marks=False)


def polished(draft: str, like: str, gaps: Gaps = EVERYTHING, cut_off: bool = False) -> str:
    return polish(draft, form_of(like), PLAIN, gaps, random.Random(1), cut_off)


@pytest.mark.parametrize(
    ("draft", "like", "result"),
    [
        ("You can try it.", "it works here", "you can try it"),
        ("you can try it", "It works here.", "You can try it."),
        ("You can try it.", "it works here...", "you can try it..."),
        ("you can try it", "it works here :)", "you can try it :)"),
        ("You can try it 😀", "it works here", "you can try it"),
        ("Yes, you can.", "it works here", "yes you can"),
        ("Yes, you can.", "yes, it works here", "yes, you can"),
        ("SSH is what you want", "it works here ok then", "SSH is what you want"),
        ("What is it?", "it works here", "what is it?"),
        ("what do you want it to do", "does it work here?", "what do you want it to do?"),
        ('"You can *try* it"', "it works here", "you can try it"),
    ],
)
def test_a_draft_begins_and_ends_as_the_person_does(draft: str, like: str, result: str) -> None:
    assert polished(draft, like) == result


def test_where_the_brain_is_near_enough_nothing_is_touched() -> None:
    assert polished("You can, of course, try it! 😀", "hm", NOTHING) == "You can, of course, try it! 😀"


@pytest.mark.parametrize(
    ("text", "length", "cut_off", "result"),
    [
        ("Try the other one. Then restart the whole", 20, True, "Try the other one."),
        ("Try the other one, and then restart the whole", 16, True, "Try the other one"),
        ("Try the other one, and then take the whole thing to the shop.", 16, False, "Try the other one"),
        ("Try the other one", 12, False, "Try the other one"),
        ("supercalifragilistic and then", 300, True, "supercalifragilistic"),
        ("one two three four five", 10, True, ""),
    ],
)
def test_a_draft_is_cut_only_where_it_can_end(text: str, length: int, cut_off: bool, result: str) -> None:
    assert shortened(text, length, cut_off) == result


@pytest.mark.parametrize(
    ("text", "hanging"), [("you can use", True), ("go to the", True), ("go there", False)]
)
def test_a_draft_that_hangs_in_the_air_is_noticed(text: str, hanging: bool) -> None:
    assert hangs(text) is hanging


def test_short_forms_are_the_persons() -> None:
    habits = habits_of(["i dont know", "thats fine", "i cant", "im here", "isnt it", "i said i did"] * 3)
    assert habits.bare == 1
    draft = "I don't think that's it."
    assert polish(draft, form_of("i said so, really"), habits, EVERYTHING, random.Random(1), False) == (
        "i dont think thats it"
    )


def test_no_draft_gains_by_having_no_marks_at_all() -> None:
    own = ["is it here?", "it is here, i think", "it is here", "so it is", "here it is"] * 4
    usual = profile_of(own).marks
    for draft in ("is it so?", "yes, it is"):
        total = sum(
            fits(draft, form_of(text), usual) - fits("yes it is", form_of(text), usual) for text in own
        )
        assert abs(total / len(own)) < 0.2
    assert fits("is it so?", form_of(own[0]), usual) > fits("so it is", form_of(own[0]), usual) + 0.5


def test_commas_stay_with_a_brain_that_is_sparing_with_them() -> None:
    person = profile_of(["well, it is", "no, it is not", "it is"] * 5)
    assert gaps_between(person, profile_of(["it is, yes", "it is", "no"] * 5)).commas is False
    assert gaps_between(person, profile_of(["yes, it is"] * 5)).commas is True
