"""A long list of people is read where it is looked at; a relationship's history becomes lines and words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytestqt.modeltest import ModelTester

from core.feelings.acquaintances import Acquaintance
from core.feelings.acquaintances import People as Found
from core.feelings.history import Change
from core.feelings.state import Bond
from core.people import Quote
from core.words import T
from db.relationships import Metrics
from gui.models import relationships
from gui.models.relationships import PAGE, RelationshipsModel
from gui.widgets.export import _as_csv

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
CALM, CROSS = Metrics(0.0, 4.0, 5.0, 0.0), Metrics(2.0, 3.4, 4.0, 0.0)
TOTAL = 100_000


def _person(number: int) -> Acquaintance:
    seen = NOW - timedelta(minutes=number)
    return Acquaintance(number, number, f"Person {number}", "new", False, seen, seen, 1, CALM, True)


def _found(offset: int, total: int = TOTAL) -> Found:
    return Found(tuple(_person(number) for number in range(offset, min(offset + PAGE, total))), total)


@pytest.fixture
def model() -> RelationshipsModel:
    made = RelationshipsModel()
    made.wanted.connect(lambda offset: made.put(_found(offset), offset, NOW))
    made.begin(_found(0), 0, NOW)
    return made


def test_a_hundred_thousand_people_are_there_and_only_what_is_looked_at_is_read() -> None:
    model = RelationshipsModel()
    asked: list[int] = []
    model.wanted.connect(asked.append)
    model.begin(_found(0), 0, NOW)
    assert model.rowCount() == TOTAL
    assert model.index(70_050).data() == "…"
    assert model.index(70_051).data() == "…"
    assert asked == [70_000]
    model.put(_found(70_000), 70_000, NOW)
    assert model.index(70_051).data() == "Person 70051"
    assert model.row_of(70_051) == 70_051


def test_pages_far_away_are_let_go(model: RelationshipsModel) -> None:
    for offset in range(0, 100 * PAGE, PAGE):
        model.at(offset)
        model.at(offset)
    assert len(model._pages) <= 31


def test_a_page_that_was_lost_is_asked_for_again() -> None:
    model = RelationshipsModel()
    asked: list[int] = []
    model.wanted.connect(asked.append)
    model.begin(_found(0), 0, NOW)
    model.at(500)
    model.lost(500)
    model.at(500)
    assert asked == [500, 500]


def test_fewer_people_than_before(model: RelationshipsModel) -> None:
    model.begin(_found(0, 3), 0, NOW)
    assert [model.index(row).data() for row in range(model.rowCount())] == [
        "Person 0",
        "Person 1",
        "Person 2",
    ]


def test_while_the_same_is_read_again_what_was_there_stays_to_be_seen() -> None:
    model = RelationshipsModel()
    model.begin(_found(0), 0, NOW)
    model.put(_found(100), 100, NOW)
    asked: list[int] = []
    model.wanted.connect(asked.append)
    model.begin(_found(0), 0, NOW, same=True)
    assert model.index(150).data() == "Person 150"
    assert asked == [100]
    model.begin(_found(0), 0, NOW)
    assert model.index(150).data() == "…"


def test_it_keeps_the_rules_of_models(qtmodeltester: ModelTester) -> None:
    made = RelationshipsModel()
    made.wanted.connect(lambda offset: made.put(_found(offset, 250), offset, NOW))
    made.begin(_found(0, 250), 0, NOW)
    qtmodeltester.check(made)


CHANGE = Change(NOW, CALM, CROSS, T("{name} was insulting.", name="Bob"), 7, False)
QUOTES = {7: Quote("Bob", "=you\nfool", NOW)}


def test_a_change_is_a_jump_in_the_lines() -> None:
    later = NOW + timedelta(hours=1)
    anger, *_ = relationships.history_lines([CHANGE], Bond(1, "Bob", CALM, True), later)
    assert list(anger.ys) == [0.0, 2.0, 0.0]
    assert list(anger.xs) == [NOW.timestamp(), NOW.timestamp(), later.timestamp()]


def test_a_change_in_words_says_what_it_moved_the_most_first() -> None:
    (mark,) = relationships.history_marks([CHANGE], QUOTES)
    assert mark.words.endswith("Bob was insulting. Anger +2.0, Trust −1.0, Rapport −0.6")
    assert mark.quote == "=you fool"


def test_what_people_wrote_is_no_formula_in_a_spreadsheet() -> None:
    table: Any = relationships.history_table([CHANGE], QUOTES)
    assert "'=you fool" in _as_csv(table)
