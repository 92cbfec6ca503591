"""What a model does wrong, as people and the host meet it: through the real wire, against a server that
answers as a recorded Ollama did.

Each time: the person sees a natural line or nothing, the host reads a sentence, the turn is traced, nothing
is lost, and the next message is answered.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from core.app import App
from core.clock import VirtualClock
from core.conversation.script import ScriptedChat
from core.events import Notice
from core.feed import FeedTurn
from core.llm.brain import Role
from core.llm.ollama import OllamaBrain
from core.llm.roles import Choice
from core.words import say
from db import turns
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles
from tests.support.ollama_replay import (
    Answer,
    OllamaReplay,
    says,
    stalls_after,
    stream,
    without_end,
)

MODEL = "gemma270:latest"
HI = "Ada: hi @bot"


@dataclass
class Seen:
    """What came of a message.

    Attributes:
        posted: what people read of the bot. told: what the host read.
        trace: of the turn of the last message.
    """

    posted: list[str]
    told: list[str]
    turn: FeedTurn
    trace: dict[str, Any]
    heard: list[str] = field(default_factory=list)


class Room:
    """A room whose bot is played by a real client of Ollama."""

    def __init__(self, app: App, clock: VirtualClock, ollama: OllamaReplay) -> None:
        self.app, self.ollama = app, ollama
        self._clock = clock
        self._told: list[Notice] = []
        app.bus.listen(Notice, self._told.append)

    async def hears(self, line: str, *answers: str | Answer) -> Seen:
        """Somebody says this, and Ollama answers so."""
        self.ollama.script("/api/chat", *answers)
        chat = ScriptedChat(self.app.store, self.app.line, self.app.practice, self._clock, 20)
        async with asyncio.timeout(30):
            _ = [result async for result in chat.hear(line, 1)]
            _ = [result async for result in chat.finish()]
        room = await self.app.practice.transcript()
        (turn,) = await self.app.feed.recent(limit=1)
        kept = await self.app.store.run(turns.get, turn.id)
        assert kept is not None
        told = [say(notice.text) for notice in self._told]
        self._told.clear()
        return Seen(
            [each.text for each in room if each.is_self],
            told,
            turn,
            kept.trace,
            [each.text for each in room if not each.is_self],
        )


class OnlyChat(FakeRoles):
    """Nothing but replies is asked of the server."""

    async def choose(self, role: Role) -> Choice:
        return await super().choose(role) if role is Role.CHAT else Choice(FakeBrain("no"), "fake", None)


@pytest.fixture
async def ollama() -> AsyncIterator[OllamaReplay]:
    async with OllamaReplay() as server:
        yield server


@pytest.fixture
async def room(app: App, clock: VirtualClock, ollama: OllamaReplay) -> AsyncIterator[Room]:
    brain = OllamaBrain(ollama.host, first_seconds=5, next_seconds=0.1)
    app.desk.roles = OnlyChat(brain, MODEL)
    yield Room(app, clock, ollama)
    await brain.close()


async def cut_off(request: web.Request, body: Any) -> web.StreamResponse:
    """A few words, and the connection is gone: whoever ran the model was killed."""
    response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
    await response.prepare(request)
    await response.write(b'{"model":"m","message":{"role":"assistant","content":"well,"},"done":false}\n')
    assert request.transport is not None
    request.transport.close()
    return response


async def garbage(request: web.Request, body: Any) -> web.StreamResponse:
    return web.Response(body=b"<html>502 bad gateway</html>\n", content_type="text/html")


async def busy(request: web.Request, body: Any) -> web.StreamResponse:
    return web.json_response({"error": "llama runner process has terminated: exit status 2"}, status=500)


def hangs(words: int) -> Callable[[], Answer]:
    return lambda: stalls_after(words, asyncio.Event())


FAULTS: dict[str, tuple[Callable[[], str | Answer], str]] = {
    "stalls in the middle": (hangs(2), "has not written anything for"),
    "is killed in the middle": (lambda: "chat_runner_killed", "stopped in the middle"),
    "loses the connection": (lambda: cut_off, "stopped in the middle"),
    "ends without saying so": (lambda: without_end("chat_stream"), "stopped in the middle"),
    "is not there": (lambda: "chat_unknown_model", "is not installed"),
    "refuses the context": (lambda: "chat_ctx_overflow_history", "longer than the model"),
    "answers with another page": (lambda: garbage, f"The model {MODEL}"),
    "breaks": (lambda: busy, f"The model {MODEL}"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_people_see_nothing_the_host_a_sentence_and_it_goes_on(room: Room, fault: str) -> None:
    how, sentence = FAULTS[fault]
    broken = await room.hears(HI, *[how()] * (2 if fault == "refuses the context" else 1))  # again, less
    assert broken.posted == []
    assert len(broken.told) == 1
    assert sentence in broken.told[0]
    assert broken.turn.failed
    assert say(broken.turn.reason) == broken.told[0]
    assert broken.trace["prompt"]  # what was asked is there to be looked at
    well = await room.hears("Ada: are you there @bot", says("here ", "I am"))
    assert well.posted == ["here I am"]
    assert well.heard == ["hi @bot", "are you there @bot"]
    assert any("hi @bot" in str(each) for each in room.ollama.asked("/api/chat")[-1]["messages"])


@pytest.mark.parametrize("nothing", [(), ("  ", "\n"), ("<think>", "what now?")])
async def test_nothing_is_asked_for_once_more_and_then_given_up(room: Room, nothing: tuple[str, ...]) -> None:
    second = await room.hears(HI, says(*nothing), says("oh, ", "hi"))
    assert (second.posted, second.told) == (["oh, hi"], [])
    given_up = await room.hears("Ada: @bot and now?", *[says(*nothing)] * 3)
    assert given_up.posted == ["oh, hi"]
    assert given_up.told == [f"The model {MODEL} answered with nothing."]
    assert given_up.turn.failed


async def test_an_endless_answer_is_cut_off_and_the_model_stopped(room: Room) -> None:
    async def endless(request: web.Request, body: Any) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await response.prepare(request)
        while True:
            await response.write(
                b'{"model":"m","message":{"role":"assistant","content":"and on and "},"done":false}\n'
            )
            await asyncio.sleep(0)

    long = await room.hears(HI, endless)
    assert long.posted
    assert all(len(part) <= 2000 for part in long.posted)
    assert sum(map(len, long.posted)) < 20_000
    assert long.turn.replied
    async with asyncio.timeout(10):
        while room.ollama.hung_up == 0:
            await asyncio.sleep(0.01)


async def test_a_thought_that_is_never_closed_is_not_posted(room: Room) -> None:
    seen = await room.hears(HI, says("hello! <think>Ada is", " nasty, I had better"), says("hi there"))
    assert "nasty" not in str(seen.posted)
    assert seen.posted


@pytest.mark.parametrize(
    "call",
    [
        {"name": "launch_rockets", "arguments": {"at": "noon"}},
        {"name": "roll", "arguments": {"dice": {"not": "a word"}}},
        {"name": "time", "arguments": {"zone": "Nowhere/Land"}},
        {"name": "", "arguments": {}},
    ],
)
async def test_a_wrong_call_is_told_to_the_model_and_seen_by_nobody(room: Room, call: dict[str, Any]) -> None:
    room.ollama.models[MODEL] = (1, "show_tools")

    async def asks(request: web.Request, body: Any) -> web.StreamResponse:
        message = {"role": "assistant", "content": "", "tool_calls": [{"function": call}]}
        return await stream(request, [{"model": MODEL, "message": message, "done": True}])

    seen = await room.hears(HI, asks, says("never mind, ", "hello"))
    assert (seen.posted, seen.told) == (["never mind, hello"], [])
    (used,) = seen.trace["tools"]
    assert not used["worked"]
    assert room.ollama.asked("/api/chat")[-1]["messages"][-1]["role"] == "tool"


async def test_while_ollama_is_away_nothing_is_lost(room: Room) -> None:
    await room.ollama.go_down()
    away = await room.hears(HI)
    assert away.posted == []
    assert "Ollama does not answer" in away.told[0]
    async with room.ollama:
        back = await room.hears("Ada: @bot back again?", says("hello ", "again"))
    assert back.posted == ["hello again"]
    assert back.heard == ["hi @bot", "@bot back again?"]
