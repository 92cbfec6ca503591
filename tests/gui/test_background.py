"""Echodeck while its window is closed: beside the clock, told of what needs the host, started at log-in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QPushButton, QSystemTrayIcon

from core.app import App, Config
from core.clock import VirtualClock
from core.errors import DiscordUnreachable, OllamaMissing, explain
from core.events import Notice, SessionChanged
from core.persona.identity import samples
from core.session import SessionState, SessionStatus
from core.settings import CLOSE_TO_TRAY, NOTIFICATIONS, START_WITH_COMPUTER
from core.words import T
from gui.background import Background
from gui.notifications import MOST_IN_AN_HOUR, Notification, Notifications
from gui.pages.page import Page
from gui.tray import Tray, TrayState, marked
from gui.widgets.sidebar import Place
from gui.window import MainWindow, PageEntry
from tests.support.fake_session import FakeSession


@pytest.fixture
def config(config: Config) -> Config:
    """Nothing comes round by itself while the clock jumps."""
    return replace(config, rounds=False)


class Entry:
    """The system's list, in memory."""

    def __init__(self, command: list[str] | None = None) -> None:
        self.kept = command
        self.refuses = False

    def command(self) -> list[str] | None:
        return self.kept

    def put(self, command: Sequence[str]) -> None:
        if self.refuses:
            raise PermissionError(13, "Permission denied")
        self.kept = list(command)

    def remove(self) -> None:
        self.kept = None


