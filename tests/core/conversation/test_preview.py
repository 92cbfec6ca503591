"""A persona is tried out: the same brain and prompt as a turn, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.app import App, Config, open_app
from core.conversation.preview import Preview
from core.errors import BrainBroke
from core.events import Event
from core.persona.identity import sample
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(Config(tmp_path, {"ECHODECK_KEY": "00" * 32}, pace="instant")) as opened:
        yield opened


def brain_of(app: App, brain: FakeBrain) -> FakeBrain:
    app.desk.roles = FakeRoles(brain)  # type: ignore[assignment]
    return brain


async def test_the_persona_on_the_form_answers_and_is_seen_while_it_writes(app: App) -> None:
    brain = brain_of(app, FakeBrain("tea's on"))
    seen: list[str] = []
    odd = sample("Finn").model_copy(update={"quirks": ("Only speaks of umbrellas.",)})
    draft = await Preview(app.desk).answer(odd, "how was your day?", seen.append)
    assert draft.text == "tea's on"
    assert seen == ["tea's", "tea's on"]
    assert "umbrellas" in brain.requests[0].messages[0].content
    assert brain.requests[0].messages[-1].content == "Robin: how was your day?"


async def test_two_answers_differ_by_their_personas_not_by_chance(app: App) -> None:
    brain = brain_of(app, FakeBrain("a"))
    for _ in range(2):
        await Preview(app.desk).answer(sample("Finn"), "hi", lambda _text: None)
    first, second = (request.sampling.seed for request in brain.requests)
    assert first is not None
    assert first == second


async def test_nothing_of_it_is_kept_and_nobody_hears_of_it(app: App) -> None:
    brain_of(app, FakeBrain("a"))
    told: list[object] = []
    app.bus.listen(Event, told.append)
    await Preview(app.desk).answer(sample("Finn"), "hi", lambda _text: None)
    assert await app.practice.transcript() == []
    assert await app.feed.recent() == []
    assert await app.personas.every() == []
    assert told == []


async def test_a_brain_that_breaks_is_said(app: App) -> None:
    brain_of(app, FakeBrain(BrainBroke(model="fake", detail="boom")))
    with pytest.raises(BrainBroke):
        await Preview(app.desk).answer(sample("Finn"), "hi", lambda _text: None)
