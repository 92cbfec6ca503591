"""What the model reads stays the same from turn to turn as far as it can: it need not read it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.app import App
from core.settings import CONTEXT_TOKENS
from tests.support.fake_brain import FakeBrain

LONG = "and I say it with so many words that the window is soon full of them"


async def test_a_transcript_that_is_too_long_keeps_its_beginning_for_many_turns(
    app: App, play: Callable[..., Any], brain: FakeBrain
) -> None:
    await app.settings.put(CONTEXT_TOKENS, 2048)
    brain._replies = [f"answer {number}" for number in range(60)]
    await play("\n".join(f"Ada: @bot number {number} is what I say, {LONG}" for number in range(60)))
    first_lines = [str(request.messages[1].content).split("\n")[0] for request in brain.requests]
    assert "number 0 is" not in first_lines[-1]
    assert len(dict.fromkeys(first_lines)) <= 10


async def test_who_answers_whom_can_be_read(play: Callable[..., Any], brain: FakeBrain) -> None:
    await play("Ada: who has a ladder?\nBob -> Ada: my brother\nAda: @bot what do you think?")
    assert "Bob (to Ada): my brother" in str(brain.requests[-1].messages)


async def test_a_reply_to_something_old_brings_it_along(
    app: App, play: Callable[..., Any], brain: FakeBrain
) -> None:
    await play("Ada: the ladder is in my shed\n@3d\nBob -> Ada: @bot is that true?")
    read = "\n".join(line.content for line in brain.requests[-1].messages)
    assert "This began with what was said earlier:\n- 3 days ago, Ada: " in read
    assert "the ladder is in my shed" in read
