"""Conversations: kept while people talk, summed up and put away when they stop, whole in JSON."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import VirtualClock
from core.conversation.conversations import (
    MOST_MESSAGES,
    Conversation,
    InMemoryConversationManager,
    Message,
    MessageType,
)
from core.errors import BrainBroke

ids = st.integers() | st.text()
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
moments = st.datetimes(timezones=st.none() | st.timezones())
any_text = st.text(st.characters(exclude_categories=()))  # lone surrogates too
messages = st.builds(
    Message, moments, st.sampled_from(MessageType), any_text, st.lists(plain, max_size=3), st.none() | ids
)
conversations = st.builds(
    Conversation,
    ids,
    moments,
    st.none() | ids,
    any_text,
    st.none() | ids,
    st.none() | moments,
    any_text,
    st.lists(ids, max_size=4),
    st.lists(messages, max_size=4),
)


@given(messages)
def test_a_message_comes_back_from_json_as_it_was(message: Message) -> None:
    assert Message.from_json(message.to_json()) == message
    assert Message.from_json(json.dumps(message.to_json())) == message


@given(conversations)
def test_a_conversation_comes_back_from_json_as_it_was(conversation: Conversation) -> None:
    assert Conversation.from_json(conversation.to_json()) == conversation
    assert Conversation.from_json(json.dumps(conversation.to_json())) == conversation
    assert conversation.filename.isascii()
    assert not set(conversation.filename) & set('/\\:*?"<>| ')


def test_the_json_has_exactly_the_keys_that_were_asked_for() -> None:
    at = datetime(2026, 1, 5, 12, 0, 0, 5, tzinfo=UTC)
    talk = Conversation("77", at, 9, "Tea", "4")
    talk.add_message(Message(at, "tool_call", "time", [{"name": "time", "arguments": {}}], "4"))
    assert talk.to_json() == {
        "created_at": "2026-01-05T12:00:00.000005+00:00",
        "updated_at": "2026-01-05T12:00:00.000005+00:00",
        "summary": "",
        "guild_id": 9,
        "guild_name": "Tea",
        "requester": "4",
        "participants": ["4"],
        "history": [
            {
                "created_at": "2026-01-05T12:00:00.000005+00:00",
                "message_type": "tool_call",
                "message_content": "time",
                "meta": {"tools": [{"name": "time", "arguments": {}}], "requester": "4"},
            }
        ],
    }
    assert talk.filename == "2026-01-05_conversation-with-4-in-9.json"


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class Shelf:
    def __init__(self) -> None:
        self.kept: list[dict] = []
        self.fails = 0

    async def keep(self, conversation: Conversation) -> None:
        await asyncio.sleep(0)
        if self.fails:
            self.fails -= 1
            raise OSError("the disk is full")
        self.kept.append(conversation.to_json())


class Talk:
    """A manager on a clock that stands still."""

    def __init__(self, **more) -> None:
        self.clock = VirtualClock()
        self.shelf = Shelf()
        self.manager = InMemoryConversationManager(self.shelf.keep, clock=self.clock, **more)

    def begin(self, thread: int = 1) -> Conversation:
        return self.manager.create_conversation(thread, 9, "Tea", 4)

    def say(self, text: str, thread: int = 1, who: int | None = 4) -> None:
        said = Message(self.clock.now(), MessageType.CHAT, text, requester=who)
        self.manager.add_message_to_conversation(thread, said)

    async def after(self, seconds: float) -> None:
        await self.settle()
        self.clock.step(seconds)
        await self.settle()

    async def settle(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)


@pytest.fixture
async def talk():
    made = Talk()
    yield made
    await made.manager.shutdown()


async def test_five_quiet_minutes_put_it_away_with_a_summary(talk: Talk) -> None:
    assert InMemoryConversationManager.IDLE_TIME == 300
    talk.begin()
    talk.say("who has tea?")
    talk.say("I have, come over", who=None)
    await talk.after(299)
    assert talk.manager.get_conversation(1) is not None
    await talk.after(2)
    assert talk.manager.conversations == {}
    assert [kept["summary"] for kept in talk.shelf.kept] == ["who has tea? … I have, come over"]


async def test_each_message_gives_it_five_minutes_more(talk: Talk) -> None:
    talk.begin()
    for _ in range(5):
        talk.say("hm")
        await talk.after(250)
    assert talk.manager.get_conversation(1) is not None
    await talk.after(60)
    assert talk.manager.get_conversation(1) is None
    assert len(talk.shelf.kept) == 1


async def test_what_is_said_while_it_is_put_away_is_not_lost() -> None:
    asked, may_end = asyncio.Event(), asyncio.Event()

    async def slow(conversation: Conversation) -> str:
        asked.set()
        await may_end.wait()
        return "they talked"

    talk = Talk(summarise=slow)
    talk.begin()
    talk.say("first")
    await talk.after(301)
    await asked.wait()
    talk.say("wait, one more thing")
    may_end.set()
    await talk.settle()
    assert talk.manager.get_conversation(1) is not None
    await talk.after(301)
    assert talk.manager.conversations == {}
    assert [entry["message_content"] for entry in talk.shelf.kept[-1]["history"]] == [
        "first",
        "wait, one more thing",
    ]
    await talk.manager.shutdown()


@pytest.mark.parametrize("trouble", [BrainBroke(model="fake", detail="oh"), None])
async def test_a_summary_that_fails_or_takes_too_long_holds_nothing_up(trouble: Exception | None) -> None:
    async def bad(conversation: Conversation) -> str:
        if trouble is not None:
            raise trouble
        await asyncio.Event().wait()
        return ""

    talk = Talk(summarise=bad, summary_within_s=0.01)
    talk.begin()
    talk.say("hello")
    await talk.after(301)
    async with asyncio.timeout(5):
        while talk.manager.conversations:
            await asyncio.sleep(0.005)
    assert talk.shelf.kept[0]["summary"] == "hello"
    await talk.manager.shutdown()


async def test_what_cannot_be_saved_stays_and_is_tried_again(talk: Talk) -> None:
    talk.begin()
    talk.say("precious")
    talk.shelf.fails = 1
    await talk.after(301)
    assert talk.manager.get_conversation(1) is not None
    await talk.after(301)
    assert talk.manager.get_conversation(1) is None
    assert len(talk.shelf.kept) == 1


async def test_saving_all_says_which_were_saved_and_ends_none(talk: Talk) -> None:
    talk.begin(1)
    talk.begin(2)
    talk.shelf.fails = 1
    assert await talk.manager.save_all_conversations() == {1: False, 2: True}
    assert set(talk.manager.get_all_conversations()) == {1, 2}


async def test_a_shutdown_saves_all_at_once_and_leaves_no_timer(talk: Talk) -> None:
    talk.begin(1)
    talk.say("one")
    talk.begin(2)
    talk.say("two", thread=2)
    await talk.manager.shutdown()
    assert [kept["summary"] for kept in talk.shelf.kept] == ["one", "two"]
    assert talk.manager.conversations == {}
    await talk.manager.shutdown()
    assert len(talk.shelf.kept) == 2


async def test_a_new_one_in_the_same_thread_puts_the_old_one_away(talk: Talk) -> None:
    talk.begin()
    talk.say("old")
    talk.begin()
    talk.say("new")
    await talk.settle()
    assert [kept["summary"] for kept in talk.shelf.kept] == ["old"]
    assert talk.manager.conversations[1].history[0].message_content == "new"


async def test_a_shutdown_while_an_old_one_is_put_away_loses_neither() -> None:
    async def endless(conversation: Conversation) -> str:
        await asyncio.Event().wait()
        return ""

    talk = Talk(summarise=endless)
    talk.begin()
    talk.say("old")
    talk.begin()
    talk.say("new")
    await talk.settle()
    await talk.manager.shutdown()
    assert sorted(kept["summary"] for kept in talk.shelf.kept) == ["new", "old"]


async def test_a_thread_that_never_rests_does_not_grow_for_ever(talk: Talk) -> None:
    talk.begin()
    for number in range(MOST_MESSAGES + 1):
        talk.say(str(number))
    await talk.settle()
    assert len(talk.manager.conversations[1].history) == 1
    assert len(talk.shelf.kept[0]["history"]) == MOST_MESSAGES


async def test_removing_forgets_without_saving(talk: Talk) -> None:
    talk.begin()
    talk.say("psst")
    talk.manager.remove_conversation(1)
    await talk.after(600)
    assert talk.shelf.kept == []
    assert talk.manager.add_message_to_conversation(1, Message(talk.clock.now(), "chat", "x")) is None


def test_it_can_be_used_where_no_loop_runs() -> None:
    manager = InMemoryConversationManager()
    manager.create_conversation("1", None, "", "4")
    assert set(manager.get_all_conversations()) == {"1"}


async def test_without_a_store_it_is_saved_as_a_file_only_its_owner_reads(tmp_path: Path) -> None:
    manager = InMemoryConversationManager(folder=tmp_path / "talks")
    manager.create_conversation("1", None, "", "../../etc")
    manager.add_message_to_conversation("1", Message(datetime.now(UTC), MessageType.CHAT, "hi \ud800 ☕"))
    kept = manager.conversations["1"]
    await manager.shutdown()
    (path,) = (tmp_path / "talks").iterdir()
    assert path.name == f"{kept.created_at:%Y-%m-%d}_conversation-with-______etc-in-direct.json"
    assert path.stat().st_mode & 0o077 == 0
    assert Conversation.from_json(path.read_text()) == kept


async def test_two_conversations_of_a_day_do_not_overwrite_each_other(tmp_path: Path) -> None:
    at = datetime(2026, 1, 5, 12, tzinfo=UTC)
    first, second = Conversation(1, at, 9, "Tea", 4), Conversation(2, at + timedelta(hours=1), 9, "Tea", 4)
    one = await first.save_conversation(tmp_path)
    two = await second.save_conversation(tmp_path)
    first.summary = "longer now"
    again = await first.save_conversation(tmp_path)
    assert one == again != two
    assert one is not None
    assert json.loads(one.read_text())["summary"] == "longer now"
    assert len(names_in(tmp_path)) == 2


def test_an_hour_that_the_clocks_repeat_comes_back_as_it_was() -> None:
    at = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin"))
    talk = Conversation(1, at, 9, "Tea", 4)
    assert Conversation.from_json(talk.to_json()) == talk
    assert talk.created_at.astimezone(UTC).hour == 1
