"""Everyday commands: polls, who is who, how lively it is, reminders, help."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import discord
import pytest
from peewee import Database

from bot.commands.views import Pages
from core.server.picture import HEIGHT, WIDTH
from db import messages
from db.channels import StoredChannel, seen
from db.messages import StoredMessage
from tests.support.harbour import World
from tests.support.slash import invoke, words_of


async def test_a_poll_is_discords_own(world: World) -> None:
    await world.ada.slash(
        world.general,
        "poll",
        question="Tea or coffee?",
        answers="tea; coffee ;",
        length="2 days",
        several=True,
    )
    poll = world.general.last_message.poll
    assert poll is not None
    assert poll.question == "Tea or coffee?"
    assert [each.text for each in poll.answers] == ["tea", "coffee"]
    assert poll.multiple
    await world.bob.vote(world.general.last_message, answer=1)


@pytest.mark.parametrize(
    "answers", ["tea", "tea;tea", ";;;", ";".join("abcdefghijk"), f"tea; {'x' * 56}", "tea;  "]
)
async def test_a_poll_that_is_none_is_refused(world: World, answers: str) -> None:
    result = await world.ada.slash(world.general, "poll", question="?", answers=answers)
    assert words_of(result).startswith("A poll has 2 to 10 answers of 1 to 55 characters")
    assert result.ephemeral


@pytest.mark.parametrize(
    ("length", "why"),
    [
        ("5 minutes", "That is too short: at least 1 hour."),
        ("33 days", "That is too long: at most 32 days."),
        ("ages", "I do not understand this length of time"),
    ],
)
async def test_a_poll_is_open_for_as_long_as_discord_lets_it(world: World, length: str, why: str) -> None:
    result = await world.ada.slash(world.general, "poll", question="?", answers="a;b;c", length=length)
    assert words_of(result).startswith(why)


async def test_a_poll_needs_a_server_and_short_words(world: World) -> None:
    result = await invoke(
        world.ada.user, world.ada.user.dm_channel, "poll", question="Tea?", answers="yes;no"
    )
    assert words_of(result).startswith("This only works on a server.")
    result = await invoke(world.ada, world.general, "poll", question="?" * 301, answers="yes;no")
    assert words_of(result).startswith("That is too long: 301 characters of at most 300.")


async def test_who_somebody_is(world: World) -> None:
    await world.captain.slash(world.general, "warn", person=world.ada, reason="noise")
    shown = words_of(await world.captain.slash(world.general, "user", person=world.ada))
    assert f"Id: {world.ada.id}" in shown
    assert "Here since" in shown
    assert "Warnings: 1" in shown
    own = words_of(await world.ada.slash(world.general, "user"))
    assert f"Id: {world.ada.id}" in own
    assert "Warnings" not in own
    stranger = words_of(await world.ada.slash(world.general, "user", person=world.env.create_user("Gus")))
    assert "Here since" not in stranger
    await world.captain.slash(world.general, "mute", person=world.bob, length="1 h")
    assert "Muted until" in words_of(await world.ada.slash(world.general, "user", person=world.bob))


async def test_somebodys_picture(world: World) -> None:
    result = await world.ada.slash(world.general, "avatar", person=world.bob)
    assert result.response.embeds[0].title == "Bob"
    assert "size=1024" in (result.response.embeds[0].image.url or "") or result.response.embeds[0].image.url
    own = await world.ada.user.slash("avatar")
    assert own.response.embeds[0].title == "Ada"


async def test_what_the_server_is(world: World) -> None:
    world.guild.create_text_channel(
        "secret",
        overwrites={world.guild.default_role: discord.PermissionOverwrite(view_channel=False)},
    )
    shown = words_of(await world.ada.slash(world.general, "server info"))
    assert shown.startswith("Harbour")
    assert "Channels for everybody: 2" in shown
    assert f"Owner: <@{world.owner.id}>" in shown


async def test_activity_is_a_picture_of_what_everybody_can_read(world: World) -> None:
    nothing = await world.ada.slash(world.general, "server stats")
    assert words_of(nothing) == "I have seen no messages in these days."
    await world.app.store.run(said, world.guild.id, world.app.config.clock.now())
    result = await world.ada.slash(world.general, "server stats", days=7)
    shown = words_of(result)
    assert "The last 7 days" in shown
    assert "I have seen 3 messages where everybody can read." in shown
    picture = await result.response.attachments[0].read()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (WIDTH, HEIGHT)


def said(db: Database, guild_id: int, now: datetime) -> None:
    for channel_id, is_public in ((1, True), (2, False)):
        seen(db, StoredChannel("discord", guild_id, channel_id, str(channel_id), is_public, now))
    days_ago = (0, 1, 1, 40)
    for number, days in enumerate((*days_ago, 0)):
        channel = 2 if number == len(days_ago) else 1
        at = now - timedelta(days=days)
        messages.record(
            db,
            StoredMessage("discord", number + 1, guild_id, channel, 5, "Ada", False, False, "hi", None, at),
        )


async def test_a_reminder_is_kept_listed_and_cancelled(world: World) -> None:
    result = await world.ada.slash(world.general, "reminders add", when="in 20 minutes", what="the *tea*")
    assert words_of(result).startswith("I will remind you <t:")
    assert "the \\*tea\\*" in words_of(result)
    assert result.ephemeral
    await world.ada.slash(world.general, "reminders add", when="1 h", what="the cake")
    listed = words_of(await world.ada.slash(world.general, "reminders list"))
    assert [row[:2] for row in listed.splitlines()] == ["1.", "2."]
    offered = await world.ada.autocomplete(world.general, "reminders cancel", "number", "")
    assert [each["name"] for each in offered] == ["1. the *tea*", "2. the cake"]
    gone = await world.ada.slash(world.general, "reminders cancel", number=1)
    assert words_of(gone) == "I will not remind you of: the \\*tea\\*"
    wrong = await world.ada.slash(world.general, "reminders cancel", number=2)
    assert words_of(wrong).startswith("You have no reminder number 2.")


async def test_reminders_of_one_channel_are_not_shown_in_another(world: World) -> None:
    await world.ada.slash(world.general, "reminders add", when="1 h", what="a secret")
    assert words_of(await world.ada.slash(world.logbook, "reminders list")) == "You have no reminders here."
    assert words_of(await world.bob.slash(world.general, "reminders list")) == "You have no reminders here."
    assert "a secret" in words_of(await world.ada.user.slash("reminders list"))
    result = await world.ada.user.slash("reminders add", when="2 h", what="call Bob")
    assert "call Bob" in words_of(result)


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ("whenever", "I do not understand this time: “whenever”."),
        ("25:00", "I do not understand this time: “25:00”."),
        ("2 years", "That is too long: at most 365 days."),
        ("5 s", "That is too short: at least 1 minute."),
        ("2020-01-01 10:00", "That time is not within the next year."),
        ("9999-12-31T23:59:59-23:59", "That time is not within the next year."),
    ],
)
async def test_a_time_that_does_not_come_is_refused(world: World, when: str, why: str) -> None:
    result = await world.ada.slash(world.general, "reminders add", when=when, what="x")
    assert words_of(result).startswith(why)


async def test_there_is_an_end_to_reminders(world: World) -> None:
    for number in range(20):
        await world.ada.slash(world.general, "reminders add", when="1 h", what=f"thing {number}")
    result = await world.ada.slash(world.general, "reminders add", when="1 h", what="one more")
    assert words_of(result).startswith("You have 20 reminders already.")


async def test_help_shows_what_somebody_can_use(world: World) -> None:
    pages = await leafed(world.ada, await world.ada.slash(world.general, "help"))
    assert "/poll" in pages
    assert "Report" in pages
    assert "/kick" not in pages
    assert "/tickets setup" not in pages
    assert "/kick" in await leafed(world.captain, await world.captain.slash(world.general, "help"))
    direct = await leafed(world.ada.user, await world.ada.user.slash("help"))
    assert "/reminders add" in direct
    assert "/poll" not in direct


async def leafed(actor: Any, result: Any) -> str:
    """All pages of an answer, the buttons pressed to their end."""
    said = words_of(result)
    while not result.response.components[0]["components"][1].get("disabled"):
        await actor.click(result.response, label="Next")
        said += words_of(result)
    return said


async def test_help_explains_one_command(world: World) -> None:
    shown = words_of(await world.captain.slash(world.general, "help", command="/mute"))
    assert shown.startswith("/mute\nLet somebody read only, for a while.")
    assert "reason (if you like)" in shown
    assert "Needs: Timeout Members" in shown
    hidden = await world.ada.slash(world.general, "help", command="mute")
    assert words_of(hidden).startswith("There is no command called mute.")
    offered = await world.ada.autocomplete(world.general, "help", "command", "/rem")
    assert {each["value"] for each in offered} == {"reminders add", "reminders list", "reminders cancel"}


async def test_somebody_elses_buttons_are_not_for_others(world: World) -> None:
    cards = [discord.Embed(title="one"), discord.Embed(title="two")]
    view = Pages(world.ada.id, cards)
    channel = world.env.bot.get_channel(world.general.id)
    message = await channel.send(embed=cards[0], view=view)
    denied = await world.bob.click(message, label="Next")
    assert words_of(denied).startswith("Somebody else asked for this")
    assert world.general.history()[0].embeds[0].title == "one"
    view.stop()


@pytest.mark.parametrize("path", ["user", "server info", "server stats"])
async def test_what_is_about_a_server_needs_one(world: World, path: str) -> None:
    result = await invoke(world.ada.user, world.ada.user.dm_channel, path)
    assert words_of(result).startswith("This only works on a server.")
