"""Without a mouse and without seeing it: everything in the window has a name and a role, and Tab goes
through all of it in the order it is read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QWidget,
)

from core.app import App, Config
from core.backups import rescue
from core.errors import explain
from db.faults import KeyMissing, StoreDamaged
from gui.reading_order import stops
from gui.sample import sample_app
from gui.theme import PALETTES, contrast
from gui.tour import everything, sample_window
from gui.tour_views import painted, settled
from gui.trouble_screen import TroubleScreen
from tests.gui import walk
from tests.gui.ink import inks

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QProgressBar)
READABLE, SEEN = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11


async def _walked(root: QWidget) -> list[str]:
    """What is wrong with a window for somebody who walks through it by keyboard and ear."""
    root.activateWindow()
    await painted()
    before = QApplication.focusWidget()
    stops(root)[0].setFocus(Qt.FocusReason.TabFocusReason)
    walk.tabbed(root)  # once around: what a list chooses when it is entered can switch buttons on
    visited = walk.tabbed(root)
    backwards = walk.tabbed(root, Qt.Key.Key_Backtab)
    found = walk.badly_named(root) + walk.badly_taken(root) + walk.nameless_rows(root)
    found += walk.unreached(root, visited) + walk.out_of_order(visited)
    if backwards != [visited[0], *reversed(visited[1:])]:
        found.append("Shift+Tab goes another way than Tab")
    if before is not None:
        before.setFocus()
    return found


class _Strays(QObject):
    """Hears of buttons and fields that are shown before they stand anywhere: each is a window of its own
    for a moment, and takes the keyboard away from the real one."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        QCoreApplication.instance().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, CONTROLS) and watched.isWindow():
            self.seen.append(walk.called(watched))
        return False


def _unreadable(root: QWidget, pairs: set[tuple[str, str]]) -> list[str]:
    """Texts that are too faint for what they stand on. `pairs`: those colours that were met are added."""
    found = []
    for ink in inks(root):
        pairs.add((ink.colour, ink.ground))
        if ink.contrast < (SEEN if ink.is_icon else READABLE):
            found.append(f"{ink.text!r}: {ink.colour} on {ink.ground} is {ink.contrast:.2f}")
    return found


async def test_every_view_on_sample_data_can_be_walked_and_read(tmp_path: Path) -> None:
    found: dict[str, list[str]] = {}
    walked: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    strays = _Strays()
    async with AsyncExitStack() as ending:
        app = await ending.enter_async_context(sample_app(tmp_path))
        window, session = await ending.enter_async_context(sample_window(app))
        window.resize(1280, 800)
        async for view in everything(window, app, session):
            walked.add(view.name)
            if wrong := _unreadable(view.shown, pairs) + await _walked(view.shown):
                found[view.name] = wrong
    assert found == {}
    assert strays.seen == []
    expected = {"session-why", "persona-export", "memory-merge", "models-delete", "notices", "guide-2-token"}
    assert walked >= expected | set(window.names)
    assert _unreadable_elsewhere(pairs) == []


def _unreadable_elsewhere(pairs: set[tuple[str, str]]) -> list[str]:
    """The same colours, by what they are called, as dark and high contrast have them."""
    light = PALETTES["light"]
    found = []
    for colour, ground in sorted(pairs):
        names = [
            [each.name for each in fields(light) if getattr(light, each.name) == value]
            for value in (colour, ground)
        ]
        assert all(names), f"{colour} on {ground}: no colours of the theme"
        # White is the text of an accent, and the ground of a card.
        text = "on_accent" if "on_accent" in names[0] else names[0][0]
        below = "surface" if "surface" in names[1] else names[1][0]
        for look, colours in PALETTES.items():
            if (seen := contrast(getattr(colours, text), getattr(colours, below))) < READABLE:
                found.append(f"{text} on {below} in {look}: {seen:.2f}")
    return found


async def test_the_first_run_can_be_walked(app: App) -> None:
    found: dict[str, list[str]] = {}
    async with sample_window(app) as (window, _session):
        for name in window.names:
            window.go(name)
            await settled(window.made(name))
            if wrong := await _walked(window):
                found[name] = wrong
    assert found == {}


@pytest.fixture(params=["key", "data"])
async def trouble(request: pytest.FixtureRequest, config: Config) -> AsyncIterator[TroubleScreen]:
    error = KeyMissing(source="store.key") if request.param == "key" else StoreDamaged(backup="–")
    config.data_dir.mkdir(parents=True)
    screen = TroubleScreen(explain(error), error, config.data_dir, rescue(config.data_dir, config.environ))
    screen.show()
    yield screen
    await screen.end()
    screen.hide()
    screen.deleteLater()


async def test_the_trouble_screen_can_be_walked(trouble: TroubleScreen) -> None:
    for made in trouble.findChildren(QPushButton):
        if made.text() in ("Details", "Start fresh…"):
            made.click()
    assert await _walked(trouble) == []
