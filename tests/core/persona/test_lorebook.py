"""Which entries of a lorebook are called: as V2 and V3 say, and as SillyTavern does where they are silent."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.persona import book_edits, patterns, world_info
from core.persona.lore_scan import Found, scan
from core.persona.lorebook import read_book


def entry(name: str, *keys: str, **more: Any) -> dict[str, Any]:
    extensions = more.pop("extensions", {})
    return {
        "id": name,
        "keys": list(keys),
        "content": f"about {name}",
        "enabled": True,
        "insertion_order": 100,
        "extensions": extensions,
    } | more


def found(entries: Sequence[dict[str, Any]], *said: str, budget: int = 10_000, **book: Any) -> Found:
    return scan(
        read_book({"entries": list(entries), "extensions": {}, **book}),
        said,
        char="Finn",
        user="Ada",
        budget=budget,
        tokens=lambda text: len(text.split()),
        chance=Random(1).random,
    )


def called(entries: Sequence[dict[str, Any]], *said: str, **more: Any) -> list[str]:
    return [each.entry.id for each in found(entries, *said, **more).called]


@pytest.mark.parametrize(
    ("key", "said", "comes"),
    [
        ("sea", "Ada: the sea!", True),
        ("Sea", "Ada: THE SEA", True),
        ("sea", "Ada: a season", False),  # whole words, as SillyTavern begins with
        ("the sea", "Ada: the seaside", True),  # keys of several words stand as they are
        ("Ada", "Ada: hi", True),  # names are read too
        ("東京", "Ada: 私は東京に行く", True),  # no spaces are written there
        ("ключ", "Ada: это ключ.", True),
        ("ключ", "Ada: ключевой", False),
        ("straße", "Ada: STRASSE", True),
        ("{{char}}", "Bob: finn?", True),
        ("/sea(side)?/i", "Ada: SEASIDE", True),
        ("/sea/", "Ada: SEA", False),
        ("/(a+)+b/", "Ada: aaaab", False),  # could take for ever: it is not run
        ("", "Ada: hi", False),
    ],
)
def test_keys(key: str, said: str, comes: bool) -> None:
    assert bool(called([entry("x", key)], said)) is comes


def test_case_and_parts_of_words_can_be_chosen() -> None:
    cased = entry("x", "Sea", case_sensitive=True)
    assert called([cased], "Ada: sea") == []
    assert called([cased], "Ada: Sea") == ["x"]
    part = entry("x", "sea", extensions={"match_whole_words": False})
    assert called([part], "Ada: a season") == ["x"]


@pytest.mark.parametrize(
    ("logic", "said", "comes"),
    [
        (0, "sea and storm", True),
        (0, "sea", False),
        (3, "sea, storm, night", True),
        (3, "sea and storm", False),
        (2, "sea", True),
        (2, "sea and night", False),
        (1, "sea and night", True),
        (1, "sea, storm, night", False),
    ],
)
def test_second_keys(logic: int, said: str, comes: bool) -> None:
    made = entry(
        "x", "sea", selective=True, secondary_keys=["storm", "night"], extensions={"selectiveLogic": logic}
    )
    assert bool(called([made], said)) is comes
    assert called([made | {"selective": False}], "sea"), "second keys count for selective entries only"


def test_only_the_last_messages_are_read() -> None:
    sea = entry("x", "sea")
    assert called([sea], "the sea", "hm") == ["x"]
    assert called([sea], "the sea", "hm", "hm") == [], "two are read when the book does not say"
    assert called([sea], "the sea", "hm", "hm", scan_depth=3) == ["x"]
    deep = entry("x", "sea", extensions={"scan_depth": 5})
    assert called([deep], "the sea", "hm", "hm") == ["x"]
    assert called([sea], "the sea", scan_depth=0) == []


def test_entries_call_each_other_unless_the_book_or_they_say_no() -> None:
    chain = [
        entry("a", "sea", content="the storm"),
        entry("b", "storm", content="the wreck"),
        entry("c", "wreck"),
    ]
    assert called(chain, "sea") == ["a", "b", "c"]
    assert called(chain, "sea", recursive_scanning=False) == ["a"]
    chain[0]["extensions"] = {"prevent_recursion": True}
    assert called(chain, "sea") == ["a"]
    chain[0]["extensions"] = {}
    chain[1]["extensions"] = {"exclude_recursion": True}
    assert called(chain, "sea") == ["a"]
    chain[1]["extensions"] = {"delay_until_recursion": True}
    assert called(chain, "storm") == [], "it waits for another entry"
    assert called(chain, "sea") == ["a", "b", "c"]


def test_rings_end() -> None:
    ring = [entry("a", "b", content="a"), entry("b", "a", content="b")]
    assert sorted(called(ring, "a")) == ["a", "b"]


def test_they_stand_in_their_order_and_the_least_important_go_first() -> None:
    three = [
        entry("late", "sea", insertion_order=300, priority=1, content="one two three"),
        entry("early", "sea", insertion_order=1, priority=9, content="one two three"),
        entry("middle", "sea", insertion_order=200, priority=5, content="one two three"),
    ]
    assert called(three, "sea") == ["early", "middle", "late"]
    assert called(three, "sea", token_budget=6) == ["early", "middle"]
    assert found(three, "sea", token_budget=6).left_out == ("late",)
    assert called(three, "sea", budget=3) == ["early"]
    three[0]["extensions"] = {"ignore_budget": True}
    assert called(three, "sea", token_budget=6) == ["early", "middle", "late"]


def test_what_is_always_there_takes_its_room_first_whatever_is_said() -> None:
    book = [entry("always", constant=True, content="one two three"), entry("sea", "sea", priority=900)]
    for said in ("hi", "the sea"):
        assert [each.entry.id for each in found(book, said, token_budget=3).constant] == ["always"]
    assert called(book, "the sea", token_budget=3) == []


def test_what_is_switched_off_or_empty_never_comes() -> None:
    off = [
        entry("a", "sea", enabled=False),
        entry("b", "sea", content=" "),
        entry("c", constant=True, enabled=False),
    ]
    result = found(off, "sea")
    assert (result.called, result.constant) == ((), ())


def test_decorators_of_v3_are_heeded_and_never_shown() -> None:
    made = entry("x", "sea", content="@@scan_depth 5\n@@unknown 3\n@@@exclude_keys storm\n\nThe sea is cold.")
    [one] = found([made], "the sea", "hm", "hm").called
    assert one.text == "The sea is cold."
    assert called([made], "the sea and the storm") == []
    assert called([entry("y", "sea", content="@@dont_activate\nx")], "sea") == []
    assert found([entry("z", content="@@activate\nx")], "hm").constant


def test_use_regex_makes_patterns_of_keys_and_a_bad_one_calls_nothing() -> None:
    assert called([entry("x", "^ada: s.a$", use_regex=True)], "Ada: sea") == ["x"]
    assert called([entry("x", "(", use_regex=True)], "Ada: (") == []


def test_macros_are_put_into_words() -> None:
    [one] = found([entry("x", "sea", content="{{char}} fears {{user}}.{{random:a,b}}")], "sea").called
    assert one.text == "Finn fears Ada."


def test_probability_is_heeded() -> None:
    never = entry("x", "sea", extensions={"probability": 0, "useProbability": True})
    assert called([never], "sea") == []
    unused = entry("x", "sea", extensions={"probability": 0, "useProbability": False})
    assert called([unused], "sea") == ["x"]


words = st.text(max_size=30)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=8,
)
names = st.sampled_from(
    [
        *("keys", "secondary_keys", "content", "extensions", "enabled", "constant", "selective", "position"),
        *("id", "insertion_order", "priority", "use_regex", "case_sensitive", "name", "comment"),
    ]
)


@given(st.lists(st.dictionaries(names, junk, max_size=8), max_size=4) | junk, st.lists(words, max_size=3))
def test_no_book_crashes_it(entries: Any, said: list[str]) -> None:
    book = read_book({"entries": entries, "scan_depth": said, "token_budget": entries})
    scan(book, said, char="F", user="A", budget=99, tokens=len, chance=Random(1).random)


@given(st.text(alphabet="ab()|*+?{}[]\\.1,^$", max_size=14), st.text(alphabet="ab1", max_size=30))
def test_no_pattern_takes_long(source: str, text: str) -> None:
    found_one = patterns.pattern(source, bare=True)
    if found_one is not None:
        started = time.perf_counter()
        found_one.compiled.search((text or "a") * (patterns.LONGEST_TEXT // max(1, len(text))))
        assert time.perf_counter() - started < 2.0


def test_a_thousand_entries_are_read_and_sought_in_little_time() -> None:
    chance = Random(2)
    vocabulary = ["".join(chance.choices("abcdefghij", k=7)) for _ in range(3000)]
    entries = [
        entry(str(n), *chance.sample(vocabulary, 4), content=" ".join(chance.choices(vocabulary, k=40)))
        for n in range(1000)
    ]
    said = [" ".join(chance.choices(vocabulary, k=60)) for _ in range(4)]
    book = read_book({"entries": entries})
    best = min(_timed(book, said) for _ in range(5))
    assert best < 0.1, "it is about 10 ms on a quiet machine, and not on the loop"


def test_a_book_of_thousands_of_patterns_that_wants_everything_takes_little_time() -> None:
    chance = Random(3)
    entries = [
        entry(str(n), f"/w.*d{n}/i", f"word{n}", "/(a|b)+c/", content=f"word{n + 1} " + "x y " * 30)
        for n in range(5000)
    ]
    book = read_book({"entries": entries, "token_budget": 10**9})
    began = time.perf_counter()
    found = scan(
        book,
        ["word1 and w d7"],
        char="F",
        user="A",
        budget=1000,
        tokens=lambda said: len(said) // 4,
        chance=chance.random,
    )
    assert time.perf_counter() - began < 5
    assert 0 < sum(len(each.text) // 4 for each in found.called) <= 4000


def _timed(book: Any, said: list[str]) -> float:
    started = time.perf_counter()
    scan(book, said, char="F", user="A", budget=500, tokens=len, chance=Random(1).random)
    return time.perf_counter() - started


# SillyTavern's own files


WORLD = {
    "name": "Harbour",
    "entries": {
        "0": {
            **{"uid": 0, "key": ["sea"], "keysecondary": ["storm"], "comment": "The sea", "content": "Cold."},
            **{"constant": False, "selective": True, "selectiveLogic": 0, "order": 50, "position": 0},
            **{"disable": False, "excludeRecursion": True, "probability": 80, "useProbability": False},
            **{"caseSensitive": True, "matchWholeWords": False, "x_unknown": [1]},
        },
        "7": {"uid": 7, "key": ["off"], "content": "x", "disable": True, "order": 100, "position": 4},
    },
}


def test_world_info_becomes_a_book() -> None:
    book = world_info.as_book(json.loads(json.dumps(WORLD)))
    sea, off = read_book(book).entries
    assert (sea.name, sea.keys, sea.secondary, sea.order) == ("The sea", ("sea",), ("storm",), 50)
    assert sea.before
    assert sea.no_recursion
    assert sea.case_sensitive
    assert not sea.whole_words
    assert sea.chance == 100
    assert not off.enabled
    assert book["entries"][0]["extensions"]["x_unknown"] == [1], "nothing of it is lost"
    assert book["name"] == "Harbour"


def test_a_book_put_to_another_keeps_both_and_every_id_is_there_once() -> None:
    one = {"entries": [entry("x") | {"id": 3}], "extensions": {}, "scan_depth": 9}
    both = world_info.together(one, world_info.as_book(WORLD))
    assert [each["id"] for each in both["entries"]] == [3, 4, 5]
    assert both["scan_depth"] == 9


def test_an_edit_changes_what_it_is_about_and_nothing_else() -> None:
    book = world_info.as_book(json.loads(json.dumps(WORLD)))
    before = json.loads(json.dumps(book))
    for field, value in (
        ("name", "Waves"),
        ("keys", ["waves"]),
        ("secondary", []),
        ("before", False),
        ("order", 5),
        ("chance", 10),
        ("whole_words", True),
        ("logic", 3),
        ("enabled", False),
    ):
        edited = book_edits.with_entry(book, 0, field, value)
        assert book == before, "the old one stays for undo"
        shown = getattr(read_book(edited).entries[0], field)
        assert shown == (tuple(value) if isinstance(value, list) else value)
        assert edited["entries"][1] is book["entries"][1]
        assert edited["entries"][0]["extensions"]["x_unknown"] == [1]
    assert len(book_edits.with_new(None)["entries"]) == 1
    assert book_edits.without(book, 0)["entries"] == [book["entries"][1]]
