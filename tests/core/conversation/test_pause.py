"""Before it posts it takes its time; who is answered may write on meanwhile, and gets one answer to all."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from core.app import App
from core.clock import VirtualClock
from core.llm.brain import ToolCall
from core.settings import PACING
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles
from tests.support.tool_brain import ToolBrain

Play = Callable[..., Any]
LONG = "a long answer about the weather of the whole week, day by day and hour by hour, " * 3


@pytest.fixture(autouse=True)
async def human(app: App) -> None:
    app.desk.pace = None
    await app.settings.put(PACING, "human")


async def said(app: App) -> list[str]:
    return [line.text for line in await app.practice.transcript() if line.is_self]


async def test_who_writes_on_is_answered_once_and_to_all_of_it(
    app: App, play: Play, brain: FakeBrain
) -> None:
    brain._replies = [LONG, "oh, in Bremen then"]
    first, second = await play("Ada: @bot how is the weather?\nAda: in Bremen I mean", gap_s=8)
    assert first["reply"] is None
    assert first["reason"] == "Ada wrote on: that is answered together with this"
    assert second["reply"] == "oh, in Bremen then"
    assert await said(app) == ["oh, in Bremen then"]
    last = str(brain.requests[-1].messages)
    assert "how is the weather?" in last
    assert "in Bremen I mean" in last
    assert app.desk.threads is not None
    kept = app.desk.threads._manager.get_conversation(app.practice.place.channel_id)
    assert kept is not None
    assert "hour by hour" not in json.dumps(kept.to_json())
    assert [entry.message_content for entry in kept.history] == [
        "@bot how is the weather?",
        "in Bremen I mean",
        "oh, in Bremen then",
    ]


async def test_who_never_stops_is_answered_all_the_same(app: App, play: Play, brain: FakeBrain) -> None:
    brain._replies = [LONG]
    lines = "\n".join(["Ada: @bot how is the weather?", *(f"Ada: and on day {day}?" for day in range(8))])
    results = await play(lines, gap_s=8)
    assert sum(result["reply"] is not None for result in results) >= 2


async def test_what_others_say_does_not_take_the_answer_away(app: App, play: Play, brain: FakeBrain) -> None:
    brain._replies = [LONG]
    first, _ = await play("Ada: @bot how is the weather?\nBob: lovely day", gap_s=8)
    assert first["reply"] is not None


async def test_after_a_tool_was_used_the_answer_stands(app: App, play: Play) -> None:
    brain = ToolBrain([ToolCall("roll", {"dice": "1d6"})], LONG, LONG)
    app.desk.roles = FakeRoles(brain)
    first, _ = await play("Ada: @bot roll a die\nAda: and tell me", gap_s=8)
    assert first["reply"] is not None


async def test_stopping_it_while_it_waits_stops_it(app: App, clock: VirtualClock, brain: FakeBrain) -> None:
    brain._replies = [LONG]
    await app.practice.say("Ada", "hi", to_bot=True)
    for _ in range(200):
        due = clock.next_due()
        if brain.requests and due is not None and app.line.tasks <= clock.parked:
            break
        clock.step(min(due or 0.1, 0.5))
        await app.store.settle()
    await app.practice.stop()
    assert await said(app) == []
    assert app.line.tasks == set()


async def test_each_further_part_is_typed_and_shown_to_be(
    app: App, play: Play, brain: FakeBrain, clock: VirtualClock
) -> None:
    brain._replies = ["first things first. " * 90 + "\n\n" + "and then the rest. " * 90]
    door, at = app.practice.door, []
    shown, post = door.typing, door.post

    @asynccontextmanager
    async def typing(place: Any) -> Any:
        at.append(("typing", clock.monotonic()))
        async with shown(place):
            yield

    async def posted(*told: Any) -> int:
        at.append(("post", clock.monotonic()))
        return await post(*told)

    door.typing, door.post = typing, posted  # type: ignore[method-assign]
    await play("Ada: @bot tell me")
    assert [what for what, _ in at] == ["typing", "post", "typing", "post"]
    assert at[3][1] - at[2][1] > 5
