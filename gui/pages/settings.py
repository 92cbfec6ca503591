"""Settings: made from the declarative table, applied at once, undone from the toast."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from core.errors import Explained
from core.events import Bus, SettingChanged
from core.figures import short
from core.settings import SECTIONS, SETTINGS, Setting, Settings, setting
from core.words import say
from gui.pages.page import Page
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label, line, row
from gui.widgets.setting_row import SettingRow
from gui.widgets.switch import Switch


class SettingsPage(Page):
    """Every setting of the table."""

    def __init__(self, settings: Settings, bus: Bus) -> None:
        super().__init__("settings", say("Settings"), bus)
        self._settings = settings
        self.rows: dict[str, SettingRow] = {}
        self.advanced = Switch(say("Show advanced settings"))
        self.advanced.toggled.connect(self._show_advanced)
        guide = button(say("Set-up guide"), "normal", "guide", on_click=lambda: self.wanted.emit("guide"))
        self.tools.addLayout(row(label(say("Advanced"), "muted"), self.advanced, gap=SPACE.small))
        self.tools.addWidget(guide)
        self._build()
        self._show_advanced(False)
        self.listen(SettingChanged, self._changed)

    async def load(self) -> None:
        values = await self._settings.every()
        for key, shown in self.rows.items():
            shown.show_value(values[key])

    def _build(self) -> None:
        cards = column(gap=SPACE.medium)
        self._dividers: dict[str, QWidget] = {}
        for section, title in SECTIONS.items():
            declared = [known for known in SETTINGS if known.section == section]
            if declared:
                cards.addWidget(self._card(say(title), declared))
        cards.addStretch(1)
        inside = QWidget()
        inside.setLayout(cards)
        self.fill_scrolled(inside)
        self.keep_narrow(SPACE.column)

    def _card(self, title: str, declared: list[Setting[Any]]) -> Card:
        card = Card(title)
        card.body.setSpacing(SPACE.small + SPACE.tight)
        for position, known in enumerate(declared):
            made = SettingRow(known, self._settings.fixed_by(known))
            made.put.connect(partial(self._put, known))
            made.reset.connect(partial(self._reset, known))
            made.elsewhere.connect(self.wanted)
            self.rows[known.key] = made
            if position:
                self._dividers[known.key] = line()
                card.put(self._dividers[known.key])
            card.put(made)
        return card

    def _show_advanced(self, shown: bool) -> None:
        for key, made in self.rows.items():
            visible = shown or not made.setting.advanced
            made.setVisible(visible)
            if key in self._dividers:
                self._dividers[key].setVisible(visible)

    def _put(self, known: Setting[Any], raw: Any) -> None:
        before = self.rows[known.key].value
        operation = self.run(self._settings.put(known, raw), say("Saving"))
        operation.success(lambda value: self._kept(known, before, value))
        operation.failure(partial(self._refused, known))

    def _reset(self, known: Setting[Any]) -> None:
        before = self.rows[known.key].value
        operation = self.run(self._settings.reset(known), say("Saving"))
        operation.success(lambda _none: self._kept(known, before, known.default))

    def _kept(self, known: Setting[Any], before: Any, value: Any) -> None:
        if value == before:
            return
        told = say("{setting}: {value}", setting=known.label, value=in_words(known, value))
        self.toast(told, "good", say("Undo"), lambda: self._undo(known, before))

    def _undo(self, known: Setting[Any], before: Any) -> None:
        self.run(self._settings.put(known, before), say("Saving"))

    def _refused(self, known: Setting[Any], why: Explained) -> None:
        if why.code == "SettingInvalid":
            self.rows[known.key].show_wrong(str(why.what))
        else:
            self.rows[known.key].show_value(self.rows[known.key].value)
            self.toast_trouble(why)

    def _changed(self, changed: SettingChanged) -> None:
        known = setting(changed.key)
        self.run(self._settings.get(known), say("Reading"), self.rows[known.key].show_value)


def in_words(known: Setting[Any], value: Any) -> str:
    """A value as a host reads it."""
    if known.choices:
        return say(dict(known.choices)[value])
    if isinstance(value, bool):
        return say("on") if value else say("off")
    if known.kind == "hour":
        return f"{value:02d}:00"
    number = short(value) if isinstance(value, (int, float)) else str(value)
    return f"{number} {say(known.unit)}" if known.unit is not None else number
