"""An echo never repeats the person, nor whom it answers."""

import pytest

from core.echo.copying import CopyGate, doubles_back, parrots

SAID = ["no idea", "you should really try the other kernel first", "that works for me"]


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("That works for me!", False),
        ("no idea", True),
        ("i think you should really try the other kernel, mate", False),
        ("you should really try the coffee", True),
    ],
)
def test_the_persons_own_messages_do_not_come_out_again(text: str, passes: bool) -> None:
    assert CopyGate(SAID).lets_through(text, []) is passes


@pytest.mark.parametrize(
    ("text", "parrot"),
    [
        ("how do I mount it?", True),
        ("well how do i mount it", True),
        ("mount it with the disks tool, how do i put it", False),
        ("yes", False),
    ],
)
def test_what_was_just_said_is_not_said_back(text: str, parrot: bool) -> None:
    assert parrots(text, ["hello", "how do I mount it?", "yes"]) is parrot


def test_an_answer_takes_no_four_words_in_a_row_from_what_it_answers() -> None:
    heard = ["can I use the old kernel with it?"]
    gate = CopyGate(SAID)
    assert not gate.lets_through("use the old kernel, and then see what the new release brings you", heard)
    assert gate.lets_through("the old kernel is what the new release brings you", heard)


@pytest.mark.parametrize(
    ("text", "doubled"),
    [
        ("no no no that is wrong", True),
        ("use the disk and use the disk again", True),
        ("no no that is wrong", False),
        ("", False),
    ],
)
def test_stammering_is_noticed(text: str, doubled: bool) -> None:
    assert doubles_back(text) is doubled
