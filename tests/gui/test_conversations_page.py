"""The Conversations page: what was said where, why, what the host makes of it, and what else it might say."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from core.app import App
from core.clock import SystemClock
from core.conversation.archive import TOGETHER, Archive, TranscriptLine
from core.memory.notebook import SaidLine
from core.persona.identity import sample
from core.settings import BURST_SECONDS
from db.base import Database
from db.messages import Message
from gui.models.transcript import remark, spoken
from gui.pages.conversations import ConversationsPage
from gui.widgets.trace_sections import FactCard
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles

HOSTILE = "<b>bold</b> <img src=x> \u202eevil 🦊 " + "long " * 300


@pytest.fixture
def clock() -> SystemClock:
    return SystemClock()


@pytest.fixture
def brain(app: App) -> FakeBrain:
    made = FakeBrain("tea's on", "kettle's boiling", "and biscuits")
    app.desk.roles = FakeRoles(made)  # type: ignore[assignment]
    app.desk.speaks = True
    return made


@pytest.fixture
async def finn(app: App, brain: FakeBrain) -> None:
    await app.personas.add(sample("Finn"))
    await app.settings.put(BURST_SECONDS, 0)


def the_page(app: App) -> ConversationsPage:
    return ConversationsPage(
        app.archive, app.feed, app.notebook, app.replay, app.feedback, app.personas, app.bus,
        app.config.clock.now,
    )  # fmt: skip


async def say_it(app: App, name: str, text: str, *, to_bot: bool = True) -> None:
    await app.practice.say(name, text, to_bot=to_bot)
    while app.line.tasks:
        await asyncio.gather(*app.line.tasks)


async def settled(app: App, page: ConversationsPage) -> None:
    async with asyncio.timeout(10):
        for _ in range(6):
            page._refresh._breathed()
            await page.tasks.idle()
            while app.line.tasks:
                await asyncio.gather(*app.line.tasks)
            await asyncio.sleep(0)


def rows(page: ConversationsPage) -> list[TranscriptLine]:
    found = (page.lines_model.line(row) for row in range(page.lines_model.rowCount()))
    return [line for line in found if line is not None]


def words(widget: Any) -> str:
    return "\n".join(made.text() for made in widget.findChildren(QLabel))


async def explained(app: App, page: ConversationsPage, row: int = -1) -> TranscriptLine:
    line = rows(page)[row]
    page.view.why_wanted.emit(line.turn_id)
    await settled(app, page)
    return line


async def test_before_anything_was_said_it_leads_to_the_practice_room(
    app: App, finn: None, shown: Any
) -> None:
    page = the_page(app)
    await shown(page)
    wanted: list[str] = []
    page.wanted.connect(wanted.append)
    assert page.states.state == "empty"
    page.states.currentWidget().findChild(QPushButton).click()
    assert wanted == ["practice"]


async def test_a_conversation_is_read_back_with_the_reasons_for_silences(
    app: App, finn: None, shown: Any
) -> None:
    await say_it(app, "Ada", "hi")
    await say_it(app, "Bob", "lovely weather, Ada", to_bot=False)
    page = the_page(app)
    await shown(page)
    assert [line.text for line in rows(page)] == ["hi", "tea's on", "lovely weather, Ada"]
    assert page.heading_of.whole() == "#practice · Practice"
    quiet = remark(rows(page)[-1])
    assert quiet is not None
    assert quiet.text.startswith("stayed silent: ")
    assert remark(rows(page)[0]) is None
    page.view.grab()


async def test_why_shows_what_it_read_how_it_felt_and_what_it_cost(app: App, finn: None, shown: Any) -> None:
    await say_it(app, "Ada", "hi")
    page = the_page(app)
    await shown(page)
    await explained(app, page)
    told = words(page.inspector)
    for part in ("tea's on", "What the model read", "How it felt", "Rapport", "Model", "Cached"):
        assert part in told
    assert page.inspector.isVisibleTo(page)


async def test_a_silence_has_its_reason_and_its_score(app: App, finn: None, shown: Any) -> None:
    await say_it(app, "Bob", "lovely weather, everybody", to_bot=False)
    page = the_page(app)
    await shown(page)
    await explained(app, page)
    told = words(page.inspector)
    assert "stayed silent" in told
    assert "of 1" in told
    assert not page.inspector.acts["good"].isVisibleTo(page.inspector)


async def test_a_good_reply_is_kept_as_an_example_and_undone_from_the_toast(
    app: App, finn: None, shown: Any
) -> None:
    await say_it(app, "Ada", "hi")
    page = the_page(app)
    toasts = await shown(page)
    await explained(app, page)
    page.inspector.acts["good"].click()
    await settled(app, page)
    active = await app.personas.active()
    assert active is not None
    assert active.persona.examples[-1] == "tea's on"
    assert spoken(rows(page)[-1]).mark == "thumb-up"
    assert page.inspector.acts["good"].isChecked()
    toasts[-1].on_act()
    await settled(app, page)
    active = await app.personas.active()
    assert active is not None
    assert "tea's on" not in active.persona.examples
    assert spoken(rows(page)[-1]).mark == ""
    assert not page.inspector.acts["good"].isChecked()


async def test_never_say_that_reaches_the_persona(app: App, finn: None, shown: Any) -> None:
    await say_it(app, "Ada", "hi")
    page = the_page(app)
    await shown(page)
    await explained(app, page)
    page.inspector.acts["never"].click()
    await settled(app, page)
    active = await app.personas.active()
    assert active is not None
    assert active.persona.never == ("tea's on",)


async def test_the_latest_reply_is_written_anew_and_an_earlier_one_cannot_be(
    app: App, finn: None, shown: Any
) -> None:
    await say_it(app, "Ada", "hi")
    await say_it(app, "Ada", "and now?")
    page = the_page(app)
    await shown(page)
    await explained(app, page, 1)
    assert not page.inspector.acts["reroll"].isEnabled()
    await explained(app, page, -1)
    page.inspector.acts["reroll"].click()
    await settled(app, page)
    assert [line.text for line in rows(page)] == ["hi", "tea's on", "and now?", "and biscuits"]
    assert not page.inspector.isVisibleTo(page)


async def test_a_reply_is_replayed_beside_the_old_one_and_nothing_is_kept(
    app: App, finn: None, shown: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_models() -> list[Any]:
        return []

    monkeypatch.setattr(app.replay, "models", no_models)
    await app.personas.add(sample("Finn").model_copy(update={"name": "Ivy"}))
    await say_it(app, "Ada", "hi")
    page = the_page(app)
    await shown(page)
    await explained(app, page)
    page.inspector.replay.click()
    await settled(app, page)
    assert page.replay.isVisibleTo(page)
    page.replay.personas.setCurrentIndex(page.replay.personas.findText("Ivy"))
    page.replay.start.click()
    await settled(app, page)
    assert page.replay.then.text.text() == "tea's on"
    assert page.replay.now.text.text() == "kettle's boiling"
    assert "Ivy" in page.replay.now.by.text()
    page.replay.closed.emit()
    await settled(app, page)
    assert [line.text for line in rows(page)] == ["hi", "tea's on"]


async def test_a_replay_is_stopped(
    app: App, finn: None, brain: FakeBrain, shown: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_models() -> list[Any]:
        return []

    monkeypatch.setattr(app.replay, "models", no_models)
    await say_it(app, "Ada", "hi")
    page = the_page(app)
    await shown(page)
    await explained(app, page)
    page.inspector.replay.click()
    await settled(app, page)
    brain.hold = asyncio.Event()
    page.replay.start.click()
    async with asyncio.timeout(10):
        while len(brain.requests) < 2:
            await asyncio.sleep(0)
    assert page.replay.stop.isVisibleTo(page)
    page.replay.stop.click()
    await settled(app, page)
    assert brain.cancelled == 1
    assert page.replay.start.isVisibleTo(page)


async def test_what_is_said_meanwhile_appears_by_itself(app: App, finn: None, shown: Any) -> None:
    await say_it(app, "Ada", "hi")
    page = the_page(app)
    await shown(page)
    await say_it(app, "Bob", "me too")
    await settled(app, page)
    assert [line.text for line in rows(page)][-2:] == ["me too", "kettle's boiling"]


async def test_places_are_found_by_name_and_by_who_wrote_there(app: App, finn: None, shown: Any) -> None:
    await say_it(app, "Ada", "hi")
    page = the_page(app)
    await shown(page)
    for field, text, many in (
        (page.places.who, "ada", 1),
        (page.places.who, "nobody", 0),
        (page.places.who, "", 1),
        (page.places.search, "pract", 1),
        (page.places.search, "kitchen", 0),
    ):
        field.setText(text)
        page.places.sought.emit()
        await settled(app, page)
        assert page.places_model.rowCount() == many, text
    assert page.places.states.state == "empty"


async def test_hostile_words_stay_words(app: App, finn: None, shown: Any) -> None:
    await say_it(app, "<i>Eve</i>", HOSTILE)
    page = the_page(app)
    await shown(page)
    await explained(app, page)
    for made in page.inspector.findChildren(QLabel):
        assert made.textFormat() == Qt.TextFormat.PlainText
    page.grab()


async def test_it_fits_into_the_smallest_window_with_the_reasons_open(
    app: App, finn: None, shown: Any
) -> None:
    await say_it(app, "Ada", "hi")
    page = the_page(app)
    await shown(page)
    page.resize(792, 620)
    await explained(app, page)
    assert page.minimumSizeHint().width() <= 792
    assert not page.places.isVisibleTo(page)
    page.step_back()
    assert not page.inspector.isVisibleTo(page)
    assert page.places.isVisibleTo(page)


async def test_the_keyboard_asks_why(app: App, finn: None, shown: Any) -> None:
    await say_it(app, "Ada", "hi")
    page = the_page(app)
    await shown(page)
    page.view.setFocus()
    QTest.keyClick(page.view, Qt.Key.Key_End)
    QTest.keyClick(page.view, Qt.Key.Key_W)
    await settled(app, page)
    assert page.inspector.isVisibleTo(page)


async def test_everything_that_can_be_pressed_has_a_name(app: App, finn: None, shown: Any) -> None:
    await say_it(app, "Ada", "hi")
    page = the_page(app)
    await shown(page)
    await explained(app, page)
    for made in page.findChildren(QPushButton):
        assert made.accessibleName(), made.text()
    for view in (page.view, page.places.list, page.places.search, page.places.who, page.replay.models):
        assert view.accessibleName()


async def test_a_burst_has_one_answer_and_no_remarks(app: App, finn: None) -> None:
    line = TranscriptLine(
        1, 1, 5, "Ada", False, "part one", app.config.clock.now(), False, None, None, "t",
        {"key": TOGETHER, "params": {"who": "Ada"}}, False, (),
    )  # fmt: skip
    assert remark(line) is None


async def test_a_fact_shows_the_messages_it_comes_from(app: App, finn: None, shown: Any) -> None:
    fact = {
        "fact": 3,
        "person": "Ada",
        "text": "lives in Emden",
        "score": 0.71,
        "reason": "It is known of {name}.",
    }
    asked: list[FactCard] = []
    card = FactCard(fact, asked.append)
    assert "fits 0.71" in words(card)
    assert "It is known of Ada." in words(card)
    card.findChild(QPushButton).click()
    said = SaidLine(1, 1, "Ada", False, "general", "Harbour", app.config.clock.now(), "I live in Emden", "")
    asked[0].show_sources([said])
    assert "I live in Emden" in words(card)


def many(db: Database, count: int) -> None:
    first = datetime(2025, 1, 1, tzinfo=UTC)
    names = ("realm", "platform_id", "channel_id", "author_id", "author_name", "is_self", "text", "sent_at")
    fields = [getattr(Message, name) for name in names]
    with db.atomic():
        for begin in range(0, count, 1000):
            Message.insert_many(
                [
                    ("discord", n + 1, 9, n % 7, f"P{n % 7}", n % 5 == 0, f"number {n} " + "word " * (n % 40),
                     first + timedelta(minutes=n))
                    for n in range(begin, begin + 1000)
                ],
                fields=fields,
            ).execute(db)  # fmt: skip


async def test_a_hundred_thousand_messages_open_at_once_and_scroll_anywhere(
    app: App, finn: None, shown: Any, application: QApplication
) -> None:
    await app.store.run(many, 100_000)
    page = the_page(app)
    await shown(page)
    assert page.lines_model.rowCount() == 100_000
    assert page.lines_model.complete
    bottom = page.view.lines.line(page.view._span()[1])
    assert bottom is not None
    assert bottom.text.startswith("number 99999")
    bar, slowest = page.view.verticalScrollBar(), 0.0
    for step in range(40):
        started = perf_counter()
        bar.setValue(bar.maximum() * ((step * 7) % 40) // 40)
        page.view.grab()
        slowest = max(slowest, perf_counter() - started)
        await page.tasks.idle()
    page.view.go_to_beginning()
    await page.tasks.idle()
    page.view.measure()
    top = page.view.lines.line(0)
    assert top is not None
    assert top.text.startswith("number 0")
    assert page.view.rowAt(0) == 0
    assert page.view.go_to(50_000)
    await page.tasks.idle()
    page.view.measure()
    first, last = page.view._span()
    assert first <= 49_999 <= last
    assert len(page.lines_model._lines) <= 64 * 64
    assert slowest < 0.5


async def test_what_is_read_stays_where_it_is_while_more_is_said(app: App, finn: None, shown: Any) -> None:
    await app.store.run(many, 2_000)
    page = the_page(app)
    await shown(page)
    page.view.go_to(1_000)
    for _ in range(4):
        await page.tasks.idle()
        page.view.measure()
    top = page.view.in_sight()[0]

    def one_more(db: Database) -> None:
        Message.insert(
            realm="discord", platform_id=999_999, channel_id=9, author_id=3, author_name="P3",
            text="new", sent_at=app.config.clock.now(),
        ).execute(db)  # fmt: skip

    await app.store.run(one_more)
    await page._read_again()
    await page.tasks.idle()
    assert page.lines_model.rowCount() == 2_001
    assert page.view.in_sight()[0] == top
    page.view.go_to_end()
    await page.tasks.idle()
    assert (await Archive(app.store).lines(page.view.in_sight()[-1:]))[0].text == "new"
