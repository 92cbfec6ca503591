"""A reply is replayed: the same prompt, another model or persona, and nothing of it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from core.app import App
from core.errors import ReplyGone
from core.events import Event
from core.llm.roles import Choice
from core.persona.identity import sample
from core.settings import TOOLS
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles

Play = Callable[..., Any]


class TwoBrains(FakeRoles):
    """The chosen one, and an Ollama that has another."""

    def __init__(self, chosen: FakeBrain, other: FakeBrain) -> None:
        super().__init__(chosen)
        self.other = other

    async def ollama(self) -> Any:
        return _Ollama(self.other)


class _Ollama:
    def __init__(self, brain: FakeBrain) -> None:
        self.chat = brain.chat

    async def details(self, model: str) -> Any:
        return await FakeBrain().show(model)


async def newest(app: App) -> str:
    return (await app.feed.recent())[0].id


async def test_another_model_reads_letter_by_letter_what_was_read_then(
    app: App, play: Play, brain: FakeBrain
) -> None:
    other = FakeBrain("coffee, please")
    app.desk.roles = TwoBrains(brain, other)  # type: ignore[assignment]
    await app.settings.put(TOOLS, False)
    await play("Ada: hi @bot\nBob: what is\n@2m\nAda: and now, @bot?")
    then = brain.requests[-1]
    grown: list[str] = []
    replayed = await app.replay.replay(await newest(app), grown.append, model="ollama:other:1b")
    assert replayed.text == "coffee, please"
    assert replayed.same_prompt
    assert (replayed.model, replayed.persona) == ("other:1b", "Finn")
    assert [(each.role, each.content) for each in other.requests[0].messages] == [
        (each.role, each.content) for each in then.messages
    ]
    assert grown == ["coffee,", "coffee, please"]


async def test_another_persona_reads_the_same_talk_as_itself(app: App, play: Play, brain: FakeBrain) -> None:
    ivy = await app.personas.add(sample("Finn").model_copy(update={"name": "Ivy", "summary": "A gardener."}))
    await play("Ada: hi @bot\n@2m\nAda: and now, @bot?")
    replayed = await app.replay.replay(await newest(app), lambda _: None, persona_id=ivy.id)
    read = brain.requests[-1].messages
    assert replayed.persona == "Ivy"
    assert read[0].content.startswith("You are Ivy.")
    assert "A gardener." in read[0].content
    notes = [each.content for each in read[1:] if each.role == "system"]
    assert notes
    assert not any("Finn" in each for each in notes)
    assert read[-1].content == "Ada: and now, @bot?"


async def test_nothing_of_it_is_kept_and_nobody_hears_of_it(app: App, play: Play) -> None:
    await play("Ada: hi @bot")
    turn, said = await newest(app), await app.practice.transcript()
    trace = (await app.feed.recent())[0].trace
    told: list[object] = []
    app.bus.listen(Event, told.append)
    learnt = app.desk.ratios.tokens("fake", "a few words to be counted " * 20)
    app.desk.roles = FakeRoles(FakeBrain("word " * 3000))  # type: ignore[assignment]
    await app.replay.replay(turn, lambda _: None)
    assert app.desk.ratios.tokens("fake", "a few words to be counted " * 20) == learnt
    assert await app.practice.transcript() == said
    assert [each.trace for each in await app.feed.recent()] == [trace]
    assert told == []


async def test_a_silence_shows_what_it_would_have_said(app: App, play: Play, brain: FakeBrain) -> None:
    await play("Ada: hi @bot\n@2m\nBob -> Ada: lovely weather, Ada\n@1m\nAda: a word that came later")
    silent = next(turn for turn in await app.feed.recent() if turn.said == "lovely weather, Ada")
    replayed = await app.replay.replay(silent.id, lambda _: None)
    assert replayed.text == "tea's on"
    assert not replayed.same_prompt
    read = "\n".join(each.content for each in brain.requests[-1].messages)
    assert "lovely weather" in read
    assert "came later" not in read


async def test_a_window_that_is_too_small_gets_a_shorter_prompt(
    app: App, play: Play, brain: FakeBrain
) -> None:
    await play("\n@1m\n".join(f"Ada: number {n} {'talk ' * 60}" for n in range(20)) + "\nAda: hi @bot")
    asked = sum(len(each.content) for each in brain.requests[-1].messages[1:])
    roles = app.desk.roles
    roles._choice = replace(await roles.choose("chat"), context_tokens=1500)  # type: ignore[attr-defined,arg-type]
    assert isinstance(roles._choice, Choice)  # type: ignore[attr-defined]
    replayed = await app.replay.replay(await newest(app), lambda _: None)
    assert not replayed.same_prompt
    assert sum(len(each.content) for each in brain.requests[-1].messages[1:]) < asked


async def test_cancelling_stops_the_model(app: App, play: Play, brain: FakeBrain) -> None:
    await play("Ada: hi @bot")
    brain.hold = asyncio.Event()
    replaying = asyncio.create_task(app.replay.replay(await newest(app), lambda _: None))
    while len(brain.requests) < 2:
        await asyncio.sleep(0)
    replaying.cancel()
    await asyncio.gather(replaying, return_exceptions=True)
    assert brain.cancelled == 1


async def test_what_is_gone_cannot_be_replayed(app: App) -> None:
    with pytest.raises(ReplyGone):
        await app.replay.replay("nothing", lambda _: None)
