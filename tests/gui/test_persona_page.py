"""The persona page: edits with undo, nothing lost on the way out, and the very next reply reads it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from core.app import App
from core.conversation.drafting import draft
from core.conversation.preview import Preview
from core.persona.identity import sample
from gui.pages.persona import PersonaPage
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles

HOSTILE = "<b>bold</b> <img src=x onerror=alert(1)> \u202eevil {name} %s"


@pytest.fixture
def brain(app: App) -> FakeBrain:
    made = FakeBrain("tea's on", "kettle's boiling")
    app.desk.roles = FakeRoles(made)
    app.desk.speaks = True
    return made


def page_of(app: App) -> PersonaPage:
    drafting = partial(draft, roles=app.desk.roles, speaks=app.desk.speaks)
    preview = Preview(app.desk)
    return PersonaPage(app.personas, preview, app.belongings, app.whereabouts, drafting, app.bus)


@pytest.fixture
async def page(app: App, brain: FakeBrain, shown: Any) -> PersonaPage:
    await app.personas.add(sample("Finn"))
    await app.personas.add(sample("Mira"))
    made = page_of(app)
    made.toasts = await shown(made)  # type: ignore[attr-defined]
    return made


async def test_a_saved_edit_is_in_the_very_next_reply(
    app: App, page: PersonaPage, brain: FakeBrain, clock: Any
) -> None:
    page.draft.change("traits", ("grumpy", "collects umbrellas"), "Add a trait")
    assert page.draft.dirty
    page.bar.saved.emit()
    await page.tasks.idle()
    assert not page.draft.dirty
    clock.step(1)
    await answer_in_practice_with(app, clock)
    assert "collects umbrellas" in brain.requests[-1].messages[0].content


async def answer_in_practice_with(app: App, clock: Any) -> None:
    import asyncio

    await app.practice.say("Ada", "hi", to_bot=True)
    async with asyncio.timeout(10):
        while app.line.tasks:
            if app.line.tasks <= clock.parked:  # nobody works: the reply waits for the clock alone
                clock.step(clock.next_due())
            await asyncio.sleep(0)


async def test_every_step_can_be_taken_back_and_again(page: PersonaPage) -> None:
    before = page.draft.value("name")
    page.form.texts["name"].setFocus()
    page.draft.change("name", "Finnegan", "Rename")
    page.draft.change("extraversion", 0.5, "More outgoing")
    page.undo.click()
    assert page.draft.value("extraversion") == -0.3
    page.undo.click()
    assert page.draft.value("name") == before
    assert not page.draft.dirty
    page.redo.click()
    assert page.draft.value("name") == "Finnegan"


async def test_what_cannot_be_saved_is_said_at_its_field(app: App, page: PersonaPage) -> None:
    page.draft.change("name", "", "Rename")
    page.bar.saved.emit()
    await page.tasks.idle()
    assert [kept.persona.name for kept in await app.personas.every()] == ["Finn", "Mira"]
    assert page.draft.dirty
    assert "name" in page.draft.problems()
    assert not page.form.mark_problems()


async def test_leaving_with_unsaved_changes_asks_first(app: App, page: PersonaPage) -> None:
    left: list[str] = []
    assert page.may_leave(lambda: left.append("at once"))
    page.draft.change("style", "Shouts.", "Style")
    assert not page.may_leave(lambda: left.append("after saving"))
    assert left == []
    page.bar.saved.emit()
    await page.tasks.idle()
    assert left == ["after saving"]
    page.draft.change("style", "Whispers.", "Style")
    assert not page.may_leave(lambda: left.append("after discarding"))
    page.bar.discarded.emit()
    await page.tasks.idle()
    assert left == ["after saving", "after discarding"]
    kept = await app.personas.active()
    assert kept is not None
    assert kept.persona.style == "Shouts."


async def test_lines_are_added_moved_edited_and_removed(page: PersonaPage) -> None:
    rows = page.form.rows["quirks"]
    before = page.draft.value("quirks")
    page.draft.change("quirks", (*before, "Hums to engines."), "Add")
    page.draft.change("quirks", ("Hums to engines.", *before), "Move")
    assert page.draft.value("quirks")[0] == "Hums to engines."
    assert rows.isVisibleTo(page)
    for _ in range(2):
        page.undo.click()
    assert page.draft.value("quirks") == before


async def test_a_preview_answers_before_and_after_and_keeps_nothing(
    app: App, page: PersonaPage, brain: FakeBrain
) -> None:
    page.draft.change("quirks", ("Only speaks of umbrellas.",), "Quirks")
    page.preview_card.asked.emit("how was your day?")
    await page.tasks.idle()
    assert page.preview_card.before.text.text() == "tea's on"
    assert page.preview_card.after.text.text() == "kettle's boiling"
    assert "umbrellas" not in brain.requests[0].messages[0].content
    assert "umbrellas" in brain.requests[1].messages[0].content
    assert await app.practice.transcript() == []
    assert await app.feed.recent() == []


async def test_be_this_one_changes_who_answers(app: App, page: PersonaPage) -> None:
    row = next(row for row in range(page.people.rowCount()) if page.people.at(row).persona.name == "Mira")
    page.chooser.setCurrentIndex(row)
    page.chooser.activated.emit(row)
    await page.tasks.idle()
    page.be.click()
    await page.tasks.idle()
    active = await app.personas.active()
    assert active is not None
    assert active.persona.name == "Mira"


async def test_putting_away_is_undone_from_the_toast(app: App, page: PersonaPage) -> None:
    page.archive.click()
    await page.tasks.idle()
    assert len(await app.personas.every()) == 1
    toast = page.toasts[-1]  # type: ignore[attr-defined]
    assert toast.act == "Undo"
    toast.on_act()
    await page.tasks.idle()
    assert len(await app.personas.every()) == 2


async def test_hostile_words_stay_words(app: App, page: PersonaPage) -> None:
    page.draft.change("summary", HOSTILE, "Summary")
    page.draft.change("lore", (HOSTILE,), "Lore")
    page.bar.saved.emit()
    await page.tasks.idle()
    active = await app.personas.active()
    assert active is not None
    assert active.persona.summary == HOSTILE
    assert page.form.texts["summary"].accessibleName()


async def test_with_nobody_there_it_says_what_to_do(app: App, shown: Any) -> None:
    empty = page_of(app)
    await shown(empty)
    assert empty.states.state == "empty"
    about_one = (empty.chooser, empty.be, empty.is_active, empty.archive, empty.undo)
    assert not [made for made in about_one if made.isVisibleTo(empty)], "there is nobody to do it to"
    assert empty.new.isVisibleTo(empty)


async def test_it_fits_into_the_smallest_window(page: PersonaPage) -> None:
    page.draft.change("style", "Shouts.", "Style")
    page.may_leave(lambda: None)
    assert page.minimumSizeHint().width() <= 792
