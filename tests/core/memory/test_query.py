"""What a question's words say before anything is searched."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.memory.dates import spans
from core.memory.query import Question, Reading, Speaker, read
from db.recall import Scope

NOW = datetime(2026, 3, 18, 15, 0, tzinfo=UTC)  # a Wednesday
PEOPLE = (
    Speaker(1, ("Mia", "mimi w.")),
    Speaker(2, ("Deborah",)),
    Speaker(3, ("Cat",)),
    Speaker(4, ("the",)),
)


def reading(text: str) -> Reading:
    return read(Question(text, Scope("discord", 1), asker=9, speakers=PEOPLE), NOW)


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("When did Mia go camping?", 1),
        ("what did mia say about tea", 1),
        ("What does Mimi W. like?", 1),
        ("Where did Deb learn yoga?", 2),
        ("Did Deborah's mother call?", 2),
        ("Did Mia and Deborah meet?", None),
        ("Where is the kettle?", None),
        ("What did I say about my dog?", 9),
        ("What did Mia say to me?", 1),
        ("Is it raining?", None),
    ],
)
def test_the_one_person_it_is_about(text: str, person: int | None) -> None:
    assert reading(text).speaker == person


def test_a_name_is_no_word_to_look_for() -> None:
    assert reading("When did Mia go camping?").words == ("go", "camping")
    assert reading("Where did Deb learn yoga?").words == ("learn", "yoga")


def test_an_animal_is_looked_for_although_somebody_is_called_so() -> None:
    assert "cat" in reading("who has a cat?").words


def test_a_question_of_nothing_but_a_name_looks_for_the_name() -> None:
    assert reading("Mia?").words == ("mia",)


def test_a_long_message_is_searched_by_its_longest_words() -> None:
    long = " ".join(f"word{'x' * number}" for number in range(1, 200))
    found = reading(long).words
    assert len(found) == 24
    assert f"word{'x' * 199}" in found


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("When did it rain?", True),
        ("In which month was it?", True),
        ("How long has she lived there?", True),
        ("What did she do when it rained?", False),
        ("Whenever", False),
    ],
)
def test_questions_for_a_time(text: str, when: bool) -> None:
    assert reading(text).when is when


def day(year: int, month: int, number: int, hour: int = 12) -> datetime:
    return datetime(year, month, number, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("on 8 May, 2023", day(2023, 5, 8), day(2023, 5, 20)),
        ("on May 8th, 2023", day(2023, 5, 8, 23), day(2023, 5, 7)),
        ("on the 8th of May 2023", day(2023, 5, 8, 0), day(2023, 5, 9)),
        ("in July 2023", day(2023, 7, 31), day(2023, 8, 1)),
        ("in December", day(2025, 12, 24), day(2023, 12, 24)),
        ("in May", day(2025, 5, 2), day(2025, 6, 2)),
        ("on 2024-02-29", day(2024, 2, 29), day(2024, 3, 1)),
        ("yesterday", day(2026, 3, 17), day(2026, 3, 18)),
        ("last week", day(2026, 3, 9), day(2026, 3, 16)),
        ("last month", day(2026, 2, 28), day(2026, 3, 1)),
        ("last year", day(2025, 6, 1), day(2026, 1, 1)),
        ("last friday", day(2026, 3, 13), day(2026, 3, 14)),
        ("two weeks ago", day(2026, 3, 4), day(2026, 3, 12)),
        ("3 days ago", day(2026, 3, 15), day(2026, 3, 17)),
    ],
)
def test_the_days_a_question_speaks_of(text: str, inside: datetime, outside: datetime) -> None:
    found = spans(f"What happened {text}?", NOW)
    assert max(span.nearness(inside) for span in found) == 1.0
    assert max(span.nearness(outside) for span in found) < 1.0


def test_what_is_told_within_a_week_is_near() -> None:
    (span,) = spans("on 8 May 2023", NOW)
    assert [span.nearness(day(2023, 5, number)) for number in (6, 7, 10, 16, 17)] == [0, 0.5, 0.5, 0.5, 0]


@pytest.mark.parametrize("text", ["you may go", "31 February 2023", "we march on", "99999 years ago"])
def test_what_only_looks_like_a_date_harms_nothing(text: str) -> None:
    assert all(span.start < span.end for span in spans(text, NOW))


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert len(reading(text).words) <= 24
