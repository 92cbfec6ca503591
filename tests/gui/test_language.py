"""The window in another language, at once: the same page, the bot still online, and not a word of before."""

from __future__ import annotations

import asyncio
import gettext
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from PySide6.QtCore import QAbstractListModel, QLocale, QModelIndex, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QDialogButtonBox, QWidget

from core import tongue as core_tongue
from core import words
from core.app import App, Config, open_app
from core.events import Notice
from core.session import SessionState
from core.tongue import LANGUAGE
from core.words import T
from gui import tongue, tour_views
from gui.contents import entries
from gui.desktop import Desktop
from gui.pages.settings import SettingsPage
from gui.sample import sample_app
from gui.theme import current
from gui.tour import sample_window
from gui.tour_views import settled
from gui.window import MainWindow
from gui.wizard.ends import WelcomeStep
from tests.support.fake_session import FakeSession


@pytest.fixture(autouse=True)
def _english_again(application: QApplication) -> Iterator[None]:
    """Whatever a test spoke, the next one speaks English."""
    application.setQuitOnLastWindowClosed(False)  # as in the app
    yield
    tongue.speak(application, "en")


class Host:
    """Whoever sits at the desktop."""

    def __init__(self, desktop: Desktop, app: App, session: FakeSession) -> None:
        self.desktop, self.app, self.session = desktop, app, session

    @property
    def window(self) -> MainWindow:
        assert self.desktop.window is not None
        return self.desktop.window

    async def chooses(self, language: str) -> None:
        await self.app.settings.put(LANGUAGE, language)
        await self.settles()

    async def settles(self) -> None:
        """Until nothing is under way any more: what ends may begin something else."""
        for _ in range(3):
            page, guide = self.window.page, self.desktop.guide
            for tasks in (page and page.tasks, guide and guide.needs.tasks, self.desktop._tasks):
                if tasks is not None:
                    await tasks.idle()
            await tour_views.painted()


@asynccontextmanager
async def hosting(config: Config, finished: bool = True) -> AsyncIterator[Host]:
    async with open_app(config) as before:
        if finished:
            await before.setup.finish()
    opened: dict[str, Any] = {}

    @asynccontextmanager
    async def opening() -> AsyncIterator[App]:
        async with open_app(config) as app:
            opened["app"] = app
            yield app

    def session(app: App) -> FakeSession:
        opened["session"] = FakeSession(app.bus)
        return opened["session"]

    closing = asyncio.Event()
    desktop = Desktop(config.data_dir, opening, session, current())
    living = asyncio.ensure_future(desktop.live(closing))
    await desktop.shown.wait()
    host = Host(desktop, opened["app"], opened["session"])
    await host.settles()
    try:
        yield host
    finally:
        closing.set()
        assert await living == 0


THEIRS = frozenset({"calm", "echo"})  # a persona's trait, and what every echo is signed with


