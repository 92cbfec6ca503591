"""Words: core hands over sentences, faces say them; member text is only ever a value."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest

from core.events import Bus, SettingChanged
from core.words import (
    T,
    Text,
    as_kept,
    count,
    english,
    languages,
    say,
    set_language,
    speak_in_the_house,
    speaking,
)


def test_a_sentence_is_said_with_its_values() -> None:
    assert say(T("{who} mentioned {name}", who="Ada", name="Finn")) == "Ada mentioned Finn"


def test_a_value_that_looks_like_a_format_is_left_alone() -> None:
    hostile = "{name.__class__} {0} %s {"
    assert say(T("{who} wrote directly", who=hostile)) == f"{hostile} wrote directly"


def test_a_sentence_inside_a_sentence_is_said_too() -> None:
    assert say("because {why}", why=T("{who} wrote directly", who="Ada")) == "because Ada wrote directly"


def test_plurals_follow_the_number() -> None:
    assert count("{n} reply", "{n} replies", 1) == "1 reply"
    assert count("{n} reply", "{n} replies", 7) == "7 replies"


def test_an_unknown_language_speaks_english() -> None:
    with speaking("xx"):
        assert say("Start") == "Start"
    assert "en" in languages()


@pytest.fixture
def german_house() -> Iterator[None]:
    """Whoever sits at the computer reads German."""
    speak_in_the_house("de")
    yield
    speak_in_the_house("en")


async def test_the_house_speaks_its_language_on_every_thread_and_in_every_task(german_house: None) -> None:
    assert say("Settings") == "Einstellungen"
    assert await asyncio.to_thread(say, "Settings") == "Einstellungen"
    with ThreadPoolExecutor(1) as bare:  # a thread that inherits nothing
        assert bare.submit(say, "Settings").result() == "Einstellungen"
    assert copy_context().run(say, "Settings") == "Einstellungen"


async def test_who_uses_a_command_is_answered_in_theirs_and_the_house_goes_on_in_its_own(
    german_house: None,
) -> None:
    bus, heard = Bus(), []
    bus.listen(SettingChanged, lambda _changed: heard.append(say("Settings")))

    async def command() -> str:
        set_language("es")
        bus.publish(SettingChanged("appearance.theme"))
        return say("Settings")

    assert await asyncio.create_task(command()) == "Ajustes"
    assert heard == ["Einstellungen"]


def test_a_sentence_is_kept_as_itself_whatever_is_spoken(german_house: None) -> None:
    told = T("because {why}", why=T("{who} wrote directly", who="Ada"))
    kept = json.loads(json.dumps(as_kept(told)))
    assert kept["params"]["why"] == {"key": "{who} wrote directly", "params": {"who": "Ada"}}
    again = Text(kept["key"], kept["params"])
    assert "Ada wrote directly" not in say(again)
    with speaking("en"):
        assert say(again) == "because Ada wrote directly"


def test_a_model_reads_english_whatever_is_spoken(german_house: None) -> None:
    assert english(T("Settings")) == "Settings"
