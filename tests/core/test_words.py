"""Words: core hands over sentences, faces say them; member text is only ever a value."""

from __future__ import annotations

from core.words import T, count, languages, say, speaking


def test_a_sentence_is_said_with_its_values() -> None:
    assert say(T("{who} mentioned {name}", who="Ada", name="Finn")) == "Ada mentioned Finn"


def test_a_value_that_looks_like_a_format_is_left_alone() -> None:
    hostile = "{name.__class__} {0} %s {"
    assert say(T("{who} wrote directly", who=hostile)) == f"{hostile} wrote directly"


def test_a_sentence_inside_a_sentence_is_said_too() -> None:
    assert say("because {why}", why=T("{who} wrote directly", who="Ada")) == "because Ada wrote directly"


def test_plurals_follow_the_number() -> None:
    assert count("{n} reply", "{n} replies", 1) == "1 reply"
    assert count("{n} reply", "{n} replies", 7) == "7 replies"


def test_an_unknown_language_speaks_english() -> None:
    with speaking("xx"):
        assert say("Start") == "Start"
    assert "en" in languages()
