"""The self-test asks Discord where the bot may speak, over a real connection to something like Discord."""

from __future__ import annotations

import pytest

from bot.checkup import look
from core.errors import TokenRefused
from tests.support.discord_world import READ_MESSAGE_HISTORY, SEND_MESSAGES
from tests.support.fake_discord import TOKEN, FakeDiscord


async def test_channels_in_which_it_may_not_speak_are_named() -> None:
    async with FakeDiscord() as discord:
        discord.add_guild("Harbour", "general", "games")
        shut = discord.add_guild("Quarry", "news", denied=SEND_MESSAGES | READ_MESSAGE_HISTORY)
        found = await look(TOKEN, discord.api_url)
    assert found.token.servers == 2
    assert found.looked_at == 3
    (lacks,) = found.channels
    assert (lacks.server, lacks.name, lacks.channel_id) == ("Quarry", "news", shut.channels[0].id)
    assert lacks.missing == ("Send Messages", "Read Message History")
    assert found.starts_left == 1000


async def test_a_bot_on_no_server_and_one_whose_token_is_wrong() -> None:
    async with FakeDiscord() as discord:
        found = await look(TOKEN, discord.api_url)
        assert (found.looked_at, found.channels) == (0, ())
        with pytest.raises(TokenRefused):
            await look("MTIzNDU2Nzg5MDEyMzQ1Njc4.abcdef." + "x" * 27, discord.api_url)
