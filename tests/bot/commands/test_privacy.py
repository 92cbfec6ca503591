"""What is kept of somebody, and what they can do about it, on Discord."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from bot.cogs import privacy
from core.events import Notice
from core.keeping import KEEP_MESSAGES
from tests.bot.commands.acquainted import chats, knows, row_id
from tests.support.harbour import World
from tests.support.slash import invoke, words_of


async def test_what_is_kept_is_told_in_numbers(world: World) -> None:
    before = words_of(await world.ada.slash(world.general, "privacy kept"))
    assert "I keep nothing of you yet." in before
    await chats(world, world.ada, "hello there")
    result = await world.ada.slash(world.general, "privacy kept")
    assert "Messages: 1" in words_of(result)
    assert result.response.flags.ephemeral


async def test_an_export_comes_as_a_file_directly(world: World) -> None:
    await knows(world, world.ada, "my dog is called Rex")
    result = await world.ada.slash(world.general, "privacy export")
    assert words_of(result) == "I have sent it to you in a direct message."
    (sent,) = world.direct(world.ada)
    (file,) = sent.attachments
    assert file.filename == "my-data.json"
    exported = json.loads(await file.read())
    assert exported["person"]["name"] == "Ada"
    assert [each["text"] for each in exported["facts"]] == ["my dog is called Rex"]


async def test_who_takes_no_messages_gets_the_file_where_they_asked(world: World) -> None:
    world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)
    result = await world.ada.slash(world.general, "privacy export")
    assert words_of(result) == "You take no direct messages, so here it is; only you see it."


async def test_what_is_too_large_is_packed_and_then_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        await chats(world, world.ada, f"{number} " + "tea and biscuits " * 20)
    monkeypatch.setattr(privacy, "LARGEST_FILE", 9_000)
    await world.ada.slash(world.general, "privacy export")
    (sent,) = world.direct(world.ada)
    assert sent.attachments[0].filename == "my-data.zip"
    monkeypatch.setattr(privacy, "LARGEST_FILE", 100)
    result = await world.ada.slash(world.general, "privacy export")
    assert words_of(result).startswith("There is so much of you that Discord does not take it as one file.")


async def test_deleting_asks_first_and_then_nothing_is_left(world: World) -> None:
    await knows(world, world.ada, "my dog is called Rex")
    asked = await world.ada.slash(world.general, "privacy delete")
    assert words_of(asked).startswith("Delete everything I keep of you")
    await world.ada.click(asked.response, label="Cancel")
    assert words_of(asked) == "Nothing was changed."
    assert await row_id(world, world.ada) is not None
    asked = await world.ada.slash(world.general, "privacy delete")
    await world.ada.click(asked.response, label="Delete everything")
    assert words_of(asked).startswith("It is done")
    assert await row_id(world, world.ada) is None
    kept = words_of(await world.ada.slash(world.general, "privacy kept"))
    assert "You had everything deleted" in kept


async def test_nobody_else_sees_the_question(world: World) -> None:
    asked = await world.ada.slash(world.general, "privacy delete")
    assert asked.response.flags.ephemeral


async def test_who_opts_out_is_not_heard_until_they_opt_in(world: World) -> None:
    await chats(world, world.ada, "hello")
    answers = len(world.general.history())
    result = await world.ada.slash(world.general, "privacy opt-out")
    assert words_of(result).startswith("From now on I keep nothing of what you write")
    await chats(world, world.ada, "are you there?")
    assert len([each for each in world.general.history() if each.author.id == world.bot_id]) == answers - 1
    refused = await world.ada.slash(world.general, "companion talk", what="hello?")
    assert words_of(refused).startswith("You asked me to keep nothing of you")
    assert "You opted out" in words_of(await world.ada.slash(world.general, "privacy kept"))
    back = await world.ada.slash(world.general, "privacy opt-in")
    assert words_of(back).startswith("Welcome back")
    again = await world.ada.slash(world.general, "privacy opt-in")
    assert words_of(again) == "I have been listening to you all along."
    await chats(world, world.ada, "and now?")
    assert world.general.last_message.author.id == world.bot_id


async def test_a_problem_reaches_the_host(world: World, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[Any] = []
    subscription = world.app.bus.listen(Notice, heard.append)
    with caplog.at_level(logging.WARNING):
        result = await world.ada.slash(world.general, "privacy report", what="it is {rude} to me")
    assert words_of(result) == "Thank you. The host has been told."
    assert str(heard[-1].text) == "Ada reports a problem from Harbour: it is {rude} to me"
    assert "rude" not in caplog.text
    subscription.end()


async def test_all_of_it_works_in_a_direct_chat(world: World) -> None:
    user = world.ada.user
    for path in ("privacy kept", "privacy export", "privacy opt-out", "privacy opt-in"):
        assert (await invoke(user, user.dm_channel, path)).acknowledged
    result = await invoke(user, user.dm_channel, "privacy report", what="something broke")
    assert words_of(result) == "Thank you. The host has been told."


async def test_the_policy_is_read_as_it_is_in_force(world: World) -> None:
    told = words_of(await world.ada.slash(world.general, "privacy policy"))
    assert "Messages are kept until somebody deletes them" in told
    assert "/privacy delete erases everything about you" in told
    await world.app.settings.put(KEEP_MESSAGES, 7)
    told = words_of(await world.ada.slash(world.general, "privacy policy"))
    assert "Messages are deleted after 7 days" in told
