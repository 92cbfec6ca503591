"""What members see on a server, on an in-memory Discord."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import simcord

from bot.client import DiscordSession
from bot.connection import Patience, PersonaClient
from core.app import App
from core.words import say
from tests.support.fake_brain import FakeBrain


@asynccontextmanager
async def server(app: App) -> AsyncIterator[simcord.Env]:
    session = DiscordSession(app.line, app.secrets, app.bus, app.config.clock)
    client = PersonaClient(
        app.line,
        session,
        app.config.clock,
        Patience(app.config.clock),
        reads_everything=True,
        ready_after_s=2.0,
    )
    session._client = client
    async with simcord.run(client) as running:
        yield running
    await app.line.close()


async def replies(app: App, how_many: int) -> None:
    async with asyncio.timeout(20):
        while len(await app.feed.recent()) < how_many:
            await asyncio.sleep(0)


async def test_a_mention_a_reply_and_a_direct_message_are_answered(app: App) -> None:
    async with server(app) as env:
        guild = env.create_guild()
        channel = guild.create_text_channel("general")
        ada = guild.add_member(env.create_user("Ada"))
        await ada.send(channel, f"hi {env.bot.user.mention}")
        await replies(app, 1)
        first = channel.last_message
        assert first.content == "kettle's on."
        assert first.author.id == env.bot.user.id
        await ada.send(channel, "thanks", reply_to=first)
        await replies(app, 2)
        assert say((await app.feed.recent())[0].reason) == "Ada replied to Finn"
        await ada.send_dm("psst")
        await replies(app, 3)
        assert say((await app.feed.recent())[0].reason) == "Ada wrote directly"


async def test_what_the_model_writes_pings_nobody(app: App, brain: FakeBrain) -> None:
    async with server(app) as env:
        guild = env.create_guild()
        channel = guild.create_text_channel("general")
        ada = guild.add_member(env.create_user("Ada"))
        brain._replies = [f"@everyone @here <@{ada.id}> hello"]
        await ada.send(channel, f"{env.bot.user.mention} shout!")
        await replies(app, 1)
        posted = channel.last_message
        assert not posted.mention_everyone


async def test_nothing_the_bot_ever_posts_pings_anybody(app: App) -> None:
    async with server(app) as env:
        channel = env.create_guild().create_text_channel("general")
        await env.bot.get_partial_messageable(channel.id).send("@everyone <@5>, whoever wrote this line")
        assert not channel.last_message.mention_everyone
        assert channel.last_message.mentions == []


async def test_a_long_reply_comes_in_parts_with_its_code_whole(app: App, brain: FakeBrain) -> None:
    async with server(app) as env:
        guild = env.create_guild()
        channel = guild.create_text_channel("general")
        ada = guild.add_member(env.create_user("Ada"))
        code = "\n".join(f"print({n})" for n in range(400))
        brain._replies = [f"Look:\n```python\n{code}\n```\nthat is all"]
        await ada.send(channel, f"{env.bot.user.mention} code please")
        await replies(app, 1)
        posted = [message for message in channel.history() if message.author.id == env.bot.user.id]
        assert len(posted) > 1
        assert all(len(message.content) <= 2000 for message in posted)
        assert all(message.content.count("```") % 2 == 0 for message in posted)
        assert posted[0].reference is not None
        assert all(message.reference is None for message in posted[1:])


async def test_edits_and_deletions_are_followed(app: App, brain: FakeBrain) -> None:
    async with server(app) as env:
        guild = env.create_guild()
        channel = guild.create_text_channel("general")
        ada = guild.add_member(env.create_user("Ada"))
        said = await ada.send(channel, "I live in Bremen")
        gone = await ada.send(channel, "my code is 1234")
        await ada.edit(said, "I live in Emden")
        await ada.delete(gone)
        await ada.send(channel, f"well {env.bot.user.mention}")
        await replies(app, 3)
        read = str(brain.requests[-1].messages)
        assert "Emden" in read
        assert "Bremen" not in read
        assert "1234" not in read


async def test_people_are_called_what_the_server_calls_them(app: App, brain: FakeBrain) -> None:
    async with server(app) as env:
        guild = env.create_guild(name="Harbour")
        channel = guild.create_text_channel("general")
        ada = guild.add_member(env.create_user("ada_l"), nick="Countess")
        bob = guild.add_member(env.create_user("bob"))
        await ada.send(
            channel, f"{env.bot.user.mention} say hello to {bob.mention} <:anchor:123456789012345678>"
        )
        await replies(app, 1)
        asked = brain.requests[-1].messages[-1].content
        assert asked.startswith("Countess: ")
        assert "@bob" in asked
        assert ":anchor:" in asked
        assert "123456789012345678" not in asked
        assert "Harbour" in brain.requests[-1].messages[-2].content


async def test_a_webhook_and_another_bot_are_not_answered(app: App) -> None:
    async with server(app) as env:
        guild = env.create_guild()
        channel = guild.create_text_channel("general")
        beep = guild.add_member(env.create_user("Beep", bot=True))
        await beep.send(channel, f"hi {env.bot.user.mention}")
        await replies(app, 1)
        assert "is a bot" in say((await app.feed.recent())[0].reason)
