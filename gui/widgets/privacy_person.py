"""What is stored of one person, and what may be done with it: taken along, stopped, erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from core.holdings import PersonHeld
from core.privacy import Kept, Receipt
from core.words import Text, count, say
from gui import links
from gui.models.people import state_words
from gui.models.privacy import part_words, size_words
from gui.models.times import ago, day_of
from gui.theme import SPACE
from gui.widgets.basics import Card, ElidedLabel, button, column, label, retone, row
from gui.widgets.privacy_confirm import ConfirmStrip
from gui.widgets.states import Glyph


class HeldOfPerson(QWidget):
    """The card of a person.

    Attributes:
        export_wanted, erase_wanted: the host decided so. stop_wanted: nothing more shall be kept (True), or
            things may be kept again (False).
    """

    export_wanted = Signal()
    erase_wanted = Signal()
    stop_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.person: PersonHeld | None = None
        self._kept = Kept("")
        self.name = ElidedLabel("", "title")
        self.state = label("", "pill")
        self.seen = label("", "muted", wrap=True)
        self.export = button(say("Export…"), "normal", "export", self.export_wanted.emit)
        self.stop = button(say("Keep nothing more"), "normal", "never", self._stop)
        self.erase = button(say("Erase…"), "danger", "remove", self._ask)
        head = row(self.name, self.state)
        head.setStretch(0, 1)
        self.who = Card().put(head, self.seen, row(self.export, self.stop, 1, self.erase))
        self.confirm = ConfirmStrip(say("Erase for good"), say("Keep"))
        self.confirm.confirmed.connect(self.erase_wanted)
        self.parts = _Counts(say("What is stored"))
        self.consents = Card(say("Consents"))
        self._consents = column(gap=SPACE.small)
        self.consents.put(self._consents)
        inside = QWidget()
        cards = column(self.who, self.confirm, self.parts, self.consents, 1, gap=SPACE.medium)
        cards.setContentsMargins(0, 0, SPACE.small, 0)
        inside.setLayout(cards)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        self.setLayout(column(scroll))

    def show_person(self, person: PersonHeld, kept: Kept, consents: Sequence[Text], now: datetime) -> None:
        """Show what is stored of somebody."""
        if self.person is None or self.person.row_id != person.row_id:
            self.confirm.hide()
        self.person, self._kept = person, kept
        self.name.put(person.name)
        self.state.setText(state_words(person.state))
        retone(self.state, "warn" if person.state == "opted_out" else "")
        seen = say(
            "Known since {first}, last seen {last}.",
            first=day_of(person.since),
            last=ago(person.last_seen, now),
        )
        wrote = say("What they wrote takes {size}.", size=size_words(person.size)) if person.size else ""
        self.seen.setText(f"{seen} {wrote}".strip())
        out = kept.stance == "opted_out"
        self.stop.setText(say("Listen again") if out else say("Keep nothing more"))
        self.stop.setAccessibleName(f"{self.stop.text()}: {person.name}")
        for act in (self.export, self.erase):
            act.setAccessibleName(f"{act.text().rstrip('…')}: {person.name}")
        self.parts.show_counts([(part_words(title), number) for title, number in kept.counts])
        self._show_consents(consents)

    def _show_consents(self, consents: Sequence[Text]) -> None:
        while (item := self._consents.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        told = [say(each) for each in consents] or [say("Nobody asked to imitate them.")]
        for words in told:
            self._consents.addWidget(label(words, "body" if consents else "muted", wrap=True))

    def _stop(self) -> None:
        self.stop_wanted.emit(self._kept.stance != "opted_out")

    def _ask(self) -> None:
        if self.person is None:
            return
        total = sum(number for _, number in self._kept.counts)
        self.confirm.ask(
            say("Erase everything about {name}?", name=self.person.name),
            count(
                "{n} entry goes, in the store, in files and in the log. Nothing more is kept of them "
                "afterwards. This cannot be undone.",
                "{n} entries go, in the store, in files and in the log. Nothing more is kept of them "
                "afterwards. This cannot be undone.",
                total,
            ),
        )


class _Counts(Card):
    """Names with numbers, in two columns."""

    def __init__(self, heading: str) -> None:
        super().__init__(heading)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE.wide)
        self._grid.setVerticalSpacing(SPACE.small)
        self.put(self._grid)

    def show_counts(self, counts: Sequence[tuple[str, int]]) -> None:
        """Show them, two beside each other."""
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        if not counts:
            self._grid.addWidget(label(say("Nothing."), "muted"), 0, 0)
        half = (len(counts) + 1) // 2
        for at, (name, number) in enumerate(counts):
            holder = QWidget()
            line = row(label(name, "muted"), 1, label(f"{number:,}", "strong"))
            holder.setLayout(line)
            holder.setAccessibleName(f"{name}: {number}")
            self._grid.addWidget(holder, at % half, at // half)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)


class ReceiptCard(Card):
    """What an erasure did; shown where the person was."""

    def __init__(self) -> None:
        self.copy = button(say("Copy the receipt"), "normal", "copy")
        super().__init__("", kind="card")
        self._text = ""
        self.title = label("", "heading", wrap=True)
        self.when = label("", "muted", wrap=True)
        self.counts = _Counts("")
        self.counts.setProperty("kind", "plain")
        self.counts.body.setContentsMargins(0, 0, 0, 0)
        self.after = label("", "muted", wrap=True)
        self.copy.clicked.connect(lambda _checked=False: links.copy(self._text))
        top = row(Glyph("good", "good", SPACE.large), column(self.title, self.when, gap=SPACE.tight))
        top.setStretch(1, 1)
        self.put(top, self.counts, self.after, row(self.copy, 1))

    def show_receipt(self, receipt: Receipt, titles: dict[str, str], moment: str) -> None:
        """Show it.

        Args:
            titles: the parts' names in words, by their keys.
        """
        self.title.setText(say("Erased. Nothing is left of this person."))
        self.when.setText(moment)
        counted = [(titles.get(name, name), number) for name, number in receipt.touched.items()]
        self.counts.show_counts(counted)
        self.after.setText(
            say(
                "Safety copies that were made before are cleaned by night, each after the day's own copy. "
                "Should one be restored before that, the erasure is repeated by itself."
            )
        )
        lines = [self.title.text(), moment, *(f"{name}: {number}" for name, number in counted)]
        self._text = "\n".join((*lines, self.after.text()))
        self.setAccessibleName(self.title.text())
