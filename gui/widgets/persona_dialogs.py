"""What importing, exporting and comparing personas asks for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QScrollArea, QWidget

from core.persona.card_out import V2, V3, Included
from core.persona.compare import Difference, differences
from core.persona.identity import KeptPersona, Persona
from core.words import T, Text, count, say
from gui.help.asking import help_by_key
from gui.reading_order import ReadInOrder
from gui.theme import SPACE
from gui.widgets.basics import Card, Segments, button, column, label, row
from gui.widgets.setting_row import CalmCombo
from gui.widgets.switch import Switch

PNG = "png"
_LONGEST_TEXT = 60_000
_PARTS: tuple[tuple[str, Text, Text], ...] = (
    ("book", T("Lorebook"), T("Its entries, as every program reads them.")),
    ("examples", T("Example lines"), T("As first message and example dialogue.")),
    ("own", T("What only Echodeck knows"), T("Temper, quirks, and lines they never write.")),
    (
        "origin",
        T("What came with their card"),
        T("Creator, notes, greetings, what other programs keep in it."),
    ),
)


class ExportDialog(ReadInOrder, QDialog):
    """What goes into the card. `agreed`: the format (png, or a spec) and core's Included."""

    agreed = Signal(str, object)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        help_by_key(self, "personas#what-goes-out")
        self.setWindowTitle(say("Save {name} as a character card", name=name))
        self.setMinimumWidth(SPACE.form)
        formats = ((PNG, say("Picture (PNG)")), (V2, say("JSON, version 2")), (V3, say("JSON, version 3")))
        self.format = Segments(formats, say("Format"))
        self.parts: dict[str, Switch] = {}
        told = column(gap=SPACE.small)
        for part, words, help_ in _PARTS:
            made = Switch(say(words))
            made.setChecked(True)
            made.setAccessibleDescription(say(help_))
            self.parts[part] = made
            written = column(label(say(words)), label(say(help_), "caption", wrap=True), gap=0)
            line = row(written, made, gap=SPACE.medium)
            line.setStretch(0, 1)
            told.addLayout(line)
        self.ok = button(say("Save as…"), "primary", "export", self._agree)
        layout = column(
            label(say("Format"), "strong"),
            self.format,
            label(say("A picture carries the card inside, for both versions."), "caption", wrap=True),
            label(say("What goes with it"), "strong"),
            told,
            row(1, button(say("Cancel"), on_click=self.reject), self.ok),
            gap=SPACE.small,
        )
        layout.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        self.setLayout(layout)

    def _agree(self) -> None:
        included = Included(**{part: made.isChecked() for part, made in self.parts.items()})
        self.agreed.emit(self.format.key, included)
        self.accept()


class PasteDialog(ReadInOrder, QDialog):
    """A text about somebody. `agreed`: make a persona of it."""

    agreed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        help_by_key(self, "persona#from-a-text")
        self.setWindowTitle(say("A persona from a text"))
        self.setMinimumSize(SPACE.form, SPACE.form * 3 // 4)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(say("The text"))
        self.text.setPlaceholderText(say("A description, a profile, some lines they wrote…"))
        self.counter = label("", "caption")
        self.ok = button(say("Draft them"), "primary", "spark", self._agree)
        layout = column(
            label(
                say("Paste what says who they are. The draft opens in the form; it is kept when you save."),
                "muted",
                wrap=True,
            ),
            self.text,
            row(self.counter, 1, button(say("Cancel"), on_click=self.reject), self.ok),
            gap=SPACE.small,
        )
        layout.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        self.setLayout(layout)
        self.text.textChanged.connect(self._counted)
        self._counted()

    def _counted(self) -> None:
        length = len(self.text.toPlainText().strip())
        self.counter.setText(say("{n} of {most} characters", n=length, most=_LONGEST_TEXT))
        self.ok.setEnabled(0 < length <= _LONGEST_TEXT)

    def _agree(self) -> None:
        self.agreed.emit(self.text.toPlainText())
        self.accept()


class CompareDialog(ReadInOrder, QDialog):
    """Two personas side by side, what differs marked."""

    def __init__(self, one: Persona, others: Sequence[KeptPersona], parent: QWidget) -> None:
        super().__init__(parent)
        help_by_key(self, "persona#several-personas")
        self.setWindowTitle(say("Compare personas"))
        self.resize(SPACE.reading + SPACE.sidebar, SPACE.form)
        self._one, self._others = one, list(others)
        self.other = CalmCombo()
        self.other.setAccessibleName(say("The other persona"))
        for kept in self._others:
            self.other.addItem(kept.shown)
        self.only = Switch(say("Only what differs"))
        self.only.setChecked(True)
        self.told = label("", "muted")
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName(say("The comparison"))
        head = row(
            label(one.name, "strong"),
            label(say("and"), "muted"),
            self.other,
            1,
            label(say("Only what differs")),
            self.only,
        )
        layout = column(
            head,
            self.told,
            self.area,
            row(1, button(say("Close"), "primary", "", self.accept)),
            gap=SPACE.small,
        )
        layout.setStretch(2, 1)
        layout.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        self.setLayout(layout)
        self.other.activated.connect(lambda _at: self._show())
        self.only.clicked.connect(lambda _on: self._show())
        self._show()

    def _show(self) -> None:
        other = self._others[max(0, self.other.currentIndex())].persona
        found = differences(self._one, other)
        apart = sum(1 for each in found if each.apart)
        self.told.setText(
            count("{n} field differs", "{n} fields differ", apart) if apart else say("No difference")
        )
        shown = [each for each in found if each.apart or not self.only.isChecked()]
        inside = QWidget()
        layout = column(*(self._row(each, other.name) for each in shown), 1, gap=SPACE.medium)
        layout.setContentsMargins(0, 0, SPACE.medium, 0)
        inside.setLayout(layout)
        self.area.setWidget(inside)

    def _row(self, each: Difference, other: str) -> QWidget:
        made = QWidget()
        mark = label(say("differs"), "pill", "info") if each.apart else None
        head = row(label(say(each.words), "strong"), mark, 1)
        sides = row(
            _side(self._one.name, each.one, each.other),
            _side(other, each.other, each.one),
            gap=SPACE.medium,
        )
        sides.setStretch(0, 1)
        sides.setStretch(1, 1)
        made.setLayout(column(head, sides, gap=SPACE.tight))
        return made


def _side(name: str, lines: Sequence[str], against: Sequence[str]) -> Card:
    """One side: what the other does not have is marked with a sign, and in bold."""
    card = Card(kind="well")
    card.setAccessibleName(name)
    known = set(against)
    card.body.setContentsMargins(SPACE.small, SPACE.small, SPACE.small, SPACE.small)
    card.body.setSpacing(SPACE.tight)
    for line in lines:
        own = line not in known
        words = label(f"≠ {line}" if own else line, "strong" if own else "body", wrap=True, selectable=True)
        card.put(words)
    if not lines:
        card.put(label(say("nothing"), "muted"))
    card.put(1)
    return card
