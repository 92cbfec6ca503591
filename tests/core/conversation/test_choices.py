"""What an admin chose for a channel counts from the very next message on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core.app import App
from core.clock import VirtualClock
from core.conversation.message import Realm
from core.conversation.practice import GUILD_ID, person_id
from core.persona.identity import sample
from db import channel_settings
from tests.support.fake_brain import FakeBrain

ROOM = person_id("#practice")


@pytest.fixture
def choose(app: App, clock: VirtualClock) -> Callable[..., Any]:
    async def chosen(key: str, value: object, channel: int = ROOM) -> None:
        await app.store.run(
            channel_settings.put, Realm.PRACTICE, GUILD_ID, channel, key, value, None, clock.now()
        )

    return chosen


async def test_switched_off_here_and_nowhere_else(
    play: Callable[..., Any], choose: Callable[..., Any]
) -> None:
    await choose("active", False)
    here, there = await play("Ada: @bot hello\n#games Ada: @bot hello")
    assert here["reply"] is None
    assert here["reason"] == "it is switched off in #practice"
    assert there["reply"] is not None


async def test_quiet_for_a_while(
    play: Callable[..., Any], choose: Callable[..., Any], clock: VirtualClock
) -> None:
    await choose("muted_until", (clock.now() + timedelta(minutes=10)).timestamp())
    quiet, again = await play("Ada: @bot hello\n@15m\nAda: @bot hello")
    assert quiet["reply"] is None
    assert again["reply"] is not None


async def test_another_persona_here(app: App, play: Callable[..., Any], choose: Callable[..., Any]) -> None:
    juno = await app.personas.add(sample("Juno"))
    await choose("persona_id", juno.id)
    here, there = await play("Ada: @bot hello\n#games Ada: @bot hello")
    assert (here["reason"], there["reason"]) == ("Ada mentioned Juno", "Ada mentioned Finn")


async def test_where_a_persona_was_put_away_the_server_has_its_own_again(
    app: App, play: Callable[..., Any], choose: Callable[..., Any]
) -> None:
    juno, mira = await app.personas.add(sample("Juno")), await app.personas.add(sample("Mira"))
    await choose("persona_id", mira.id, GUILD_ID)
    await choose("persona_id", juno.id)
    await app.personas.archive(juno.id)
    (away,) = await play("Ada: @bot hello")
    assert away["reason"] == "Ada mentioned Mira"
    await app.personas.archive(juno.id, archived=False)
    (again,) = await play("Ada: @bot hello")
    assert again["reason"] == "Ada mentioned Juno"


async def test_the_whole_server_can_choose_and_a_channel_can_differ(
    play: Callable[..., Any], choose: Callable[..., Any]
) -> None:
    await choose("active", False, GUILD_ID)
    await choose("active", True)
    here, there = await play("Ada: @bot hello\n#games Ada: @bot hello")
    assert here["reply"] is not None
    assert there["reply"] is None


async def test_nothing_is_taken_up_where_it_should_only_answer(
    play: Callable[..., Any], choose: Callable[..., Any]
) -> None:
    await choose("talkativeness", 0)
    called, mentioned = await play("Ada: finn, are you there?\nAda: @bot are you there?")
    assert called["reply"] is None
    assert mentioned["reply"] is not None


async def test_a_language_chosen_here_is_asked_of_the_model(
    play: Callable[..., Any], choose: Callable[..., Any], brain: FakeBrain
) -> None:
    await choose("language", "de")
    await play("Ada: @bot hello\n#games Ada: @bot hello")
    here, there = (str(request.messages) for request in brain.requests)
    assert "Finn writes in German here." in here
    assert "German" not in there
