"""What the keys of the window do, and that no two of them are in each other's way."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from core.app import App
from gui.keys import PAGES, page_keys, shown
from gui.pages.page import Toast
from gui.sample import sample_app
from gui.shortcuts import ShortcutSheet
from gui.tour import sample_window
from gui.tour_views import painted, settled
from gui.window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


def _press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = CTRL) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, modifiers)


async def test_ctrl_and_a_number_open_the_pages(app: App) -> None:
    async with sample_window(app) as (window, _session):
        window.activateWindow()
        await painted()
        keys = [Qt.Key(Qt.Key.Key_0.value + number % 10) for number in range(1, PAGES + 1)]
        for name, key in zip(window.names, keys, strict=False):
            _press(window, key)
            await settled(window.made(name))
            assert window.page is not None
            assert window.page.name == name
        tooltip = window.sidebar.button(window.names[0]).toolTip()
        assert shown(page_keys(1)) in tooltip
        assert "Ctrl" not in window.sidebar.button(window.names[-1]).toolTip()  # it has none


async def test_find_goes_to_the_search_field_of_the_page(tmp_path: Path) -> None:
    async with sample_app(tmp_path) as app, sample_window(app) as (window, _session):
        window.activateWindow()
        for name in ("memory", "people", "conversations", "privacy", "logs"):
            window.go(name)
            await settled(window.made(name))
            _press(window, Qt.Key.Key_F)
            found = QApplication.focusWidget()
            assert found is not None
            assert found.accessibleName().startswith(("Search", "Find")), name


async def test_escape_closes_one_thing_after_the_other(tmp_path: Path) -> None:
    async with sample_app(tmp_path) as app, sample_window(app) as (window, _session):
        window.activateWindow()
        for name in ("session", "memory"):
            window.go(name)
            page = window.made(name)
            await settled(page)
            if name == "session":
                page.list.why.emit(page.model.turn(page.model.index(0, 0)))  # type: ignore[attr-defined]
                panel = page.trace  # type: ignore[attr-defined]
            else:
                page.memories.view.selectRow(0)  # type: ignore[attr-defined]
                panel = page.detail  # type: ignore[attr-defined]
            await settled(page)
            assert panel.isVisible()
            window.toasts.show(Toast("Somebody came."))
            window.notices.open()
            _press(window, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
            assert not window.notices.isVisible()
            assert panel.isVisible()
            _press(window, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
            assert not panel.isVisible()
            assert window.toasts.cards
            _press(window, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
            assert not window.toasts.cards


async def test_ctrl_z_takes_back_what_the_toast_offers_to_undo(app: App) -> None:
    undone: list[str] = []
    async with sample_window(app) as (window, _session):
        window.activateWindow()
        window.go("settings")
        await settled(window.made("settings"))
        window.sidebar.button("settings").setFocus()
        window.toasts.show(Toast("Ada is forgotten.", act="Undo", on_act=lambda: undone.append("Ada")))
        window.toasts.show(Toast("Ollama is gone.", act="Models", on_act=lambda: undone.append("no")))
        _press(window, Qt.Key.Key_Z)
        assert undone == ["Ada"]
        assert [card.act.text() for card in window.toasts.cards if card.act is not None] == ["Models"]


async def test_the_sheet_lists_the_keys(app: App) -> None:
    async with sample_window(app) as (window, _session):
        window.activateWindow()
        await painted()
        _press(window, Qt.Key.Key_Slash)
        (sheet,) = window.findChildren(ShortcutSheet)
        assert sheet.isVisible()
        words = {each.text() for each in sheet.findChildren(QLabel)}
        assert {"Session", shown("Ctrl+1"), "Settings", shown("Ctrl+,"), "Undo", shown("Ctrl+Z")} <= words
        sheet.close()
        await painted()


async def test_no_two_keys_are_in_each_others_way(tmp_path: Path) -> None:
    found: dict[str, list[str]] = {}
    async with sample_app(tmp_path) as app, sample_window(app) as (window, _session):
        for name in window.names:
            window.go(name)
            await settled(window.made(name))
            keys = Counter(_keys_of(window))
            if wrong := [key for key, times in keys.items() if times > 1]:
                found[name] = wrong
    assert found == {}


def _keys_of(window: QWidget) -> list[str]:
    """The keys that work now: shortcuts of what is shown, and the underlined letters on it."""
    found = []
    for shortcut in window.findChildren(QShortcut):
        owner = shortcut.parent()
        if (
            isinstance(owner, QWidget)
            and owner.isVisible()
            and owner.window() is window
            and shortcut.isEnabled()
        ):
            found += [each.toString() for each in QShortcut.keys(shortcut)]
    for button in window.findChildren(QAbstractButton):
        if button.isVisible() and not button.shortcut().isEmpty():
            found.append(button.shortcut().toString())
    for label in window.findChildren(QLabel):
        if label.isVisible() and label.buddy() is not None:
            letter = QKeySequence.mnemonic(label.text())
            found += [] if letter.isEmpty() else [letter.toString()]
    return found
