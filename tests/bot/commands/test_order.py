"""Deleting many messages, slowing a channel down, locking it."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from tests.support.harbour import World
from tests.support.slash import invoke, words_of


def texts(world: World) -> list[str]:
    return [message.content for message in world.general.history() if not message.flags.ephemeral]


async def talk(world: World) -> None:
    await world.ada.send(world.general, "hello")
    await world.bob.send(world.general, "Buy at https://example.org")
    await world.beep.send(world.general, "beep discord.gg/abc")
    await world.ada.send(world.general, "HELLO again", attachments=[("a.txt", b"a")])


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({"amount": 2}, ["hello", "Buy at https://example.org"]),
        ({"amount": 100}, []),
        ({"amount": 100, "person": "ada"}, ["Buy at https://example.org", "beep discord.gg/abc"]),
        ({"amount": 1, "person": "ada"}, ["hello", "Buy at https://example.org", "beep discord.gg/abc"]),
        ({"amount": 9, "contains": "hello"}, ["Buy at https://example.org", "beep discord.gg/abc"]),
        ({"amount": 9, "kind": "links"}, ["hello", "beep discord.gg/abc", "HELLO again"]),
        ({"amount": 9, "kind": "files"}, ["hello", "Buy at https://example.org", "beep discord.gg/abc"]),
        ({"amount": 9, "kind": "bots"}, ["hello", "Buy at https://example.org", "HELLO again"]),
        ({"amount": 9, "kind": "invites"}, ["hello", "Buy at https://example.org", "HELLO again"]),
    ],
)
async def test_only_what_fits_is_deleted(world: World, filters: dict[str, Any], left: list[str]) -> None:
    await talk(world)
    chosen = {name: getattr(world, value) if name == "person" else value for name, value in filters.items()}
    result = await world.captain.slash(world.general, "purge", **chosen)
    assert texts(world) == left
    gone = 4 - len(left)
    assert words_of(result) == ("One message was deleted." if gone == 1 else f"{gone} messages were deleted.")
    assert result.ephemeral


async def test_more_than_a_hundred_go_in_several_steps_and_are_written_down(world: World) -> None:
    for number in range(230):
        world.env.backend.create_message(world.general.id, world.ada.id, f"line {number}")
    result = await world.captain.slash(world.general, "purge", amount=220, reason="flood")
    assert words_of(result) == "220 messages were deleted."
    assert texts(world) == [f"line {number}" for number in range(10)]
    assert await world.deeds() == ["purge"]


async def test_what_is_pinned_stays(world: World) -> None:
    message = await world.ada.send(world.general, "the rules")
    world.env.backend.get_message(world.general.id, message.id).pinned = True
    result = await world.captain.slash(world.general, "purge", amount=10)
    assert words_of(result).startswith("There is no message that fits")
    assert texts(world) == ["the rules"]


async def test_what_is_older_than_two_weeks_is_left(world: World) -> None:
    await world.ada.send(world.general, "old")
    await world.env.advance_time(15 * 86_400)
    await world.ada.send(world.general, "new")
    result = await world.captain.slash(world.general, "purge", amount=10)
    assert words_of(result) == (
        "One message was deleted. Older ones than two weeks stay: Discord deletes them one by one only."
    )
    assert texts(world) == ["old"]
    result = await world.captain.slash(world.general, "purge", amount=10)
    assert words_of(result).startswith("There is no message that fits, or they are older than two weeks.")
    assert await world.deeds() == ["purge"]


async def test_a_channel_is_slowed_down_and_freed(world: World) -> None:
    result = await world.captain.slash(world.general, "slowmode", length="30 s", reason="hot topic")
    assert words_of(result) == f"In {world.general.mention} people wait 30 seconds between messages."
    assert world.env.bot.get_channel(world.general.id).slowmode_delay == 30
    result = await world.captain.slash(world.general, "slowmode", length="off")
    assert words_of(result) == f"{world.general.mention} has no slow mode any more."
    assert world.env.bot.get_channel(world.general.id).slowmode_delay == 0
    result = await world.captain.slash(world.general, "slowmode", length="7 h")
    assert words_of(result).startswith("That is too long: at most 6 hours.")
    result = await world.captain.slash(world.general, "slowmode", length="slowly")
    assert words_of(result).startswith("I do not understand this length of time")


async def test_a_locked_channel_is_silent_and_afterwards_as_it_was(world: World) -> None:
    everybody = world.guild.default_role
    before = discord.PermissionOverwrite(send_messages=True, add_reactions=False)
    channel = world.guild.create_text_channel("hall", overwrites={everybody: before})
    result = await world.captain.slash(world.general, "lock", channel=channel, reason="night")
    assert words_of(result) == f"{channel.mention} is locked."
    here = world.env.bot.get_channel(channel.id)
    locked = here.overwrites_for(here.guild.default_role)
    assert (locked.send_messages, locked.add_reactions) == (False, False)
    again = await world.captain.slash(world.general, "lock", channel=channel)
    assert words_of(again) == f"{channel.mention} is locked already."
    result = await world.captain.slash(world.general, "unlock", channel=channel)
    assert words_of(result) == f"{channel.mention} is open again."
    assert here.overwrites_for(here.guild.default_role) == before
    never = await world.captain.slash(world.general, "unlock", channel=channel)
    assert words_of(never) == f"{channel.mention} was not locked by me."
    assert await world.deeds() == ["unlock", "lock"]


async def test_a_lock_holds_for_those_whom_the_channel_expressly_lets_write(world: World) -> None:
    mates, everybody = world.guild.roles["Mates"], world.guild.default_role
    overwrites = {
        everybody: discord.PermissionOverwrite(send_messages=False, view_channel=True),
        mates: discord.PermissionOverwrite(send_messages=True, attach_files=True),
        world.ada: discord.PermissionOverwrite(send_messages=True),
        world.bob: discord.PermissionOverwrite(send_messages=False),
    }
    channel = world.guild.create_text_channel("news", overwrites=overwrites)
    here = world.env.bot.get_channel(channel.id)
    before = {target.id: overwrite for target, overwrite in here.overwrites.items()}
    people = [await here.guild.fetch_member(who.id) for who in (world.ada, world.bob, world.mate)]
    await world.captain.slash(world.general, "lock", channel=channel)
    for who in people:
        assert not here.permissions_for(who).send_messages
    assert here.overwrites_for(here.guild.get_role(mates.id)).attach_files is True
    await world.captain.slash(world.general, "unlock", channel=channel)
    assert {target.id: overwrite for target, overwrite in here.overwrites.items()} == before


async def test_a_lock_that_discord_refuses_is_none(world: World) -> None:
    world.env.inject_error("PUT", "/channels/*/permissions/*", status=400, code=0)
    result = await world.captain.slash(world.general, "lock")
    assert words_of(result).startswith("Discord refused: ")
    result = await world.captain.slash(world.general, "unlock")
    assert words_of(result) == f"{world.general.mention} was not locked by me."
    assert await world.deeds() == []


async def test_two_channels_are_locked_apart(world: World) -> None:
    await world.captain.slash(world.general, "lock")
    await world.captain.slash(world.logbook, "lock")
    result = await world.captain.slash(world.general, "unlock")
    assert words_of(result) == f"{world.general.mention} is open again."
    result = await world.captain.slash(world.general, "unlock", channel=world.logbook)
    assert words_of(result) == f"{world.logbook.mention} is open again."


async def test_a_role_that_is_gone_does_not_hold_up_the_unlocking(world: World) -> None:
    guests = world.guild.create_role("Guests")
    channel = world.guild.create_text_channel(
        "party", overwrites={guests: discord.PermissionOverwrite(send_messages=True)}
    )
    result = await world.captain.slash(world.general, "lock", channel=channel)
    assert words_of(result) == f"{channel.mention} is locked."
    world.env.backend.delete_role(world.guild.id, guests.id)
    result = await world.captain.slash(world.general, "unlock", channel=channel)
    assert words_of(result) == f"{channel.mention} is open again."


@pytest.mark.parametrize("code", [10008, 50013])
async def test_a_message_that_went_meanwhile_is_as_good_as_deleted(world: World, code: int) -> None:
    await world.ada.send(world.general, "oops")
    world.env.inject_error("DELETE", "/channels/*/messages/*", status=404, code=code)
    result = await world.captain.slash(world.general, "purge", amount=10)
    if code == 10008:
        assert words_of(result) == "One message was deleted."
    else:
        assert words_of(result).startswith("Discord refused: ")
        assert await world.deeds() == []


async def test_what_was_deleted_before_discord_refused_is_written_down(world: World) -> None:
    for number in range(150):
        world.env.backend.create_message(world.general.id, world.ada.id, f"line {number}")
    real = discord.TextChannel.delete_messages
    calls = []

    async def second_fails(self: Any, messages: Any, *, reason: str | None = None) -> None:
        calls.append(len(messages))
        if len(calls) > 1:
            raise discord.DiscordException("no more")
        await real(self, messages, reason=reason)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(discord.TextChannel, "delete_messages", second_fails)
        result = await world.captain.slash(world.general, "purge", amount=150)
    assert words_of(result).startswith("Discord refused: ")
    assert calls == [100, 50]
    assert len(texts(world)) == 50
    assert await world.deeds() == ["purge"]


async def test_filters_work_together(world: World) -> None:
    await talk(world)
    await world.bob.send(world.general, "see http://a.example HELLO")
    result = await world.captain.slash(
        world.general, "purge", amount=100, person=world.bob, contains="hello", kind="links"
    )
    assert words_of(result) == "One message was deleted."
    assert len(texts(world)) == 4


@pytest.mark.parametrize("text", ["0", "off", "0 s", "none"])
async def test_slow_mode_ends(world: World, text: str) -> None:
    await world.captain.slash(world.general, "slowmode", length="6 hours")
    assert world.env.bot.get_channel(world.general.id).slowmode_delay == 21_600
    await world.captain.slash(world.general, "slowmode", length=text)
    assert world.env.bot.get_channel(world.general.id).slowmode_delay == 0


async def test_a_kind_that_discord_does_not_offer(world: World) -> None:
    result = await invoke(world.captain, world.general, "purge", amount=5, kind="jokes")
    assert words_of(result).startswith("This command has changed.")


async def test_a_channel_where_one_may_do_nothing_is_out_of_reach(world: World) -> None:
    mates = world.guild.roles["Mates"]
    denied = discord.PermissionOverwrite(manage_channels=False)
    channel = world.guild.create_text_channel("bridge", overwrites={mates: denied})
    for act in ("lock", "unlock"):
        result = await world.mate.slash(world.general, act, channel=channel)
        assert words_of(result).startswith("You may not do this here: it needs Manage Channels.")
    result = await world.mate.slash(world.general, "slowmode", channel=channel, length="5 s")
    assert words_of(result).startswith("You may not do this here: it needs Manage Channels.")


async def test_the_bot_says_where_it_may_not(world: World) -> None:
    bot_role = next(role for name, role in world.guild.roles.items() if name == "TestBot")
    denied = discord.PermissionOverwrite(manage_channels=False, manage_roles=False)
    channel = world.guild.create_text_channel("cabin", overwrites={bot_role: denied})
    result = await world.captain.slash(world.general, "lock", channel=channel)
    assert words_of(result).startswith("The bot may not do this in #cabin")


async def test_a_voice_channel_cannot_be_locked(world: World) -> None:
    voice = world.guild.create_voice_channel("mess")
    for act, options in (("lock", {}), ("unlock", {}), ("slowmode", {"length": "5 s"})):
        result = await world.captain.slash(voice, act, **options)
        assert words_of(result).startswith("This does not work in this kind of channel.")


NEEDED = {
    "purge": ({"amount": 5}, "Manage Messages"),
    "slowmode": ({"length": "5 s"}, "Manage Channels"),
    "lock": ({}, "Manage Channels"),
    "unlock": ({}, "Manage Channels"),
}


@pytest.mark.parametrize("act", NEEDED)
async def test_members_and_direct_chats_are_refused(world: World, act: str) -> None:
    options, permission = NEEDED[act]
    result = await invoke(world.ada, world.general, act, **options)
    assert words_of(result).startswith(f"You may not do this here: it needs {permission}.")
    result = await invoke(world.captain.user, world.captain.user.dm_channel, act, **options)
    assert words_of(result).startswith("This only works on a server.")
