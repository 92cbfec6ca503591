"""Privacy: what is stored about whom, how long, what people are told, who tried what, and the end of it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from core.app import App, Config, open_app
from core.keeping import KEEP_MESSAGES, KEEP_TRACES
from core.persona.identity import KeptPersona, sample
from core.settings import OLLAMA_HOST
from db import attempts, servers
from db import people as known
from db.attempts import StoredAttempt
from gui.pages.privacy import PrivacyPage
from tests.support.lived import hears

ADA, BOB = 21, 22
HOUR = timedelta(hours=1)


@pytest.fixture
async def finn(app: App) -> KeptPersona:
    return await app.personas.add(sample("Finn"))


@pytest.fixture
async def met(app: App, finn: KeptPersona) -> KeptPersona:
    await hears(app, finn, 1, ADA, "Ada", "thank you, you are wonderful", ago=30 * HOUR)
    await hears(app, finn, 2, BOB, "Bob", "hello there", ago=20 * HOUR)
    await hears(app, finn, 3, ADA, "Ada L.", "I love talking to you", ago=2 * HOUR)
    return finn


def _page(app: App) -> PrivacyPage:
    now = app.config.clock.now
    return PrivacyPage(app.privacy, app.holdings, app.settings, app.personas, app.bus, now)


@pytest.fixture
async def page(app: App, met: KeptPersona, shown: Any) -> Any:
    made: Any = _page(app)
    made.toasts = await shown(made)
    return made


def _said(widget: Any) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget))


def _names(page: PrivacyPage) -> list[str]:
    model = page.people.model
    return [model.index(row).data() for row in range(model.rowCount())]


async def _look_at(page: PrivacyPage, view: str) -> None:
    page.look_at(view)
    await page.tasks.idle()


async def test_before_anybody_was_met_it_says_what_it_is_for(app: App, shown: Any) -> None:
    page = _page(app)
    assert page.states.state == "loading"
    await shown(page)
    assert page.states.state == "full"
    assert "Nobody yet" in _said(page)
    assert "What is stored of whom" in _said(page)


async def test_everybody_is_there_with_what_is_stored_of_them(page: Any) -> None:
    assert _names(page) == ["Ada L.", "Bob"]
    assert page.people.person.name.text() == "Ada L."
    told = _said(page.people.person)
    assert "Feelings towards them" in told
    assert "Messages" in told
    assert "Nobody asked to imitate them." in told


async def test_people_are_found_by_a_name_they_had_and_by_their_id(page: Any) -> None:
    for words, found in (("ada", ["Ada L."]), (str(BOB), ["Bob"]), ("nobody", [])):
        page.people.search.setText(words)
        page.people._seek()
        await page.tasks.idle()
        assert _names(page) == found, words
    assert "Nobody found" in _said(page)


async def test_an_export_lies_where_the_host_wants_it_and_is_written_down(page: Any, tmp_path: Path) -> None:
    page.people.person.export.click()
    page.people.dialog.fileSelected.emit(str(tmp_path / "ada.json"))
    page.people.dialog.reject()
    await page.tasks.idle()
    exported = json.loads((tmp_path / "ada.json").read_text("utf-8"))
    assert exported["person"]["name"] == "Ada L."
    assert len(exported["messages"]) == 2
    assert "not encrypted" in page.toasts[-1].text
    await _look_at(page, "watch")
    assert page.watch.log.model.index(0).data() == "Exported · Ada L."


async def test_erasing_asks_first_and_gives_a_receipt(app: App, page: Any) -> None:
    page.people.person.erase.click()
    assert page.people.person.confirm.isVisibleTo(page)
    assert "Erase everything about Ada L.?" in _said(page)
    page.people.person.confirm.no.click()
    await page.tasks.idle()
    assert await app.store.run(known.find, "discord", ADA) is not None
    page.people.person.erase.click()
    page.people.person.confirm.yes.click()
    await page.tasks.idle()
    assert await app.store.run(known.find, "discord", ADA) is None
    assert _names(page) == ["Bob"]
    assert page.people.receipt.isVisibleTo(page)
    assert "Nothing is left of this person." in _said(page.people.receipt)
    await _look_at(page, "watch")
    row = page.watch.log.model.index(0)
    assert row.data() == "Erased"
    assert "by you" in row.data(257 + 1)


async def test_keeping_nothing_more_is_undone_from_the_toast(app: App, page: Any) -> None:
    page.people.person.stop.click()
    await page.tasks.idle()
    assert await app.privacy.stance("discord", ADA) == "opted_out"
    assert page.people.person.stop.text() == "Listen again"
    page.toasts[-1].on_act()
    await page.tasks.idle()
    assert await app.privacy.stance("discord", ADA) == ""


async def test_what_is_stored_is_counted_and_how_long_is_chosen_there(app: App, page: Any) -> None:
    await _look_at(page, "keeping")
    told = _said(page.keeping.stored)
    assert "Messages" in told
    assert "Relationships" in told
    page.keeping.rows[KEEP_MESSAGES.key].put.emit("30")
    await page.tasks.idle()
    assert await app.settings.get(KEEP_MESSAGES) == 30
    page.keeping.rows[KEEP_MESSAGES.key].put.emit("-1")
    await page.tasks.idle()
    assert "0 – 3650 days" in page.keeping.rows[KEEP_MESSAGES.key].wrong.text()
    page.toasts[-1].on_act()
    await page.tasks.idle()
    assert await app.settings.get(KEEP_MESSAGES) == 0


async def test_the_policy_says_what_the_settings_say(app: App, page: Any) -> None:
    await _look_at(page, "policy")
    assert "Messages are kept until somebody deletes them" in page.policy.text
    assert "nothing is sent to a cloud" in page.policy.text
    await app.settings.put(KEEP_MESSAGES, 14)
    await app.settings.put(KEEP_TRACES, 1)
    await app.settings.put(OLLAMA_HOST, "http://brain.example:11434")
    await page.tasks.idle()
    await _look_at(page, "policy")
    assert "Messages are deleted after 14 days" in page.policy.text
    assert "only figures are left after one day" in page.policy.text
    assert "brain.example" in page.policy.text
    assert "nothing is sent to a cloud" not in page.policy.text


async def test_attempts_and_blocks_are_seen(app: App, page: Any) -> None:
    now = app.config.clock.now()
    ada = await app.store.run(known.find, "discord", ADA)
    assert ada is not None
    attempt = StoredAttempt(now, "discord", 7, 8, ada.row_id, None, 1.4, "message", ("override",))
    await app.store.run(attempts.add, attempt)
    await app.store.run(servers.enlist, "discord", 7, BOB, "Bob", servers.BLOCK, ADA, now)
    await _look_at(page, "watch")
    assert page.watch.attempts.model.index(0).data() == "Ada L."
    assert "override" in page.watch.attempts.model.index(0).data(257 + 1)
    assert "Ada L. (1 time)" in page.watch.busiest.text()
    assert page.watch.blocked.model.index(0).data() == "Bob"


async def test_everything_goes_once_the_word_is_typed(
    config: Config, shown: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(config) as app:
        kept = await app.personas.add(sample("Finn"))
        await hears(app, kept, 1, ADA, "Ada", "thank you", ago=HOUR)
        page: Any = _page(app)
        await shown(page)
        closed: list[bool] = []
        window = SimpleNamespace(close=lambda: closed.append(True))
        monkeypatch.setattr(page, "window", lambda: window)
        await _look_at(page, "keeping")
        page.keeping.end.act.click()
        confirm = page.keeping.end.confirm
        assert not confirm.yes.isEnabled()
        confirm.typed.setText("Erase")
        assert confirm.yes.isEnabled()
        confirm.yes.click()
        await page.tasks.idle()
        assert closed == [True]
    left = sorted(path.name for path in config.data_dir.iterdir())
    assert left == ["erased-everything.json", "lock"]
    async with open_app(config) as app:
        assert await app.personas.every() == []
        assert any("Everything was erased" in str(text) for text in app.said)
