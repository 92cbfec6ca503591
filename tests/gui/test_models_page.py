"""The models page: what is here, what fits, who does what; and what to do when Ollama is not there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.app import App
from core.errors import BrainBroke
from core.llm import ollama_start
from core.llm.brain import Role
from core.llm.machine import GIB
from core.settings import CHAT_MODEL, OLLAMA_HOST
from gui.models.brains import COLUMNS, BrainsModel
from gui.pages.models import ModelsPage
from tests.support.ollama_replay import OllamaReplay, says


@pytest.fixture
async def ollama(app: App) -> AsyncIterator[OllamaReplay]:
    async with OllamaReplay() as replay:
        replay.models["big:latest"] = (2 * GIB, "show_tools")
        replay.models["giant:latest"] = (4000 * GIB, "show")
        await app.settings.put(OLLAMA_HOST, replay.host)
        yield replay


@pytest.fixture
async def page(app: App, ollama: OllamaReplay, shown: Any) -> ModelsPage:
    made = ModelsPage(app.roles, app.settings, app.config.clock, app.bus)
    made.toasts = await shown(made)  # type: ignore[attr-defined]
    return made


def cells(model: BrainsModel, row: int) -> dict[str, str]:
    return {str(COLUMNS[column]): model.index(row, column).data() for column in range(model.columnCount())}


async def test_it_says_what_is_here_what_it_can_and_what_fits(page: ModelsPage) -> None:
    rows = [cells(page.shelf.model, row) for row in range(page.shelf.model.rowCount())]
    by_name = {row["Model"]: row for row in rows}
    assert by_name["giant:latest"]["On this computer"] == "too large"
    assert by_name["big:latest"]["On this computer"] == "fits"
    assert by_name["big:latest"]["Can"] == "write, use tools"
    assert by_name["gemma270:latest"]["Reads"] == "32k tokens"
    assert "Starter brain" in by_name
    assert "0.32.15" in page.shelf.server.text()
    assert page.trouble.isHidden()


async def test_a_choice_holds_at_once_and_can_be_taken_back(app: App, page: ModelsPage) -> None:
    row = page.rows[Role.CHAT]
    assert row.now.text() == "Now big:latest."
    row.combo.setCurrentIndex(row.choices.row_of("ollama:gemma270:latest"))
    row.combo.activated.emit(row.combo.currentIndex())
    await page.tasks.idle()
    assert await app.settings.get(CHAT_MODEL) == "ollama:gemma270:latest"
    assert (await app.roles.choose(Role.CHAT)).model == "gemma270:latest"
    assert row.now.text() == "Now gemma270:latest."
    toast = page.toasts[-1]  # type: ignore[attr-defined]
    assert toast.act == "Undo"
    toast.on_act()
    await page.tasks.idle()
    assert await app.settings.get(CHAT_MODEL) == "auto"


async def test_a_chosen_model_that_is_gone_is_said_and_stays_choosable(app: App, page: ModelsPage) -> None:
    await app.settings.put(CHAT_MODEL, "ollama:lost")
    await page.tasks.idle()
    row = page.rows[Role.CHAT]
    assert row.combo.currentText() == "lost (not here)"
    assert row.now.text().startswith("Now big:latest")
    assert "the model lost is not installed" in row.now.text()


async def test_trying_it_out_shows_the_answer_and_the_speed(ollama: OllamaReplay, page: ModelsPage) -> None:
    ollama.script("/api/chat", says("The sea ", "<b>hums</b>.", eval_count=40, eval_duration=2 * 10**9))
    page.trial.question.setText("And the sea?")
    page.trial.ask.click()
    assert page.trial.stop.isVisibleTo(page.trial)
    await page.tasks.idle()
    assert page.trial.answer.text.text() == "The sea <b>hums</b>."
    assert "20 tokens/s" in page.trial.answer.by.text()
    assert page.trial.ask.isVisibleTo(page.trial)


async def test_a_model_that_breaks_while_tried_is_a_sentence(
    page: ModelsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(role: Role) -> None:
        raise BrainBroke(model="big", detail="no memory")

    monkeypatch.setattr(page._roles, "choose", broken)
    page.trial.ask.click()
    await page.tasks.idle()
    assert page.trial.answer.text.text().startswith("The model big stopped in the middle: no memory.")


async def test_without_ollama_it_says_what_to_do_and_shows_what_is_left(
    ollama: OllamaReplay, page: ModelsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ollama_start, "find", lambda _: None)
    await ollama.go_down()
    page.refresh.click()
    await page.tasks.idle()
    assert not page.trouble.isHidden()
    assert "does not answer" in page.trouble.what.text()
    assert page.trouble.step.text()
    assert page.trouble.act.text() == "Get Ollama"
    table = page.shelf.model
    assert [cells(table, row)["Model"] for row in range(table.rowCount())] == ["Starter brain"]
    assert "Ollama does not answer" in page.rows[Role.CHAT].now.text()
