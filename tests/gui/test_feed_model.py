"""The feed as a list: what stands in a row, and which rows there are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import Qt

from core.feed import FeedTurn
from core.words import T
from gui.models.feed import MOST, TOOK, FeedModel

AT = datetime(2026, 3, 1, 12, 4, tzinfo=UTC)
REPLIED = FeedTurn(
    "a", AT, "discord", "#general", "Ada", "hi", True, False, "ho", T("Ada mentioned Finn"), 1940, {}
)
SILENT = replace(
    REPLIED,
    id="b",
    replied=False,
    reply="",
    reason=T("{who} was talking to {others}", who="Bob", others="Ada"),
)
FAILED = replace(
    REPLIED, id="c", replied=False, failed=True, reason=T("Ollama does not answer at {host}.", host="x")
)


def _rows(model: FeedModel) -> list[str]:
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_a_row_says_what_happened() -> None:
    model = FeedModel()
    model.put_all([REPLIED, SILENT, FAILED])
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


def test_a_filter_holds_for_turns_that_come_later() -> None:
    model = FeedModel()
    model.show_only("silent")
    model.put(REPLIED)
    model.put(SILENT)
    model.put(FAILED)
    assert _rows(model) == [
        "could not reply to Ada: Ollama does not answer at x.",
        "stayed silent: Bob was talking to Ada",
    ]
    model.show_only("replied")
    assert _rows(model) == ["replied to Ada"]
    assert model.total == 3


def test_a_long_day_does_not_fill_the_memory() -> None:
    model = FeedModel()
    for number in range(MOST + 20):
        model.put(replace(REPLIED, id=str(number)))
    assert model.total == MOST
