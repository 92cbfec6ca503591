"""The practice room as rows, and the view of it with thousands of them."""

from __future__ import annotations

from datetime import UTC, datetime
from time import perf_counter

import pytest
from PySide6.QtWidgets import QApplication

from core.conversation.practice import PracticeMessage
from core.feed import FeedTurn
from core.words import T
from gui.models.practice import SHOWN_AT_ONCE, Bubble, Kind, TranscriptModel, bubbles
from gui.widgets.transcript import TranscriptView


def said(id_: int, name: str, text: str, reply_to: int | None = None) -> PracticeMessage:
    return PracticeMessage(id_, name, text, name == "Finn", reply_to)


def ended(message_id: int, *, replied: bool, burst: tuple[int, ...] = ()) -> FeedTurn:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    reason = T("{who} was talking to the room", who="Bob")
    trace = {"burst": list(burst or (message_id,))}
    place = "#practice"
    return FeedTurn(
        f"t{message_id}", at, "practice", place, "Bob", "", replied, False, "", reason, 5, trace, message_id
    )


def rows_of(count: int, start: int = 0) -> list[Bubble]:
    return [Bubble(Kind.SAID, at + 1, "Ada", f"line {at}") for at in range(start, start + count)]


def test_a_silence_stands_below_its_message_with_the_reason() -> None:
    rows = bubbles([said(1, "Bob", "hm"), said(2, "Ada", "yes?")], {1: ended(1, replied=False)})
    assert [row.kind for row in rows] == [Kind.SAID, Kind.QUIET, Kind.SAID]
    assert rows[1].text == "stayed silent: Bob was talking to the room"
    assert rows[1].turn_id == "t1"


def test_every_part_of_a_reply_knows_its_turn() -> None:
    talk = [said(1, "Bob", "hi"), said(2, "Finn", "hello", 1), said(3, "Finn", "how are you?")]
    rows = bubbles(talk, {1: ended(1, replied=True)})
    assert [row.turn_id for row in rows] == ["", "t1", "t1"]
    assert [row.follows for row in rows] == [False, False, True]


def test_messages_answered_together_are_not_called_silences() -> None:
    talk = [said(1, "Bob", "hi"), said(2, "Bob", "Finn?"), said(3, "Finn", "yes", 2)]
    turns = {1: ended(1, replied=False), 2: ended(2, replied=True, burst=(1, 2))}
    assert Kind.QUIET not in [row.kind for row in bubbles(talk, turns)]


def test_an_answer_quotes_what_it_answers_unless_that_stands_above() -> None:
    talk = [
        said(1, "Bob", "first\nline"),
        said(2, "Ada", "x"),
        said(3, "Bob", "y", 1),
        said(4, "Ada", "z", 3),
    ]
    assert [row.quote for row in bubbles(talk, {})] == ["", "", "Bob: first line", ""]


def test_only_the_newest_are_shown_until_earlier_ones_are_wanted() -> None:
    model = TranscriptModel()
    model.show(rows_of(5_000))
    assert model.rowCount() == SHOWN_AT_ONCE
    assert model.bubble(0).text == f"line {5_000 - SHOWN_AT_ONCE}"
    model.show_earlier()
    assert model.rowCount() == 2 * SHOWN_AT_ONCE
    assert model.bubble(0).text == f"line {5_000 - 2 * SHOWN_AT_ONCE}"
    while model.has_earlier:
        model.show_earlier()
    assert [row.id for row in model.bubbles()] == list(range(1, 5_001))


def test_earlier_ones_put_away_are_not_lost() -> None:
    model = TranscriptModel()
    model.show(rows_of(1_000))
    model.grow("Finn", "hel")
    while model.has_earlier:
        model.show_earlier()
    model.put_earlier_away()
    assert model.rowCount() == SHOWN_AT_ONCE
    assert model.bubble(SHOWN_AT_ONCE - 1).text == "hel"
    model.end_growing()
    model.show(rows_of(1_001))
    assert model.bubble(model.rowCount() - 1).text == "line 1000"
    while model.has_earlier:
        model.show_earlier()
    assert [row.id for row in model.bubbles()] == list(range(1, 1_002))


