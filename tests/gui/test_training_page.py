"""Training: whoever agreed becomes an echo before the host's eyes, and stops being one at a word."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from core.app import App
from core.echo import building
from core.echo.consent import Consent, Request
from core.echo.sessions import Here
from core.safety.access import Asker
from db import channels, echo_sessions, people
from db.channels import StoredChannel
from db.echo_sessions import StoredReply
from gui.models.echoes import BELOW, RIGHT
from gui.pages.training import TrainingPage
from tests.support.echo_history import ALICE, BOB, FIRST, GUILD, written
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles

HOST = Asker(0, is_host=True)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "_TRIAL", 4)


@pytest.fixture
def speaking(app: App) -> FakeBrain:
    brain = FakeBrain("i think so too..")
    app.desk.roles = FakeRoles(brain)  # type: ignore[assignment]
    return brain


def _said(widget: Any) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget))


async def asked_for(app: App) -> Consent:
    until = FIRST + timedelta(days=400)
    return await app.echoes.ask(Request(GUILD, "Harbour", ALICE, "Alice", until), HOST, "The host")


async def ready(app: App) -> Consent:
    """Alice's echo, built from a history."""
    await app.echoes.connect(written(900, 300))
    consent = await asked_for(app)
    await app.echoes.accept(consent.id, Asker(ALICE, GUILD))
    async with asyncio.timeout(60):
        while (job := (await app.echoes.jobs.recent(1))[0]).state in ("queued", "running"):
            await asyncio.sleep(0.01)
    assert job.state == "done", app.echoes.jobs.trouble(job)
    return consent


@pytest.fixture
async def met_on_discord(app: App) -> None:
    place = StoredChannel("discord", GUILD, 5, "general", True, FIRST, guild_name="Harbour")
    await app.store.run(people.meet, "discord", BOB, GUILD, "Bob", False, FIRST)
    await app.store.run(channels.seen, place)


def page_of(app: App) -> TrainingPage:
    return TrainingPage(app.echoes, app.bus, app.config.clock.now, UTC)


async def test_with_no_echo_it_says_what_one_is(app: App, shown: Any) -> None:
    page = page_of(app)
    await shown(page)
    assert page.states.state == "empty"
    assert "An echo writes in the manner of somebody who agreed to that." in _said(page)


async def test_a_request_waits_in_the_list_until_they_answer(app: App, shown: Any) -> None:
    await asked_for(app)
    page = page_of(app)
    await shown(page)
    assert page.states.state == "full"
    index = page.model.index(0, 0)
    assert index.data() == "Alice · echo"
    assert index.data(BELOW) == "waits for their answer"
    assert "messages before" in page.about.text()
    assert page.steps.isHidden()
    assert page.fidelity.isHidden()
    await app.echoes.decline(1, Asker(ALICE, GUILD))
    await page.tasks.idle()
    assert page.states.state == "empty"


async def test_what_was_built_is_shown_with_its_figures_samples_and_habits(
    app: App, shown: Any, speaking: FakeBrain
) -> None:
    await ready(app)
    page = page_of(app)
    await shown(page)
    assert page.model.index(0, 0).data(BELOW) == "ready"
    assert page.model.index(0, 0).data(RIGHT).endswith("%")
    assert "Sounds like them:" in page.fidelity.told.text()
    assert "(their real messages score 100 %)" in page.fidelity.told.text()
    assert "Made from" in page.fidelity.made.text()
    assert "i think so too.." in _said(page.samples)
    assert "smiley" in page.style_card.habits.accessibleDescription()
    assert "Done on" in page.steps.told.text()
    assert page.steps.cancel.isHidden()
    page.steps.fold.click()
    assert "The echo is ready." in _said(page.steps)
    assert "agreed" in _said(page.consent)


async def test_a_session_is_stopped_from_here(
    app: App, shown: Any, speaking: FakeBrain, monkeypatch: pytest.MonkeyPatch
) -> None:
    consent = await ready(app)
    session = await app.echoes.sessions.start(consent.id, Here("discord", GUILD, 5, "general"), HOST)
    reply = StoredReply(0, session.id, consent.id, FIRST, 1, BOB, 900, "so be it", "fake", 3, 10, 20, 1)
    await app.store.run(echo_sessions.keep_reply, reply)
    await app.echoes.talk.vote(900, BOB, up=True)

    async def memory() -> int:
        return 2 * 1024**3

    monkeypatch.setattr(app.echoes.maintenance, "memory", memory)
    page = page_of(app)
    await shown(page)
    assert page.model.index(0, 0).data(BELOW) == "talking in one channel"
    assert "#general since" in _said(page.places)
    assert "👍 1 · 👎 0" in _said(page.places)
    assert "Memory of the model: 2.0 GB" in _said(page.places)
    (stop,) = [each for each in page.places.findChildren(QPushButton) if "general" in each.accessibleName()]
    stop.click()
    await page.tasks.idle()
    assert await app.echoes.sessions.active() == []
    assert "Nowhere now." in _said(page.places)


async def test_ending_it_asks_once_and_leaves_nothing(app: App, shown: Any, speaking: FakeBrain) -> None:
    await ready(app)
    page: Any = page_of(app)
    toasts = await shown(page)
    page.revoke.click()
    assert "This cannot be undone." in page.sure_words.text()
    page.no.click()
    assert page.sure.isHidden()
    page.revoke.click()
    page.yes.click()
    await page.tasks.idle()
    assert [toast.text for toast in toasts] == ["Everything made for this echo is erased."]
    assert page.states.state == "empty"
    assert await app.echoes.library.cards() == []


async def test_the_host_asks_somebody_and_hears_what_is_wrong_with_a_date(
    app: App, shown: Any, met_on_discord: None
) -> None:
    page = page_of(app)
    await shown(page)
    page.new.click()
    await page.tasks.idle()
    assert page.request.person.itemText(0) == "Bob on Harbour"
    page.request.date.put("5.1.26")
    page.request.ask.click()
    await page.tasks.idle()
    assert "5.1.26 is not a date." in page.request.wrong.text()
    page.request.date.put("01.02.2024")
    page.request.ask.click()
    await page.tasks.idle()
    (consent,) = await app.echoes.consents.of("discord", BOB)
    assert (consent.state, consent.asked_by_name) == ("asked", "The host")
    assert consent.cutoff == datetime(2024, 2, 1, tzinfo=UTC)
    assert page.request.isHidden()


async def test_the_hosts_own_messages_come_from_a_file(
    app: App, shown: Any, speaking: FakeBrain, tmp_path: Path
) -> None:
    lines = written(900, 300).of(ALICE)
    rows = "\n".join(f'{ALICE},alice,{line.sent_at.isoformat()},"{line.text}"' for line in lines)
    file = tmp_path / "export.csv"
    file.write_text(f"AuthorID,Author,Date,Content\n{rows}\n", "utf-8")
    page = page_of(app)
    await shown(page)
    page.new.click()
    await page.tasks.idle()
    page.request.way._buttons["file"].click()
    page.request.name.put("alice")
    page.request.take_file(file)
    page.request.ask.click()
    async with asyncio.timeout(60):
        while not (jobs := await app.echoes.jobs.recent(1)) or jobs[0].state in ("queued", "running"):
            await asyncio.sleep(0.02)
    await page.tasks.idle()
    assert page.request.wrong.text() == ""
    assert jobs[0].state == "done"
    assert page.model.index(0, 0).data() == "alice · echo"
