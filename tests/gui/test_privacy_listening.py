"""Privacy, whom it listens to: somebody is found by name or id and put on a list, or taken off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from core.app import App
from core.conversation.guarding import closed_to
from core.conversation.message import Place, Realm
from core.persona.identity import sample
from db import channels, servers
from db.channels import StoredChannel
from gui.models.paged import CAPTION
from gui.pages.privacy import PrivacyPage
from tests.support.lived import hears

ADA, BOB, STRANGER, HARBOUR = 21, 22, 123456789012345678, 7


@pytest.fixture
async def page(app: App, shown: Any) -> Any:
    finn = await app.personas.add(sample("Finn"))
    await hears(app, finn, 1, ADA, "Ada", "hello", ago=timedelta(hours=3))
    await hears(app, finn, 2, BOB, "Bob", "hello there", ago=timedelta(hours=2))
    now = app.config.clock.now()
    await app.store.run(
        channels.seen, StoredChannel("discord", HARBOUR, 71, "general", True, now, guild_name="Harbour")
    )
    made: Any = PrivacyPage(
        app.privacy, app.holdings, app.settings, app.personas, app.bus, app.config.clock.now
    )
    made.toasts = await shown(made)
    made.look_at("listening")
    await made.tasks.idle()
    return made


async def answered(app: App, who: int, guild_id: int | None = HARBOUR) -> bool:
    place = Place(Realm.DISCORD, 71, "general", guild_id, "Harbour", is_direct=guild_id is None)
    return await closed_to(who, False, place, 1, app.desk) is None


async def finds(page: Any, words: str) -> list[str]:
    part = page.listening
    part.search.setText(words)
    part._again()
    await page.tasks.idle()
    return [part.found.index(row).data() for row in range(part.found.rowCount())]


def listed(page: Any) -> list[tuple[str, str]]:
    model = page.listening.listed
    rows = range(model.rowCount())
    return [(model.index(row).data(), model.index(row).data(CAPTION).split(" · ")[0]) for row in rows]


def said(widget: Any) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget))


async def test_somebody_met_is_shut_out_everywhere_and_undo_takes_it_back(app: App, page: Any) -> None:
    assert "Nobody is on a list" in said(page.listening)
    assert await finds(page, "ad") == ["Ada"]
    assert not page.listening.allow.isEnabled()  # nobody is allowed everywhere
    page.listening.block.click()
    await page.tasks.idle()
    assert listed(page) == [("Ada", "everywhere")]
    assert not await answered(app, ADA)
    assert not await answered(app, ADA, None)  # nor when they write directly
    assert await answered(app, BOB)
    page.toasts[-1].on_act()
    await page.tasks.idle()
    assert listed(page) == []
    assert await answered(app, ADA)


async def test_somebody_never_met_is_shut_out_of_one_server_by_their_id(app: App, page: Any) -> None:
    page.listening.where.setCurrentIndex(page.listening.where.findData(HARBOUR))
    assert await finds(page, f"<@{STRANGER}>") == [str(STRANGER)]
    page.listening.block.click()
    await page.tasks.idle()
    assert listed(page) == [(str(STRANGER), "Harbour")]
    assert not await answered(app, STRANGER)
    assert await answered(app, STRANGER, 8)
    assert await answered(app, STRANGER, None)


async def test_on_a_server_it_listens_to_chosen_people_alone(app: App, page: Any) -> None:
    page.listening.where.setCurrentIndex(page.listening.where.findData(HARBOUR))
    await finds(page, "bob")
    page.listening.allow.click()
    await page.tasks.idle()
    assert await answered(app, BOB)
    assert not await answered(app, ADA)
    assert await answered(app, ADA, 8)
    page.listening.block.click()  # who is blocked is not allowed any more
    await page.tasks.idle()
    assert listed(page) == [("Bob", "Harbour")]
    assert not await answered(app, BOB)
    page.toasts[-1].on_act()
    await page.tasks.idle()
    assert await answered(app, BOB)


async def test_whom_a_server_shut_out_is_let_in_again_by_the_host(app: App, page: Any) -> None:
    now = app.config.clock.now()
    await app.store.run(servers.enlist, "discord", HARBOUR, ADA, "Ada", servers.BLOCK, BOB, now)
    await finds(page, "")
    page.listening.on_lists.selectRow(0)
    page.listening.remove.click()
    await page.tasks.idle()
    assert listed(page) == []
    assert await answered(app, ADA)
    page.toasts[-1].on_act()
    await page.tasks.idle()
    assert not await answered(app, ADA)


async def test_what_nobody_has_and_what_is_no_id_finds_nobody(page: Any) -> None:
    for words in ("nobody", "123", "9" * 25, "٣" * 17, "x" * 500):
        assert await finds(page, words) == [], words
    assert "Nobody of this name was met." in said(page.listening)


async def test_every_part_can_be_reached_and_has_a_name(page: Any) -> None:
    part = page.listening
    for each in (part.where, part.search, part.people, part.on_lists, part.block, part.allow, part.remove):
        assert each.accessibleName() or each.text()
    page.look_at("watch")
    page.watch.decide.click()
    await page.tasks.idle()
    assert page.view.key == "listening"
