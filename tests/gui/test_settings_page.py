"""Settings: every one of the table is there, applies at once, and can be taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit

from core.app import App, Config, open_app
from core.settings import ANSWER_NAME, BURST_SECONDS, CHAT_MODEL, SETTINGS, THEME
from gui.pages.page import Toast
from gui.pages.settings import SettingsPage
from gui.widgets.switch import Switch


@pytest.fixture
async def page(app: App, shown: Any) -> SettingsPage:
    made = SettingsPage(app.settings, app.bus)
    made.toasts = await shown(made)  # type: ignore[attr-defined]
    return made


def _toasts(page: SettingsPage) -> list[Toast]:
    return page.toasts  # type: ignore[attr-defined, no-any-return]


def _type(page: SettingsPage, key: str, text: str) -> None:
    editor = page.rows[key].editor
    assert isinstance(editor, QLineEdit)
    editor.setText(text)
    editor.editingFinished.emit()


async def test_every_setting_has_its_row_with_label_and_help(page: SettingsPage) -> None:
    assert set(page.rows) == {setting.key for setting in SETTINGS}
    for setting in SETTINGS:
        editor = page.rows[setting.key].editor
        assert editor.accessibleName() == str(setting.label)
        assert editor.accessibleDescription() == str(setting.help)


async def test_a_change_applies_at_once_and_is_undone_from_the_toast(app: App, page: SettingsPage) -> None:
    editor = page.rows[THEME.key].editor
    assert isinstance(editor, QComboBox)
    editor.setCurrentIndex(editor.findData("dark"))
    editor.activated.emit(editor.currentIndex())
    await page.tasks.idle()
    assert await app.settings.get(THEME) == "dark"
    assert _toasts(page)[-1].text == "Theme: Dark"
    assert _toasts(page)[-1].act == "Undo"
    _toasts(page)[-1].on_act()  # type: ignore[misc]
    await page.tasks.idle()
    assert await app.settings.get(THEME) == "system"
    assert editor.currentData() == "system"


async def test_what_is_not_possible_is_said_beside_the_field(app: App, page: SettingsPage) -> None:
    shown = page.rows[BURST_SECONDS.key]
    _type(page, BURST_SECONDS.key, "99")
    await page.tasks.idle()
    assert not shown.wrong.isHidden()
    assert "allowed: 0 – 15 s" in shown.wrong.text()
    assert await app.settings.get(BURST_SECONDS) == 2.0
    _type(page, BURST_SECONDS.key, "3")
    await page.tasks.idle()
    assert shown.wrong.isHidden()
    assert await app.settings.get(BURST_SECONDS) == 3.0


async def test_back_to_the_default(app: App, page: SettingsPage) -> None:
    await app.settings.put(ANSWER_NAME, False)
    await page.tasks.idle()
    shown = page.rows[ANSWER_NAME.key]
    assert isinstance(shown.editor, Switch)
    assert not shown.editor.isChecked()
    shown.again.click()
    await page.tasks.idle()
    assert await app.settings.get(ANSWER_NAME) is True
    assert shown.editor.isChecked()
    assert shown.again.isHidden()


async def test_advanced_settings_appear_when_asked_for(page: SettingsPage) -> None:
    advanced = [key for key, row in page.rows.items() if row.setting.advanced]
    assert advanced
    assert all(page.rows[key].isHidden() for key in advanced)
    page.advanced.click()
    assert not any(page.rows[key].isHidden() for key in advanced)


async def test_a_model_is_chosen_on_its_page(page: SettingsPage) -> None:
    wanted: list[str] = []
    page.wanted.connect(wanted.append)
    page.rows[CHAT_MODEL.key].elsewhere.emit("models")
    assert wanted == ["models"]


async def test_the_environment_wins_and_is_named(config: Config, shown: Any) -> None:
    environ = {**config.environ, "ECHODECK_APPEARANCE_THEME": "dark"}
    async with open_app(replace(config, environ=environ)) as app:
        page = SettingsPage(app.settings, app.bus)
        await shown(page)
        row = page.rows[THEME.key]
        assert not row.editor.isEnabled()
        assert row.again.isHidden()
        words = [label.text() for label in row.findChildren(type(row.wrong))]
        assert "Fixed by ECHODECK_APPEARANCE_THEME in the environment." in words
        await page.end()