class Stage:
    """A window and what is behind it."""

    def __init__(self, app: App, session: FakeSession, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        names = ("session", "models")
        entries = [
            PageEntry(Place(name, name, "session", 0), lambda name=name: Page(name, name, app.bus))
            for name in names
        ]
        self.app, self.session = app, session
        self.window = MainWindow(entries, app.bus, folder)
        self.entry = Entry()
        self.can_stay = True
        self.closed = asyncio.Event()
        self.window.closing.connect(self.closed.set)
        self.behind = Background(app, session, self.window, folder, self.entry, lambda: self.can_stay)
        self.behind.tray.show = lambda: None  # type: ignore[method-assign] # there is no place here

    async def begin(self, *, minimised: bool = False) -> None:
        await self.behind.begin(minimised=minimised)
        await self.behind.settled()

    async def close(self) -> None:
        self.window.close()
        await self.behind.settled()

    def press(self, words: str) -> None:
        dialog = self.behind.closing_dialog
        assert dialog is not None
        next(made for made in dialog.findChildren(QPushButton) if made.text() == words).click()


@pytest.fixture
async def stage(app: App, session: FakeSession, tmp_path: Path) -> AsyncIterator[Stage]:
    await app.setup.finish()
    made = Stage(app, session, tmp_path / "window")
    yield made
    await made.behind.end()
    await made.window.end()
    made.window.deleteLater()


# --- closing -----------------------------------------------------------------------------------


async def test_the_first_closing_explains_and_the_answer_is_kept(stage: Stage) -> None:
    await stage.begin()
    await stage.close()
    assert stage.window.isVisible()
    stage.press("Keep running")
    await stage.behind.settled()
    assert not stage.window.isVisible()
    assert not stage.closed.is_set()
    stage.behind.tray.opened.emit("models")
    assert stage.window.isVisible()
    assert stage.window.page is not None
    assert stage.window.page.name == "models"
    await stage.close()
    assert stage.behind.closing_dialog is None
    assert not stage.window.isVisible()


async def test_whoever_would_rather_end_it_ends_it_from_then_on(stage: Stage) -> None:
    await stage.begin()
    await stage.close()
    stage.press("Quit")
    await stage.behind.settled()
    assert stage.closed.is_set()
    assert await stage.app.settings.get(CLOSE_TO_TRAY) is False
    stage.closed.clear()
    await stage.close()
    assert stage.closed.is_set()


async def test_without_a_place_beside_the_clock_closing_ends_it(stage: Stage) -> None:
    stage.can_stay = False
    await stage.begin()
    await stage.close()
    assert stage.closed.is_set()
    assert stage.behind.closing_dialog is None


async def test_quitting_ends_it_whatever_closing_means(stage: Stage) -> None:
    await stage.begin()
    stage.behind.tray.leave.trigger()
    assert stage.closed.is_set()
    stage.closed.clear()
    application = QCoreApplication.instance()
    assert application is not None
    QCoreApplication.sendEvent(application, QEvent(QEvent.Type.Quit))  # the dock's menu on a Mac
    assert stage.closed.is_set()


async def test_it_begins_beside_the_clock_when_the_computer_starts_it(stage: Stage) -> None:
    await stage.begin(minimised=True)
    assert not stage.window.isVisible()


async def test_begun_in_the_background_it_can_always_be_reached(stage: Stage) -> None:
    stage.can_stay = False
    await stage.begin(minimised=True)
    assert stage.window.isVisible()
    assert stage.window.isMinimized()


async def test_before_the_set_up_is_done_the_window_is_shown(
    app: App, session: FakeSession, tmp_path: Path
) -> None:
    made = Stage(app, session, tmp_path / "window")
    await made.begin(minimised=True)
    assert made.window.isVisible()
    await made.behind.end()
    await made.window.end()


# --- the icon ----------------------------------------------------------------------------------


async def test_the_icon_says_who_it_is_and_how_it_is_in_words(stage: Stage, app: App) -> None:
    kept = await app.personas.add(next(one for one in samples() if one.name == "Finn"))
    await app.personas.choose(kept.id)
    await stage.begin()
    tray = stage.behind.tray
    assert tray.icon.toolTip() == "Echodeck · Finn: stopped"
    assert tray.switch.text() == "Start the bot"
    tray.switch.trigger()
    await stage.behind.settled()
    assert stage.session.status.state is not SessionState.STOPPED
    app.bus.publish(SessionChanged(stage.session.status))
    await stage.behind.settled()
    assert tray.switch.text() == "Stop the bot"


async def test_an_hour_of_quiet_ends_by_itself_and_can_be_undone(
    stage: Stage, app: App, clock: VirtualClock
) -> None:
    await stage.begin()
    tray = stage.behind.tray
    assert tray.hush.text() == "Quiet for an hour"
    tray.hush.trigger()
    async with asyncio.timeout(5):
        while tray.hush.text() != "Speak again":
            await asyncio.sleep(0)
    assert await app.quiet.until() is not None
    assert "quiet until 13:00" in tray.about.text()
    clock.step(3601)
    async with asyncio.timeout(5):
        while tray.hush.text() != "Quiet for an hour":
            await asyncio.sleep(0)
    tray.hush.trigger()
    async with asyncio.timeout(5):
        while not stage.window.toasts.cards or tray.hush.text() != "Speak again":
            await asyncio.sleep(0)
    toast = stage.window.toasts.history[0].toast
    assert toast.on_act is not None
    toast.on_act()
    async with asyncio.timeout(5):
        while await app.quiet.until() is not None:
            await asyncio.sleep(0)
    await stage.behind.settled()


def test_states_differ_by_shape_not_by_colour_alone() -> None:
    """Drawn in one colour, every state's mark is still another picture."""
    marks = ("good", "warn", "bad", "waiting", "off", "silent")
    pictures = [marked(mark, "text").pixmap(32, 32).toImage() for mark in marks]
    different = [one != other for at, one in enumerate(pictures) for other in pictures[:at]]
    assert all(different)


def test_a_click_opens_the_window_and_a_notification_its_page() -> None:
    tray = Tray()
    wanted: list[str] = []
    tray.opened.connect(wanted.append)
    tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    tray.notify(Notification("The bot is offline", "", "bad", "session"))
    tray.icon.messageClicked.emit()
    tray.show_state(TrayState("Finn", SessionState.FAILED))
    assert wanted == ["", "session"]
    assert not tray.icon.icon().pixmap(22, 22).toImage().isNull()
    assert isinstance(tray.icon.icon().pixmap(22, 22), QPixmap)
    tray.end()


# --- notifications -----------------------------------------------------------------------------


class Desktop:
    """What the host sees, and whether they look at the window."""

    def __init__(self, app: App, clock: VirtualClock) -> None:
        self.told: list[Notification] = []
        self.looking = False
        self.listens = Notifications(
            app.bus, clock, self.told.append, lambda: app.settings.get(NOTIFICATIONS), lambda: self.looking
        )

    @property
    def titles(self) -> list[str]:
        return [one.title for one in self.told]


@pytest.fixture
async def desktop(app: App, clock: VirtualClock) -> AsyncIterator[Desktop]:
    made = Desktop(app, clock)
    yield made
    await made.listens.end()


FAILED = SessionStatus(SessionState.FAILED, explain(DiscordUnreachable()))
OFFLINE = explain(OllamaMissing(host="http://127.0.0.1:11434"))


async def test_going_offline_for_good_is_told_with_what_to_do(app: App, desktop: Desktop) -> None:
    app.bus.publish(SessionChanged(FAILED))
    await desktop.listens.settled()
    assert desktop.titles == ["The bot is offline"]
    assert "Check the internet connection" in desktop.told[0].text
    assert desktop.told[0].page == "session"


async def test_a_short_break_of_the_connection_bothers_nobody(
    app: App, desktop: Desktop, clock: VirtualClock
) -> None:
    app.bus.publish(SessionChanged(SessionStatus(SessionState.ONLINE)))
    app.bus.publish(SessionChanged(SessionStatus(SessionState.RECONNECTING)))
    await asyncio.sleep(0)
    clock.step(20)
    app.bus.publish(SessionChanged(SessionStatus(SessionState.ONLINE)))
    clock.step(60)
    await desktop.listens.settled()
    assert desktop.titles == []


async def test_two_short_breaks_are_no_long_one(app: App, desktop: Desktop, clock: VirtualClock) -> None:
    for _ in range(2):
        app.bus.publish(SessionChanged(SessionStatus(SessionState.ONLINE)))
        app.bus.publish(SessionChanged(SessionStatus(SessionState.RECONNECTING)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        clock.step(40)
    assert desktop.titles == []
    app.bus.publish(SessionChanged(SessionStatus(SessionState.ONLINE)))
    clock.step(60)
    await desktop.listens.settled()
    assert desktop.titles == []


async def test_a_long_break_is_told_and_so_is_its_end(
    app: App, desktop: Desktop, clock: VirtualClock
) -> None:
    app.bus.publish(SessionChanged(SessionStatus(SessionState.RECONNECTING)))
    await asyncio.sleep(0)
    clock.step(61)
    await desktop.listens.settled()
    app.bus.publish(SessionChanged(SessionStatus(SessionState.ONLINE)))
    await desktop.listens.settled()
    assert desktop.titles == ["The bot is offline", "The bot is online again"]


async def test_a_failed_model_is_told_once_in_half_an_hour(
    app: App, desktop: Desktop, clock: VirtualClock
) -> None:
    for _ in range(5):
        app.bus.publish(Notice("bad", OFFLINE.what, OFFLINE.step))
        await desktop.listens.settled()
    assert desktop.titles == ["Ollama does not answer at http://127.0.0.1:11434."]
    clock.step(1801)
    app.bus.publish(Notice("bad", OFFLINE.what, OFFLINE.step))
    await desktop.listens.settled()
    assert len(desktop.told) == 2


async def test_there_are_never_many(app: App, desktop: Desktop, clock: VirtualClock) -> None:
    for number in range(30):
        app.bus.publish(Notice("bad", T("trouble {n}", n=number)))
        await desktop.listens.settled()
    assert len(desktop.told) == MOST_IN_AN_HOUR
    clock.step(3601)
    app.bus.publish(Notice("bad", T("trouble {n}", n=99)))
    await desktop.listens.settled()
    assert len(desktop.told) == MOST_IN_AN_HOUR + 1


async def test_nothing_is_told_that_needs_nobody_or_is_not_wanted_or_is_seen_anyway(
    app: App, desktop: Desktop
) -> None:
    app.bus.publish(Notice("warn", OFFLINE.what))
    app.bus.publish(Notice("good", T("saved")))
    await desktop.listens.settled()
    desktop.looking = True
    app.bus.publish(Notice("bad", OFFLINE.what))
    await desktop.listens.settled()
    desktop.looking = False
    await app.settings.put(NOTIFICATIONS, False)
    app.bus.publish(Notice("bad", OFFLINE.what))
    await desktop.listens.settled()
    assert desktop.titles == []


# --- starting with the computer ----------------------------------------------------------------


async def test_the_switch_writes_and_removes_the_entry(stage: Stage, app: App) -> None:
    await stage.begin()
    await app.settings.put(START_WITH_COMPUTER, True)
    await stage.behind.settled()
    assert stage.entry.kept is not None
    assert "--minimised" in stage.entry.kept
    await app.settings.put(START_WITH_COMPUTER, False)
    await stage.behind.settled()
    assert stage.entry.kept is None


async def test_what_was_switched_off_in_the_system_is_off(stage: Stage, app: App) -> None:
    await app.settings.put(START_WITH_COMPUTER, True)
    await stage.begin()
    assert await app.settings.get(START_WITH_COMPUTER) is False


async def test_a_program_that_was_moved_is_entered_anew(stage: Stage, app: App) -> None:
    await app.settings.put(START_WITH_COMPUTER, True)
    stage.entry.kept = ["/old/place/Echodeck", "--minimised"]
    await stage.begin()
    assert stage.entry.kept != ["/old/place/Echodeck", "--minimised"]
    assert await app.settings.get(START_WITH_COMPUTER) is True


async def test_a_system_that_refuses_is_told(stage: Stage, app: App) -> None:
    await stage.begin()
    stage.entry.refuses = True
    heard: list[Any] = []
    app.bus.listen(Notice, heard.append)
    await app.settings.put(START_WITH_COMPUTER, True)
    await stage.behind.settled()
    assert "Permission denied" in str(heard[0].text)


def test_a_name_with_an_ampersand_stays_whole_in_the_menu() -> None:
    tray = Tray()
    tray.show_state(TrayState("Tom & Jerry", SessionState.ONLINE))
    assert tray.about.text() == "Tom && Jerry: online"  # Qt takes one of the two for the mark of a key
    assert "Tom & Jerry" in tray.icon.toolTip()
    tray.end()
