"""Session: in one glance, is it alive, what did it just do, is anything wrong, and what to press."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QPushButton

from core.app import App
from core.conversation.message import Author, IncomingMessage, Place, Realm
from core.errors import DiscordUnreachable, TokenRefused, explain
from core.feed import Feed
from core.persona.identity import sample
from core.session import SessionState, SessionStatus
from core.settings import BURST_SECONDS
from gui.pages.session import SessionPage
from gui.widgets.lights import Light
from tests.support.fake_session import FakeSession

PLACE = Place(Realm.DISCORD, 5, "general", guild_id=1, guild_name="Harbour")


class Door:
    self_id = 9

    def __init__(self) -> None:
        self.posted: list[str] = []

    def typing(self, place: Place) -> Any:
        return nullcontext()

    def writing(self, turn_id: str, text: str) -> None: ...

    async def already_posted(self, place: Place, text: str, answers: int) -> int | None:
        return None

    async def post(self, place: Place, text: str, nonce: str, answers: int | None) -> int:
        self.posted.append(text)
        return 1000 + len(self.posted)


async def _asked() -> Light:
    return Light("good", "llama3.2:3b")


@pytest.fixture
async def page(app: App, session: FakeSession, shown: Any) -> SessionPage:
    made = SessionPage(session, app.feed, app.bus, _asked, Light("good", "saved"))
    made.toasts = await shown(made)  # type: ignore[attr-defined]
    return made


async def _happen(app: App, page: SessionPage, text: str, number: int, to_bot: bool) -> None:
    message = IncomingMessage(
        number, PLACE, Author(3, "Ada"), text, app.config.clock.now() + timedelta(seconds=number), to_bot
    )
    await app.line.take(message, Door())
    while app.line.tasks:
        await asyncio.gather(*app.line.tasks)
    await _settled(page)


async def _settled(page: SessionPage) -> None:
    """What happened within one breath of the page is shown after it."""
    for _ in range(2):
        await page.tasks.idle()
        page._refresh._breathed()
    await page.tasks.idle()


def _said(page: Any) -> str:
    QCoreApplication.sendPostedEvents()  # a layout shows what was put into it a moment later
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


async def test_start_goes_online_and_the_button_becomes_stop(page: SessionPage) -> None:
    assert page.switch.text() == "Start"
    assert page.pill.words.text() == "stopped"
    page.switch.click()
    await page.tasks.idle()
    assert page.pill.words.text() == "online as Finn"
    assert page.switch.text() == "Stop"
    assert page.discord.light.words == "online · 42 ms"
    assert page.brain.light.words == "llama3.2:3b"
    page.switch.click()
    await page.tasks.idle()
    assert page.pill.words.text() == "stopped"
    assert page.switch.text() == "Start"


async def test_a_refused_token_says_why_and_opens_the_guide(page: SessionPage, session: FakeSession) -> None:
    wanted: list[str] = []
    page.wanted.connect(wanted.append)
    session.become(SessionStatus(SessionState.FAILED, explain(TokenRefused())))
    assert page.trouble.what.text() == "Discord does not accept this token."
    assert "reset the bot's token" in page.trouble.step.text()
    page.trouble.act.click()
    assert wanted == ["guide:token"]


async def test_a_lost_connection_can_be_tried_again(page: SessionPage, session: FakeSession) -> None:
    session.become(SessionStatus(SessionState.FAILED, explain(DiscordUnreachable())))
    assert page.trouble.act.text() == "Try again"
    page.trouble.act.click()
    await page.tasks.idle()
    assert session.status.state is SessionState.ONLINE
    assert page.trouble.isHidden()


async def test_while_it_reconnects_there_is_nothing_to_press(page: SessionPage, session: FakeSession) -> None:
    session.become(SessionStatus(SessionState.RECONNECTING, explain(DiscordUnreachable())))
    assert page.pill.words.text() == "reconnecting"
    assert page.trouble.isVisibleTo(page)
    assert page.trouble.act.isHidden()
    assert page.switch.text() == "Stop"


async def test_turns_appear_as_they_end_with_why(app: App, page: SessionPage) -> None:
    await app.personas.add(sample("Finn"))
    await app.settings.put(BURST_SECONDS, 0)
    await _happen(app, page, "nice weather", 1, False)
    await _happen(app, page, "@Finn how are you?", 2, True)
    rows = [page.model.index(row, 0).data() for row in range(page.model.rowCount())]
    assert rows == ["replied to Ada", "stayed silent: Ada was talking to the room"]
    page.list.clicked.emit(page.model.index(0, 0))
    said = _said(page.trace)
    assert "because Ada mentioned Finn" in said
    assert "What the model read" in said
    assert any("Who it is" in button.text() for button in page.trace.findChildren(QPushButton))
    page.filter.choose("silent")
    page.filter.chosen.emit("silent")
    await page.tasks.idle()
    assert page.model.rowCount() == 1


async def test_a_busy_minute_is_read_a_few_times_only_and_nothing_is_missed(
    app: App, page: SessionPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await app.personas.add(sample("Finn"))
    await app.settings.put(BURST_SECONDS, 0)
    read = 0
    today = Feed.today

    async def counted(feed: Feed, realm: str) -> Any:
        nonlocal read
        read += 1
        return await today(feed, realm)

    monkeypatch.setattr(Feed, "today", counted)
    page._refresh._breath.setInterval(60_000)  # the test breathes by itself, however slow the machine is
    for number in range(12):
        message = IncomingMessage(
            number + 1, PLACE, Author(3, "Ada"), "rain again", app.config.clock.now(), False
        )
        await app.line.take(message, Door())
    while app.line.tasks:
        await asyncio.gather(*app.line.tasks)
    await _settled(page)
    assert page.model.rowCount() == 12
    assert read <= 4


async def test_numbers_count_with_the_turns(app: App, page: SessionPage) -> None:
    await app.personas.add(sample("Finn"))
    await app.settings.put(BURST_SECONDS, 0)
    await _happen(app, page, "@Finn hello", 1, True)
    said = _said(page)
    assert "It spoke in 1 of 1 turns." in said


async def test_an_empty_feed_says_what_to_do_next(page: SessionPage, session: FakeSession) -> None:
    assert "Nothing has happened yet" in _said(page)
    session.become(SessionStatus(SessionState.ONLINE, name="Finn"))
    assert "Mention it on your server" in _said(page)
    assert "It is on no server yet." in _said(page)


async def test_what_people_write_stays_text(app: App, page: SessionPage) -> None:
    await app.personas.add(sample("Finn"))
    await app.settings.put(BURST_SECONDS, 0)
    await _happen(app, page, "<img src=x> @Finn <b>hi</b>", 1, True)
    page.list.clicked.emit(page.model.index(0, 0))
    for label in page.trace.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
    assert "<img src=x> @Finn <b>hi</b>" in _said(page.trace)


async def test_a_page_that_ended_hears_no_more(app: App, page: SessionPage, session: FakeSession) -> None:
    await page.end()
    session.become(SessionStatus(SessionState.ONLINE, name="Finn"))
    assert page.pill.words.text() == "stopped"
