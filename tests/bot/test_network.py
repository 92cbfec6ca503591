"""What the network and Discord's limits do to a session, and what a host sees of it."""

from __future__ import annotations

import asyncio

from bot.connection import LONGEST_WAIT_S, Patience
from core.app import App
from core.clock import SystemClock
from core.session import SessionState
from core.words import say
from tests.bot.conftest import Online, turns_ended
from tests.support.discord_faults import hung_up, rate_limited, status
from tests.support.fake_discord import FakeDiscord


class HastyClock(SystemClock):
    """Waits for nothing and writes down what it was asked to wait."""

    def __init__(self) -> None:
        self.waited: list[float] = []
        self.elapsed = 0.0

    def monotonic(self) -> float:
        return self.elapsed

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.elapsed += seconds


async def test_tries_come_ever_more_rarely_and_start_afresh_after_a_connection_that_held() -> None:
    clock = HastyClock()
    patience = Patience(clock)
    for _ in range(10):
        patience.begin()
        await patience.wait()
    assert clock.waited == [0, 1, 2, 4, 8, 16, 32, 64, 120, 120]
    patience.begin()
    clock.elapsed += LONGEST_WAIT_S + 1
    await patience.wait()
    assert clock.waited[-1] == 0


async def test_a_network_that_is_down_is_said_and_tried_again(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    await discord.go_down()
    await online.session.start()
    async with asyncio.timeout(10):
        while online.session.status.trouble is None:
            await asyncio.sleep(0)
    assert online.session.status.state is SessionState.STARTING
    assert say(online.session.status.trouble.what) == "Discord cannot be reached."
    assert discord.identifies == 0
    await discord.come_back()
    now = await until(SessionState.ONLINE)
    assert now.trouble is None


async def test_a_network_lost_while_online_is_told_and_what_was_said_meanwhile_is_answered(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    general = discord.add_guild("Harbour").channels[0]
    await online.session.start()
    await until(SessionState.ONLINE)
    await discord.go_down()
    async with asyncio.timeout(10):
        while online.session.status.trouble is None:
            await asyncio.sleep(0)
    lost = online.session.status
    assert lost.state is SessionState.RECONNECTING
    assert tuple(lost.servers) == ("Harbour",)
    assert say(lost.trouble.step) == "Check the internet connection. Echodeck keeps trying."
    await discord.say(general, discord.add_user("Ada"), f"are you there, {discord.mention}?")
    await discord.come_back()
    assert (await discord.next_post())["content"] == "kettle's on."
    assert (await until(SessionState.ONLINE)).trouble is None
    assert (discord.identifies, discord.resumes) == (1, 1)


async def test_a_dropped_connection_is_resumed_and_nothing_is_missed(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    general = discord.add_guild("Harbour").channels[0]
    ada = discord.add_user("Ada")
    await online.session.start()
    await until(SessionState.ONLINE)
    await discord.send_op(7)
    await discord.until(lambda: discord.resumes == 1)
    await discord.say(general, ada, f"still there {discord.mention}")
    await discord.next_post()
    assert discord.identifies == 1


async def test_a_connection_that_breaks_without_a_word_is_resumed(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    general = discord.add_guild("Harbour").channels[0]
    await online.session.start()
    await until(SessionState.ONLINE)
    await discord.drop()
    await discord.say(general, discord.add_user("Ada"), f"missed you, {discord.mention}")
    await discord.next_post()
    assert (discord.identifies, discord.resumes) == (1, 1)
    assert len(discord.posts) == 1


async def test_an_invalid_session_starts_a_new_one(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    general = discord.add_guild("Harbour").channels[0]
    await online.session.start()
    await until(SessionState.ONLINE)
    discord.refuse_resume = True
    await discord.send_op(7)
    await discord.until(lambda: discord.identifies == 2)
    await until(SessionState.ONLINE)
    await discord.say(general, discord.add_user("Ada"), f"hello {discord.mention}")
    assert (await discord.next_post())["content"] == "kettle's on."


async def test_a_rate_limit_delays_the_reply_and_never_doubles_it(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    general = discord.add_guild("Harbour").channels[0]
    discord.fail("POST", r"/messages$", rate_limited(0.05), rate_limited(0.05))
    await online.session.start()
    await until(SessionState.ONLINE)
    await discord.say(general, discord.add_user("Ada"), f"hi {discord.mention}")
    await discord.next_post()
    await app.line.close()
    assert len(discord.posts) == 1


async def test_a_shut_out_address_is_a_sentence_and_is_left_in_peace(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    """A 429 without Discord's `Via` comes from the proxy in front of it, which bans those who go on."""
    discord.fail("GET", r"/users/@me$", rate_limited(0.05, via=False))
    await online.session.start()
    now = await until(SessionState.FAILED)
    assert say(now.trouble.what) == "Discord refused: too many requests from this internet address."
    assert len(discord.asked) == 1


async def test_a_wait_that_is_too_long_is_told_and_not_waited_for(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    general = discord.add_guild("Harbour").channels[0]
    discord.fail("POST", r"/messages$", rate_limited(3600))
    await online.session.start()
    await until(SessionState.ONLINE)
    await discord.say(general, discord.add_user("Ada"), f"hi {discord.mention}")
    await turns_ended(app, 1)
    told = say((await app.feed.recent())[0].reason)
    assert told == "Discord refused: too many requests, it asks to wait 3600 s."


async def test_a_reply_whose_answer_was_lost_is_sent_again_and_stands_there_once(
    app: App, online: Online, discord: FakeDiscord, until
) -> None:
    general = discord.add_guild("Harbour").channels[0]
    discord.fail("POST", r"/messages$", status(503), hung_up(first=discord.handle))
    await online.session.start()
    await until(SessionState.ONLINE)
    await discord.say(general, discord.add_user("Ada"), f"hi {discord.mention}")
    await turns_ended(app, 1)
    assert (await app.feed.recent())[0].replied
    sent = [asked for asked in discord.asked if asked == f"POST /channels/{general.id}/messages"]
    assert len(sent) == 3
    assert len(discord.posts) == 1
