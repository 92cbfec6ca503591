"""Who may talk with a persona and who may choose it is decided on its page, and taken back there."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import Qt

from core.app import App
from core.conversation.drafting import draft
from core.conversation.preview import Preview
from core.persona.entrance import OPEN, Entrance
from core.persona.identity import sample
from core.safety.access import EVERYONE, NOBODY, Grant
from db import channels, people
from db.channels import StoredChannel
from gui.pages.persona import WHERE, PersonaPage
from gui.widgets.entrance_panel import ALL, PEOPLE, SERVERS, EntrancePanel

HARBOUR, ATTIC, ADA, BOB = 1, 2, 11, 12


@pytest.fixture
async def page(app: App, shown: Any) -> PersonaPage:
    await app.personas.add(sample("Finn"))
    now = app.config.clock.now()
    for guild, name in ((HARBOUR, "Harbour"), (ATTIC, "Attic")):
        channel = StoredChannel("discord", guild, guild * 100, "general", True, now, None, name)
        await app.store.run(channels.seen, channel)
    for number, name in ((ADA, "Ada <b>"), (BOB, "Bob")):
        await app.store.run(people.meet, "discord", number, HARBOUR, name, False, now)
    drafting = partial(draft, roles=app.roles, speaks=False)
    made = PersonaPage(app.personas, Preview(app.desk), app.belongings, app.whereabouts, drafting, app.bus)
    made.heard = await shown(made)  # type: ignore[attr-defined]
    made.show_part(WHERE)
    return made


@pytest.fixture
def panel(page: PersonaPage) -> EntrancePanel:
    return page.spots.entrance


async def picks(page: PersonaPage, combo: Any, value: object) -> None:
    combo.setCurrentIndex(combo.findData(value))
    combo.activated.emit(combo.currentIndex())
    await page.tasks.idle()


async def kept(app: App) -> Entrance:
    (finn,) = await app.personas.every()
    return await app.whereabouts.entrances.of(finn.id)


async def test_it_is_open_to_everybody_at_first(panel: EntrancePanel) -> None:
    assert (panel.kind, panel.see.currentData()) == (ALL, True)
    assert not panel.list.isVisible()


async def test_it_is_opened_to_one_person_who_was_found_and_undo_takes_it_back(
    app: App, page: PersonaPage, panel: EntrancePanel, qtbot: Any
) -> None:
    await picks(page, panel.use, PEOPLE)
    assert await kept(app) == Entrance(NOBODY)
    assert "answers nobody but you" in panel.told.text()
    with qtbot.waitSignal(panel.sought):
        panel.search.setText("ada")
    await page.tasks.idle()
    [box] = panel.boxes
    assert box.accessibleName() == "Ada <b>"
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    await page.tasks.idle()
    assert await kept(app) == Entrance(Grant(people=frozenset({ADA})))
    panel.search.clear()
    assert [box.isChecked() for box in panel.boxes] == [True]
    page.heard[-1].on_act()  # type: ignore[attr-defined]
    await page.tasks.idle()
    assert await kept(app) == Entrance(NOBODY)


async def test_it_is_opened_on_one_server(app: App, page: PersonaPage, panel: EntrancePanel) -> None:
    await picks(page, panel.use, SERVERS)
    assert [box.accessibleName() for box in panel.boxes] == ["Attic", "Harbour"]
    assert panel.kind == SERVERS  # though nobody is chosen yet
    panel.boxes[1].click()
    await page.tasks.idle()
    assert await kept(app) == Entrance(Grant(guilds=frozenset({HARBOUR})))
    await picks(page, panel.use, ALL)
    assert await kept(app) == OPEN


async def test_only_the_host_may_choose_it(app: App, page: PersonaPage, panel: EntrancePanel) -> None:
    await picks(page, panel.see, False)
    assert await kept(app) == Entrance(EVERYONE, NOBODY)
    page.reload()
    await page.tasks.idle()
    assert panel.see.currentData() is False
    page.heard[-1].on_act()  # type: ignore[attr-defined]
    await page.tasks.idle()
    assert await kept(app) == OPEN


async def test_it_fits_has_names_and_is_reached_by_tab(page: PersonaPage, panel: EntrancePanel) -> None:
    await picks(page, panel.use, PEOPLE)
    assert page.minimumSizeHint().width() <= 792
    for widget in (panel.use, panel.see, panel.search, *panel.boxes):
        assert widget.accessibleName(), widget
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, widget
