"""What was sorted at night is known in the day: in the prompt, behind its walls, with its source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.app import App
from core.conversation.message import Realm
from tests.support.fake_brain import FakeBrain


async def test_what_somebody_told_is_known_after_a_night(
    app: App, play: Callable[..., Any], brain: FakeBrain
) -> None:
    await play("Ada: I live in Emden and my dog is called Bosun\nAda: ok\n@10m")
    await app.night.run(Realm.PRACTICE)
    (asked,) = await play("@3d\nBob: @bot where does Ada live?")
    assert "Emden" in str(brain.requests[-1].messages)
    assert "Emden" in asked["memories"][0]
    assert "What Finn knows of people:\n- Ada: " in str(brain.requests[-1].messages[-3].content)


async def test_what_the_bot_said_is_no_fact(app: App, play: Callable[..., Any], brain: FakeBrain) -> None:
    brain._replies = ["I live in Atlantis and my name is Poseidon"]
    await play("Ada: @bot where do you live?\n@10m")
    await app.night.run(Realm.PRACTICE)
    await play("@3d\nAda: @bot where do I live?")
    assert "What Finn knows" not in str(brain.requests[-1].messages)
