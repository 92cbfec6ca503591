"""The feed as a list: what stands in a row, and which rows there are."""

from __future__ import annotations

from array import array
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import Qt

from core.feed import FeedTurn
from core.words import T
from gui.models.feed import TOOK, TURN, FeedModel

AT = datetime(2026, 3, 1, 12, 4, tzinfo=UTC)
REPLIED = FeedTurn(
    "a",
    AT,
    "discord",
    "#general",
    "Ada",
    "hi",
    True,
    False,
    "ho",
    T("Ada mentioned Finn"),
    1940,
    {},
    row_id=1,
)
SILENT = replace(
    REPLIED,
    id="b",
    row_id=2,
    replied=False,
    reply="",
    reason=T("{who} was talking to {others}", who="Bob", others="Ada"),
)
FAILED = replace(
    REPLIED,
    id="c",
    row_id=3,
    replied=False,
    failed=True,
    reason=T("Ollama does not answer at {host}.", host="x"),
)


def _rows(model: FeedModel) -> list[str]:
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_a_row_says_what_happened() -> None:
    model = FeedModel()
    model.show(3, [REPLIED, SILENT, FAILED])
    assert _rows(model) == [
        "replied to Ada",
        "stayed silent: Bob was talking to Ada",
        "could not reply to Ada: Ollama does not answer at x.",
    ]
    assert model.index(0, 0).data(TOOK) == "1.9 s"
    assert model.index(1, 0).data(TOOK) == ""
    assert "#general" in model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_new_turns_come_on_top_and_a_turn_is_never_there_twice() -> None:
    model = FeedModel()
    model.put(REPLIED)
    model.put(SILENT)
    model.put(replace(REPLIED, person="Eve"))
    assert _rows(model) == ["stayed silent: Bob was talking to Ada", "replied to Eve"]


def test_a_turn_that_became_another_kind_goes() -> None:
    model = FeedModel()
    model.show(2, [SILENT, REPLIED])
    model.drop(SILENT.row_id)
    assert _rows(model) == ["replied to Ada"]


def test_of_a_hundred_thousand_only_what_is_looked_at_is_read() -> None:
    model, asked = FeedModel(), list[list[int]]()
    model.wanted.connect(asked.append)
    model.show(100_000, [REPLIED])
    model.know(array("q", range(1, 100_001)))
    assert model.rowCount() == 100_000
    assert model.index(99_999, 0).data(TURN) is None
    assert 100_000 in asked[0]
    assert len(asked[0]) <= 64


def test_what_was_asked_for_by_its_rows_is_asked_for_again_when_they_move() -> None:
    model, asked = FeedModel(), list[list[int]]()
    model.wanted.connect(asked.append)
    model.show(300, [])
    model.know(array("q", range(1, 301)))
    model.turn(model.index(200, 0))
    model.put(replace(REPLIED, row_id=900))
    model.turn(model.index(201, 0))
    assert len(asked) == 2
    assert 201 in asked[1]
