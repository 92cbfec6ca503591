"""People: everybody it knows, how it stands with each, why, and the host's hand on it."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QStyle, QStyleOptionSlider

from core.app import App
from core.feelings.describe import for_prompt
from core.people import People
from core.persona.identity import KeptPersona, sample
from db import people as known
from gui.pages.people import PeoplePage
from tests.support.lived import hears

ADA, BOB, CY = 21, 22, 23
HOUR = timedelta(hours=1)


@pytest.fixture
async def finn(app: App) -> KeptPersona:
    return await app.personas.add(sample("Finn"))


@pytest.fixture
async def met(app: App, finn: KeptPersona) -> KeptPersona:
    await hears(app, finn, 1, ADA, "Ada", "thank you, you are wonderful", ago=30 * HOUR)
    await hears(app, finn, 2, CY, "Cy", "hello there", ago=20 * HOUR)
    await hears(app, finn, 3, ADA, "Ada L.", "I love talking to you", ago=2 * HOUR)
    await hears(app, finn, 4, BOB, "Bob", "you are a useless idiot", ago=HOUR)
    return finn


def _page(app: App) -> PeoplePage:
    return PeoplePage(app.feelings, People(app.store), app.personas, app.config.clock, app.bus)


@pytest.fixture
async def page(app: App, met: KeptPersona, shown: Any) -> Any:
    made: Any = _page(app)
    made.toasts = await shown(made)
    return made


def _names(page: PeoplePage) -> list[str]:
    return [page.model.index(row).data() for row in range(page.model.rowCount())]


def _said(widget: Any) -> str:
    QCoreApplication.sendPostedEvents()
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget))


async def _choose(page: Any, name: str) -> None:
    page.side.list.setCurrentIndex(page.model.index(_names(page).index(name)))
    await page.tasks.idle()


async def test_without_a_persona_it_says_what_to_do_first(app: App, shown: Any) -> None:
    page = _page(app)
    assert page.states.state == "loading"
    await shown(page)
    assert page.states.state == "empty"
    assert "First it has to be somebody." in _said(page)


async def test_when_nobody_was_met_yet_it_says_where_people_come_from(
    app: App, finn: KeptPersona, shown: Any
) -> None:
    page = _page(app)
    wanted: list[str] = []
    page.wanted.connect(wanted.append)
    await shown(page)
    assert "It has met nobody yet" in _said(page)
    page.states._said.findChild(QPushButton).click()  # type: ignore[union-attr]
    assert wanted == ["session"]


async def test_everybody_is_listed_the_last_seen_first(page: Any) -> None:
    assert _names(page) == ["Bob", "Ada L.", "Cy"]
    assert page.side.counted.text() == "3 people"
    assert page.model.index(0).data(page.model.SEEN) == "1 hour ago"
    assert page.model.index(1).data(page.model.DETAIL) == "acquainted · 2 messages"
    told = page.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "Bob: acquainted · 1 message · 1 hour ago"


async def test_search_and_sorting(page: Any) -> None:
    page.side.sort.setCurrentIndex(page.side.sort.findData("rapport"))
    page.side.sort.activated.emit(0)
    await page.tasks.idle()
    assert _names(page)[0] == "Ada L."
    page.side.direction.click()
    await page.tasks.idle()
    assert _names(page)[-1] == "Ada L."
    page.side.sort.setCurrentIndex(page.side.sort.findData("name"))
    page.side.direction.setChecked(False)
    page.side.sort.activated.emit(0)
    await page.tasks.idle()
    assert _names(page) == ["Ada L.", "Bob", "Cy"]
    page.side.search.setText("AD")
    page._show_again()
    await page.tasks.idle()
    assert _names(page) == ["Ada L."]
    page.side.search.setText("nobody of that name")
    page._show_again()
    await page.tasks.idle()
    assert page.side.states.state == "empty"
    assert page.side.states.words.text() == "Nobody of that name. Try another one."


async def test_a_person_is_told_in_full(app: App, page: Any) -> None:
    await _choose(page, "Ada L.")
    panel = page.panel
    assert panel.who.name.whole() == "Ada L."
    assert "Also seen as Ada." in _said(panel)
    assert "last seen 2 hours ago" in _said(panel)
    assert "2 messages." in _said(panel)
    assert "new" in panel.who.life.text()
    assert panel.who.remembered.text() == "0 memories"
    assert "I love talking to you" in _said(panel.talks)
    wanted: list[str] = []
    page.wanted.connect(wanted.append)
    panel.who.remembered.click()
    assert wanted == ["memory"]


async def test_lifecycle_states_are_shown(app: App, page: Any) -> None:
    bob = (await app.store.run(known.find, "discord", BOB)).row_id  # type: ignore[union-attr]
    await app.store.run(known.put_state, bob, "opted_out")
    page._show_again()
    await page.tasks.idle()
    assert page.panel.who.life.text() == "opted out"


async def test_dragging_trust_holds_from_the_very_next_reply_on(
    app: App, page: Any, met: KeptPersona
) -> None:
    await _choose(page, "Bob")
    slider = page.panel.bond.sliders["trust"].slider
    _drag(slider, 9)
    await page.tasks.idle()
    bob = page._bond.person_id
    bond = await app.feelings.bond(met.persona, bob)
    assert bond is not None
    assert bond.metrics.trust == 9
    state = await app.feelings.state(met.id, met.persona, BOB)
    assert "fully trusting" in for_prompt(state, str)
    assert page.toasts[-1].text == "Trust towards Bob is 9 now. The next reply knows."
    page.toasts[-1].on_act()
    await page.tasks.idle()
    taken_back = await app.feelings.bond(met.persona, bob)
    assert taken_back is not None
    assert taken_back.metrics.trust < 5


def _drag(slider: Any, value: int) -> None:
    """Take the handle with the mouse, move it to a value, and let go."""
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    complex_ = QStyle.ComplexControl.CC_Slider
    handle = slider.style().subControlRect(complex_, option, QStyle.SubControl.SC_SliderHandle, slider)
    share = (value - slider.minimum()) / (slider.maximum() - slider.minimum())
    target = QPoint(
        round(share * (slider.width() - handle.width())) + handle.width() // 2, handle.center().y()
    )
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(slider, left, pos=handle.center())
    assert slider.isSliderDown()
    slider.setSliderPosition(value)
    QTest.mouseRelease(slider, left, pos=target)


async def test_arrow_keys_set_a_value_too(app: App, page: Any, met: KeptPersona) -> None:
    await _choose(page, "Cy")
    field = page.panel.bond.sliders["anger"]
    for _ in range(3):
        QTest.keyClick(field.slider, Qt.Key.Key_Right)
    field.settle()
    await page.tasks.idle()
    bond = await app.feelings.bond(met.persona, page._bond.person_id)
    assert bond is not None
    assert round(bond.metrics.anger) == 3
    assert field.slider.accessibleName() == "Anger: 3"


async def test_what_was_moved_for_one_person_never_lands_on_the_next(
    app: App, page: Any, met: KeptPersona
) -> None:
    await _choose(page, "Cy")
    cy = page._bond.person_id
    QTest.keyClick(page.panel.bond.sliders["anger"].slider, Qt.Key.Key_End)
    await _choose(page, "Ada L.")
    anger = [
        (await app.feelings.bond(met.persona, person)).metrics.anger  # type: ignore[union-attr]
        for person in (cy, page._bond.person_id)
    ]
    assert anger == [10, pytest.approx(0, abs=1)]
    assert page.panel.bond.sliders["anger"].value == 0


async def test_setting_back_can_be_taken_back_exactly(app: App, page: Any, met: KeptPersona) -> None:
    await _choose(page, "Bob")
    person = page._bond.person_id
    before = (await app.feelings.bond(met.persona, person)).metrics  # type: ignore[union-attr]
    page.panel.bond.back.click()
    await page.tasks.idle()
    reset = (await app.feelings.bond(met.persona, person)).metrics  # type: ignore[union-attr]
    assert reset.anger < before.anger
    page.toasts[-1].on_act()
    await page.tasks.idle()
    after = (await app.feelings.bond(met.persona, person)).metrics  # type: ignore[union-attr]
    assert tuple(after) == pytest.approx(tuple(before))
    causes = [str(change.cause) for change in await app.feelings.history(person)]
    assert causes[-2:] == ["The host set everything back.", "The host took an edit back."]


async def test_the_history_names_what_changed_it(page: Any) -> None:
    await _choose(page, "Bob")
    QTest.keyClick(page.panel.chart.view, Qt.Key.Key_Left)
    assert "Bob was insulting. Anger +" in page.panel.history.said.whole()
    assert page.panel.history.quote.whole() == "“you are a useless idiot”"
    assert "1 change." in page.panel.chart.view.accessibleDescription() or page.panel.chart.at == 0


async def test_somebody_new_appears_by_themselves(app: App, page: Any, met: KeptPersona) -> None:
    await _choose(page, "Cy")
    await hears(app, met, 9, 44, "Dee", "hi, I am new here")
    await page.tasks.idle()
    assert _names(page)[0] == "Dee"
    assert page.side.counted.text() == "4 people"
    assert page.panel.who.name.whole() == "Cy"
    assert page.side.list.currentIndex().data() == "Cy"


async def test_what_people_write_stays_text(app: App, page: Any, met: KeptPersona) -> None:
    await hears(app, met, 9, 44, "<b>Eve</b>", "<img src=x>", ago=-HOUR)
    await page.tasks.idle()
    page._show_again()
    await page.tasks.idle()
    await _choose(page, "<b>Eve</b>")
    assert "<img src=x>" in _said(page.panel.talks)
    for each in page.panel.findChildren(QLabel):
        assert each.textFormat() is Qt.TextFormat.PlainText or not each.text()


async def test_the_history_leaves_as_a_table(page: Any, tmp_path: Path) -> None:
    await _choose(page, "Bob")
    page.panel.history.export.emit("csv")
    page.dialog.selectFile(str(tmp_path / "bob.csv"))
    page.dialog.accept()
    await page.tasks.idle()
    lines = list(csv.reader((tmp_path / "bob.csv").read_text("utf-8-sig").splitlines()))
    assert lines[0][1] == "Anger before"
    assert lines[1][-2:] == ["Bob was insulting.", "you are a useless idiot"]


async def test_every_part_can_be_reached_and_has_a_name(page: Any) -> None:
    for part in (
        page.side.search,
        page.side.sort,
        page.side.direction,
        page.side.list,
        page.panel.chart.view,
    ):
        assert part.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert part.accessibleName()
