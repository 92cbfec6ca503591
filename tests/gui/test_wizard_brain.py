"""The brain check of the set-up guide: what is said, and the button that helps, for what is found."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.app import App
from core.llm import shelf
from core.llm.shelf import Shelf
from core.settings import OLLAMA_HOST
from gui.contents import guide_needs
from gui.wizard.brain import BrainStep
from tests.support.fake_session import FakeSession
from tests.support.ollama_replay import OllamaReplay

PROGRAM = Path("/usr/local/bin/ollama")


@pytest.fixture
async def ollama(app: App) -> AsyncIterator[OllamaReplay]:
    async with OllamaReplay() as replay:
        await app.settings.put(OLLAMA_HOST, replay.host)
        yield replay


async def entered(step: BrainStep) -> None:
    step.enter()
    await step.needs.tasks.idle()


async def test_ollama_that_sleeps_is_started_with_one_click(
    app: App, session: FakeSession, ollama: OllamaReplay
) -> None:
    await ollama.go_down()
    started: list[Path] = []

    async def look() -> Shelf:
        seen = await shelf.look(app.roles)
        return seen if seen.ollama_version else replace(seen, program=PROGRAM)

    async def start(program: Path) -> Any:
        started.append(program)
        await ollama.__aenter__()

    step = BrainStep(replace(guide_needs(app, session), look=look, start_ollama=start))
    await entered(step)
    assert step.said.text() == "Ollama is installed, but not running."
    assert step.start.isVisibleTo(step)
    assert not step.get.isVisibleTo(step)
    step.start.click()
    await step.needs.tasks.idle()
    assert started == [PROGRAM]
    assert step.said.text() == "Ollama is here, with a model that fits."
    assert not step.start.isVisibleTo(step)
    step.deleteLater()


async def test_where_it_is_not_installed_there_is_the_way_to_it(
    app: App, session: FakeSession, ollama: OllamaReplay
) -> None:
    await ollama.go_down()

    async def look() -> Shelf:
        return replace(await shelf.look(app.roles), program=None)

    step = BrainStep(replace(guide_needs(app, session), look=look))
    await entered(step)
    assert step.get.isVisibleTo(step)
    assert not step.start.isVisibleTo(step)
    step.deleteLater()
