"""Who is being spoken to? One message at a time, in an empty room."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation.address import Address, Manners, Room, weigh, weigh_burst
from core.conversation.message import Author, IncomingMessage, Place, Realm
from core.persona.identity import BigFive, Persona, sample
from core.words import say

FINN = Persona(name="Finn", nicknames=("Finny",))
EMPTY = Room(FINN)
ROOM = Place(Realm.DISCORD, 10, "general", 1, "Harbour")
HELLO = IncomingMessage(1, ROOM, Author(5, "Ada"), "hello", datetime(2026, 1, 1, tzinfo=UTC))
BEEP = Author(6, "Beep", is_bot=True)


def verdict(message: IncomingMessage, **manners: float) -> Address:
    return weigh(message, EMPTY, Manners(**manners))


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (replace(HELLO, mentions_me=True), "Ada mentioned Finn"),
        (replace(HELLO, replies_to_me=True, reply_to=3), "Ada replied to Finn"),
        (replace(HELLO, place=replace(ROOM, is_direct=True)), "Ada wrote directly"),
        (replace(HELLO, text="what do you think, FINN?"), "Ada said Finn's name"),
        (replace(HELLO, text="what is finny's opinion?"), "Ada asked what Finn thinks"),
    ],
)
def test_it_answers_and_says_why(message: IncomingMessage, reason: str) -> None:
    answer = verdict(message)
    assert answer.speaks
    assert say(answer.reason) == reason


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (HELLO, "Ada greeted the room"),
        (replace(HELLO, text="it is raining"), "Ada was talking to the room"),
        (replace(HELLO, mentions=("Bob",)), "Ada was talking to Bob"),
        (replace(HELLO, text="@bob are you there"), "Ada was talking to bob"),
        (replace(HELLO, text="hey Cleo, are you coming?"), "Ada was talking to Cleo"),
        (replace(HELLO, text="cleo you around?"), "Ada was talking to cleo"),
        (replace(HELLO, text="lol finn"), "it needs no answer"),
        (replace(HELLO, reply_to=4, replies_to="Bob"), "Ada was answering Bob"),
        (replace(HELLO, author=BEEP, mentions_me=True), "Beep is a bot"),
        (replace(HELLO, author=Author(7, "Finn", is_self=True), mentions_me=True), "own message"),
        (replace(HELLO, text="the finnish sauna"), "talking to the room"),
        (replace(HELLO, text="finny's tea is cold"), "Ada talked about Finn, not to Finn"),
        (replace(HELLO, text="!play finn"), "Ada gave a bot a command"),
        (replace(HELLO, mentions_me=True, text="shut up @finn"), "Ada asked Finn to be quiet"),
        (replace(HELLO, replies_to_me=True, reply_to=3, text="lol"), "it needs no answer"),
        (replace(HELLO, mentions_me=True, text="> hi @finn"), "Ada only quoted a mention"),
    ],
)
def test_it_stays_silent_and_says_why(message: IncomingMessage, reason: str) -> None:
    answer = verdict(message)
    assert not answer.speaks
    assert reason in say(answer.reason)


def test_the_host_can_switch_the_name_off() -> None:
    assert verdict(replace(HELLO, text="finn?")).speaks
    assert not verdict(replace(HELLO, text="finn?"), answer_name=False).speaks
    assert not verdict(replace(HELLO, text="finn?"), answer_name=False, talkativeness=10).speaks


def test_the_host_can_let_it_answer_bots_but_not_for_ever() -> None:
    beep = replace(HELLO, author=BEEP, mentions_me=True)
    assert verdict(beep, answer_bots=True).speaks
    talk = [
        replace(HELLO, id=at, author=BEEP if at % 2 else Author(7, "Finn", is_self=True)) for at in range(6)
    ]
    answer = weigh(replace(beep, id=9), Room(FINN, tuple(talk)), Manners(answer_bots=True))
    assert not answer.speaks
    assert "only bots" in say(answer.reason)
    with_ada = Room(FINN, (*talk[1:], HELLO))
    assert weigh(replace(beep, id=9), with_ada, Manners(answer_bots=True)).speaks


def test_one_mention_in_a_burst_is_enough() -> None:
    burst = [replace(HELLO, mentions_me=True), replace(HELLO, id=2, text="are you there")]
    answer = weigh_burst(burst, EMPTY, Manners())
    assert answer.speaks
    assert say(answer.reason) == "Ada mentioned Finn"


def test_an_order_to_be_quiet_spread_over_a_burst_is_one() -> None:
    burst = [replace(HELLO, text="finn"), replace(HELLO, id=2, text="shut up")]
    assert not weigh_burst(burst, EMPTY, Manners()).speaks


def test_being_quiet_is_a_word_people_may_also_just_use() -> None:
    for text in ("finn why are you so quiet", "finn, the workshop is quiet today", "finn don't be quiet!"):
        assert verdict(replace(HELLO, text=text)).speaks, text


OPEN = replace(HELLO, text="does anybody know who invented the printing press?")


def test_talkativeness_decides_about_what_nobody_asked_of_it() -> None:
    assert not verdict(OPEN, talkativeness=2).speaks
    assert verdict(OPEN, talkativeness=5).speaks
    assert not verdict(HELLO, talkativeness=5).speaks
    assert verdict(HELLO, talkativeness=10).speaks


def test_at_zero_it_answers_mentions_replies_and_direct_messages_only() -> None:
    assert not verdict(OPEN, talkativeness=0, eagerness=1).speaks
    assert not verdict(replace(HELLO, text="finn?"), talkativeness=0).speaks
    assert verdict(replace(HELLO, mentions_me=True), talkativeness=0).speaks
    assert verdict(replace(HELLO, replies_to_me=True), talkativeness=0).speaks


def test_a_wish_to_talk_tips_what_is_unclear_and_nothing_else() -> None:
    assert not verdict(OPEN, eagerness=-1).speaks
    assert verdict(OPEN, eagerness=0).speaks
    assert verdict(OPEN).unsure
    assert not verdict(replace(HELLO, mentions_me=True)).unsure
    assert verdict(replace(HELLO, mentions_me=True), eagerness=-1).speaks
    assert not verdict(replace(HELLO, text="it is raining"), eagerness=1).speaks


@pytest.mark.parametrize(
    ("who", "text"),
    [
        ("Finn", "does anyone know how to repair a radio?"),
        ("Mira", "can somebody tell me how long a sourdough rests?"),
        ("Juno", "weiß jemand warum der helm so heißt?"),
        ("Mira", "alguien sabe cómo se hace una tarta?"),
        ("Finn", "can someone explain fractions?"),
    ],
)
def test_a_question_to_everybody_that_it_can_answer_is_answered(who: str, text: str) -> None:
    assert weigh(replace(HELLO, text=text), Room(sample(who)), Manners()).speaks


@pytest.mark.parametrize(
    "text",
    [
        "anyone up for a game?",
        "does anyone know when the raid starts?",
        "has anybody seen my keys",
        "can someone send me the notes?",
        "who's coming tonight?",
        "kommt jemand mit ins kino?",
        "alguien quiere jugar?",
        "everyone knows that",
        "what time is it?",
    ],
)
def test_a_question_that_only_people_can_answer_is_left_to_them(text: str) -> None:
    assert not weigh(replace(HELLO, text=text), Room(sample("Finn")), Manners()).speaks


def test_the_persona_needs_no_traits_to_be_weighed() -> None:
    bare = Room(Persona(name="X", big_five=BigFive()))
    assert weigh(replace(HELLO, mentions_me=True), bare, Manners()).speaks


@pytest.mark.parametrize(
    "piece",
    [
        "a@",
        "finn ",
        "n",
        "#a",
        "x.",
        "ha",
        "`",
        '"',
        "please ",
        "does anyone ",
        "stop ",
        "> ",
        "shut the a ",
        "@",
    ],
)
def test_no_text_takes_long_to_weigh(piece: str) -> None:
    text = "fin" + piece * (4000 // len(piece))
    started = perf_counter()
    verdict(replace(HELLO, text=text))
    assert perf_counter() - started < 1  # it is some milliseconds; what explodes takes minutes


def test_a_call_at_the_end_of_a_long_message_is_heard() -> None:
    assert verdict(replace(HELLO, text="so this happened. " * 200 + "what do you think, finn?")).speaks


@given(st.text(max_size=200), st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_any_text_and_any_names_get_a_verdict_with_a_reason(text: str, name: str, other: str) -> None:
    persona = Persona(name=name.strip() or "Finn")
    lines = (replace(HELLO, id=2, author=Author(9, other), text=text[::-1]),)
    answer = weigh(replace(HELLO, text=text), Room(persona, lines), Manners())
    assert 0 <= answer.score <= 1
    assert say(answer.reason)
