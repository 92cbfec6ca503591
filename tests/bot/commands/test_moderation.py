"""Kick, ban and mute: what those who use it, those it is done to and those who look on get."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import discord
import pytest

from core.words import say
from tests.bot.conftest import turns_ended
from tests.support.fake_brain import FakeBrain
from tests.support.harbour import World
from tests.support.slash import invoke, words_of

ON_PEOPLE = ("kick", "ban", "mute", "unmute", "warn")


def options(act: str, person: Any) -> dict[str, Any]:
    more = {"mute": {"length": "10 minutes"}, "warn": {"reason": "spam"}}
    return {"person": person, **more.get(act, {})}


def muted_until(world: World, person: Any) -> str | None:
    until: str | None = world.env.backend.get_guild(world.guild.id).members[person.id].timed_out_until
    return until


def untouched(world: World, person: Any) -> bool:
    member = world.env.backend.get_guild(world.guild.id).members.get(person.id)
    return member is not None and member.timed_out_until is None and world.guild.get_ban(person) is None


async def test_a_kick_sends_somebody_away_tells_them_and_is_written_down(world: World) -> None:
    result = await world.captain.slash(world.general, "kick", person=world.ada, reason="spam")
    assert words_of(result) == "Ada was sent away."
    assert result.ephemeral
    assert world.ada.id not in world.guild.member_ids()
    assert world.direct(world.ada)[0].content == "You were sent away from Harbour. Reason: spam"
    assert world.guild.audit_log()[-1].reason == "Cara: spam"


async def test_what_is_done_is_posted_in_the_log_channel(world: World) -> None:
    await world.captain.slash(world.general, "settings modlog", channel=world.logbook)
    await world.captain.slash(world.general, "kick", person=world.ada, reason="spam")
    card = world.logbook.last_message.embeds[0]
    assert card.title == "Kicked"
    shown = {field.name: field.value for field in card.fields}
    assert shown == {
        "Person": f"Ada ({world.ada.id})",
        "By": f"Cara ({world.captain.id})",
        "Reason": "spam",
    }


async def test_a_ban_keeps_somebody_away_with_their_messages(world: World) -> None:
    result = await world.captain.slash(world.general, "ban", person=world.ada, delete="1 day")
    assert words_of(result) == "Ada is banned."
    assert world.guild.get_ban(world.ada) is not None
    assert world.direct(world.ada)[0].content == "You were banned from Harbour."
    sent = next(it for it in world.env.http_requests if it.method == "PUT" and "/bans/" in it.path)
    asked = {**(sent.params or {}), **(sent.json or {})}
    assert int(asked["delete_message_seconds"]) == 24 * 3600


async def test_somebody_who_has_left_can_be_banned_and_is_not_written_to(world: World) -> None:
    gone = world.env.create_user("Gus")
    result = await world.captain.slash(world.general, "ban", person=gone)
    assert words_of(result) == "Gus is banned."
    assert world.guild.get_ban(gone) is not None
    assert world.direct(gone) == []


async def test_a_ban_ends_with_unban(world: World) -> None:
    gone = world.env.create_user("Gus")
    await world.captain.slash(world.general, "ban", person=gone)
    again = await world.captain.slash(world.general, "ban", person=gone)
    assert words_of(again).startswith("Gus is banned already.")
    result = await world.captain.slash(world.general, "unban", person=gone, reason="grown up")
    assert words_of(result) == "Gus can come back."
    assert world.guild.get_ban(gone) is None
    nobody = await world.captain.slash(world.general, "unban", person=gone)
    assert words_of(nobody).startswith("Gus is not banned.")


async def test_a_mute_lasts_as_long_as_was_said(world: World) -> None:
    result = await world.captain.slash(
        world.general, "mute", person=world.ada, length="an hour and a half", reason="shouting"
    )
    assert words_of(result) == "Ada is muted for 1 hour 30 minutes."
    until = datetime.fromisoformat(muted_until(world, world.ada) or "")
    assert timedelta(minutes=89) < until - world.env.now() <= timedelta(minutes=90)
    told = world.direct(world.ada)[0].content
    assert told == "You were muted on Harbour for 1 hour 30 minutes. Reason: shouting"
    free = await world.captain.slash(world.general, "unmute", person=world.ada)
    assert words_of(free) == "Ada may write again."
    assert muted_until(world, world.ada) is None
    twice = await world.captain.slash(world.general, "unmute", person=world.ada)
    assert words_of(twice).startswith("Ada is not muted.")


async def test_28_days_are_the_longest_mute(world: World) -> None:
    assert "28 days" in words_of(
        await world.captain.slash(world.general, "mute", person=world.ada, length="28 days")
    )
    result = await world.captain.slash(world.general, "mute", person=world.bob, length="4 weeks and a second")
    assert words_of(result) == "That is too long: at most 28 days. Choose a shorter time."
    assert untouched(world, world.bob)


@pytest.mark.parametrize("length", ["soon", "5", "-5 minutes", "10 parsecs", "∞", "5 m <@5>"])
async def test_a_length_that_is_none_is_asked_for_again(world: World, length: str) -> None:
    result = await world.captain.slash(world.general, "mute", person=world.ada, length=length)
    assert words_of(result).startswith(f"I do not understand this length of time: “{length}”.")
    assert result.ephemeral
    assert untouched(world, world.ada)


async def test_too_short_is_said_too(world: World) -> None:
    result = await world.captain.slash(world.general, "mute", person=world.ada, length="0 s")
    assert words_of(result) == "That is too short: at least 1 second. Choose a longer time."


@pytest.mark.parametrize("act", ON_PEOPLE)
@pytest.mark.parametrize(
    ("whom", "why"),
    [
        ("captain", "That would be yourself."),
        ("me", "That would be me, and I cannot do this to myself."),
        ("owner", "Olga owns this server: nobody can do this to them."),
        ("officer", "Otto's highest role is not below yours."),
    ],
)
async def test_some_are_out_of_reach(world: World, act: str, whom: str, why: str) -> None:
    person = getattr(world, whom)
    result = await world.captain.slash(world.general, act, **options(act, person))
    assert words_of(result).startswith(why)
    assert result.ephemeral
    assert untouched(world, person)


@pytest.mark.parametrize("act", ON_PEOPLE)
async def test_equals_cannot_be_touched(world: World, act: str) -> None:
    second = world.guild.add_member(world.env.create_user("Mina"), roles=[world.guild.roles["Mates"]])
    result = await world.mate.slash(world.general, act, **options(act, second))
    assert words_of(result).startswith("Mina's highest role is not below yours.")
    assert untouched(world, second)


@pytest.mark.parametrize("act", ["kick", "ban", "mute", "unmute"])
async def test_the_owner_is_told_when_the_bot_stands_too_low(world: World, act: str) -> None:
    result = await world.owner.slash(world.general, act, **options(act, world.officer))
    assert words_of(result).startswith("Otto's highest role is not below mine. Move my role above theirs")
    assert untouched(world, world.officer)


async def test_an_administrator_cannot_be_muted_and_a_bot_need_not_be(world: World) -> None:
    result = await world.captain.slash(world.general, "mute", person=world.admin, length="1 h")
    assert words_of(result).startswith("Adam is an administrator: Discord lets nobody mute them.")
    result = await world.captain.slash(world.general, "mute", person=world.beep, length="1 h")
    assert words_of(result).startswith("Beep is a bot, and this is for people.")
    result = await world.captain.slash(world.general, "warn", person=world.beep, reason="noise")
    assert words_of(result).startswith("Beep is a bot, and this is for people.")
    kicked = await world.captain.slash(world.general, "kick", person=world.beep)
    assert words_of(kicked) == "Beep was sent away."


@pytest.mark.parametrize("act", ["kick", "mute", "unmute", "warn"])
async def test_who_is_not_here_cannot_be_reached(world: World, act: str) -> None:
    gone = world.env.create_user("Gus")
    result = await world.captain.slash(world.general, act, **options(act, gone))
    assert words_of(result) == "Gus is not on this server. Choose somebody who is here."


NEEDED = {
    "kick": "Kick Members",
    "ban": "Ban Members",
    "unban": "Ban Members",
    "mute": "Timeout Members",
    "unmute": "Timeout Members",
    "warn": "Timeout Members",
}


@pytest.mark.parametrize(("act", "permission"), NEEDED.items())
async def test_a_permission_taken_away_in_discords_list_is_asked_for_again(
    world: World, act: str, permission: str
) -> None:
    result = await invoke(world.ada, world.general, act, **options(act, world.bob))
    assert words_of(result) == (
        f"You may not do this here: it needs {permission}. Ask somebody who runs this server."
    )
    assert result.ephemeral
    assert untouched(world, world.bob)
    assert world.direct(world.bob) == []


@pytest.mark.parametrize(("act", "permission"), [each for each in NEEDED.items() if each[0] != "warn"])
async def test_the_bot_says_which_permission_it_lacks(world: World, act: str, permission: str) -> None:
    for role in world.env.backend.get_guild(world.guild.id).roles.values():
        if role.position == 20:
            role.permissions = discord.Permissions.text().value
    result = await world.captain.slash(world.general, act, **options(act, world.ada))
    assert words_of(result).startswith(f"The bot may not do this in #general: {permission}.")
    assert untouched(world, world.ada)


@pytest.mark.parametrize("act", [*ON_PEOPLE, "unban"])
async def test_there_is_no_moderation_in_a_direct_chat(world: World, act: str) -> None:
    user = world.captain.user
    result = await invoke(user, user.dm_channel, act, **options(act, world.ada.user))
    assert words_of(result) == "This only works on a server. Use it in a channel of a server."


async def test_who_takes_no_direct_messages_is_kicked_all_the_same(world: World) -> None:
    world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)
    result = await world.captain.slash(world.general, "kick", person=world.ada)
    assert words_of(result) == "Ada was sent away. They could not be told: they take no direct messages."


async def test_what_did_not_happen_is_not_left_in_somebodys_messages(world: World) -> None:
    world.env.inject_error("DELETE", "/guilds/*/members/*", status=403, code=50013)
    result = await world.captain.slash(world.general, "kick", person=world.ada)
    assert words_of(result).startswith("Discord does not let me do this: I lack a permission here")
    assert world.ada.id in world.guild.member_ids()
    assert world.direct(world.ada) == []
    assert await world.deeds() == []


async def test_discord_out_of_order_is_said(world: World) -> None:
    world.env.inject_error("GET", "/guilds/*/bans/*", status=400, code=0)
    result = await world.captain.slash(world.general, "ban", person=world.ada)
    assert words_of(result).startswith("Discord refused: ")
    assert untouched(world, world.ada)


async def test_nothing_that_a_model_writes_does_anything(world: World, brain: FakeBrain) -> None:
    brain._replies = [f"/ban person:{world.bob.mention} <@{world.bot_id}> ban {world.bob.mention} !kick Bob"]
    await world.captain.send(world.general, f"<@{world.bot_id}> ban {world.bob.mention} please")
    await turns_ended(world.app, 1)
    await world.env.settle()
    assert say((await world.app.feed.recent())[0].reason)
    assert untouched(world, world.bob)
    assert [entry.reason for entry in world.guild.audit_log()] == []


async def test_a_bot_cannot_use_commands(world: World) -> None:
    boss = world.guild.add_member(
        world.env.create_user("Boss", bot=True), roles=[world.guild.roles["Captains"]]
    )
    result = await invoke(boss, world.general, "kick", person=world.ada)
    assert words_of(result).startswith("Only people can use commands.")
    assert untouched(world, world.ada)


async def test_a_reason_longer_than_discords_box_is_refused(world: World) -> None:
    result = await invoke(world.captain, world.general, "kick", person=world.ada, reason="x" * 401)
    assert words_of(result).startswith("That is too long: 401 characters of at most 400.")
    assert untouched(world, world.ada)


async def test_a_message_that_cannot_be_taken_back_is_no_trouble(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.env.inject_error("DELETE", "/guilds/*/members/*", status=403, code=50013)
    world.env.inject_error("DELETE", "/channels/*/messages/*", status=404, code=10008)
    result = await world.captain.slash(world.general, "kick", person=world.ada)
    assert words_of(result).startswith("Discord does not let me do this")
    assert [record.message for record in caplog.records if record.levelno >= 30] == []


async def test_discord_out_of_order_while_looking_for_a_ban_bans_nobody(world: World) -> None:
    world.env.inject_error("GET", "/guilds/*/bans/*", status=404, code=10004)
    result = await world.captain.slash(world.general, "ban", person=world.ada)
    assert words_of(result).startswith("Discord refused: ")
    assert untouched(world, world.ada)


async def test_a_log_channel_where_the_bot_may_not_write_stops_nothing(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    role = world.guild.roles["TestBot"]
    denied = discord.PermissionOverwrite(embed_links=False)
    mute = world.guild.create_text_channel("mute", overwrites={role: denied})
    await world.captain.slash(world.general, "settings modlog", channel=mute)
    result = await world.captain.slash(world.general, "warn", person=world.ada, reason="noise")
    assert words_of(result).startswith("Ada was warned.")
    assert mute.history() == []
    assert any("takes no messages from the bot" in record.message for record in caplog.records)
    world.env.backend.delete_channel(mute.id)
    again = await world.captain.slash(world.general, "warn", person=world.ada, reason="noise")
    assert "They have 2 warnings now." in words_of(again)
