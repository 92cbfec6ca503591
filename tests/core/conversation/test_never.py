"""What a persona is never to say it does not say, whatever the model writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.app import App
from tests.support.fake_brain import FakeBrain

Play = Callable[..., Any]


@pytest.fixture
async def forbidden(app: App) -> None:
    kept = await app.personas.active()
    assert kept is not None
    never = ("Tea is for cowards",)
    await app.personas.change(kept.id, kept.persona.model_copy(update={"never": never}))


@pytest.mark.usefixtures("forbidden")
async def test_another_reply_is_asked_for_without_a_word_about_it(play: Play, brain: FakeBrain) -> None:
    brain._replies = ["Honestly, TEA is for coward!", "coffee, please"]
    (result,) = await play("Ada: @bot tea?")
    assert result["reply"] == "coffee, please"
    assert len(brain.requests) == 2
    assert "Tea is for cowards" in brain.requests[1].messages[-1].content


@pytest.mark.usefixtures("forbidden")
async def test_who_says_it_twice_says_nothing_and_why_is_known(play: Play, brain: FakeBrain) -> None:
    brain._replies = ["tea is for cowards"]
    (result,) = await play("Ada: @bot tea?")
    assert result["reply"] is None
    assert result["reason"] == "the reply was what it is never to say, twice"
    assert len(brain.requests) == 2


@pytest.mark.usefixtures("forbidden")
async def test_all_else_is_said_at_once(play: Play, brain: FakeBrain) -> None:
    brain._replies = ["tea is for everybody"]
    (result,) = await play("Ada: @bot tea?")
    assert (result["reply"], len(brain.requests)) == ("tea is for everybody", 1)


async def test_what_is_forbidden_after_a_reply_is_not_said_in_the_next(
    app: App, play: Play, brain: FakeBrain
) -> None:
    brain._replies = ["the moon is made of cheese"]
    await play("Ada: @bot what is the moon made of?")
    (turn,) = await app.feed.recent(limit=1)
    await app.feedback.never_say(turn.id)
    (result,) = await play("Ada: @bot again?")
    assert result["reply"] is None
