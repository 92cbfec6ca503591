"""What is felt shows: in the very next prompt, in the trace, and in what the terminal prints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.app import App
from core.conversation.message import Realm
from core.conversation.practice import person_id
from core.persona.identity import KeptPersona
from db import people
from tests.support.fake_brain import FakeBrain


@pytest.fixture
async def finn(app: App) -> KeptPersona:
    kept = await app.personas.active()
    assert kept is not None
    return kept


def notes(brain: FakeBrain) -> str:
    """The last prompt's part on this very moment."""
    return [line.content for line in brain.requests[-1].messages if line.role == "system"][-1]


async def row_id(app: App, name: str) -> int:
    person = await app.store.run(people.find, Realm.PRACTICE, person_id(name))
    assert person is not None
    return person.row_id


async def test_a_host_drags_trust_and_the_very_next_prompt_carries_it(
    app: App, play: Callable[..., Any], brain: FakeBrain, finn: KeptPersona
) -> None:
    await play("Ada: @bot good morning")
    ada = await row_id(app, "Ada")
    await app.feelings.set_relationship(finn.persona, ada, "trust", 2)
    await play("Ada: @bot how are you?")
    assert "wary" in notes(brain)
    await app.feelings.set_relationship(finn.persona, ada, "trust", 9)
    await play("Ada: @bot and now?")
    assert "wary" not in notes(brain)
    assert "fully trusting" in notes(brain)


async def test_an_insult_is_felt_by_the_next_reply_and_told_to_whoever_asks(
    play: Callable[..., Any], brain: FakeBrain
) -> None:
    kind, rude = await play("Ada: @bot good morning\nAda: @bot you stupid idiot, I hate you")
    assert rude["relationship"]["trust"] < kind["relationship"]["trust"]
    assert rude["mood"]["pleasure"] < kind["mood"]["pleasure"]
    assert "angry" in notes(brain) or "upset" in notes(brain)


async def test_what_is_not_answered_is_felt_too_but_less(app: App, play: Callable[..., Any]) -> None:
    overheard, told = await play(
        "Ada: @Bob this is terrible, I hate everything about it, disgusting\n"
        "Ada: @bot this is terrible, I hate everything about it, disgusting"
    )
    assert overheard["reply"] is None
    assert overheard["mood"] is not None
    assert sum(overheard["mood"]["emotions"].values()) < sum(told["mood"]["emotions"].values())


async def test_only_those_who_are_there_are_spoken_of(
    app: App, play: Callable[..., Any], brain: FakeBrain, finn: KeptPersona
) -> None:
    await play("#far Zoe: @bot hello\nAda: @bot hello")
    await app.feelings.set_relationship(finn.persona, await row_id(app, "Zoe"), "anger", 9)
    await play("Ada: @bot how are you?")
    assert "Zoe" not in notes(brain)
    await play("#far Ada: @bot how are you?")
    assert "Zoe" in notes(brain)
