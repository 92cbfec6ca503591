"""The desktop app from its first moment to its last: open the data, show the window, and on the way
out end everything in its order, each step within its time limit.

    data (or the trouble screen) → session → window → guide
    and back: guide, bot offline, pages, window, then the data closes
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

from core.app import App
from core.backups import rescue
from core.crash import CrashBook
from core.errors import EchodeckError, explain
from core.events import PersonaChanged, SessionChanged, SettingChanged, Subscription
from core.session import Session, SessionState
from core.settings import AUTOSTART, MOTION, THEME
from core.stage import cast
from core.tongue import LANGUAGE
from core.words import current_language, say
from gui import loop, stillness, tongue
from gui.background import Background
from gui.contents import entries, guide_needs
from gui.crashes import Crashes
from gui.operation import Operation, Tasks
from gui.pages.page import Toast
from gui.reopening import Between, starting_again
from gui.single import ShowRequests
from gui.theme import Theme, apply
from gui.trouble_screen import OpeningScreen, TroubleScreen
from gui.widgets.lights import state_light
from gui.window import MainWindow
from gui.wizard.guide import Guide

log = logging.getLogger(__name__)

OFFLINE_WITHIN_S = 15.0
PAGES_WITHIN_S = 5.0
DATA_WITHIN_S = 40.0
PATIENCE_S = 0.8

OpenApp = Callable[[], AbstractAsyncContextManager[App]]
MakeSession = Callable[[App], Session]


def run(data_dir: Path, open_app: OpenApp, make_session: MakeSession, minimised: bool = False) -> int:
    """The desktop app; answers the exit status.

    Args:
        data_dir: the data folder. open_app: opens the data; called anew for each try.
        make_session: makes the bot's life on Discord for an app.
        minimised: begin beside the clock, without a window, where that is possible.
    """
    application = tongue.begin(data_dir)
    desktop = Desktop(data_dir, open_app, make_session, apply(application), minimised=minimised)
    return loop.run(application, desktop.live)


class Desktop:
    """One run of the desktop app.

    Attributes:
        window: the main window once the data is open. guide: the set-up guide while it is open.
        background: what there is of it while the window is closed. crashes: tells what broke.
    """

    def __init__(
        self,
        data_dir: Path,
        open_app: OpenApp,
        make_session: MakeSession,
        theme: Theme,
        *,
        minimised: bool = False,
    ) -> None:
        self._data_dir = data_dir
        self._minimised = minimised
        self._open_app = open_app
        self._make_session = make_session
        self._theme = theme
        self._tasks = Tasks()
        self._listening: list[Subscription] = []
        self.window: MainWindow | None = None
        self.guide: Guide | None = None
        self.background: Background | None = None
        self.crashes: Crashes | None = None
        self.trouble: TroubleScreen | None = None
        self.shown = asyncio.Event()
        self._requests: ShowRequests | None = None
        self._between: Between | None = None
        self._news: Toast | None = None  # what became of it, said when everything is open again
        self._was_online = False

    async def live(self, closing: asyncio.Event) -> int:
        """From opening to the end; `closing` ends it."""
        while True:
            data = AsyncExitStack()
            app = await self._until_open(data, closing)
            if app is None:
                return 1
            broke: Exception | None = None
            try:
                await self._show(app, closing)
                await closing.wait()
            except Exception as error:
                log.exception("the window broke")
                broke = error
            finally:
                await loop.within(DATA_WITHIN_S, "closing the data", self._end(data))
            if broke is not None:
                if await self._ask(broke, closing) == "quit":
                    return 1
                continue
            between, self._between = self._between, None
            if between is None:
                return 0
            closing.clear()
            await self._do(between)

    def reopen(self, closing: asyncio.Event, between: Between) -> None:
        """Close everything, do what needs it closed, and open again."""
        self._between = between
        closing.set()

    async def _do(self, between: Between) -> None:
        screen = OpeningScreen(between.title)
        screen.show()
        try:
            self._news = Toast(await between.work(), "good")
        except Exception as error:
            told = explain(error)
            log.warning("%s failed: %s", between.title, told.what, exc_info=told.code == "Unexpected")
            self._news = Toast(f"{told.what} {told.step}", "bad")
        finally:
            screen.close()
            screen.deleteLater()

    # opening

    async def _until_open(self, data: AsyncExitStack, closing: asyncio.Event) -> App | None:
        """Open the data; while it does not open, let the host choose what to do."""
        while True:
            try:
                return await self._opened(data)
            except Exception as error:
                known = isinstance(error, EchodeckError)
                log.warning("the data cannot be opened: %s", error, exc_info=not known)
                if await self._ask(error, closing) == "quit":
                    return None

    async def _opened(self, data: AsyncExitStack) -> App:
        opening = asyncio.ensure_future(data.enter_async_context(self._open_app()))
        done, _ = await asyncio.wait({opening}, timeout=PATIENCE_S)
        if done:
            return opening.result()
        screen = OpeningScreen()
        screen.setVisible(not self._minimised)
        try:
            return await opening
        finally:
            screen.close()
            screen.deleteLater()

    async def _ask(self, error: Exception, closing: asyncio.Event) -> str:
        """What the host chooses; the end of the computer's day is a choice, too."""
        backups = rescue(self._data_dir, os.environ)
        self.trouble = TroubleScreen(explain(error), error, self._data_dir, backups)
        self.trouble.show()
        self.shown.set()
        ended = asyncio.ensure_future(closing.wait())
        try:
            waited: set[asyncio.Future[Any]] = {self.trouble.choice, ended}
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            return self.trouble.choice.result() if self.trouble.choice.done() else "quit"
        finally:
            ended.cancel()
            await self.trouble.end()
            self.trouble.close()
            self.trouble.deleteLater()
            self.trouble = None
            self.shown.clear()

    async def _show(self, app: App, closing: asyncio.Event) -> None:
        await self._dress(app)
        await tongue.take_up(app.settings, self._data_dir)
        session = self._make_session(app)
        self._entries = partial(entries, app, session, partial(self.reopen, closing))
        window = MainWindow(self._entries(), app.bus, self._data_dir)
        self.window, self._session, self._app = window, session, app
        self._requests = ShowRequests(self._data_dir)
        self._requests.asked.connect(window.come_forward)
        window.closing.connect(closing.set)
        window.guide_wanted.connect(self._want_guide)
        self._listening = [
            app.bus.listen(PersonaChanged, lambda _changed: self._name_persona()),
            app.bus.listen(SessionChanged, lambda _changed: self._name_persona()),
            app.bus.listen(SettingChanged, self._setting_changed),
        ]
        self.crashes = Crashes(CrashBook(app.logs), window, partial(self.reopen, closing, starting_again()))
        self.background = Background(app, session, window, self._data_dir)
        await self.background.begin(minimised=self._minimised)
        self._minimised = False  # whoever opens it anew is there
        self.shown.set()
        log.info("the window is shown")
        for text in app.said:
            window.toasts.show(Toast(say(text), "warn"))
        if self._news is not None:
            window.toasts.show(self._news)
            self._news = None
        await self.crashes.begin()
        self._name_persona()
        self._tasks.start(self._begin(), "the first steps")

    async def _begin(self) -> None:
        """What happens by itself once the window is there."""
        if not await self._app.setup.finished():
            await self._open_guide()
            return
        self._remind()
        wanted = self._was_online or await self._app.settings.get(AUTOSTART)
        if wanted and await self._app.secrets.token():
            await self._session.start()

    def _remind(self) -> None:
        """Say once what a recovery passphrase is for; never again after that."""
        if self.window is not None and self._app.keys.reminds():
            told = say("If this computer is lost, only a recovery passphrase opens your data and backups.")
            act = partial(self.window.go, "safekeeping")
            self.window.toasts.show(Toast(told, "info", say("Set one"), act))

    # while it runs

    async def _dress(self, app: App) -> None:
        values = await app.settings.every()
        self._theme.let_move(values[MOTION.key], still=await asyncio.to_thread(stillness.asked_for))
        if values[THEME.key] != self._theme.wanted:
            self._theme.choose(values[THEME.key])

    def _setting_changed(self, changed: SettingChanged) -> None:
        if changed.key in (THEME.key, MOTION.key):
            self._tasks.start(self._dress(self._app), "changing the theme")
        if changed.key == LANGUAGE.key:
            self._tasks.start(self._say_anew(), "changing the language")

    async def _say_anew(self) -> None:
        """Another language: all that is shown is made anew in it, while the bot stays online."""
        window, before = self.window, current_language()
        if window is None or not await tongue.take_up(self._app.settings, self._data_dir):
            return
        await window.say_anew(self._entries())
        if self.background is not None:
            self.background.say_anew()
        self._name_persona()
        if self.guide is None:
            window.toasts.show(tongue.told(before, self._app.settings, self._tasks))
            return
        await self.guide.end()
        self.guide.deleteLater()
        await self._open_guide()

    def _name_persona(self) -> None:
        self._tasks.start(self._show_persona(), "naming the persona")

    async def _show_persona(self) -> None:
        kept = await self._app.personas.active()
        if self.window is not None:
            name = kept.persona.name if kept is not None else ""
            picture = await self._app.belongings.picture(kept.id) if kept is not None else None
            self.window.show_persona(name, state_light(self._session.status.state), picture)

    def _want_guide(self, step: str) -> None:
        if self.guide is None:
            self._tasks.start(self._open_guide(step), "opening the guide")
        else:
            self.guide.raise_()

    async def _open_guide(self, step: str = "") -> None:
        guide = Guide(self._app.setup, guide_needs(self._app, self._session), self.window)
        self.guide = guide
        guide.ended.connect(self._guide_ended)
        await guide.begin(step)

    def _guide_ended(self, then: str) -> None:
        guide, self.guide = self.guide, None
        if guide is not None:
            self._tasks.start(self._go_on(guide, then), "closing the guide")

    async def _go_on(self, guide: Guide, then: str) -> None:
        await self._let_go(guide)  # first of all: whoever practises finds somebody there
        if self.window is None:
            return
        if then == "practice" and "practice" in self.window.names:
            self.window.go("practice")
        if then != "practice":  # who wants to talk is told at the next start
            self._remind()
        if then == "start":
            self.window.go("session")
            Operation(self._tasks, say("Starting"), self._session.start()).start()

    async def _let_go(self, guide: Guide) -> None:
        await cast(self._app, None)  # whoever skipped the choice gets the first sample: nobody stays silent
        await guide.end()
        guide.deleteLater()

    # closing

    async def _end(self, data: AsyncExitStack) -> None:
        """Backwards: guide, bot, pages, window, data. What breaks on the way leaves the rest as it is."""
        self.shown.clear()
        try:
            await self._leave()
        finally:
            await data.aclose()
            if self.window is not None:
                self.window.deleteLater()
                self.window = None
            self.guide = self.background = self.crashes = None

    async def _leave(self) -> None:
        for subscription in self._listening:
            subscription.end()
        if self.window is not None:
            self.window.hide()
        if self._requests is not None:
            self._requests.end()
            self._requests = None
        if self.crashes is not None:
            self.crashes.end()
        if self.background is not None:
            await loop.within(PAGES_WITHIN_S, "leaving the desktop", self.background.end())
        if self.guide is not None:
            await loop.within(PAGES_WITHIN_S, "closing the guide", self._let_go(self.guide))
        if self.window is not None:
            self._was_online = self._session.status.state in (SessionState.ONLINE, SessionState.RECONNECTING)
            await loop.within(OFFLINE_WITHIN_S, "going offline", self._session.stop())
            await loop.within(PAGES_WITHIN_S, "ending the pages", self.window.end())
        await self._tasks.end()
