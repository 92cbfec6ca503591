"""Backups and keys: what a host can do there, and that the data comes back when it does not open."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from core.app import App, Config, open_app
from core.backups import Backups
from core.clock import VirtualClock
from core.errors import explain
from core.keys import Keys, strength
from db import header
from db.backup import Reason
from gui import desktop
from gui.desktop import Desktop
from gui.pages.safekeeping import SafekeepingPage
from gui.reopening import Between
from gui.theme import apply
from gui.trouble_screen import TroubleScreen
from tests.db.test_keys import FakeKeyring
from tests.db.test_rekey import CHEAP
from tests.support.fake_session import FakeSession

PASSPHRASE = "orchard lantern tape drizzle"


@pytest.fixture
def config(tmp_path: Path, clock: VirtualClock) -> Config:
    """With a keyring: a given key cannot be changed."""
    return Config(tmp_path / "data", {}, FakeKeyring(), clock=clock, brain="none", rounds=False)


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Keys.__init__

    def cheaply(self: Keys, *given: Any) -> None:
        made(self, *given[:4], CHEAP)

    monkeypatch.setattr(Keys, "__init__", cheaply)


def the_page(app: App, asked: list[Between] | None = None) -> SafekeepingPage:
    reopen = asked.append if asked is not None else None
    return SafekeepingPage(app.backups, app.secrets, app.bus, app.config.clock.now, reopen)


async def test_a_passphrase_is_set_tested_changed_and_removed(app: App, shown: Any) -> None:
    page = the_page(app)
    toasts = await shown(page)
    card = page.recovery
    assert card.light.light.tone == "warn"
    card.set.click()
    card.new.new.line.setText("short")
    assert not card.new.act.isEnabled()
    card.new.new.line.setText(PASSPHRASE)
    assert not card.new.act.isEnabled(), "it has to be typed twice"
    card.new.again.line.setText(PASSPHRASE)
    card.new.act.click()
    await page.tasks.idle()
    assert "opens your data" in toasts[-1].text
    assert card.light.light.tone == "good"
    assert card.set.isHidden()
    assert card.new.isHidden()

    card.test.click()
    card.try_it.old.line.setText("another")
    card.try_it.act.click()
    await page.tasks.idle()
    assert "not the passphrase" in card.try_it.wrong.text()
    card.try_it.old.line.setText(PASSPHRASE)
    card.try_it.act.click()
    await page.tasks.idle()
    assert toasts[-1].level == "good"

    card.remove.click()
    card.drop.old.line.setText(PASSPHRASE)
    card.drop.act.click()
    await page.tasks.idle()
    assert not app.keys.state().recoverable
    assert all(PASSPHRASE not in toast.text for toast in toasts)


def test_what_is_easily_guessed_is_not_called_good() -> None:
    levels = {
        words: strength(words).level
        for words in (
            "tape",
            "password1234",
            "Summer2024!",
            "aaaaaaaaaaaaaaaa",
            "tape orchard lantern",
            PASSPHRASE,
        )
    }
    assert list(levels.values()) == ["short", "weak", "weak", "weak", "fair", "good"]


async def test_backups_are_listed_and_one_is_looked_into_before_it_is_put_back(app: App, shown: Any) -> None:
    await app.store.back_up(Reason.DAILY, app.config.clock.now())
    asked: list[Between] = []
    page = the_page(app, asked)
    toasts = await shown(page)
    assert page.model.rowCount() == 1
    page.make.click()
    await page.tasks.idle()
    assert toasts[-1].level == "good"
    assert page.model.rowCount() == 2
    page.restore.click()
    await page.tasks.idle()
    assert not page.put_back.isHidden()
    assert "0 people" in page.put_back.what.text()
    assert "kept as a backup first" in page.put_back.step.text()
    assert asked == []
    page.put_back.act.click()
    assert len(asked) == 1


async def test_without_a_backup_the_list_says_when_there_will_be_one(app: App, shown: Any) -> None:
    page = the_page(app)
    await shown(page)
    assert page.states_of_list.state == "empty"
    assert page.restore.isHidden()


async def test_everything_is_packed_into_a_file(app: App, shown: Any, tmp_path: Path) -> None:
    page = the_page(app)
    toasts = await shown(page)
    page.pack.click()
    page.packing.new.line.setText(PASSPHRASE)
    page.packing.again.line.setText(PASSPHRASE)
    assert page.packing.act.isEnabled()
    page.pack_into(tmp_path / "all.echodeck", PASSPHRASE)
    await page.tasks.idle()
    assert "all.echodeck" in toasts[-1].text
    told = await app.backups.preview(tmp_path / "all.echodeck", PASSPHRASE)
    assert told.then.messages == 0


# the trouble screen


@pytest.fixture
async def trouble(config: Config) -> Any:
    screens: list[TroubleScreen] = []

    async def show(keyring: FakeKeyring | None) -> TroubleScreen:
        async def ring() -> FakeKeyring | None:
            return keyring

        keys = Keys(config.data_dir, {}, ring, config.clock)
        backups = Backups(config.data_dir, keys, config.clock)
        try:
            async with open_app(Config(config.data_dir, {}, keyring, config.clock, brain="none")):
                pytest.fail("it opens")
        except Exception as error:  # noqa: BLE001
            screen = TroubleScreen(explain(error), error, config.data_dir, backups)
        screens.append(screen)
        screen.show()
        return screen

    yield show
    for screen in screens:
        await screen.end()
        screen.close()
        screen.deleteLater()


async def lived(config: Config, recoverable: bool = True) -> None:
    async with open_app(config) as app:
        await app.store.back_up(Reason.DAILY, config.clock.now())
        if recoverable:
            await app.keys.set_passphrase(PASSPHRASE)


async def test_a_missing_key_is_given_by_the_passphrase(config: Config, trouble: Any) -> None:
    await lived(config)
    other = FakeKeyring()
    screen = await trouble(other)
    assert "not where it was kept" in screen.what.text()
    screen.unlock.old.line.setText("wrong one")
    screen.unlock.act.click()
    await screen.tasks.idle()
    assert "not the passphrase" in screen.unlock.wrong.text()
    assert not screen.choice.done()
    screen.unlock.old.line.setText(PASSPHRASE)
    screen.unlock.act.click()
    assert await screen.choice == "again"
    async with open_app(Config(config.data_dir, {}, other, config.clock, brain="none")) as app:
        assert len(app.backups.listed()) == 1


async def test_without_a_passphrase_it_is_not_offered(config: Config, trouble: Any) -> None:
    await lived(config, recoverable=False)
    screen = await trouble(None)
    assert not hasattr(screen, "unlock")
    assert screen.pick_key.isVisible()


async def test_a_key_file_that_does_not_fit_is_said(config: Config, trouble: Any, tmp_path: Path) -> None:
    await lived(config)
    screen = await trouble(None)
    file = tmp_path / "a.key"
    file.write_text("ab" * 32)
    screen.take_key(file)
    await screen.tasks.idle()
    assert "does not open your data" in screen.failed.what.text()
    assert not screen.choice.done()


async def test_random_bytes_over_the_store_the_newest_backup_is_offered(config: Config, trouble: Any) -> None:
    await lived(config)
    store = config.data_dir / "echodeck.db"
    store.write_bytes(os.urandom(store.stat().st_size))
    screen = await trouble(config.keyring)
    assert "damaged" in screen.what.text()
    assert screen.newest.isVisible()
    screen.newest.click()
    await screen.tasks.idle()
    assert "put aside" in screen.put_back.step.text()
    screen.put_back.act.click()
    assert await screen.choice == "again"
    assert list((config.data_dir / "damaged").glob("*.db"))
    async with open_app(config) as app:
        assert (await app.store.check()).problems == ()


async def test_starting_fresh_asks_first_and_keeps_the_old(config: Config, trouble: Any) -> None:
    await lived(config)
    screen = await trouble(None)
    screen.fresh.click()
    assert not screen.choice.done()
    assert screen.confirm.isVisible()
    screen.confirm.yes.click()
    assert await screen.choice == "again"
    (kept,) = (config.data_dir / "set-aside").iterdir()
    assert (kept / "echodeck.db").exists()
    assert header.read(kept) is not None


async def test_what_is_no_matter_of_keys_has_no_such_choices(tmp_path: Path) -> None:
    from db import faults

    error = faults.StoreInUse(pid=1)
    keys = Keys(tmp_path, {}, FakeRing(), VirtualClock())
    screen = TroubleScreen(explain(error), error, tmp_path, Backups(tmp_path, keys, VirtualClock()))
    assert not hasattr(screen, "fresh")
    screen.leave.click()
    assert await screen.choice == "quit"
    await screen.end()


def FakeRing() -> Callable[[], Any]:
    async def ring() -> None:
        return None

    return ring


# the whole window


async def test_a_restore_closes_everything_and_opens_it_again(
    config: Config, application: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions: list[FakeSession] = []

    def make_session(app: App) -> FakeSession:
        sessions.append(FakeSession(app.bus))
        return sessions[-1]

    async with open_app(config) as app:
        await app.setup.finish()
        await app.secrets.keep_token("a token")
        await app.store.back_up(Reason.DAILY, config.clock.now())
    application.setQuitOnLastWindowClosed(False)
    closing = asyncio.Event()
    monkeypatch.setattr(desktop, "PATIENCE_S", 30.0)
    window = Desktop(config.data_dir, lambda: open_app(config), make_session, apply(application))
    living = asyncio.create_task(window.live(closing))
    await window.shown.wait()
    assert window.window is not None
    first = window.window
    page = first.made("safekeeping")
    assert isinstance(page, SafekeepingPage)
    await sessions[0].start()
    first.go("safekeeping")
    await page.tasks.idle()
    page.restore.click()
    await page.tasks.idle()
    page.put_back.act.click()
    await asyncio.wait_for(_gone(window, first), 30)
    await asyncio.wait_for(window.shown.wait(), 30)
    assert window.window is not None
    assert window.window is not first
    said = [said.toast.text for said in window.window.toasts.history]
    assert any("Restored" in text for text in said)
    await asyncio.wait_for(_online(sessions), 30)
    closing.set()
    assert await asyncio.wait_for(living, 60) == 0


async def _gone(window: Desktop, first: object) -> None:
    while window.window is first:
        await asyncio.sleep(0)


async def _online(sessions: list[FakeSession]) -> None:
    while len(sessions) < 2 or sessions[1].status.state != "online":
        await asyncio.sleep(0)
