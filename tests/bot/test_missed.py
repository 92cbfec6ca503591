"""What is said while the connection is away, and Discord has forgotten the session, is answered: once."""

from __future__ import annotations

from datetime import timedelta

from core.app import App
from core.session import SessionState
from tests.bot.conftest import Online, turns_ended
from tests.support.fake_discord import FakeDiscord


async def test_what_was_said_while_discord_forgot_the_session_is_answered_once(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    general, games = discord.add_guild("Harbour", "general", "games").channels
    ada = discord.add_user("Ada")
    direct = discord.direct(ada)
    await discord.say(general, ada, f"long ago, {discord.mention}")
    await online.session.start()
    await until(SessionState.ONLINE)
    await discord.say(direct, ada, "psst")
    await turns_ended(app, 1)
    discord.refuse_resume = True
    await discord.send_op(7)
    await discord.say(general, ada, f"are you there, {discord.mention}?")
    await discord.say(direct, ada, "or here?")
    await turns_ended(app, 3)
    assert sorted(turn.said for turn in await app.feed.recent()) == [
        "are you there, @Finn?",
        "or here?",
        "psst",
    ]
    assert sorted(post["channel_id"] for post in discord.posts) == sorted(
        str(it.id) for it in (direct, direct, general)
    )
    read = [asked for asked in discord.asked if asked.startswith("GET") and asked.endswith("/messages")]
    assert f"GET /channels/{games.id}/messages" not in read, "only channels with something new are read"


async def test_what_was_said_long_ago_is_not_answered_late(
    app: App, online: Online, discord: FakeDiscord, until, monkeypatch
) -> None:
    general = discord.add_guild("Harbour").channels[0]
    ada = discord.add_user("Ada")
    await online.session.start()
    await until(SessionState.ONLINE)
    await discord.say(general, ada, f"first, {discord.mention}")
    await turns_ended(app, 1)
    discord.refuse_resume = True
    monkeypatch.setattr("bot.missed.RESUME_WITHIN", timedelta(seconds=-1))
    await discord.send_op(7)
    await discord.say(general, ada, f"missed, {discord.mention}")
    await discord.until(lambda: discord.identifies == 2)
    await until(SessionState.ONLINE)
    await discord.say(general, ada, f"last, {discord.mention}")
    await turns_ended(app, 2)
    assert sorted(turn.said for turn in await app.feed.recent()) == ["first, @Finn", "last, @Finn"]


async def test_a_server_that_comes_back_after_all_others_is_read_too_even_when_it_breaks_again(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    general = discord.add_guild("Harbour").channels[0]
    far = discord.add_guild("Far away")
    ada = discord.add_user("Ada")
    await online.session.start()
    await until(SessionState.ONLINE)
    await discord.say(general, ada, f"first, {discord.mention}")
    await turns_ended(app, 1)
    discord.refuse_resume, discord.late = True, [far]
    await discord.send_op(7)
    await discord.say(far.channels[0], ada, f"far, {discord.mention}")
    await discord.say(general, ada, f"near, {discord.mention}")
    await turns_ended(app, 2)
    await discord.send_op(7)
    await discord.until(lambda: discord.identifies == 3)
    await until(SessionState.ONLINE)
    await discord.tell_of(far)
    await turns_ended(app, 3)
    assert sorted(turn.said for turn in await app.feed.recent()) == [
        "far, @Finn",
        "first, @Finn",
        "near, @Finn",
    ]
    assert len(discord.posts) == 3
