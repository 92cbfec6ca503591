"""Echodeck while its window is closed: the icon beside the clock, what the desktop tells, starting with the
computer, and what closing the window means."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QGuiApplication

from core.app import App
from core.errors import AutostartRefused, explain
from core.events import Notice, PersonaChanged, QuietChanged, SessionChanged, SettingChanged, Subscription
from core.session import Session
from core.settings import CLOSE_TO_TRAY, NOTIFICATIONS, START_WITH_COMPUTER
from core.words import say
from gui import autostart, tray
from gui.closing import ClosingDialog
from gui.notifications import Notifications
from gui.operation import Tasks
from gui.pages.page import Toast
from gui.window import MainWindow

log = logging.getLogger(__name__)

QUIET_HOURS = 1.0


class Background:
    """One run of it, between the window and the app.

    Args:
        entry: the system's list of what starts at log-in.
        can_stay: whether there is a place beside the clock.
    """

    def __init__(
        self,
        app: App,
        session: Session,
        window: MainWindow,
        data_dir: Path,
        entry: autostart.Autostart | None = None,
        can_stay: Callable[[], bool] = tray.available,
    ) -> None:
        self._app = app
        self._session = session
        self._window = window
        self._entry = entry or autostart.entry(data_dir)
        self._command = autostart.command_line(data_dir)
        self._can_stay = can_stay
        self._tasks = Tasks()
        self._waits = Tasks()
        self._leaving = Leaving(window)
        self.tray = tray.Tray(window)
        self.closing_dialog: ClosingDialog | None = None
        self.notifications = Notifications(
            app.bus,
            app.config.clock,
            self.tray.notify,
            lambda: app.settings.get(NOTIFICATIONS),
            lambda: window.isVisible() and window.isActiveWindow(),
        )
        self._listening: list[Subscription] = []

    async def begin(self, *, minimised: bool) -> None:
        """Show the window, or only the icon. Before the set-up is done there is something to be seen."""
        self._connect()
        minimised = minimised and await self._app.setup.finished()
        self._refresh()
        if self._can_stay():
            self.tray.show()
        if not minimised:
            self._window.show()
        elif not self._can_stay():
            self._window.showMinimized()
        self._tasks.start(self._check_autostart(), "checking what starts with the computer")

    async def settled(self) -> None:
        """Wait until what was begun has been done."""
        await self._tasks.idle()

    def say_anew(self) -> None:
        """The language is another."""
        self.tray.say_anew()
        self._refresh()

    async def end(self) -> None:
        """Go from the desktop."""
        for subscription in self._listening:
            subscription.end()
        self._leaving.end()
        await self.notifications.end()
        await self._waits.end()
        await self._tasks.end()
        self.tray.end()

    def _connect(self) -> None:
        bus = self._app.bus
        self._window.on_close = self.close
        self.tray.opened.connect(self._open)
        self.tray.switched.connect(self._switch)
        self.tray.hushed.connect(self._hush)
        self.tray.quit_wanted.connect(self._window.quit)
        self._listening = [
            bus.listen(SessionChanged, lambda _: self._refresh()),
            bus.listen(PersonaChanged, lambda _: self._refresh()),
            bus.listen(QuietChanged, lambda _: self._refresh()),
            bus.listen(SettingChanged, self._setting_changed),
        ]

    # the icon

    def _refresh(self) -> None:
        self._tasks.start(self._show_state(), "the icon beside the clock")

    async def _show_state(self) -> None:
        kept = await self._app.personas.active()
        until = await self._app.quiet.until()
        name = kept.persona.name if kept is not None else ""
        local = until.astimezone(self._app.config.zone) if until is not None else None
        self.tray.show_state(tray.TrayState(name, self._session.status.state, local))
        self._waits.cancel()
        if until is not None:
            self._waits.start(self._when_over(until), "the end of the quiet")

    async def _when_over(self, until: datetime) -> None:
        clock = self._app.config.clock
        await clock.sleep((until - clock.now()).total_seconds())
        self._refresh()

    def _open(self, page: str) -> None:
        self._window.come_forward()
        if page in self._window.names:
            self._window.go(page)

    def _switch(self, on: bool) -> None:
        work = self._session.start() if on else self._session.stop()
        self._tasks.start(work, "starting or stopping the bot")

    def _hush(self, quiet: bool) -> None:
        self._tasks.start(self._be_quiet(quiet), "being quiet")

    async def _be_quiet(self, quiet: bool) -> None:
        if not quiet:
            await self._app.quiet.speak()
            self._window.toasts.show(Toast(say("The bot speaks again"), "good"))
            return
        until = (await self._app.quiet.hush(QUIET_HOURS)).astimezone(self._app.config.zone)
        told = say("The bot says nothing on Discord until {time}", time=f"{until:%H:%M}")
        self._window.toasts.show(Toast(told, "info", say("Undo"), lambda: self._hush(False)))

    # closing the window

    def close(self) -> None:
        """The host closed the window: it goes beside the clock, or Echodeck ends."""
        self._tasks.start(self._close(), "closing the window")

    async def _close(self) -> None:
        if not self._can_stay():
            self._window.quit()
        elif self._window.was_told("tray") or self._app.settings.fixed_by(CLOSE_TO_TRAY):
            if await self._app.settings.get(CLOSE_TO_TRAY):
                self._window.hide()
            else:
                self._window.quit()
        elif self.closing_dialog is None:
            self._ask()

    def _ask(self) -> None:
        self.closing_dialog = ClosingDialog(self._window)
        self.closing_dialog.decided.connect(
            lambda stay: self._tasks.start(self._decided(stay), "closing the window")
        )
        self.closing_dialog.finished.connect(self._asked)
        self.closing_dialog.open()

    def _asked(self, _result: int) -> None:
        self.closing_dialog = None

    async def _decided(self, stay: bool) -> None:
        await self._app.settings.put(CLOSE_TO_TRAY, stay)
        self._window.note_told("tray")
        await self._close()

    # starting with the computer

    def _setting_changed(self, changed: SettingChanged) -> None:
        if changed.key == START_WITH_COMPUTER.key:
            self._tasks.start(self._write_autostart(), "starting with the computer")

    async def _check_autostart(self) -> None:
        """The system's own list is the truth: what was switched off there is off. A program that was
        moved is entered anew."""
        settings = self._app.settings
        wanted = await settings.get(START_WITH_COMPUTER)
        if not wanted:
            return
        try:
            kept = await asyncio.to_thread(self._entry.command)
        except OSError as error:
            log.warning("what starts with the computer cannot be read: %s", error)
            return
        if kept is None and not settings.fixed_by(START_WITH_COMPUTER):
            await settings.put(START_WITH_COMPUTER, False)
        elif kept != self._command:
            await self._write_autostart()

    async def _write_autostart(self) -> None:
        wanted = await self._app.settings.get(START_WITH_COMPUTER)
        try:
            if wanted:
                await asyncio.to_thread(self._entry.put, self._command)
            else:
                await asyncio.to_thread(self._entry.remove)
        except OSError as error:
            log.warning("what starts with the computer cannot be changed: %s", error)
            told = explain(AutostartRefused(detail=error.strerror or type(error).__name__))
            self._app.bus.publish(Notice("warn", told.what, told.step))


class Leaving(QObject):
    """The system ends the app: from the dock's menu, or because the host logs out."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        application = QCoreApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.installEventFilter(self)
        application.commitDataRequest.connect(self._logging_out)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's own answer would close the window, which only puts it beside the clock."""
        if event.type() == QEvent.Type.Quit and watched is QCoreApplication.instance():
            self._window.quit()
            return True
        return False

    def end(self) -> None:
        """Hear no more."""
        application = QCoreApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.removeEventFilter(self)
        application.commitDataRequest.disconnect(self._logging_out)

    def _logging_out(self, _manager: object) -> None:
        self._window.closing.emit()
