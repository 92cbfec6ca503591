"""Which of a person's messages are shown to the model."""

from core.echo.examples import Examples

SAID = [
    "try the nvidia driver from the repos",
    "wifi needs the firmware package, look there",
    "good morning",
    "the printer wants cups",
    "wifi needs the firmware package, look here",
    "write to [email] about the wifi",
]


def test_messages_on_the_same_subject_are_found_the_nearest_last() -> None:
    found = Examples(SAID).similar([("my wifi has no firmware", 1.0), ("and the printer?", 0.4)], 3, [])
    assert found[0] == "the printer wants cups"
    assert found[-1].startswith("wifi needs")


def test_two_that_are_nearly_the_same_are_not_both_shown() -> None:
    found = Examples(SAID).similar([("my wifi has no firmware", 1.0)], 5, [])
    assert sum(text.startswith("wifi") for text in found) == 1


def test_what_is_always_shown_is_not_shown_twice() -> None:
    examples = Examples(SAID)
    static = examples.static(4)
    assert len(static) == 4
    assert not set(examples.similar([("wifi firmware printer nvidia driver", 1.0)], 5, static)) & set(static)


def test_masked_messages_are_never_shown() -> None:
    examples = Examples(SAID)
    shown = [*examples.static(10), *examples.similar([("write to wifi", 1.0)], 10, [])]
    assert not any("[email]" in text for text in shown)


def test_nothing_said_is_nothing_shown() -> None:
    assert Examples([]).static(4) == []
    assert Examples([]).similar([("hello", 1.0)], 4, []) == []
