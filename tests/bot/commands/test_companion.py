"""The persona as company."""

from __future__ import annotations

from datetime import timedelta

import discord
import pytest

from core import privacy
from core.conversation.choices import chosen_for
from core.conversation.message import Place, Realm
from db import channel_settings, messages
from tests.bot.commands.acquainted import chats
from tests.support.fake_brain import FakeBrain
from tests.support.harbour import World
from tests.support.slash import invoke, words_of


async def settled(world: World) -> None:
    while world.app.line.tasks:
        for task in list(world.app.line.tasks):
            await task


async def test_talking_by_command_is_answered_where_everybody_sees_it(world: World, brain: FakeBrain) -> None:
    said = await world.ada.slash(world.general, "companion talk", what="is the @everyone kettle on?")
    await settled(world)
    assert words_of(said) == "**Ada:** is the @everyone kettle on?"
    assert not said.response.flags.ephemeral
    assert "is the @everyone kettle on?" in brain.requests[-1].messages[-1].content
    reply = world.general.last_message
    assert reply.content == "kettle's on."
    assert reply.reference is None or reply.reference.message_id == said.response.id


async def test_talking_where_it_was_silenced_is_refused(world: World) -> None:
    await world.captain.slash(world.general, "settings deactivate")
    result = await world.ada.slash(world.general, "companion talk", what="hello")
    assert words_of(result).startswith("I was asked to keep silent in this channel.")


async def test_talking_in_a_direct_chat(world: World) -> None:
    user = world.ada.user
    await invoke(user, user.dm_channel, "companion talk", what="hello")
    await settled(world)
    assert world.direct(world.ada)[-1].content == "kettle's on."


async def test_mood_and_status(world: World) -> None:
    assert "Finn feels" in words_of(await world.ada.slash(world.general, "companion mood"))
    assert words_of(await world.ada.slash(world.general, "companion status")).startswith("Finn is here.")


async def test_beginning_anew_forgets_the_last_day_of_this_channel(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "RECENT", timedelta(days=3650))  # the clock of this Discord stands still
    await chats(world, world.ada, "the password is swordfish")
    await chats(world, world.ada, "keep it", world.logbook)
    await chats(world, world.bob, "good evening")
    asked = await world.ada.slash(world.general, "companion reset")
    assert words_of(asked).startswith("Begin anew?")
    await world.ada.click(asked.response, label="Begin anew")
    assert words_of(asked) == "We begin anew here; 2 messages are forgotten."
    kept, own = await world.app.store.run(messages.counts, "discord")
    assert (kept, own) == (4, 2)  # the other channel, and what Bob and it said to each other


async def test_quiet_holds_for_as_long_as_was_asked(world: World) -> None:
    place = Place(Realm.DISCORD, world.general.id, "general", world.guild.id)
    result = await world.ada.slash(world.general, "companion quiet", length="2 hours")
    assert words_of(result) == "All right: nothing unasked in here for 2 hours."
    usual = await world.ada.slash(world.general, "companion quiet")
    assert words_of(usual) == "All right: nothing unasked in here for 1 day."
    assert (await chosen_for(place, world.app.store)).active
    for text in ("soon", "8 days", "3 seconds"):
        refused = await world.ada.slash(world.general, "companion quiet", length=text)
        assert "All right" not in words_of(refused)


async def test_who_is_not_listened_to_is_told_so(world: World) -> None:
    await world.captain.slash(world.general, "settings people block", person=world.ada)
    result = await world.ada.slash(world.general, "companion talk", what="hello")
    assert words_of(result).startswith("I was asked not to listen to you here.")
    assert result.ephemeral


async def test_who_opted_out_is_not_talked_to(world: World) -> None:
    await world.ada.slash(world.general, "privacy opt-out")
    result = await world.ada.slash(world.general, "companion talk", what="hello")
    assert words_of(result).startswith("You asked me to keep nothing of you")


async def test_nobody_speaks_through_the_bot_where_they_may_not_write(world: World) -> None:
    silent = discord.PermissionOverwrite(send_messages=False)
    hall = world.guild.create_text_channel("hall", overwrites={world.ada: silent})
    for path, options in (
        ("companion talk", {"what": "hello"}),
        ("poll", {"question": "Tea?", "answers": "yes; no"}),
    ):
        result = await world.ada.slash(hall, path, **options)
        assert words_of(result).startswith("You may not do this here: it needs Send Messages.")
    thread = world.env.backend.create_thread(world.general.id, "nook", world.ada.id)
    nook = type(world.general)(world.env, world.guild, thread)
    said = await world.ada.slash(nook, "companion talk", what="hello")
    assert words_of(said) == "**Ada:** hello"


async def test_it_does_not_talk_where_it_may_not_write(world: World) -> None:
    role = world.guild.roles["TestBot"]
    hall = world.guild.create_text_channel(
        "hall", overwrites={role: discord.PermissionOverwrite(send_messages=False)}
    )
    result = await world.ada.slash(hall, "companion talk", what="hello")
    assert words_of(result).startswith("The bot may not do this in #hall: Send Messages.")


async def test_nothing_is_said_while_discord_is_out_of_reach(world: World) -> None:
    world.env.bot._services.doors.clear()
    result = await world.ada.slash(world.general, "companion talk", what="hello")
    assert "Discord" in words_of(result)


async def test_an_answer_that_discord_does_not_take_starts_no_turn(world: World, brain: FakeBrain) -> None:
    world.env.inject_error("POST", "/webhooks/*/*", status=401, code=50027)
    await world.ada.slash(world.general, "companion talk", what="hello")
    await settled(world)
    assert brain.requests == []


async def test_before_anybody_is_chosen_there_is_nobody_to_ask(world: World) -> None:
    for kept in await world.app.personas.every():
        await world.app.personas.archive(kept.id)
    for path, options in (
        ("companion talk", {"what": "hello"}),
        ("companion mood", {}),
        ("companion status", {}),
        ("personality who", {}),
        ("personality mood", {}),
        ("personality relationship", {}),
    ):
        result = await world.ada.slash(world.general, path, **options)
        assert words_of(result).startswith("No persona has been chosen yet, so there is nobody to ask.")


async def test_somebody_lets_it_write_to_them_directly(world: World) -> None:
    result = await world.ada.slash(world.general, "companion write", on=True)
    assert words_of(result).startswith("Gladly: now and then I write to you directly.")
    direct = world.ada.user.dm_channel.id
    chosen = await world.app.store.run(channel_settings.get, "discord", direct)
    assert chosen == {"proactive": {"on": True, "fallback": world.general.id}}
    await world.ada.slash(world.general, "companion write", on=False)
    assert await world.app.store.run(channel_settings.get, "discord", direct) == {}
    user = world.ada.user
    await invoke(user, user.dm_channel, "companion write", on=True)
    assert await world.app.store.run(channel_settings.get, "discord", direct) == {"proactive": True}
    await world.ada.slash(world.general, "privacy opt-out")
    refused = await world.ada.slash(world.general, "companion write", on=True)
    assert words_of(refused).startswith("You asked me to keep nothing of you")
