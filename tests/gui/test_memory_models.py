"""Lists of any length: they know how many rows there are, and read only what is seen, the latest first."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QLocale, Qt

from core.events import ConsolidationProgress
from core.memory.notebook import EpisodeLine, FactLine, PersonLine
from gui.models.changes import ProgressModel
from gui.models.episodes import EpisodesModel
from gui.models.facts import FactsModel
from gui.models.moments import day
from gui.models.paged import ABOVE, ASIDE, BADGES, CAPTION, CHUNK, KEPT, PagedModel
from gui.models.people import PeopleModel
from gui.widgets.two_line import TwoLineList

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    row_id: int


class Rows(PagedModel[Row]):
    def __init__(self) -> None:
        super().__init__()
        self.asked: list[list[int]] = []
        self.wanted.connect(self.asked.append)

    def told(self, line: Row, role: int) -> Any:
        return f"row {line.row_id}" if role in (Qt.ItemDataRole.DisplayRole, CAPTION) else None


def _long(total: int = 100_000) -> Rows:
    made = Rows()
    made.show(total, [Row(number) for number in range(1, 65)])
    made.know(array("q", range(1, total + 1)))
    return made


def test_all_rows_are_there_at_once_and_only_those_seen_are_read() -> None:
    model = _long()
    assert model.rowCount() == 100_000
    assert model.index(63).data() == "row 64"
    assert model.asked == []
    assert model.index(50_000).data() == "…"
    assert model.asked == [list(range(49_985, 50_049))]
    model.fill([Row(number) for number in model.asked[0]])
    assert model.index(50_000).data() == "row 50001"
    assert len(model.asked) == 1


def test_before_the_order_is_known_the_first_rows_stand_and_nothing_is_asked() -> None:
    model = Rows()
    model.show(1000, [Row(5), Row(4)])
    assert not model.complete
    assert [model.index(row).data() for row in (0, 1, 2)] == ["row 5", "row 4", "…"]
    assert model.asked == []
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    model.know(array("q", [5, 4, *range(1000, 1998)]))
    assert model.complete
    assert resets == []  # what is seen does not jump
    assert model.index(1).data() == "row 4"


def test_a_fast_scroll_asks_for_where_it_ended_and_forgets_most_of_the_way() -> None:
    model = _long()
    for row in range(1000, 60_000, 500):
        model.index(row).data()
    assert len(model.asked) == 1
    model.fill([Row(number) for number in model.asked[0]])
    ended_at = 59_500 // CHUNK * CHUNK + 1
    assert model.asked[1][0] == ended_at
    while len(model.asked) < 10:
        before = len(model.asked)
        model.fill([Row(number) for number in model.asked[-1]])
        if len(model.asked) == before:
            break
    assert len(model.asked) <= 6


def test_what_was_read_is_kept_only_up_to_a_limit() -> None:
    model = _long()
    for first in range(0, 2 * KEPT, CHUNK):
        model.index(first).data()
        model.fill([Row(number) for number in range(first + 1, first + CHUNK + 1)])
    assert len(model._lines) <= KEPT


def test_a_failed_read_can_be_asked_again() -> None:
    model = _long()
    model.index(5000).data()
    model.missed()
    model.index(5000).data()
    assert len(model.asked) == 2


def test_reading_again_keeps_what_is_selected_and_where_it_was() -> None:
    view = TwoLineList("rows", many=True)
    model = _long(500)
    view.show_model(model)
    view.resize(200, 400)
    keys = QItemSelectionModel.SelectionFlag
    view.selectionModel().select(QItemSelection(model.index(3), model.index(5)), keys.ClearAndSelect)
    assert view.chosen_ids() == [4, 5, 6]
    without_the_fifth = array("q", [*range(1, 5), *range(6, 501)])
    view.keeping(lambda: model.refresh(without_the_fifth, [Row(number) for number in range(1, 60)]))
    assert view.chosen_ids() == [4, 6]
    view.selectAll()
    assert view.chosen_count == 499
    view.deleteLater()


def test_the_words_at_the_right_of_a_row_can_be_clicked_and_the_row_besides_them_cannot(qtbot: Any) -> None:
    class Undoable(Rows):
        def told(self, line: Row, role: int) -> Any:
            return "Undo" if role == ASIDE else super().told(line, role)

    model = Undoable()
    model.show(3, [Row(1), Row(2), Row(3)])
    view = TwoLineList("rows", many=False)
    view.show_model(model)
    view.resize(300, 300)
    view.show()
    clicked: list[int] = []
    view.aside_clicked.connect(clicked.append)
    rect = view.visualRect(model.index(1))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert clicked == []
    place = rect.center()
    place.setX(rect.right() - 20)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert clicked == [1]
    view.deleteLater()


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(minutes=2), "11:58"),
        (timedelta(days=1), "yesterday"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=30), "12 Feb"),
        (timedelta(days=400), "7 Feb 2025"),
    ],
)
def test_days_are_said_as_people_say_them(ago: timedelta, words: str) -> None:
    noon = NOW.astimezone().replace(hour=12, minute=0)  # of the computer's own zone
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English))
    try:
        assert day(noon - ago, noon) == words
    finally:
        QLocale.setDefault(before)


FACT = FactLine(
    1, 2, "Ada", "likes rain", "likes", "live", True, 5.0, 0.8, 3, NOW, NOW - timedelta(days=1), None, None,
    NOW - timedelta(days=2),
)  # fmt: skip


def test_a_fact_tells_whose_how_often_when_last_and_when_it_was_used() -> None:
    model = FactsModel(lambda: NOW)
    model.show(1, [FACT])
    index = model.index(0)
    assert index.data() == "likes rain"
    assert index.data(CAPTION) == "Ada · Likes · said 3 times · yesterday"
    assert index.data(ASIDE) == "used 2 days ago"
    assert index.data(BADGES) == (("protected", "accent"),)
    assert "protected" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    model.names = False
    model.show(1, [replace(FACT, reference_count=1, last_used_at=None, protected=False)])
    assert model.index(0).data(CAPTION) == "Likes · said once · yesterday"
    assert not model.index(0).data(ASIDE)


def test_a_person_tells_state_messages_last_seen_and_facts() -> None:
    model = PeopleModel(lambda: NOW)
    ada = PersonLine(1, "discord", 7, "Ada", "dormant", NOW, NOW - timedelta(days=1), 1, 1234)
    model.show(1, [ada])
    index = model.index(0)
    assert (index.data(), index.data(CAPTION)) == ("Ada", "long away · 1 message")
    assert (index.data(ABOVE), index.data(ASIDE)) == ("yesterday", "1234 facts")
    assert "Ada, long away, 1 message" in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_an_episode_tells_when_where_with_whom_and_how_it_felt() -> None:
    model = EpisodesModel(lambda: NOW)
    line = EpisodeLine(
        1, "The cellar", NOW, NOW - timedelta(days=1), "general", "worried", 5.0, False, False, "live",
        None, None, ("Ada", "Bob"),
    )  # fmt: skip
    model.show(2, [line, replace(line, row_id=2, insight=True, feeling="")])
    assert model.index(0).data(CAPTION) == "yesterday · #general · Ada, Bob · worried"
    assert model.index(1).data(CAPTION) == "Insight · #general · Ada, Bob"


def test_a_run_is_followed_person_by_person() -> None:
    model = ProgressModel()
    model.put(ConsolidationProgress(1, "discord", 5, "Ada", "reading", 0, 2))
    model.put(ConsolidationProgress(1, "discord", 5, "Ada", "done", 1, 2, 2, 1, 0))
    model.put(ConsolidationProgress(1, "discord", 6, "Bob", "reading", 1, 2))
    assert [model.index(row).data() for row in range(2)] == ["Bob: being read…", "Ada: 2 new, 1 said again"]
    assert (model.done, model.sums) == (1, (2, 1, 0))


def test_what_was_read_stays_in_sight_until_it_is_read_again() -> None:
    """A busy server changes the list twice a second: nobody should see it blink."""
    model = _long()
    model.index(50_000).data()
    model.fill([Row(number) for number in model.asked[0]])
    model.refresh(array("q", range(0, 100_000)), [Row(0)])
    assert model.index(50_001).data() == "row 50001"
    assert len(model.asked) == 2


def test_a_row_that_is_gone_is_not_asked_for_over_and_over() -> None:
    model = _long()
    model.index(50_000).data()
    model.fill([])
    for _ in range(3):
        assert model.index(50_000).data() == "…"
    assert len(model.asked) == 1


def test_home_and_end_go_to_the_first_and_the_last_row(qtbot: Any) -> None:
    view = TwoLineList("rows", many=False)
    qtbot.addWidget(view)
    view.show_model(_long())
    view.show()
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.currentIndex().row() == 99_999
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.currentIndex().row() == 0
