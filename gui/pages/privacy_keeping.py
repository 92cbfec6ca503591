"""What is stored in all, how long it is kept, and the end of all of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from core.errors import Explained
from core.figures import number
from core.holdings import KINDS, Held
from core.keeping import PRIVACY
from core.settings import Setting, Settings
from core.words import count, say
from gui.models.privacy import size_words
from gui.models.times import day_of
from gui.pages.page import Page
from gui.theme import SPACE
from gui.widgets.basics import Card, button, column, label, line, row
from gui.widgets.privacy_confirm import ConfirmStrip
from gui.widgets.scrolled import Beside, Scrolled
from gui.widgets.setting_row import SettingRow


class StoredCard(Card):
    """Each kind with its number, size and age."""

    def __init__(self) -> None:
        super().__init__(say("What is stored"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE.large)
        self._grid.setVerticalSpacing(SPACE.small)
        self._grid.setColumnStretch(0, 1)
        self.people = label("", "muted", wrap=True)
        self.put(self._grid, self.people)

    def show_all(self, everything: Sequence[Held], stances: tuple[int, int]) -> None:
        """Show them."""
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        if not everything:
            self._grid.addWidget(label(say("Nothing yet."), "muted"), 0, 0)
        for at, held in enumerate(everything):
            name = say(KINDS[held.kind])
            since = say("since {day}", day=day_of(held.oldest)) if held.oldest else ""
            size = size_words(held.size) if held.size else ""
            self._grid.addWidget(label(name), at, 0)
            for column_at, (words, kind) in enumerate(
                ((number(held.count), "strong"), (size, "muted"), (since, "muted")), 1
            ):
                made = label(words, kind)
                made.setAccessibleName(f"{name}: {words}" if words else name)
                self._grid.addWidget(made, at, column_at, Qt.AlignmentFlag.AlignRight)
        out, stones = stances
        opted = count("{n} person opted out.", "{n} people opted out.", out) if out else ""
        gone = (
            count("{n} person wants nothing kept.", "{n} people want nothing kept.", stones) if stones else ""
        )
        self.people.setText(f"{opted} {gone}".strip())
        self.people.setVisible(bool(out or stones))


class EndCard(Card):
    """Erase everything. `ended`: the host typed the word."""

    ended = Signal()

    def __init__(self) -> None:
        super().__init__(say("Begin from nothing"))
        self.word = say("erase")
        words = label(
            say(
                "Erases all of it: people, messages, personas, settings, the token, safety copies, files, "
                "the log, and the key. Echodeck closes and is new at the next start."
            ),
            "muted",
            wrap=True,
        )
        self.act = button(say("Erase everything…"), "danger", "remove", self._ask)
        self.confirm = ConfirmStrip(say("Erase everything"), say("Keep everything"), self.word)
        self.confirm.confirmed.connect(self.ended)
        self.put(words, row(self.act, 1), self.confirm)

    def _ask(self) -> None:
        self.confirm.ask(
            say("Erase everything, for good?"),
            say("There is no copy and no way back. Type “{word}” if you mean it.", word=self.word),
        )


class PrivacyKeeping(QWidget):
    """The three cards. Settings are kept at once, and undone from the toast."""

    def __init__(self, page: Page, settings: Settings) -> None:
        super().__init__()
        self._page, self._settings = page, settings
        self.stored = StoredCard()
        self.end = EndCard()
        self.rows: dict[str, SettingRow] = {}
        keeping = Card(say("How long it is kept"))
        keeping.put(
            label(say("Work of the night: what is older goes then, and what came of it."), "muted", wrap=True)
        )
        for at, known in enumerate(PRIVACY):
            made = SettingRow(known, settings.fixed_by(known))
            made.put.connect(partial(self._put, known))
            made.reset.connect(partial(self._reset, known))
            self.rows[known.key] = made
            if at:
                keeping.put(line())
            keeping.put(made)
        inside = QWidget()
        upper = Beside(self._at_the_top(self.stored), self._at_the_top(keeping), shares=(2, 3))
        cards = column(upper, self.end, 1, gap=SPACE.medium)
        inside.setLayout(cards)
        self.setLayout(column(Scrolled(inside, say("What is stored and how long"))))

    def _at_the_top(self, card: Card) -> Card:
        card.body.addStretch(1)
        return card

    def show_values(self, values: dict[str, Any]) -> None:
        """Show what is in force."""
        for key, shown in self.rows.items():
            shown.show_value(values[key])

    def _put(self, known: Setting[Any], raw: Any) -> None:
        shown, before = self.rows[known.key], self.rows[known.key].value
        saving = self._page.run(self._settings.put(known, raw), say("Saving"))
        saving.success(lambda value: self._kept(known, before, value))
        saving.failure(lambda trouble: self._wrong(shown, trouble))

    def _kept(self, known: Setting[Any], before: Any, value: Any) -> None:
        self.rows[known.key].show_value(value)
        if value != before:
            self._page.toast(
                say("{label} changed", label=known.label),
                "good",
                say("Undo"),
                lambda: self._put(known, before),
            )

    def _wrong(self, shown: SettingRow, trouble: Explained) -> None:
        shown.show_wrong(f"{trouble.what} {trouble.step}")

    def _reset(self, known: Setting[Any]) -> None:
        before = self.rows[known.key].value
        resetting = self._page.run(self._settings.reset(known), say("Saving"))
        resetting.success(lambda _nothing: self._kept(known, before, known.default))
