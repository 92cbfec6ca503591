"""The main window: a sidebar of pages, the page, and a status bar. It knows pages only as pages."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QIcon, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QStackedWidget, QWidget

from core import VERSION
from core.events import Bus, JobProgress, Notice
from core.guide import NEWS
from core.words import say
from gui.help.asking import about, help_by_key, topic_at
from gui.help.desk import HelpDesk
from gui.pages.page import Page, Toast
from gui.placing import brought_back
from gui.reading_order import ReadInOrder
from gui.shortcuts import set_keys
from gui.staying import Staying
from gui.stylesheet import RESOURCES
from gui.widgets.basics import row
from gui.widgets.lights import Light
from gui.widgets.progress import ProgressBar
from gui.widgets.sidebar import Place, Sidebar
from gui.widgets.toasts import Notices, Toasts

log = logging.getLogger(__name__)

FIRST_SIZE = (1280, 800)
LEAST_SIZE = (1000, 700)
WINDOW_FILE = "window.ini"


@dataclass(frozen=True)
class PageEntry:
    """A page the window can show; it is made when it is first wanted."""

    place: Place
    make: Callable[[], Page]


class MainWindow(ReadInOrder, QMainWindow):
    """The main window.

    Attributes:
        closing: the host wants the app to end.
        on_close: what closing the window means; to begin with, the end of the app.
        guide_wanted: the host wants the set-up guide, at a step of it or (empty) where they were.
        help_desk: opens the guide that is read.
        folder: where the window's size and place are remembered, as an ini file.
    """

    closing = Signal()
    guide_wanted = Signal(str)
    page_shown = Signal(str)

    def __init__(
        self,
        entries: Sequence[PageEntry],
        bus: Bus,
        folder: Path,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__()
        self._entries = {entry.place.name: entry for entry in entries}
        self._pages: dict[str, Page] = {}
        self._remembered = QSettings(str(folder / WINDOW_FILE), QSettings.Format.IniFormat)
        self.help_desk = HelpDesk(self._remembered)
        help_by_key(self)
        self._may_close = False
        self.on_close: Callable[[], object] = self.quit
        self.setWindowTitle("Echodeck")
        self.setWindowIcon(QIcon(str(RESOURCES / "icons" / "echodeck.svg")))
        self.setMinimumSize(*LEAST_SIZE)
        self._stack = QStackedWidget()
        self._build()
        self.toasts = Toasts(self._stack, now)
        self.notices = Notices(self, self.toasts)
        self._subscriptions = [
            bus.listen(Notice, self._noticed),
            bus.listen(JobProgress, lambda moved: self.progress.job(moved)),
        ]
        set_keys(self)
        self._restore()
        screens = QApplication.instance()
        if isinstance(screens, QGuiApplication):
            screens.screenRemoved.connect(self._screen_gone)

    # pages

    def go(self, name: str) -> None:
        """Show a page, once the present one lets go."""
        guide, _, step = name.partition(":")
        if guide == "guide":
            self.guide_wanted.emit(step)
            return
        present = self.page
        if present is None or present.name == name or present.may_leave(lambda: self._show(name)):
            self._show(name)
        else:
            self.sidebar.show_page(present.name)

    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        shown = self._stack.currentWidget()
        return shown if isinstance(shown, Page) else None

    @property
    def names(self) -> list[str]:
        """The names of all pages, in their order."""
        return list(self._entries)

    def made(self, name: str) -> Page:
        """A page, made when it was not yet."""
        if name not in self._pages:
            page = self._entries[name].make()
            page.toasted.connect(self.toasts.show)
            page.working.connect(self.progress.follow)
            page.wanted.connect(self.go)
            self._pages[name] = page
            self._stack.addWidget(page)
            self._restore_splitters(page)
        return self._pages[name]

    def show_persona(self, name: str, state: Light, picture: bytes | None = None) -> None:
        """Say in the sidebar who the bot is being, and how it is."""
        self.sidebar.show_persona(name, state, picture)
        self.setWindowTitle(f"{name} – Echodeck" if name else "Echodeck")

    # its life

    def come_forward(self) -> None:
        """Be seen: from behind other windows, or from the task bar."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    async def end(self) -> None:
        """Stop everything the pages do, and go."""
        for subscription in self._subscriptions:
            subscription.end()
        for page in self._pages.values():
            await page.end()
        self.help_desk.end()
        self._may_close = True
        self.close()

    def quit(self) -> None:
        """End the app, once the present page lets go."""
        if self.page is None or self.page.may_leave(self.closing.emit):
            self.closing.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._greet()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._remember()
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.on_close()

    def was_told(self, what: str) -> bool:
        """Was the host told this before?"""
        return str(self._remembered.value(f"told/{what}")) == "yes"

    def note_told(self, what: str) -> None:
        """They were."""
        self._remembered.setValue(f"told/{what}", "yes")
        self._remembered.sync()

    def _greet(self, version: str = VERSION) -> None:
        """After an update say once, in passing, that there is something new. Whoever is here for the first
        time has read nothing older, and is told nothing."""
        was_here, knows = self.was_told("versions"), self.was_told(f"version-{version}")
        if was_here and not knows:
            told = say("Echodeck was updated to version {version}.", version=version)
            self.toasts.show(Toast(told, "info", say("What's new"), partial(self.help_desk.open, NEWS)))
        if not knows:
            self.note_told("versions")
            self.note_told(f"version-{version}")

    def _remember(self) -> None:
        self._remembered.setValue("geometry", self.saveGeometry())
        self._remembered.setValue("page", self.page.name if self.page is not None else "")
        for page in self._pages.values():
            for number, splitter in enumerate(page.findChildren(QSplitter)):
                self._remembered.setValue(f"splitters/{page.name}/{number}", splitter.saveState())
        self._remembered.sync()

    async def say_anew(self, entries: Sequence[PageEntry]) -> None:
        """The language is another: everything is made anew in it. The host stays on the same page, where
        they were on it; what pages were at goes on."""
        self._remember()
        before, present = self._pages, self.page
        here = Staying.on(present) if present is not None else None
        self._entries, self._pages = {entry.place.name: entry for entry in entries}, {}
        self._build()
        self.toasts.say_anew()
        self.notices.deleteLater()
        self.notices = Notices(self, self.toasts)
        self._show(present.name if present is not None and present.name in self._entries else self.names[0])
        if here is not None and self.page is not None:
            here.again(self.page)
        for name, old in before.items():
            unfinished = old.unfinished()
            await old.end()
            if unfinished and name in self._entries:
                self.made(name).take_over(unfinished)
            self._stack.removeWidget(old)
            old.deleteLater()

    def _build(self) -> None:
        self.sidebar = Sidebar([entry.place for entry in self._entries.values()])
        self.sidebar.chosen.connect(self.go)
        self.sidebar.bell.clicked.connect(self._open_notices)
        self.progress = ProgressBar()
        middle = QWidget()
        layout = row(self.sidebar, self._stack, gap=0)
        layout.setStretch(1, 1)
        middle.setLayout(layout)
        self.setCentralWidget(middle)
        self.setStatusBar(self.progress)
        self.progress.say_quietly(say("Echodeck {version}", version=VERSION))

    def _show(self, name: str) -> None:
        page = self.made(name)
        focused = self.focusWidget()
        if focused is None or not self.sidebar.isAncestorOf(focused):
            self._stack.setFocus()  # or Qt would light up whatever comes next on the page that goes
        self._stack.setCurrentWidget(page)
        self.sidebar.show_page(name)
        about(self, topic_at(page))
        self.page_shown.emit(name)

    def _noticed(self, notice: Notice) -> None:
        def words() -> str:
            return say(notice.text) if notice.step is None else f"{say(notice.text)} {say(notice.step)}"

        self.toasts.show(Toast(words(), notice.level, anew=words))

    def _open_notices(self) -> None:
        if self.notices.isVisible():
            self.notices.hide()
        else:
            self.notices.open()

    def _restore(self) -> None:
        kept = self._remembered.value("geometry")
        if not (isinstance(kept, QByteArray) and self.restoreGeometry(kept)):
            self.resize(*FIRST_SIZE)
        self._bring_back()
        last = str(self._remembered.value("page") or "")
        self._show(last if last in self._entries else self.names[0])

    def _restore_splitters(self, page: Page) -> None:
        for number, splitter in enumerate(page.findChildren(QSplitter)):
            kept = self._remembered.value(f"splitters/{page.name}/{number}")
            if isinstance(kept, QByteArray):
                splitter.restoreState(kept)

    def _screen_gone(self) -> None:
        self._bring_back()

    def _bring_back(self) -> None:
        """The screen it was on may have gone."""
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        there = brought_back(self.frameGeometry(), screens)
        if there != self.frameGeometry():
            self.setGeometry(there)
