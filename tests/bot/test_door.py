"""What becomes of a reply when Discord does not take it as it is."""

from __future__ import annotations

import pytest

from core.app import App
from core.session import SessionState
from core.words import say
from tests.bot.conftest import Online, turns_ended
from tests.support.discord_faults import status
from tests.support.discord_world import (
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
    VIEW_CHANNEL,
    FakeChannel,
)
from tests.support.fake_discord import FakeDiscord


async def asked_there(app: App, discord: FakeDiscord, channel: FakeChannel) -> str:
    """Somebody mentions the bot in a channel; answers the reason of how it ended."""
    await discord.say(channel, discord.add_user("Ada"), f"hi {discord.mention}")
    await turns_ended(app, 1)
    turn = (await app.feed.recent())[0]
    assert turn.failed or turn.replied
    return say(turn.reason)


@pytest.mark.parametrize(
    ("denied", "permission"), [(SEND_MESSAGES, "Send Messages"), (VIEW_CHANNEL, "View Channel")]
)
async def test_a_missing_permission_is_named_without_asking_discord(
    app: App, online: Online, discord: FakeDiscord, until, denied: int, permission: str
) -> None:
    general = discord.add_guild("Harbour", denied=denied).channels[0]
    await online.session.start()
    await until(SessionState.ONLINE)
    told = await asked_there(app, discord, general)
    assert told == f"The bot may not do this in #general: {permission}."
    assert not [asked for asked in discord.asked if asked.startswith("POST")]


async def test_in_a_thread_it_is_another_permission(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    general = discord.add_guild("Harbour", denied=SEND_MESSAGES_IN_THREADS).channels[0]
    boats = discord.add_thread(general, "boats")
    await online.session.start()
    await until(SessionState.ONLINE)
    told = await asked_there(app, discord, boats)
    assert told == "The bot may not do this in #boats: Send Messages in Threads."


async def test_where_it_may_not_read_back_it_writes_without_a_reference(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    general = discord.add_guild("Harbour", denied=READ_MESSAGE_HISTORY).channels[0]
    await online.session.start()
    await until(SessionState.ONLINE)
    await asked_there(app, discord, general)
    assert "message_reference" not in discord.posts[0]["sent"]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (50013, "The bot may not do this in #general: Send Messages."),
        (50001, "The bot may not do this in #general: View Channel."),
        (0, "The bot may not do this in #general: You shall not pass."),
    ],
)
async def test_a_refusal_that_could_not_be_foreseen_is_a_sentence_with_the_place(
    app: App, online: Online, discord: FakeDiscord, until, error: int, told: str
) -> None:
    general = discord.add_guild("Harbour").channels[0]
    discord.fail("POST", r"/messages$", status(403, "You shall not pass", error=error))
    await online.session.start()
    await until(SessionState.ONLINE)
    assert await asked_there(app, discord, general) == told


async def test_somebody_who_takes_no_direct_messages(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    discord.fail("POST", r"/messages$", status(403, "Cannot send messages to this user", error=50007))
    await online.session.start()
    await until(SessionState.ONLINE)
    told = await asked_there(app, discord, discord.direct(discord.add_user("Ada")))
    assert told == "Discord refused: Ada takes no direct messages from the bot."


async def test_a_reply_comes_also_when_typing_cannot_be_shown(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    general = discord.add_guild("Harbour").channels[0]
    discord.fail("POST", r"/typing$", status(403, "Missing Permissions", error=50013))
    await online.session.start()
    await until(SessionState.ONLINE)
    await asked_there(app, discord, general)
    assert len(discord.posts) == 1
    assert discord.typing == []
