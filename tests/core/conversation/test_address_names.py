"""Is somebody called by name, or talked about?"""

from __future__ import annotations

import time

import pytest

from core.conversation.address import Called, called, names_of
from core.conversation.address.names import name_and_parts
from core.persona.identity import Persona

FINN = Persona(name="Finn", nicknames=("Finny",))
MIRA = Persona(name="Mira")
ASH = Persona(name="Captain Ash", nicknames=("Cap",))


@pytest.mark.parametrize(
    "text",
    [
        "Finn, tea?", "hey finn", "(finn)", "finn!", "*Finn*", "FINN", "finnn help", "Fiiinn??", "finnie?",
        "what do you think finn", "ok so finn what now", "good night Finn", "thanks finn!", "love you finn",
        "finn can you fix it?", "finn was it you?", "finn, was machst du", "Finn kannst du helfen",
        "finn-chan hi",
        "oye finn, qué tal", "finn is it true that it floats?", "lol. finn stop", "no way, finn, really?",
        "whats 2+2 finn", "@finn hi", "finn😂", "finn: hello", "finn i need your advice",
        "Hallo Finn", "good job finn", "finny what's up", "danke Finn", "hi there finn",
    ],
)  # fmt: skip
def test_it_is_called(text: str) -> None:
    assert called(text, names_of(FINN)) is Called.CALLED


@pytest.mark.parametrize(
    "text",
    [
        "finn is such a nerd", "did finn fix it?", "I asked finn", "Finn's tea is cold", "finn said so",
        "who is finn?", "bob and finn are friends", "Finns Katze ist süß", "I love finn",
        "Hast du Finn gesehen?", "finn > bob", "did you watch Finn?",
        "ask finn about it",
        "like finn always says", "the finn brothers", "I read Huckleberry Finn", "I think finn was right",
        "finn never answers", "I saw Finn Wolfhard on tv", "finn was right", "ich mag Finn",
        "finn es gracioso",
    ],
)  # fmt: skip
def test_it_is_talked_about(text: str) -> None:
    assert called(text, names_of(FINN)) is Called.TOPIC


@pytest.mark.parametrize(
    "text",
    [
        "finnish", "griffinn", "f inn", "", "fin", "Finland", "https://finn.no/x", "finn.png", "`finn = 1`",
        'she said "finn, come here" twice', "> finn what do you think", ":finn_wave:", "#finn",
        "finn_the_human",
        "mail finn@example.org",
    ],
)  # fmt: skip
def test_that_is_not_its_name(text: str) -> None:
    assert called(text, names_of(FINN)) is Called.NOT


@pytest.mark.parametrize(
    ("persona", "text"),
    [
        (MIRA, "mira lo que encontré"), (MIRA, "mira, yo no"), (MIRA, "Mira esto"), (ASH, "no cap"),
        (ASH, "that's cap"), (ASH, "the ash tree"), (ASH, "captain america was great"),
        (ASH, "Ashley called"),
        (ASH, "volcanic ash everywhere"), (Persona(name="Will"), "will you come?"),
        (Persona(name="Will"), "I will"),
        (Persona(name="Rose"), "she rose early"), (Persona(name="Mark"), "mark my words"),
    ],
)  # fmt: skip
def test_an_everyday_word_is_not_a_call(persona: Persona, text: str) -> None:
    assert called(text, names_of(persona)) is Called.NOT


@pytest.mark.parametrize(
    ("persona", "text"),
    [
        (MIRA, "hola Mira, cómo estás?"), (MIRA, "mira what are you baking"),
        (MIRA, "Mira, was backst du?"),
        (ASH, "Captain Ash!"), (ASH, "hey cap"), (ASH, "captain?"), (ASH, "what's up, ash?"),
        (Persona(name="Will"), "hey will"), (Persona(name="Will"), "Will, can you help?"),
        (Persona(name="José"), "jose que tal"), (Persona(name="フィン"), "フィンさん、元気?"),
        (Persona(name="✨Luna✨"), "hi luna"), (Persona(name="Мира"), "Мира, привет"),
    ],
)  # fmt: skip
def test_names_of_all_kinds_are_called(persona: Persona, text: str) -> None:
    assert called(text, names_of(persona)) is Called.CALLED


