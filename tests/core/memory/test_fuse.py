"""The order of memories, number by number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.memory.fuse import SESSION_GAP_MS, Evidence, Parts, Weights, order
from core.memory.query import Reading
from db.recall import Around, Found

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
PLAIN = Reading((), None, False)
# Every word of its own weight out of the way: what is left is the base.
BARE = Weights(around=0, answers=0, topic=0, substance=0, asks=0, recency=0)


def found(
    number: int, text: str = "", *, by: int = 1, minutes_ago: float | None = None, channel: int = 1
) -> Found:
    ago = 1440.0 * (100 - number) if minutes_ago is None else minutes_ago
    return Found(number, channel, by, text or f"text{number}", NOW_MS - int(ago * 60_000), number)


def parts(evidence: Evidence, weights: Weights = BARE, reading: Reading = PLAIN) -> dict[int, Parts]:
    return dict(order(evidence, reading, NOW, 10, weights))


def test_words_and_meaning_count_one_half_each() -> None:
    scores = parts(
        Evidence(
            [found(1), found(2), found(3)], {1: 8.0, 2: 4.0}, {1: 0.2, 2: 0.7, 3: 0.45}, low=0.2, high=0.7
        )
    )
    assert {at: each.total for at, each in scores.items()} == pytest.approx({1: 0.5, 2: 0.75, 3: 0.25})
    assert list(scores) == [2, 1, 3]


def test_what_has_no_vector_is_judged_by_words_alone() -> None:
    scores = parts(Evidence([found(1), found(2)], {1: 8.0, 2: 8.0}, {2: 0.2}, low=0.2, high=0.7))
    assert scores[1].meaning is None
    assert (scores[1].total, scores[2].total) == pytest.approx((1.0, 0.5))


def test_neighbours_give_a_part_of_what_they_have() -> None:
    some = [found(1, minutes_ago=3), found(2, minutes_ago=2), found(3, minutes_ago=1)]
    links = [Around(2, 1, 3)]
    scores = parts(
        Evidence(some, {1: 1.0, 3: 0.5}, {}, links=links), Weights(topic=0, substance=0, recency=0)
    )
    assert scores[2].around == pytest.approx(0.3 * 1.0 + 0.3 * 0.5)
    assert scores[1].around == scores[3].around == 0


def test_a_question_gives_more_to_what_follows_it() -> None:
    some = [found(1, "tea?", minutes_ago=3), found(2, minutes_ago=2)]
    scores = parts(Evidence(some, {1: 1.0}, {}, links=[Around(2, 1, None), Around(1, None, 2)]))
    assert scores[2].around == 0
    scores = parts(Evidence(some, {1: 1.0}, {}, links=[Around(2, 1, None), Around(1, None, 2)]), Weights())
    assert scores[2].around == pytest.approx(0.4)


def test_a_long_pause_parts_neighbours() -> None:
    gap = SESSION_GAP_MS / 60_000
    for pause, given in ((gap, 0.3), (gap + 1, 0.0)):
        some = [found(1, minutes_ago=pause + 5), found(2, minutes_ago=5)]
        scores = parts(Evidence(some, {1: 1.0}, {}, links=[Around(2, 1, None)]), Weights())
        assert scores[2].around == pytest.approx(given)


def test_what_was_talked_about_lifts_its_whole_session() -> None:
    talk = [found(n, minutes_ago=50 - n) for n in range(1, 5)]
    alone = [found(9), found(8, minutes_ago=20, channel=2)]
    weights = Weights(around=0, answers=0, substance=0, recency=0)
    scores = parts(Evidence([*talk, *alone], {1: 1.0, 2: 0.5, 9: 1.0}, {}), weights)
    assert scores[4].topic == pytest.approx(0.4 * 1.5 / 3)
    assert scores[9].topic == pytest.approx(0.4 * 1.0 / 3)
    assert scores[8].topic == 0


@pytest.mark.parametrize(
    ("better", "worse", "reading"),
    [
        (found(1, by=5), found(2, by=6), Reading((), 5, False)),
        (found(1, "we met last week there"), found(2, "we met in the city there"), Reading((), None, True)),
        (found(1, "a long one " * 10), found(2, "short"), PLAIN),
        (found(1, "you like tea then"), found(2, "do you like tea?"), PLAIN),
        (found(1, "you like tea [a cup?]"), found(2, "do you like it? [a cup]"), PLAIN),
        (found(1, minutes_ago=5), found(2, minutes_ago=999_999), PLAIN),
    ],
)
def test_what_counts_more(better: Found, worse: Found, reading: Reading) -> None:
    scores = parts(Evidence([worse, better], {1: 1.0, 2: 1.0}, {}), Weights(), reading)
    assert list(scores) == [1, 2]


def test_recency_is_never_more_than_a_tenth() -> None:
    assert Weights().recency <= 0.1
    scores = parts(
        Evidence([found(1, minutes_ago=0), found(2, minutes_ago=10**7)], {1: 1.0, 2: 1.0}, {}), Weights()
    )
    assert scores[1].factor / scores[2].factor <= 1.1


def test_a_clock_set_back_gives_nothing_extra() -> None:
    future = Found(1, 1, 1, "x", NOW_MS + int(timedelta(days=900).total_seconds() * 1000), 1)
    scores = parts(Evidence([future, found(2, minutes_ago=0)], {1: 1.0, 2: 1.0}, {}), Weights(substance=0))
    assert scores[1].factor == pytest.approx(scores[2].factor)


def test_a_near_duplicate_stands_back() -> None:
    some = [
        found(1, "the same words again and again"),
        found(2, "The same words, again and again!"),
        found(3, "another thing"),
    ]
    lexical = {1: 1.0, 2: 0.99, 3: 0.9}
    assert list(parts(Evidence(some, lexical, {}))) == [1, 3, 2]
    assert list(parts(Evidence(some, {1: 1.0, 2: 0.99, 3: 0.1}, {}))) == [1, 2, 3]


def test_nothing_found_is_nothing_ordered() -> None:
    assert order(Evidence([], {}, {}), PLAIN, NOW, 5, Weights()) == []
