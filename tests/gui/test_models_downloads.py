"""Getting, trying, unloading and deleting models on the models page, and starting Ollama from it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from PySide6.QtWidgets import QLabel

from core.app import App
from core.clock import SystemClock
from core.errors import OllamaWontStart
from core.llm import ollama_start
from core.llm.brain import Role
from core.llm.download import Fetching, Phase
from core.llm.machine import GIB, GraphicsCard, Machine
from core.settings import CHAT_MODEL, OLLAMA_HOST
from core.words import T
from gui import links
from gui.pages.models import ModelsPage
from gui.widgets.advice_card import machine_words, model_name
from gui.widgets.delete_model import DeleteModelDialog
from gui.widgets.download_row import DownloadRow
from tests.support.ollama_replay import OllamaReplay, error, lines, recorded, says, stream

MB = 1_000_000
WHOLE = (
    {"status": "pulling manifest"},
    {"status": "pulling aa", "digest": "sha256:aa", "completed": 4 * MB, "total": 10 * MB},
    {"status": "pulling aa", "digest": "sha256:aa", "completed": 10 * MB, "total": 10 * MB},
    {"status": "verifying sha256 digest"},
    {"status": "success"},
)


@pytest.fixture
async def ollama(app: App) -> AsyncIterator[OllamaReplay]:
    async with OllamaReplay() as replay:
        replay.models["big:latest"] = (2 * GIB, "show_tools")
        await app.settings.put(OLLAMA_HOST, replay.host)
        yield replay


@pytest.fixture
async def page(app: App, ollama: OllamaReplay, shown: Any) -> ModelsPage:
    made = ModelsPage(app.roles, app.settings, SystemClock(), app.bus)
    made._machine = Machine(32 * GIB)
    made.toasts = await shown(made)  # type: ignore[attr-defined]
    return made


def told(page: ModelsPage) -> list[str]:
    return [toast.text for toast in page.toasts]  # type: ignore[attr-defined]


def choose(page: ModelsPage, setting: str) -> None:
    page.shelf.table.selectRow(page.shelf.model.row_of(setting))


async def until(done: Any) -> None:
    async with asyncio.timeout(10):
        while not done():
            await asyncio.sleep(0)


# --- getting -----------------------------------------------------------------------------------


async def test_a_model_that_is_advised_arrives_and_is_said_to_be_here(
    ollama: OllamaReplay, page: ModelsPage
) -> None:
    async def arrives(request: web.Request, body: Any) -> web.StreamResponse:
        ollama.models[body["model"]] = (10 * MB, "show")
        return await stream(request, list(WHOLE))

    ollama.script("/api/pull", arrives)
    row = next(made for made in page.advice.rows if made.model == "qwen3:8b")
    row.get.click()
    assert not row.get.isEnabled()
    assert list(page.downloads.rows) == ["qwen3:8b"]
    await page.tasks.idle()
    assert "qwen3:8b is here" in told(page)
    assert page.downloads.rows == {}
    assert page.shelf.model.row_of("ollama:qwen3:8b") >= 0
    fresh = next(made for made in page.advice.rows if made.model == "qwen3:8b")
    assert fresh.here is not None
    assert fresh.get.isHidden()


async def test_a_download_can_be_stopped_and_goes_on(ollama: OllamaReplay, page: ModelsPage) -> None:
    for_ever = asyncio.Event()

    async def endless(request: web.Request, body: Any) -> web.StreamResponse:
        return await stream(request, list(WHOLE), pause_after=2, until=for_ever)

    ollama.script("/api/pull", endless, lines(*WHOLE))
    page.advice.name.setText("llama3.2:3b")
    page.advice.get.click()
    row = page.downloads.rows["llama3.2:3b"]
    await until(lambda: row.now.done == 4 * MB)
    assert "40 % (4 MB of 10 MB)" in row.said.text()
    assert row.bar.value() == 400
    page.downloads.begin("llama3.2:3b")  # pressed twice
    row.stop.click()
    await page.tasks.idle()
    assert row.said.text() == "Stopped at 40 % (4 MB of 10 MB). Ollama keeps what is here until it restarts."
    assert len(ollama.asked("/api/pull")) == 1
    assert told(page) == []
    row.go_on.click()
    await page.tasks.idle()
    assert len(ollama.asked("/api/pull")) == 2
    assert "llama3.2:3b is here" in told(page)


async def test_the_window_can_be_closed_during_a_download_which_goes_on_the_next_time(
    ollama: OllamaReplay, page: ModelsPage, app: App, shown: Any
) -> None:
    for_ever = asyncio.Event()

    async def endless(request: web.Request, body: Any) -> web.StreamResponse:
        return await stream(request, list(WHOLE), pause_after=2, until=for_ever)

    ollama.script("/api/pull", endless, lines(*WHOLE))
    page.advice.name.setText("llama3.2:3b")
    page.advice.get.click()
    await until(lambda: page.downloads.rows["llama3.2:3b"].now.done == 4 * MB)
    async with asyncio.timeout(5):
        await page.end()
    assert told(page) == []
    again = ModelsPage(app.roles, app.settings, SystemClock(), app.bus)
    again.toasts = await shown(again)  # type: ignore[attr-defined]
    again.advice.name.setText("llama3.2:3b")
    again.advice.get.click()
    await again.tasks.idle()
    assert "llama3.2:3b is here" in told(again)


async def test_a_failure_says_why_and_can_be_tried_again_or_put_away(
    ollama: OllamaReplay, page: ModelsPage
) -> None:
    ollama.script("/api/pull", error(400, "invalid model name"))
    page.advice.wanted.emit("lama3")
    await page.tasks.idle()
    row = page.downloads.rows["lama3"]
    assert "Ollama's library has no model of this name" in row.said.text()
    assert "Check the name" in row.said.text()
    assert row.go_on.isVisibleTo(row)
    assert not row.stop.isVisibleTo(row)
    assert "lama3" in told(page)[-1]
    row.away.click()
    assert page.downloads.rows == {}


async def test_the_status_bar_can_follow_and_cancel_it(ollama: OllamaReplay, page: ModelsPage) -> None:
    operations: list[Any] = []
    page.working.connect(operations.append)
    for_ever = asyncio.Event()

    async def endless(request: web.Request, body: Any) -> web.StreamResponse:
        return await stream(request, list(WHOLE), pause_after=2, until=for_ever)

    ollama.script("/api/pull", endless)
    page.advice.wanted.emit("llama3.2:3b")
    shares: list[float] = []
    operations[-1].moving.progressed.connect(lambda share, _: shares.append(share))
    await until(lambda: 0.4 in shares)
    operations[-1].cancel()
    await page.tasks.idle()
    assert page.downloads.rows["llama3.2:3b"].said.text().startswith("Stopped at 40 %")


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (Fetching(), "Asking Ollama's library…"),
        (
            Fetching(Phase.FETCHING, 3300 * MB, 8100 * MB, 21_400_000, 224),
            "40 % (3.3 GB of 8.1 GB) · 21 MB/s · 4 minutes left",
        ),
        (
            Fetching(Phase.FETCHING, 1 * MB, 8100 * MB, 400_000, 20_000),
            "0 % (1 MB of 8.1 GB) · 1 MB/s · 5 h 33 min left",
        ),
        (
            Fetching(Phase.STALLED, 5 * MB, 10 * MB),
            "50 % (5 MB of 10 MB). Nothing arrives just now; Echodeck will connect anew.",
        ),
        (
            Fetching(Phase.WAITING, 5 * MB, 10 * MB, why=T("the connection broke off"), wait_s=5),
            "50 % (5 MB of 10 MB). the connection broke off; trying again in 5 s.",
        ),
        (Fetching(Phase.CHECKING, 10 * MB, 10 * MB), "All of it is here; Ollama is checking it."),
    ],
)
def test_what_a_download_says(now: Fetching, words: str) -> None:
    row = DownloadRow("m")
    row.show_now(now)
    assert row.said.text() == words
    assert row.accessibleName() == f"m: {words}"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  llama3.2:3b ", "llama3.2:3b"),
        ("ollama pull qwen3:8b", "qwen3:8b"),
        ("ollama  run hf.co/me/it:Q4", "hf.co/me/it:Q4"),
        ("two words", ""),
        ("", ""),
    ],
)
def test_what_was_typed_or_pasted(typed: str, name: str) -> None:
    assert model_name(typed) == name


def test_what_this_computer_has_in_words() -> None:
    card = (GraphicsCard("RTX 4070", 12 * GIB),)
    assert "RTX 4070 with 12 GB" in machine_words(Machine(32 * GIB, card), elsewhere=False)
    assert "no graphics card" in machine_words(Machine(8 * GIB), elsewhere=False)
    assert "shares" in machine_words(Machine(16 * GIB, unified=True), elsewhere=False)
    assert "another computer" in machine_words(Machine(8 * GIB), elsewhere=True)


async def test_looking_again_leaves_the_focus_where_it_was(page: ModelsPage) -> None:
    before = page.advice.rows[0]
    page.refresh.click()
    await page.tasks.idle()
    assert page.advice.rows[0] is before


async def test_the_advice_names_one_best_of_each_kind_its_size_and_its_licence(page: ModelsPage) -> None:
    assert [row.model for row in page.advice.rows if row.best is not None] == [
        "qwen3:8b",
        "qwen3:1.7b",
        "bge-m3",
    ]
    row = next(made for made in page.advice.rows if made.model == "gemma3:12b")
    assert row.about.text() == "8.1 GB · fits · Gemma Terms licence, with conditions"


# --- what is here ------------------------------------------------------------------------------


async def test_what_a_model_is_used_for_and_what_it_takes(ollama: OllamaReplay, page: ModelsPage) -> None:
    choose(page, "ollama:gemma270:latest")  # in memory, as the recording has it
    assert page.shelf.about.text().endswith("can write · takes 287 MB of memory now")
    assert "gemma3" in page.shelf.about.text()
    row = page.shelf.model.row_of("ollama:big:latest")
    assert page.shelf.model.index(row, 6).data() == "chat"
    choose(page, "starter")
    assert page.shelf.delete.isHidden()
    assert page.shelf.unload.isHidden()


async def test_a_model_is_put_to_use_from_its_row(app: App, page: ModelsPage) -> None:
    choose(page, "ollama:gemma270:latest")
    chat = page.shelf.menu.actions()[0]
    assert (chat.text(), chat.isChecked()) == ("Chat", False)
    chat.trigger()
    await page.tasks.idle()
    assert await app.settings.get(CHAT_MODEL) == "ollama:gemma270:latest"
    assert page.shelf.chosen is not None
    assert page.shelf.chosen.info.name == "gemma270:latest"
    assert page.shelf.menu.actions()[0].isChecked()


async def test_unloading_gives_the_memory_back(ollama: OllamaReplay, page: ModelsPage) -> None:
    async def unloaded(request: web.Request, body: Any) -> web.StreamResponse:
        done = {"model": body["model"], "created_at": "2026-11-21T04:40:12Z", "response": "", "done": True}
        return web.json_response({**done, "done_reason": "unload"})

    ollama.script("/api/generate", unloaded)
    choose(page, "ollama:gemma270:latest")
    page.shelf.unload.click()
    await page.tasks.idle()
    asked = ollama.asked("/api/generate")[0]
    assert (asked["model"], asked["keep_alive"], asked.get("prompt", "")) == ("gemma270:latest", 0, "")
    assert "gemma270:latest is no longer in memory" in told(page)


async def test_deleting_says_first_what_goes_and_then_offers_it_again(
    ollama: OllamaReplay, page: ModelsPage
) -> None:
    choose(page, "ollama:big:latest")
    page.shelf.delete.click()
    dialog = page.findChild(DeleteModelDialog)
    assert dialog is not None
    words = " ".join(made.text() for made in dialog.findChildren(QLabel))
    assert "big:latest" in words
    assert "2.1 GB" in words
    assert "It writes the replies now." in words
    assert ollama.asked("/api/delete") == []

    async def deleted(request: web.Request, body: Any) -> web.StreamResponse:
        del ollama.models["big:latest"]
        return await recorded("delete")(request, body)

    ollama.script("/api/delete", deleted)
    dialog.ok.click()
    await page.tasks.idle()
    assert page.shelf.model.row_of("ollama:big:latest") == -1
    toast = page.toasts[-1]  # type: ignore[attr-defined]
    assert toast.act == "Download again"
    ollama.script("/api/pull", lines(*WHOLE))
    toast.on_act()
    await page.tasks.idle()
    assert ollama.asked("/api/pull")[0]["model"] == "big:latest"


async def test_whoever_thinks_again_keeps_it(ollama: OllamaReplay, page: ModelsPage) -> None:
    choose(page, "ollama:big:latest")
    page.shelf.delete.click()
    dialog = page.findChild(DeleteModelDialog)
    assert dialog is not None
    dialog.reject()
    await page.tasks.idle()
    assert ollama.asked("/api/delete") == []


async def test_any_model_can_be_tried_not_only_the_chosen_one(ollama: OllamaReplay, page: ModelsPage) -> None:
    ollama.script("/api/chat", says("blue", eval_count=30, eval_duration=2 * 10**9))
    choose(page, "ollama:gemma270:latest")
    page.shelf.try_it.click()
    assert page.trial.setting == "ollama:gemma270:latest"
    page.trial.ask.click()
    await page.tasks.idle()
    assert page.trial.answer.by.text().startswith("gemma270:latest · 15 tokens/s")
    assert ollama.asked("/api/chat")[0]["model"] == "gemma270:latest"


async def test_an_ollama_without_models_says_what_to_do_first(ollama: OllamaReplay, page: ModelsPage) -> None:
    ollama.models.clear()
    page.refresh.click()
    await page.tasks.idle()
    assert not page.shelf.nothing.isHidden()
    assert all(row.get.isEnabled() for row in page.advice.rows)


# --- Ollama itself -----------------------------------------------------------------------------


async def test_ollama_that_sleeps_is_started_from_here(
    ollama: OllamaReplay, page: ModelsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ollama.go_down()
    monkeypatch.setattr(ollama_start, "find", lambda _: Path("/usr/local/bin/ollama"))
    started: list[Path] = []

    async def start(program: Path, *_: Any) -> object:
        started.append(program)
        await ollama.__aenter__()
        return object()

    monkeypatch.setattr(ollama_start, "start", start)
    page.refresh.click()
    await page.tasks.idle()
    assert page.trouble.act.text() == "Start Ollama"
    assert "not running" in page.trouble.step.text()
    assert not any(row.get.isEnabled() for row in page.advice.rows)
    assert "Ollama fetches them" in page.advice.able.text()
    page.trouble.act.click()
    assert not page.trouble.act.isEnabled()
    await page.tasks.idle()
    assert started == [Path("/usr/local/bin/ollama")]
    assert page.trouble.isHidden()
    assert "Ollama is running" in told(page)
    assert page.shelf.model.row_of("ollama:big:latest") >= 0


async def test_an_ollama_that_does_not_start_says_why(
    ollama: OllamaReplay, page: ModelsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ollama.go_down()
    monkeypatch.setattr(ollama_start, "find", lambda _: Path("/usr/local/bin/ollama"))

    async def start(*_: Any) -> object:
        raise OllamaWontStart(detail="no library")

    monkeypatch.setattr(ollama_start, "start", start)
    page.refresh.click()
    await page.tasks.idle()
    page.trouble.act.click()
    await page.tasks.idle()
    assert page.trouble.what.text() == "Ollama could not be started: no library."
    assert page.trouble.act.isEnabled()


async def test_where_ollama_is_missing_the_link_to_it_opens_and_nothing_is_downloaded(
    ollama: OllamaReplay, page: ModelsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ollama.go_down()
    monkeypatch.setattr(ollama_start, "find", lambda _: None)
    opened: list[str] = []
    monkeypatch.setattr(links, "open_link", opened.append)
    page.refresh.click()
    await page.tasks.idle()
    page.trouble.act.click()
    assert opened == [links.OLLAMA]


async def test_ollama_on_another_computer_is_not_started_from_here(
    app: App, page: ModelsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted: list[str] = []
    page.wanted.connect(wanted.append)
    monkeypatch.setattr(ollama_start, "find", lambda _: Path("/usr/local/bin/ollama"))
    monkeypatch.setattr(ollama_start, "is_here", lambda _: False)
    await app.settings.put(OLLAMA_HOST, "http://127.0.0.1:9")
    await page.tasks.idle()
    assert page.trouble.act.text() == "Settings"
    page.trouble.act.click()
    assert wanted == ["settings"]


async def test_scoring_and_embedding_can_be_chosen_where_the_model_can(page: ModelsPage) -> None:
    choose(page, "ollama:big:latest")
    assert [act.text() for act in page.shelf.menu.actions()] == ["Chat", "Scoring"]
    assert Role.EMBEDDING in page.rows