BAERBEL = Persona(name="Bärbel")
MALLEY = Persona(name="O'Malley")
ELLERY = Persona(name="Ellery", nicknames=("Q-7",))


@pytest.mark.parametrize(
    ("persona", "text"),
    [
        (MALLEY, "hey o'malley, awake?"), (MALLEY, "omalley?"), (MALLEY, "O’Malley, help"),
        (MALLEY, "malley, settle this"),
        (BAERBEL, "baerbel, hast du zeit?"), (BAERBEL, "BÄRBEL HILFE"), (BAERBEL, "barbel?"),
        (ASH, "cap'n? you there?"), (ASH, "wake up captain"), (ASH, "help me cap"),
        (ELLERY, "elery, got a minute?"), (ELLERY, "hey ellary"), (ELLERY, "ellrey what's up"),
        (ELLERY, "3llery, help"), (ELLERY, "q7 report"), (ELLERY, "elleryyy pleeease answer"),
        (ELLERY, "bonjour ellery, ça va ?"), (ELLERY, "ellery jak się masz?"), (ELLERY, "ellery ты где?"),
        (ELLERY, "ellery you'd agree, right?"), (ELLERY, "ellery and how far is mars?"),
        (ELLERY, "Ellery ayúdanos porfa"),
    ],
)  # fmt: skip
def test_other_spellings_and_languages_call_it_too(persona: Persona, text: str) -> None:
    assert called(text, names_of(persona)) is Called.CALLED


@pytest.mark.parametrize(
    ("persona", "text"),
    [
        (ELLERY, "celery is healthy, right?"), (ELLERY, "elery is a strange word"), (ELLERY, "i like elery"),
        (FINN, "fine, you win"), (FINN, "fin, you know, like a fish"), (ASH, "cash, can you send it?"),
        (ASH, "call me captain"), (MALLEY, "o mal, o bien"), (ELLERY, "for question q8 i put 42"),
    ],
)  # fmt: skip
def test_what_only_looks_like_its_name_is_not_it(persona: Persona, text: str) -> None:
    assert called(text, names_of(persona)) < Called.ASKED_FOR_VIEW


def test_a_person_here_is_not_a_slip_of_its_name() -> None:
    assert called("elery, got a minute?", names_of(ELLERY), ["elery"]) is Called.NOT


def test_asking_for_its_view_is_asking_it() -> None:
    assert called("what's finn's opinion on coffee?", names_of(FINN)) is Called.ASKED_FOR_VIEW


def test_another_persons_name_that_looks_like_a_pet_name_is_theirs() -> None:
    assert called("finnie what's up", names_of(FINN)) is Called.CALLED
    assert called("finnie what's up", names_of(FINN), ["finnie"]) is Called.NOT


@pytest.mark.parametrize(
    "name",
    [
        "a" * 32,
        "a a a a a a a a a a a a a a a a",
        "o'o'o'o'o'o'o'o'o'o'o'o'o'o'o'o",
        "ab" * 16,
        "aaa aab aaa",
    ],
)
@pytest.mark.parametrize(
    "text", ["a" * 3990, "aaa " * 990, "o" * 3990, "o' " * 1300, "ab" * 1990, "a_" * 1990]
)
def test_no_name_and_no_text_takes_long(name: str, text: str) -> None:
    began = time.process_time()
    called(text, name_and_parts(name))
    assert time.process_time() - began < 2, "a name of equal letters once took ten minutes"


@pytest.mark.parametrize("said", ["Aaron!", "hey aaaaaron", "AARON?", "aaronnn come here"])
def test_a_stretched_name_with_a_doubled_letter_is_a_call(said: str) -> None:
    assert called(said, name_and_parts("Aaron")) is Called.CALLED
