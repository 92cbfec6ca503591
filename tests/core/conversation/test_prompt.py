"""What the model reads stays the same from turn to turn as far as it can, so that it need not read it again."""

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
    assert len(dict.fromkeys(first_lines)) <= 6
