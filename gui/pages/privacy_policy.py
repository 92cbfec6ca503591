"""The privacy policy as it is in force, to be read, copied and saved, in any language there is."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from core.policy import Section, as_text, policy
from core.server.languages import language_name
from core.words import current_language, languages, say, speaking
from gui import links
from gui.pages.page import Page
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label, row
from gui.widgets.saving import ask_where
from gui.widgets.setting_row import CalmCombo


class PrivacyPolicy(QWidget):
    """The text, with its language and what may be done with it."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self._sections: tuple[Section, ...] = ()
        self.language = CalmCombo()
        self.language.setAccessibleName(say("Language of the policy"))
        for code in languages():
            self.language.addItem(language_name(code), code)
        self.language.setCurrentIndex(self.language.findData(current_language()))
        if self.language.count() < 2:
            self.language.hide()
        self.copy = button(say("Copy"), "normal", "copy", self._copy)
        self.save = button(say("Save…"), "normal", "download", self._ask_where)
        about = label(
            say("Made from the settings in force. People read the same with /privacy policy."),
            "muted",
            wrap=True,
        )
        self._text = column(gap=SPACE.small)
        self._text.setContentsMargins(0, 0, SPACE.small, 0)
        inside = QWidget()
        inside.setMaximumWidth(SPACE.reading)
        inside.setLayout(self._text)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(say("Privacy policy"))
        scroll.setWidget(inside)
        head = row(about, self.language, self.copy, self.save)
        head.setStretch(0, 1)
        card = Card().put(head, scroll)
        card.body.setStretch(1, 1)
        whole = column(card)
        whole.setContentsMargins(0, 0, SPACE.large, 0)
        self.setLayout(whole)
        self.language.activated.connect(lambda _at: self._show())

    @property
    def text(self) -> str:
        """The policy in the chosen language, as Markdown."""
        with speaking(self.language.currentData() or "en"):
            return as_text(self._sections)

    def show_values(self, values: dict[str, Any], name: str) -> None:
        """Show what these settings come to."""
        self._sections = policy(values, name)
        self._show()

    def _show(self) -> None:
        while (item := self._text.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        with speaking(self.language.currentData() or "en"):
            for section in self._sections:
                if self._text.count():
                    self._text.addSpacing(SPACE.medium)
                self._text.addWidget(label(say(section.heading), "heading", wrap=True))
                for line in section.lines:
                    self._text.addWidget(label(say(line), wrap=True, selectable=True))
        self._text.addStretch(1)

    def _copy(self) -> None:
        links.copy(self.text)
        self._page.toast(say("Copied."), "good")

    def _ask_where(self) -> None:
        text = self.text

        def chosen(path: Path) -> None:
            async def write() -> Path:
                await asyncio.to_thread(path.write_text, text, "utf-8")
                return path

            self._page.run(write(), say("Saving"), self._saved)

        self.dialog = ask_where(
            self, say("Save the privacy policy"), "privacy-policy", [(say("Text"), "md")], chosen
        )

    def _saved(self, path: Path) -> None:
        self._page.toast(say("Saved as {name}.", name=path.name), "good")
