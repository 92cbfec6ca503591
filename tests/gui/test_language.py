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
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QWidget

from core import words
from core.app import App, Config, open_app
from core.events import Notice
from core.session import SessionState
from core.tongue import LANGUAGE
from core.words import T, speaking
from gui import tongue
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
        await self.desktop._tasks.idle()
        for name in self.window.names:
            await self.window.made(name).tasks.idle()


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
    await host.desktop._tasks.idle()
    yield host
    closing.set()
    assert await living == 0


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


def sentences() -> re.Pattern[str]:
    """Every sentence of the catalogue that has words of its own, with anything in its blanks."""
    with (words.TRANSLATIONS / "echodeck.pot").open("rb") as file:
        ids = [message.id for message in read_po(file) if message.id]
    known = {form for each in ids for form in (each if isinstance(each, tuple) else (each,))}
    found = []
    for sentence in known:
        own = re.sub(r"\{\w+\}", "", sentence)
        if sum(letter.isalpha() for letter in own) >= 3:
            found.append("".join(".+" if re.fullmatch(r"\{\w+\}", p) else re.escape(p) for p in _parts(sentence)))
    return re.compile("|".join(found), re.DOTALL)


def _parts(sentence: str) -> list[str]:
    return [part for part in re.split(r"(\{\w+\})", sentence) if part]


def left_in_english(text: str, english: re.Pattern[str]) -> bool:
    """Is there a sentence of ours in it that nobody said in the language of now?"""
    while text != (less := re.sub(r"⸢[^⸢⸣]*⸣", "", text)):
        text = less
    return any(english.fullmatch(piece.strip()) for piece in re.split(r"[·\n]", text) if piece.strip())


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
            left += [f"{name}: {text!r}" for text in texts(window) if left_in_english(text, english)]
        left += [f"painted: {text!r}" for text in painted if left_in_english(text, english)]
        assert sorted(set(left)) == []
        assert any("⸢" in text for text in painted)
