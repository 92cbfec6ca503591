"""A picture that somebody posts on Discord reaches a model that sees, and is fetched from nowhere else."""

from __future__ import annotations

import pytest

from bot.door import _lies_at_discord
from core.app import App
from core.llm.brain import ModelDetails
from core.session import SessionState
from tests.bot.conftest import Online
from tests.support.fake_brain import FakeBrain
from tests.support.fake_discord import FakeDiscord


class Seeing(FakeBrain):
    """A brain with eyes."""

    async def show(self, model: str) -> ModelDetails:
        return ModelDetails(model, 4096, frozenset({"completion", "vision"}))


@pytest.fixture
def brain() -> FakeBrain:
    return Seeing("what a cat.")


async def test_a_picture_beside_a_message_is_shown_to_the_model(
    app: App, online: Online, discord: FakeDiscord, brain: FakeBrain, until
) -> None:
    general = discord.add_guild("Harbour").channels[0]
    await online.session.start()
    await until(SessionState.ONLINE)
    files = [
        discord.attached("cat.png", "image/png", b"a cat"),
        discord.attached("x.txt", "text/plain", b"x"),
    ]
    await discord.say(general, discord.add_user("Ada"), f"look {discord.mention}", attachments=files)
    assert (await discord.next_post(general))["content"] == "what a cat."
    assert [each for message in brain.requests[-1].messages for each in message.images] == [b"a cat"]


async def test_a_picture_that_is_gone_stops_nobody(
    app: App, online: Online, discord: FakeDiscord, brain: FakeBrain, until
) -> None:
    general = discord.add_guild("Harbour").channels[0]
    await online.session.start()
    await until(SessionState.ONLINE)
    gone = discord.attached("cat.png", "image/png", b"a cat")
    discord.files.clear()
    await discord.say(general, discord.add_user("Ada"), f"look {discord.mention}", attachments=[gone])
    assert (await discord.next_post(general))["content"] == "what a cat."
    assert not [each for message in brain.requests[-1].messages for each in message.images]
    assert "cat.png" in "".join(message.content for message in brain.requests[-1].messages)


@pytest.mark.parametrize(
    ("address", "fetched"),
    [
        ("https://cdn.discordapp.com/attachments/1/2/cat.png?ex=1", True),
        ("https://media.discordapp.net/attachments/1/2/cat.png", True),
        ("http://cdn.discordapp.com/attachments/1/2/cat.png", False),
        ("https://cdn.discordapp.com.evil.example/cat.png", False),
        ("https://cdn.discordapp.com@evil.example/cat.png", False),
        ("http://169.254.169.254/latest/meta-data", False),
        ("http://127.0.0.1:11434/api/tags", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_nothing_is_fetched_from_elsewhere(address: str, fetched: bool) -> None:
    assert _lies_at_discord(address) is fetched
