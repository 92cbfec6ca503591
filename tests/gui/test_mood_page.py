"""Mood: what it feels, what moved it, and what the host makes of its needs, its day and its quirks."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest

from core.app import App
from core.feelings.state import Heard
from core.people import People
from core.persona.identity import KeptPersona, sample
from gui.pages.mood import MoodPage
from gui.theme import apply
from gui.widgets import export
from tests.support.lived import hears

ADA, BOB = 21, 22


@pytest.fixture
async def finn(app: App) -> KeptPersona:
    return await app.personas.add(sample("Finn"))


@pytest.fixture
async def lived(app: App, finn: KeptPersona) -> KeptPersona:
    """Ada was kind, three hours later Bob insulted, and an hour has passed since."""
    hours = timedelta(hours=1)
    await hears(app, finn, 1, ADA, "Ada", "thank you, you are wonderful", ago=4 * hours)
    await hears(app, finn, 2, BOB, "Bob", "you are a useless idiot", ago=hours)
    return finn


def _page(app: App) -> MoodPage:
    return MoodPage(app.feelings, People(app.store), app.personas, app.config.clock, app.bus)


@pytest.fixture
async def page(app: App, lived: KeptPersona, shown: Any) -> MoodPage:
    made = _page(app)
    made.toasts = await shown(made)  # type: ignore[attr-defined]
    return made


async def test_without_a_persona_it_says_what_to_do_first(app: App, shown: Any) -> None:
    page = _page(app)
    wanted: list[str] = []
    page.wanted.connect(wanted.append)
    assert page.states.state == "loading"
    await shown(page)
    assert page.states.state == "empty"
    said = page.states._said
    assert said is not None
    next(each for each in said.findChildren(type(page.timeline.out)) if each.text()).click()
    assert wanted == ["persona"]


async def test_before_anybody_spoke_the_mood_is_there_and_practice_is_offered(
    app: App, finn: KeptPersona, shown: Any
) -> None:
    page = _page(app)
    wanted: list[str] = []
    page.wanted.connect(wanted.append)
    await shown(page)
    assert page.states.state == "full"
    assert page.now.words.text()
    assert page.timeline.states.state == "empty"
    assert page.timeline.states.act is not None
    page.timeline.states.act.click()
    assert wanted == ["practice"]


async def test_the_mood_is_in_words_and_in_the_picture(app: App, page: MoodPage, lived: KeptPersona) -> None:
    state = await app.feelings.state(lived.id, lived.persona)
    words = page.now.words.text().lower()
    assert words in page.now.plane.accessibleName()
    assert page.now.bars[0].accessibleName().startswith("Pleasure: ")
    assert f"{abs(state.mood.p):.2f}" in page.now.bars[0].accessibleName()


async def test_the_keyboard_walks_through_what_moved_it(page: MoodPage) -> None:
    view = page.mood_chart.view
    assert view.focusPolicy() & Qt.FocusPolicy.TabFocus
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert "Bob was insulting." in page.timeline.said.whole()
    assert page.timeline.quote.whole() == "“you are a useless idiot”"
    assert "Bob was insulting." in view.accessibleDescription()
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert "Ada " in page.timeline.said.whole()
    assert page.emotion_chart.at == 0  # one cursor through both charts
    QTest.keyClick(view, Qt.Key.Key_End)
    assert "Bob was insulting." in page.timeline.said.whole()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert page.mood_chart.at == -1


async def test_hovering_names_the_message_that_caused_the_change(page: MoodPage) -> None:
    _hover(page, 0)
    assert "Ada " in page.timeline.said.whole()
    assert page.timeline.quote.whole() == "“thank you, you are wonderful”"
    _hover(page, 1)
    assert "Bob was insulting." in page.timeline.said.whole()


def _hover(page: MoodPage, at: int) -> None:
    """Move the mouse a little behind a moment of the chart."""
    chart: Any = page.mood_chart
    place = chart._view.plotItem.vb.mapViewToScene(QPointF(chart._marks[at], 0.0))
    where = QPointF(chart._view.mapFromScene(place) + QPoint(2, 0))
    none = Qt.MouseButton.NoButton
    moved = QMouseEvent(QEvent.Type.MouseMove, where, where, none, none, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(chart._view.viewport(), moved)


async def test_the_charts_are_told_in_words(page: MoodPage) -> None:
    told = page.mood_chart.view.accessibleDescription()
    assert "2 moments moved it." in told
    assert "Pleasure from" in told
    assert "Felt, the strongest first:" in page.emotion_chart.view.accessibleDescription()


async def test_a_longer_or_shorter_stretch_shows_other_moments(
    app: App, finn: KeptPersona, shown: Any
) -> None:
    await hears(app, finn, 1, ADA, "Ada", "thank you", ago=timedelta(days=2))
    page = _page(app)
    await shown(page)
    for key, state in (("day", "empty"), ("week", "full"), ("hours", "empty"), ("month", "full")):
        page.timeline.range._buttons[key].click()
        await page.tasks.idle()
        assert page.timeline.states.state == state, key


async def test_a_need_that_is_set_holds_and_can_be_taken_back(
    app: App, page: Any, lived: KeptPersona
) -> None:
    before = await app.feelings.needs(lived.id, lived.persona)
    gauge = page.needs.gauges["contact"]
    gauge.slider.setValue(90)
    gauge.settle()
    await page.tasks.idle()
    assert (await app.feelings.needs(lived.id, lived.persona)).contact == pytest.approx(0.9)
    assert page.toasts[-1].text == "Company is 90 % now."
    page.toasts[-1].on_act()
    await page.tasks.idle()
    assert (await app.feelings.needs(lived.id, lived.persona)).contact == pytest.approx(before.contact)


async def test_todays_numbers_are_the_hosts(app: App, page: Any, lived: KeptPersona) -> None:
    page.day.numbers["anger"].slider.setValue(9)
    page.day.numbers["anger"].settle()
    await page.tasks.idle()
    assert (await app.feelings.daily(lived.id, lived.persona)).anger == 9
    day = await app.feelings.daily(lived.id, lived.persona)
    page.day.redraw.click()
    await page.tasks.idle()
    assert (await app.feelings.daily(lived.id, lived.persona)) != day
    page.toasts[-1].on_act()
    await page.tasks.idle()
    assert (await app.feelings.daily(lived.id, lived.persona)) == day


async def test_what_became_of_a_quirk_is_listed_with_its_reason_and_can_be_taken_back(
    app: App, page: Any, lived: KeptPersona
) -> None:
    text = lived.persona.quirks[0]
    page.quirks.sliders[text].slider.setValue(80)
    page.quirks.sliders[text].settle()
    await page.tasks.idle()
    await page._read()
    assert page.log.rowCount() == 1
    first = page.log.index(0)
    assert first.data() == text
    assert first.data(page.log.STEP) == "50 → 80 %"
    assert first.data(page.log.WHY).endswith("The host set it.")
    page.quirks.list.setCurrentIndex(first)
    page.quirks.undo.click()
    await page.tasks.idle()
    assert (await app.feelings.quirks(lived.id, lived.persona))[0].strength == pytest.approx(0.5)


async def test_what_is_said_now_shows_at_once_but_not_while_the_host_moves_a_slider(
    app: App, page: MoodPage, lived: KeptPersona
) -> None:
    held = page.needs.gauges["rest"]
    held.slider.setSliderDown(True)
    held.slider.setValue(7)
    await hears(app, lived, 3, BOB, "Bob", "sorry, I was wrong")
    await page.tasks.idle()
    assert "3 moments moved it." in page.mood_chart.view.accessibleDescription()
    assert held.value == 7


async def test_practice_has_a_mood_of_its_own(app: App, page: MoodPage, lived: KeptPersona) -> None:
    heard = Heard("practice", 5, 7, 1, "thank you so much", to_me=True)
    page.realm._buttons["practice"].click()
    await page.tasks.idle()
    assert page.timeline.states.state == "empty"
    await app.feelings.react(lived.id, lived.persona, heard)
    await page.tasks.idle()
    assert "1 moment moved it." in page.mood_chart.view.accessibleDescription()
    pleasure = page.mood_chart._lines[0]
    assert min(pleasure.xs) == app.config.clock.now().timestamp()  # nothing of Discord's earlier day


async def test_the_chart_leaves_as_a_table_and_as_a_picture(page: Any, tmp_path: Path) -> None:
    for kind in ("csv", "png"):
        target = tmp_path / f"mood.{kind}"
        page.timeline.export.emit(kind)
        assert page.dialog.isVisible()
        page.dialog.selectFile(str(target))
        page.dialog.accept()
        await page.tasks.idle()
        assert target.exists()
        assert page.toasts[-1].text == f"Saved as mood.{kind}."
    lines = list(csv.reader((tmp_path / "mood.csv").read_text("utf-8-sig").splitlines()))
    assert lines[0][:4] == ["Time", "Pleasure", "Arousal", "Dominance"]
    assert [line[-1] for line in lines[1:]] == ["thank you, you are wonderful", "you are a useless idiot"]
    assert QImage(str(tmp_path / "mood.png")).width() > 1000


async def test_a_file_that_cannot_be_written_is_said(page: Any, tmp_path: Path) -> None:
    page.run(export.write_table(tmp_path / "no such folder" / "x.csv", [["a"]]), "Saving")
    await page.tasks.idle()
    assert page.toasts[-1].level == "bad"


async def test_trouble_is_a_sentence_with_a_way_out(app: App, finn: KeptPersona, shown: Any) -> None:
    page = _page(app)
    await app.store.close()
    await shown(page)
    assert page.states.state == "trouble"


async def test_it_wears_every_theme(page: MoodPage, application: Any) -> None:
    pictures = []
    for name in ("light", "dark", "contrast"):
        apply(application, name)
        pictures.append(export.picture_of(page.timeline.plots))
    assert pictures[0] != pictures[1] != pictures[2]
