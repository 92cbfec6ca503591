"""Whoever is erased is taken out of every trace, also of those in which they only stood by."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from db import messages, people, ratings, turn_privacy, turns
from db.messages import StoredMessage
from db.ratings import StoredRating
from db.store import Store
from db.turns import StoredPart, StoredTurn, TurnState
from tests.db.conftest import NOON

MIA, LEO = 7_001, 7_002
SECRET = "I am allergic to nuts"


def said(number: int, who: int, name: str, text: str) -> StoredMessage:
    at = NOON + timedelta(minutes=number)
    return StoredMessage("discord", number, 3, 9, who, name, False, False, text, None, at)


def a_turn(number: int, who: int, name: str) -> StoredTurn:
    at = NOON + timedelta(minutes=number)
    return StoredTurn(
        f"turn{number}", "discord", number, 3, 9, who, "#general", name, TurnState.RECEIVED, {}, "", 0, at, {}
    )


def a_trace(people_there: list[int], lines: list[int], **more: Any) -> dict[str, Any]:
    return {
        "timings_ms": {"generate": 812.5},
        "burst": [1],
        "score": 0.9,
        "persona": "Finn",
        "model": "llama3.2:3b",
        "tokens": {"prompt": 900, "cached": 700, "completion": 12},
        "prompt": [{"part": "transcript", "text": f"Mia: {SECRET}", "tokens": 40}],
        "messages": [{"role": "system", "text": f"Mia: {SECRET}"}],
        "raw": f"so, {SECRET}",
        "thinking": f"she said {SECRET}",
        "tools": [
            {"name": "remember", "arguments": {"what": SECRET}, "answer": "ok", "worked": True, "ms": 3}
        ],
        "people": people_there,
        "lines": lines,
        **more,
    }


@pytest.fixture
async def told(store: Store) -> Store:
    for who, name in ((MIA, "Mia"), (LEO, "Leo")):
        await store.run(people.meet, "discord", who, 3, name, False, NOON)
    for number, (who, name, text) in enumerate(
        ((MIA, "Mia", SECRET), (LEO, "Leo", "good morning"), (LEO, "Leo", "anybody here?")), 1
    ):
        await store.run(messages.record, said(number, who, name, text))
    for number, (who, name) in enumerate(((MIA, "Mia"), (LEO, "Leo"), (LEO, "Leo")), 1):
        await store.run(turns.begin, a_turn(number, who, name))
    return store


async def end(store: Store, number: int, trace: dict[str, Any], reply: str, **params: str) -> None:
    parts = [StoredPart(0, reply, f"nonce{number}")]
    await store.run(turns.ready, f"turn{number}", reply, parts, NOON)
    reason = {"key": "{who} mentioned it", "params": params}
    await store.run(turns.end, f"turn{number}", TurnState.SENT, reason, 900, trace, NOON)


async def row_id(store: Store, who: int) -> int:
    person = await store.run(people.find, "discord", who)
    assert person is not None
    return person.row_id


async def everything(store: Store, number: int) -> str:
    turn = await store.run(turns.get, f"turn{number}")
    assert turn is not None
    parts = await store.run(turns.parts, f"turn{number}")
    return json.dumps([turn.person, turn.reply, turn.reason, turn.trace, [part.text for part in parts]])


async def test_the_words_go_and_the_figures_stay(told: Store) -> None:
    await end(told, 1, a_trace([MIA], [1]), f"no nuts for you, since {SECRET}", who="Mia")
    mia = await row_id(told, MIA)
    assert await told.run(turn_privacy.erase, mia) == 1
    left = await everything(told, 1)
    assert SECRET not in left
    assert "Mia" not in left
    assert str(MIA) not in left
    turn = await told.run(turns.get, "turn1")
    assert turn is not None
    assert turn.trace["timings_ms"] == {"generate": 812.5}
    assert turn.trace["tokens"]["prompt"] == 900
    assert turn.trace["prompt"] == [{"part": "transcript", "text": "", "tokens": 40}]
    assert turn.trace["tools"] == [{"name": "remember", "worked": True, "ms": 3}]
    assert turn.trace["scrubbed"]


async def test_who_only_stood_by_goes_from_the_traces_of_others(told: Store) -> None:
    await end(told, 2, a_trace([LEO, MIA], [1, 2]), "good morning, Leo", who="Leo")
    await told.run(turn_privacy.erase, await row_id(told, MIA))
    left = await everything(told, 2)
    assert SECRET not in left
    assert "Mia" not in left
    assert str(MIA) not in left
    assert "good morning, Leo" in left
    assert '"who": "Leo"' in left


async def test_a_memory_of_theirs_goes_where_nothing_else_of_them_stands(told: Store) -> None:
    memories = [
        {"message": 1, "person": "somebody", "text": SECRET, "reason": "words", "score": 0.7},
        {"message": 2, "person": "Leo", "text": "good morning", "reason": "words", "score": 0.5},
    ]
    trace = {"timings_ms": {"generate": 5.0}, "memories": memories, "model": "m"}
    await end(told, 2, trace, "hello")
    await told.run(turn_privacy.erase, await row_id(told, MIA))
    turn = await told.run(turns.get, "turn2")
    assert turn is not None
    assert [each["message"] for each in turn.trace["memories"]] == [2]
    assert SECRET not in json.dumps(turn.trace)


async def test_a_fact_of_theirs_goes(told: Store) -> None:
    known = [{"fact": 12, "person": "M.", "text": SECRET, "reason": "words", "score": 0.7}]
    await end(told, 2, {"facts": known, "model": "m"}, "hello")
    assert await told.run(turn_privacy.scrub_person, MIA, ["Mia"], [], [12]) == 2  # and the turn of their own
    assert SECRET not in await everything(told, 2)


async def test_who_was_not_there_keeps_every_word(told: Store) -> None:
    trace = a_trace([LEO], [2, 3]) | {
        "prompt": [{"part": "transcript", "text": "Leo: the Miami show", "tokens": 4}],
        "messages": [], "raw": "x", "thinking": "y", "tools": [],
    }  # fmt: skip
    await end(told, 3, trace, "Miami it is", who="Leo")
    before = await everything(told, 3)
    assert await told.run(turn_privacy.erase, await row_id(told, MIA)) == 1  # only their own
    assert await everything(told, 3) == before


@pytest.mark.parametrize("name", ["Zoë", "Łukasz 🦊", "O'Brien", 'Quo"te', "a.b*c", "MIA"])
async def test_any_name_is_found_again(told: Store, name: str) -> None:
    trace = {"prompt": [{"part": "answered", "text": f"{name}: hi, {SECRET}", "tokens": 3}], "model": "m"}
    await end(told, 3, trace, "hello")
    assert await told.run(turn_privacy.scrub_person, 99_999, [name], [], []) == 1
    assert SECRET not in await everything(told, 3)


async def test_how_it_stood_with_them_goes_and_with_others_stays(told: Store) -> None:
    mia, leo = await row_id(told, MIA), await row_id(told, LEO)
    feelings = {
        "mood": [0.1, 0.2, 0.3],
        "relationships": {str(mia): {"trust": 4}, str(leo): {"trust": 7}},
        "relationship": {"trust": 4},
    }
    await end(told, 1, a_trace([MIA, LEO], [1, 2], feelings=feelings), "hello")
    await told.run(turn_privacy.erase, mia)
    turn = await told.run(turns.get, "turn1")
    assert turn is not None
    assert turn.trace["feelings"] == {"mood": [0.1, 0.2, 0.3], "relationships": {str(leo): {"trust": 7}}}


async def test_a_person_gets_the_turns_that_were_theirs(told: Store) -> None:
    await end(told, 1, a_trace([MIA], [1]), "no nuts for you", who="Mia")
    await end(told, 2, a_trace([LEO, MIA], [1, 2]), "good morning, Leo", who="Leo")
    exported = await told.run(turn_privacy.export, await row_id(told, MIA))
    assert [(each["message_id"], each["reply"], each["model"]) for each in exported] == [
        (1, "no nuts for you", "llama3.2:3b")
    ]
    json.dumps(exported)


async def test_what_they_thought_of_replies_goes_too(told: Store) -> None:
    await end(told, 1, a_trace([MIA], [1]), "no nuts for you", who="Mia")
    await end(told, 2, a_trace([LEO], [2]), "good morning", who="Leo")
    mia = await row_id(told, MIA)
    await told.run(ratings.put, StoredRating("turn2", MIA, "bad", None, "", NOON))
    await told.run(ratings.put, StoredRating("turn1", 0, "good", 1, "no nuts for you", NOON))
    assert [each["verdict"] for each in await told.run(ratings.export, mia)] == ["bad"]
    assert await told.run(ratings.learnt_from, mia) == [(1, "good", "no nuts for you")]
    assert await told.run(ratings.erase, mia) == 2
    assert await told.run(ratings.export, mia) == []
    kept = await told.run(ratings.of, ["turn1", "turn2"])
    assert [(each.verdict, each.line) for each in kept["turn1"]] == [("good", "")]
    assert "turn2" not in kept


async def test_who_was_there_under_a_name_nobody_kept_goes_all_the_same(told: Store) -> None:
    trace = {"prompt": [{"part": "transcript", "text": f"M1a: {SECRET}", "tokens": 3}], "people": [LEO, MIA]}
    await end(told, 2, trace, "hello")
    await told.run(turn_privacy.erase, await row_id(told, MIA))
    assert SECRET not in await everything(told, 2)


async def test_lines_of_theirs_are_known_by_their_rows(told: Store) -> None:
    trace = {"prompt": [{"part": "transcript", "text": f"M1a: {SECRET}", "tokens": 3}], "lines": [1, 2]}
    await end(told, 2, trace, "hello")
    await told.run(turn_privacy.erase, await row_id(told, MIA))
    assert SECRET not in await everything(told, 2)
