"""The menu of a message: why it was said, and to remember or forget it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from core.feed import FeedTurn
from db import messages
from tests.bot.commands.acquainted import chats
from tests.support.fake_brain import FakeBrain
from tests.support.harbour import World
from tests.support.slash import words_of


async def test_why_it_said_that(world: World) -> None:
    said = await chats(world, world.ada, "hello")
    reply = world.general.last_message
    result = await world.bob.context_menu(world.general, "Why did you say that?", reply)
    told = words_of(result)
    assert told.startswith("Why I said that")
    assert "Mood: " in told
    assert result.response.flags.ephemeral
    other = await world.ada.context_menu(world.general, "Why did you say that?", said)
    assert words_of(other).startswith("I did not say this, or I no longer know how it came about.")


async def test_the_host_alone_may_read_the_whole_prompt(
    world: World, host: Callable[[Any], None], brain: FakeBrain
) -> None:
    await chats(world, world.ada, "hello old tub")
    reply = world.general.last_message
    theirs = await world.ada.context_menu(world.general, "Why did you say that?", reply)
    assert not theirs.response.components
    host(world.bob)
    mine = await world.bob.context_menu(world.general, "Why did you say that?", reply)
    pressed = await world.bob.click(mine.response, label="What the model read")
    (file,) = pressed.response.attachments
    assert pressed.response.flags.ephemeral
    read = (await file.read()).decode()
    assert brain.requests[-1].messages[0].content.splitlines()[0] in read
    assert "hello old tub" in read


async def test_one_remembers_what_one_wrote(world: World, brain: FakeBrain) -> None:
    said = await chats(world, world.ada, "my dog is called Rex. nice weather!")
    result = await world.ada.context_menu(world.general, "Remember this", said)
    assert words_of(result).startswith("I will remember:\n• my dog is called Rex")
    await chats(world, world.ada, "and what is my dog called?")
    shown = words_of(await world.ada.slash(world.general, "memories list"))
    assert "my dog is called Rex" in shown
    assert shown.count("Rex") == 1


async def test_one_forgets_what_one_wrote_and_what_was_learnt_from_it(world: World) -> None:
    said = await chats(world, world.ada, "my dog is called Rex")
    await world.ada.context_menu(world.general, "Remember this", said)
    asked = await world.ada.context_menu(world.general, "Forget this", said)
    assert words_of(asked).startswith("Forget this message")
    await world.ada.click(asked.response, label="Forget")
    assert words_of(asked) == "I have forgotten this message, and one thing I knew from it."
    assert await world.app.store.run(messages.by_platform_id, "discord", said.id) is None
    assert words_of(await world.ada.slash(world.general, "memories list")) == "I know nothing of you yet."
    again = await world.ada.context_menu(world.general, "Remember this", said)
    assert words_of(again).startswith("I do not know this message")


async def test_what_another_wrote_is_not_ones_to_have_remembered(world: World) -> None:
    said = await chats(world, world.ada, "my dog is called Rex")
    for entry in ("Remember this", "Forget this"):
        result = await world.bob.context_menu(world.general, entry, said)
        assert words_of(result).startswith("You can only have me remember or forget what you wrote yourself.")


async def test_who_opted_out_is_not_remembered(world: World) -> None:
    said = await chats(world, world.ada, "my dog is called Rex")
    await world.ada.slash(world.general, "privacy opt-out")
    result = await world.ada.context_menu(world.general, "Remember this", said)
    assert words_of(result).startswith("You asked me to keep nothing of you")


async def test_why_tells_feelings_model_and_what_came_to_mind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chats(world, world.ada, "hello")
    reply = world.general.last_message
    real = type(world.app.feed).turn

    async def with_more(self: Any, turn_id: str) -> FeedTurn | None:
        turn = await real(self, turn_id)
        assert turn is not None
        trace = {
            "feelings": {"mood": [0.1, 0.2], "emotions": ["joy", "hope"]},
            "model": "llama_3*2",
            "facts": [{"text": "Ada plays *tuba*"}, {"text": ""}],
            "memories": [{"text": "hello"}],
            "scrubbed": True,
        }
        return dataclasses.replace(turn, trace=trace)

    monkeypatch.setattr(type(world.app.feed), "turn", with_more)
    told = words_of(await world.bob.context_menu(world.general, "Why did you say that?", reply))
    assert "Mood" not in told
    assert "Feels: joy, hope" in told
    assert "Written by: llama\\_3\\*2" in told
    assert "What came to mind: • Ada plays \\*tuba\\*\n• hello" in told
    assert "Somebody who was there had their words erased." in told


async def test_a_message_is_forgotten_once(world: World) -> None:
    said = await chats(world, world.ada, "my dog is called Rex")
    first = await world.ada.context_menu(world.general, "Forget this", said)
    second = await world.ada.context_menu(world.general, "Forget this", said)
    await world.ada.click(first.response, label="Forget")
    late = await world.ada.click(second.response, label="Forget")
    assert "I do not know this message: I was not there, or have forgotten it." in words_of(late)
