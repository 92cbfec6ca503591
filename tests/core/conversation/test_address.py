"""Who is being spoken to?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.conversation.address import names, weigh, weigh_burst
from core.conversation.message import Author, IncomingMessage, Place, Realm
from core.persona.identity import Persona
from core.words import say

FINN = Persona(name="Finn", nicknames=("Finny",))
ROOM = Place(Realm.DISCORD, 10, "general", 1, "Harbour")
HELLO = IncomingMessage(1, ROOM, Author(5, "Ada"), "hello", datetime(2026, 1, 1, tzinfo=UTC))


def verdict(message: IncomingMessage, *, answer_name: bool = True, answer_bots: bool = False):
    return weigh(message, FINN, answer_name=answer_name, answer_bots=answer_bots)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (replace(HELLO, mentions_me=True), "Ada mentioned Finn"),
        (replace(HELLO, replies_to_me=True, reply_to=3), "Ada replied to Finn"),
        (replace(HELLO, place=replace(ROOM, is_direct=True)), "Ada wrote directly"),
        (replace(HELLO, text="what do you think, FINN?"), "Ada said Finn's name"),
        (replace(HELLO, text="finny's tea is cold"), "Ada said Finn's name"),
    ],
)
def test_it_answers_and_says_why(message: IncomingMessage, reason: str) -> None:
    answer = verdict(message)
    assert answer.speaks
    assert say(answer.reason) == reason


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (HELLO, "Ada was talking to the room"),
        (replace(HELLO, mentions=("Bob",)), "Ada was talking to Bob"),
        (replace(HELLO, reply_to=4, replies_to="Bob"), "Ada was answering Bob"),
        (replace(HELLO, author=Author(6, "Beep", is_bot=True), mentions_me=True), "Beep is a bot"),
        (replace(HELLO, author=Author(7, "Finn", is_self=True), mentions_me=True), "own message"),
        (replace(HELLO, text="the finnish sauna"), "talking to the room"),
    ],
)
def test_it_stays_silent_and_says_why(message: IncomingMessage, reason: str) -> None:
    answer = verdict(message)
    assert not answer.speaks
    assert reason in say(answer.reason)


def test_the_host_can_switch_the_name_off() -> None:
    assert not verdict(replace(HELLO, text="finn?"), answer_name=False).speaks


def test_the_host_can_let_it_answer_bots() -> None:
    beep = replace(HELLO, author=Author(6, "Beep", is_bot=True), mentions_me=True)
    assert verdict(beep, answer_bots=True).speaks


def test_one_mention_in_a_burst_is_enough() -> None:
    burst = [replace(HELLO, mentions_me=True), replace(HELLO, text="are you there")]
    answer = weigh_burst(burst, FINN, answer_name=True, answer_bots=False)
    assert answer.speaks
    assert say(answer.reason) == "Ada mentioned Finn"


@pytest.mark.parametrize("text", ["Finn, tea?", "hey finn", "(finn)", "finn!", "*Finn*", "FINN's"])
def test_a_name_is_found_as_a_word(text: str) -> None:
    assert names(text, ["Finn"])


@pytest.mark.parametrize("text", ["finnish", "griffinn", "f inn", ""])
def test_a_name_inside_a_word_is_no_name(text: str) -> None:
    assert not names(text, ["Finn"])
