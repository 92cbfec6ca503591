"""What is held in memory stays small, however many people write in however many places for however long."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from core.app import App, Config, open_app
from core.clock import VirtualClock
from core.conversation import conversations
from core.conversation.conversations import Conversation, InMemoryConversationManager, Message, MessageType
from core.conversation.desk import Caps
from core.conversation.practice import MOST_POSTED
from core.llm.budget import TokenRatios
from core.memory import laid, wording
from core.persona.identity import sample
from core.safety.limits import RateLimits
from core.settings import BURST_SECONDS
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    config = Config(tmp_path / "data", {"ECHODECK_KEY": "33" * 32}, pace="instant", rounds=False)
    async with open_app(config) as opened:
        opened.desk.roles = FakeRoles(FakeBrain("tea's on"))
        await opened.personas.add(sample("Finn"))
        await opened.settings.put(BURST_SECONDS, 0)
        yield opened


NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_cap_on_replies_forgets_channels_that_are_quiet() -> None:
    caps = Caps(most=3, seconds=60)
    for channel in range(10_000):
        assert not caps.exceeded(channel, channel)
        caps.spoke(channel, channel)
    assert len(caps) <= 62
    for _ in range(100):
        caps.spoke(1, 10_000)
    assert caps.exceeded(1, 10_059)
    assert not caps.exceeded(1, 10_061)


def test_limits_remember_a_flood_of_strangers_only_so_far() -> None:
    limits = RateLimits(VirtualClock())
    for person in range(20_000):
        limits.take("discord", person, person, suspected=True)
    assert [len(meter) for meter in (limits._person, limits._server, limits._suspected)] == [4096] * 3


async def test_conversations_that_never_rest_are_put_away_in_pieces_the_longest_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conversations, "MOST_ALTOGETHER", 300)
    kept: list[Conversation] = []

    async def keep(conversation: Conversation) -> None:
        kept.append(conversation)

    manager = InMemoryConversationManager(keep, clock=VirtualClock())
    chance = Random(3)
    for thread in range(40):
        manager.create_conversation(thread, 1, "Harbour", 7)
    for number in range(3_000):
        thread = int(chance.triangular(0, 40, 0))
        assert manager.add_message_to_conversation(thread, Message(NOON, MessageType.CHAT, str(number)))
        assert sum(len(each.history) for each in manager.conversations.values()) <= 300
    await manager.shutdown()
    said = [int(each.message_content) for conversation in kept for each in conversation.history]
    assert sorted(said) == list(range(3_000)), "all of it was put away"


async def test_the_practice_room_forgets_what_it_posted_long_ago(app: App) -> None:
    door = app.practice.door
    ids = [await door.post(app.practice.place, "hm", f"nonce {number}", None) for number in range(700)]
    assert len(door._posted) == MOST_POSTED
    assert await door.post(app.practice.place, "hm", "nonce 699", None) == ids[-1]


async def test_no_channel_and_no_turn_stays_in_the_line(app: App) -> None:
    for number in range(60):
        place = replace(app.practice.place, channel_id=1_000 + number)
        await app.practice.say(f"Person {number}", "@Finn tea?", place=place)
    await app.line.close()
    assert (app.line._rooms, app.line._under_way) == ({}, set())


def test_what_is_learnt_of_tokens_is_one_number_a_model() -> None:
    ratios = TokenRatios()
    for _ in range(500):
        ratios.learn("a model", 200, 190)
    assert len(ratios._factors) == 1


def test_words_and_sentences_that_were_read_are_remembered_to_a_few_megabytes() -> None:
    for number in range(10_000):
        laid.relation(f"word {number}", "another")
    for number in range(1_500):
        wording.read(f"Ada has {number} cats")
    assert laid.relation.cache_info().currsize <= 8_192
    assert wording.read.cache_info().currsize <= 1_024