def test_a_new_message_is_one_new_row_and_what_is_shown_stays() -> None:
    model = TranscriptModel()
    model.show(rows_of(1_000))
    model.show_earlier()
    told: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _parent, first, last: told.append((first, last)))
    model.rowsRemoved.connect(lambda *_: told.append((-1, -1)))
    model.show(rows_of(1_001))
    assert told == [(2 * SHOWN_AT_ONCE, 2 * SHOWN_AT_ONCE)]


def test_the_oldest_may_fall_out_of_the_window() -> None:
    model = TranscriptModel()
    model.show(rows_of(500))
    model.show(rows_of(500, start=1))
    shown = [row.id for row in model.bubbles()]
    assert shown[-1] == 501
    assert shown == sorted(set(shown))


def test_what_is_being_written_stays_last_and_goes_when_it_is_over() -> None:
    model = TranscriptModel()
    model.show(rows_of(2))
    model.grow("Finn", "")
    model.grow("Finn", "hel")
    model.show(rows_of(3))
    assert [row.text for row in model.bubbles()][-2:] == ["line 2", "hel"]
    model.end_growing()
    assert model.rowCount() == 3
    model.end_growing()
    assert model.rowCount() == 3


@pytest.fixture
def view() -> TranscriptView:
    made = TranscriptView()
    made.setModel(TranscriptModel(made))
    made.resize(800, 600)
    made.show()
    return made


def test_the_view_stays_at_its_end_and_keeps_its_place_when_somebody_reads(view: TranscriptView) -> None:
    bar = view.verticalScrollBar()
    view.transcript.show(rows_of(1_000))
    QApplication.processEvents()
    assert bar.value() == bar.maximum() > 0
    view.transcript.show(rows_of(1_001))
    QApplication.processEvents()
    assert bar.value() == bar.maximum()
    bar.setValue(bar.maximum() // 2)
    reading = bar.value()
    view.transcript.show(rows_of(1_002))
    QApplication.processEvents()
    assert bar.value() == reading


def test_scrolling_to_the_top_brings_earlier_ones_without_a_jump(view: TranscriptView) -> None:
    view.transcript.show(rows_of(1_000))
    QApplication.processEvents()
    first = view.transcript.bubble(0)
    view.verticalScrollBar().setValue(0)
    QApplication.processEvents()
    assert view.transcript.rowCount() == 2 * SHOWN_AT_ONCE
    row = view.transcript.bubbles().index(first)
    assert 0 <= view.visualRect(view.transcript.index(row)).top() < view.viewport().height()


def test_a_growing_reply_takes_the_height_it_needs(view: TranscriptView) -> None:
    view.transcript.show(rows_of(3))
    view.transcript.grow("Finn", "")
    QApplication.processEvents()
    last = view.transcript.index(3)
    small = view.visualRect(last).height()
    view.transcript.grow("Finn", "word " * 200)
    QApplication.processEvents()
    assert view.visualRect(last).height() > 3 * small


def test_hostile_text_is_measured_and_painted_as_it_is(view: TranscriptView) -> None:
    hostile = [
        "<b>x</b>" * 500,
        "x" * 4_000,
        "\u202e" * 50 + "abc",
        "مرحبا " * 300,
        "👩‍👩‍👧‍👦" * 400,
        "\n" * 50,
        "\x00",
        " ",
    ]
    rows = [Bubble(Kind.SAID, at + 1, text[:40], text, quote=text[:80]) for at, text in enumerate(hostile)]
    view.transcript.show(rows)
    QApplication.processEvents()
    view.grab()
    for at in range(len(rows)):
        rect = view.visualRect(view.transcript.index(at))
        places = view.delegate.places(rows[at], rect)
        assert rect.contains(places.box), hostile[at][:10]


def test_five_thousand_shown_rows_take_a_new_one_within_a_frame_or_two(view: TranscriptView) -> None:
    """Generous: this says that nothing is measured anew, not how fast the machine is."""
    view.transcript.show(rows_of(5_000))
    while view.transcript.has_earlier:
        view.transcript.show_earlier()
    QApplication.processEvents()
    fastest = 9.9
    for extra in range(1, 6):
        rows = rows_of(5_000 + extra)
        began = perf_counter()
        view.transcript.show(rows)
        QApplication.processEvents()
        fastest = min(fastest, perf_counter() - began)
    assert fastest < 0.25
