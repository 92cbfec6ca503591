"""The practice page: several invented people, a reply that grows, quiet silences with their reasons."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from PySide6.QtTest import QTest

from core.app import App
from core.clock import SystemClock
from core.persona.identity import sample
from core.settings import BURST_SECONDS
from gui.contents import entries
from gui.models.practice import Kind
from gui.pages.page import Toast
from gui.pages.practice import PracticePage
from gui.widgets.composer import Line
from gui.window import MainWindow
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles
from tests.support.fake_session import FakeSession

HOSTILE = "<b>bold</b> <img src=x> \u202eevil 🦊 " + "long " * 800


@pytest.fixture
def clock() -> SystemClock:
    return SystemClock()


@pytest.fixture
def brain(app: App) -> FakeBrain:
    made = FakeBrain("tea's on", "kettle's boiling")
    app.desk.roles = FakeRoles(made)
    app.desk.speaks = True
    return made


@pytest.fixture
async def page(app: App, brain: FakeBrain, shown: Any) -> PracticePage:
    await app.personas.add(sample("Finn"))
    await app.settings.put(BURST_SECONDS, 0)
    made = PracticePage(app.practice, app.personas, FakeRoles(brain), app.feed, app.bus)  # type: ignore[arg-type]
    made.toasts = await shown(made)  # type: ignore[attr-defined]
    return made


async def settled(app: App, page: PracticePage) -> None:
    """Until every turn has ended and the page has read what came of it."""
    async with asyncio.timeout(10):
        for _ in range(5):
            await page.tasks.idle()
            while app.line.tasks:
                await asyncio.sleep(0)
            await asyncio.sleep(0)


def said(page: PracticePage) -> list[tuple[str, str]]:
    return [(bubble.name, bubble.text) for bubble in page.model.bubbles() if bubble.kind is not Kind.QUIET]


def silences(page: PracticePage) -> list[str]:
    return [bubble.text for bubble in page.model.bubbles() if bubble.kind is Kind.QUIET]


async def test_two_people_talk_and_the_silence_says_why(app: App, page: PracticePage) -> None:
    page.composer.sent.emit(Line("Ada", "hi", True, None))
    await settled(app, page)
    page.composer.sent.emit(Line("Bob", "lovely weather", False, None))
    await settled(app, page)
    assert said(page) == [("Ada", "hi"), ("Finn", "tea's on"), ("Bob", "lovely weather")]
    assert len(silences(page)) == 1
    assert "Bob and Ada were talking to each other" in silences(page)[0]


async def test_the_reply_grows_and_can_be_stopped(app: App, page: PracticePage, brain: FakeBrain) -> None:
    brain.hold = asyncio.Event()
    page.composer.sent.emit(Line("Ada", "hi", True, None))
    async with asyncio.timeout(10):
        while not (brain.requests and page.stop.isVisibleTo(page)):
            await asyncio.sleep(0)
    page.stop.click()
    await settled(app, page)
    assert brain.cancelled == 1
    assert [name for name, _ in said(page)] == ["Ada"]
    assert not page.stop.isVisibleTo(page)


async def test_answering_again_replaces_the_reply(app: App, page: PracticePage) -> None:
    page.composer.sent.emit(Line("Ada", "hi", True, None))
    await settled(app, page)
    page.again.click()
    await settled(app, page)
    assert [text for name, text in said(page) if name == "Finn"] == ["kettle's boiling"]


async def test_emptying_the_room_is_undone_from_the_toast(app: App, page: PracticePage) -> None:
    page.composer.sent.emit(Line("Ada", "hi", True, None))
    await settled(app, page)
    before = said(page)
    page.clear.click()
    await settled(app, page)
    assert said(page) == []
    toast = page.toasts[-1]  # type: ignore[attr-defined]
    toast.on_act()
    await settled(app, page)
    assert said(page) == before


async def test_hostile_words_stay_words(app: App, page: PracticePage) -> None:
    page.composer.sent.emit(Line("<i>Eve</i>", HOSTILE[:3900], False, None))
    await settled(app, page)
    assert said(page)[0][0] == "<i>Eve</i>"
    assert said(page)[0][1].startswith("<b>bold</b> <img src=x>")
    page.view.grab()


async def test_an_empty_room_offers_a_first_line(app: App, page: PracticePage) -> None:
    assert page.openers[0].isVisibleTo(page)
    page.openers[0].click()
    await settled(app, page)
    assert len(said(page)) == 2


async def test_why_shows_what_the_model_read(app: App, page: PracticePage) -> None:
    page.composer.sent.emit(Line("Ada", "hi", True, None))
    await settled(app, page)
    reply = next(bubble for bubble in page.model.bubbles() if bubble.kind is Kind.REPLY)
    page.view.why_wanted.emit(reply.turn_id)
    await settled(app, page)
    assert page.trace.isVisibleTo(page)


async def test_a_reply_is_seen_while_it_is_written_and_once_when_it_is_there(
    app: App, page: PracticePage, brain: FakeBrain
) -> None:
    seen: list[str] = []
    page.model.dataChanged.connect(lambda *_: seen.append(page.model.bubbles()[-1].text))
    page.composer.sent.emit(Line("Ada", "hi", True, None))
    await settled(app, page)
    assert "tea's" in seen
    assert said(page) == [("Ada", "hi"), ("Finn", "tea's on")]


async def test_a_stopped_reply_says_that_it_was_stopped(
    app: App, page: PracticePage, brain: FakeBrain
) -> None:
    brain.hold = asyncio.Event()
    page.composer.sent.emit(Line("Ada", "hi", True, None))
    async with asyncio.timeout(10):
        while not (brain.requests and page.stop.isVisibleTo(page)):
            await asyncio.sleep(0)
    page.stop.click()
    await settled(app, page)
    assert silences(page) == ["stayed silent: the reply was stopped"]


async def test_it_fits_into_the_smallest_window_with_the_reasons_open(app: App, page: PracticePage) -> None:
    page.composer.sent.emit(Line("Ada", "hi", True, None))
    await settled(app, page)
    page.view.why_wanted.emit(page.model.bubbles()[-1].turn_id)
    assert page.trace.isVisibleTo(page)
    assert page.minimumSizeHint().width() <= 792


async def test_what_is_said_in_passing_never_covers_the_button_that_sends(
    app: App, session: FakeSession
) -> None:
    await app.personas.add(sample("Finn"))
    window = MainWindow(entries(app, session), app.bus, app.config.data_dir)
    window.show()
    window.go("practice")
    page = window.made("practice")
    assert isinstance(page, PracticePage)
    await page.tasks.idle()
    QTest.qWait(1)
    card = window.toasts.show(Toast("something that is said in passing " * 6, "info", "Undo"))
    QTest.qWait(1)
    lowest = card.mapToGlobal(card.rect().bottomLeft()).y()
    assert lowest < page.composer.mapToGlobal(page.composer.rect().topLeft()).y()
    window.go("session")
    QTest.qWait(1)
    assert card.mapToGlobal(card.rect().bottomLeft()).y() > lowest
    await window.end()