class Marked(gettext.NullTranslations):
    """A language in which every sentence of the catalogue stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"⸢{message}⸣"

    def ngettext(self, one: str, many: str, n: int) -> str:
        return f"⸢{one if n == 1 else many}⸣"


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on German is that language."""
    really = words._catalogue
    monkeypatch.setattr(words, "_catalogue", lambda code: Marked() if code == "de" else really(code))


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What our own painting wrote."""
    found: list[str] = []
    really = QPainter.drawText

    def draw(self: QPainter, *given: Any) -> Any:
        found.extend(each for each in given if isinstance(each, str))
        return really(self, *given)

    monkeypatch.setattr(QPainter, "drawText", draw)
    return found


def sentences() -> frozenset[str]:
    """What the catalogue says without blanks: the sentences that are known again when they are met."""
    with (words.TRANSLATIONS / "echodeck.pot").open("rb") as file:
        ids = [message.id for message in read_po(file) if message.id]
    known = {form for each in ids for form in (each if isinstance(each, tuple) else (each,))}
    pieces = {piece.strip(" .:,;·") for sentence in known for piece in re.split(r"\{\w+\}", sentence)}
    return frozenset(piece for piece in pieces if sum(sign.isalpha() for sign in piece) >= 4)


def left_in_english(text: str, english: frozenset[str]) -> bool:
    """Is there a sentence of ours in it that nobody said in the language of now?"""
    if "@Finn" in text:  # a member's words
        return False
    while text != (less := re.sub(r"⸢[^⸢⸣]*⸣", "", text)):
        text = less
    pieces = re.split(r"[·\n:,;()0-9–—]", text)
    return any(piece.strip(" .:,;") in english for piece in pieces)


def texts(top: QWidget) -> Iterator[str]:
    """Everything somebody reads or hears of a window."""
    for widget in (top, *top.findChildren(QWidget)):
        yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
        for name in ("text", "placeholderText", "title"):
            told = getattr(widget, name, None)
            if callable(told) and isinstance(said := told(), str):
                yield said
        if isinstance(widget, QComboBox):
            yield from (widget.itemText(at) for at in range(widget.count()))
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from _of_model(widget)


def _of_model(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
    for column in range(columns):
        if isinstance(said := model.headerData(column, Qt.Orientation.Horizontal), str):
            yield said
        for number in range(min(model.rowCount(QModelIndex()), 30)):
            for role in roles:
                if isinstance(said := model.index(number, column).data(role), str):
                    yield said


async def test_after_a_switch_not_a_word_of_before_is_left(
    marked: None, painted: list[str], tmp_path: Path, application: QApplication
) -> None:
    """Each page, what it paints itself, and what is in the lists; full, as a host has it."""
    english = sentences()
    async with sample_app(tmp_path) as app, sample_window(app) as (window, session):
        for name in window.names:  # as they were before the switch
            window.go(name)
            await settled(window.made(name))
        app.bus.publish(Notice("warn", T("The newest backup is of {day}.", day="Monday")))
        tongue.speak(application, "de")
        await window.say_anew(entries(app, session))
        painted.clear()
        left = []
        for name in window.names:
            window.go(name)
            await settled(window.made(name))
            window.grab()
            left += [f"{name}: {text!r}" for text in texts(window) if left_in_english(text, english - THEIRS)]
        left += [f"painted: {text!r}" for text in painted if left_in_english(text, english - THEIRS)]
        assert sorted(set(left)) == []
        assert any("⸢" in text for text in painted)


async def test_the_host_chooses_german_and_stays_where_they_are(config: Config, tmp_path: Path) -> None:
    async with hosting(config) as host:
        host.window.go("settings")
        await host.session.start()
        await host.settles()
        window, online = host.window, host.session
        settings = host.window.page
        assert isinstance(settings, SettingsPage)
        choice = settings.rows[LANGUAGE.key].editor
        assert isinstance(choice, QComboBox)
        assert [choice.itemText(at) for at in range(choice.count())][1:] == ["English", "Deutsch", "Español"]
        choice.setFocus()
        choice.setCurrentIndex(choice.findData("de"))
        choice.activated.emit(choice.currentIndex())
        await host.settles()

        assert host.window is window
        page = host.window.page
        assert isinstance(page, SettingsPage)
        assert page is not settings
        assert page.heading.text() == "Einstellungen"
        assert window.sidebar.button("memory").text() == "Gedächtnis"
        assert host.desktop.background is not None
        assert host.desktop.background.tray.leave.text() == "Echodeck beenden"
        assert window.toasts.cards[-1].accessibleName() == "Sprache: Deutsch"
        assert host.session is online
        assert online.status.state is SessionState.ONLINE
        assert QLocale().language() == QLocale.Language.German
        assert (config.data_dir / "language").read_text().strip() == "de"

        act = window.toasts.cards[-1].act
        assert act is not None
        act.click()
        await host.settles()
        assert window.page is not None
        assert window.page.title == "Settings"


async def test_the_guide_begins_with_the_language(config: Config) -> None:
    async with hosting(config, finished=False) as host:
        guide = host.desktop.guide
        assert guide is not None
        welcome = guide.present
        assert isinstance(welcome, WelcomeStep)
        await guide.needs.tasks.idle()
        assert welcome.language.isVisible()
        welcome.language.setCurrentIndex(welcome.language.findData("es"))
        welcome.language.activated.emit(welcome.language.currentIndex())
        await host.settles()
        again = host.desktop.guide
        assert again is not None
        assert again is not guide
        assert isinstance(again.present, WelcomeStep)
        assert again.isVisible()
        assert again.present.heading.text() == "Te damos la bienvenida a Echodeck"
        await again.needs.tasks.idle()
        assert again.present.language.currentText() == "Español"


async def test_what_is_told_while_the_data_does_not_open_is_in_the_language_chosen_last(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hosting(config) as host:
        await host.chooses("de")
    monkeypatch.delenv("LANG", raising=False)
    core_tongue.begin({}, config.data_dir / "elsewhere")
    assert words.current_language() == "en"
    core_tongue.begin({}, config.data_dir)
    assert words.current_language() == "de"
    assert words.say("Try again") == "Noch einmal versuchen"


async def test_qt_speaks_it_too(application: QApplication) -> None:
    tongue.speak(application, "de")
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text().replace("&", "") == "Abbrechen"
    tongue.speak(application, "en")
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text().replace("&", "") == "Cancel"
