"""What is stored of one person, and what may be done with it: taken along, stopped, erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from core import figures
from core.holdings import PersonHeld
from core.privacy import Kept, Receipt
from core.words import Text, count, say
from gui import links
from gui.models.people import state_words
from gui.models.privacy import part_words, size_words
from gui.models.times import ago, day_of
from gui.theme import SPACE
from gui.widgets.basics import Card, ElidedLabel, button, column, label, retone, row
from gui.widgets.flow import Flow
from gui.widgets.privacy_confirm import ConfirmStrip
from gui.widgets.scrolled import Scrolled
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
        self.stop = button(say("Stop keeping"), "normal", "never", self._stop)
        self.erase = button(say("Erase…"), "danger", "remove", self._ask)
        head = row(self.name, self.state)
        head.setStretch(0, 1)
        self.who = Card().put(head, self.seen, Flow(self.export, self.stop, self.erase, apart=True))
        self.confirm = ConfirmStrip(say("Erase for good"), say("Keep"))
        self.confirm.confirmed.connect(self.erase_wanted)
        self.parts = Counts(say("What is stored"))
        self.consents = Card(say("Consents"))
        self._consents = column(gap=SPACE.small)
        self.consents.put(self._consents)
        inside = QWidget()
        cards = column(self.who, self.confirm, self.parts, self.consents, 1, gap=SPACE.medium)
        inside.setLayout(cards)
        scroll = Scrolled(inside, say("The person"))
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
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
        self.stop.setText(say("Listen again") if out else say("Stop keeping"))
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


class Counts(Card):
    """Names with numbers, in two columns where there is room for them."""

    def __init__(self, heading: str) -> None:
        super().__init__(heading)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE.wide)
        self._grid.setVerticalSpacing(SPACE.small)
        self._lines: list[QWidget] = []
        self._columns = 0
        self.put(self._grid)

    def show_counts(self, counts: Sequence[tuple[str, int]]) -> None:
        """Show them, two beside each other."""
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._lines = [_counted(name, number) for name, number in counts]
        if not counts:
            self._lines = [label(say("Nothing."), "muted")]
        self._columns = 0
        self._lay()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay()

    def _lay(self) -> None:
        columns = 2 if self.width() >= SPACE.form else 1
        if columns == self._columns:
            return
        self._columns = columns
        tall = -(-len(self._lines) // columns)
        for at, shown in enumerate(self._lines):
            self._grid.addWidget(shown, at % tall, at // tall)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, columns - 1)


def _counted(name: str, number: int) -> QWidget:
    made = QWidget()
    words = ElidedLabel(name, "muted")
    layout = row(words, label(figures.number(number), "strong"))
    layout.setStretch(0, 1)
    made.setLayout(layout)
    made.setAccessibleName(f"{name}: {figures.number(number)}")
    return made


class ReceiptCard(Card):
    """What an erasure did; shown where the person was."""

    def __init__(self) -> None:
        self.copy = button(say("Copy the receipt"), "normal", "copy")
        super().__init__("", kind="card")
        self._text = ""
        self.title = label("", "heading", wrap=True)
        self.when = label("", "muted", wrap=True)
        self.counts = Counts("")
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
                "Safety copies that were made before are cleaned by night. Should one be put back sooner, "
                "the erasure is repeated by itself."
            )
        )
        lines = [
            self.title.text(),
            moment,
            *(f"{name}: {figures.number(number)}" for name, number in counted),
        ]
        self._text = "\n".join((*lines, self.after.text()))
        self.setAccessibleName(self.title.text())
