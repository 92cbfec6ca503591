"""One entry of a lorebook, as it is edited: what it says, what calls it, and the finer rules."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from core.persona.lorebook import Entry, Logic
from core.persona.patterns import is_written_as_pattern, pattern
from core.words import T, Text, count, say
from gui.theme import SPACE
from gui.widgets.basics import Card, column, label, row
from gui.widgets.chips import Chips
from gui.widgets.field import FieldFrame, ManyLines, OneLine
from gui.widgets.number import NumberField
from gui.widgets.setting_row import CalmCombo
from gui.widgets.switch import Switch

LONGEST_KEY = 120
_LOGIC: tuple[tuple[Logic, Text], ...] = (
    (Logic.ANY, T("and any of these")),
    (Logic.ALL, T("and all of these")),
    (Logic.NONE, T("and none of these")),
    (Logic.NOT_ALL, T("and not all of these")),
)
_SWITCHES: tuple[tuple[str, Text, Text], ...] = (
    ("enabled", T("In use"), T("Switched off, it is kept but never read.")),
    ("constant", T("Always there"), T("It is read with every reply, whatever is said.")),
)
_FINER: tuple[tuple[str, Text], ...] = (
    ("whole_words", T("Keys are whole words")),
    ("case_sensitive", T("Capitals count")),
    ("use_regex", T("Keys are patterns (regular expressions)")),
    ("no_recursion", T("Other entries do not call it")),
    ("quiet", T("It calls no other entries")),
    ("delayed", T("Only other entries call it")),
)
_NUMBERS: tuple[tuple[str, Text, int, int, Text], ...] = (
    ("order", T("Order: small numbers stand further up"), -10_000, 100_000, T("100")),
    (
        "rank",
        T("Importance: the least important go first when room is short"),
        -10_000,
        100_000,
        T("as order"),
    ),
    ("scan_depth", T("Messages that are read for its keys"), 0, 400, T("as the book")),
    ("chance", T("How often it comes, in percent"), 0, 100, T("100")),
)


class LorebookEntry(QScrollArea):
    """Shows an entry.

    `changed`: the field, its value, whether it is one stroke of many, and what the step is called.
    """

    changed = Signal(str, object, bool, str)

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(say("Lorebook entry"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.name = OneLine()
        self.name.setPlaceholderText(say("What you call it; nobody else reads it"))
        self.keys = Chips(say("Keys"), say("Add a key"), LONGEST_KEY)
        self.secondary = Chips(say("Second keys"), say("Add a key"), LONGEST_KEY)
        self.content = ManyLines(5, 16)
        self.logic = CalmCombo()
        self.position = CalmCombo()
        self.switches: dict[str, Switch] = {}
        self.numbers: dict[str, NumberField] = {}
        self.keys_frame = FieldFrame(
            say("Keys"), self.keys, say("When one of them stands in the last messages, the entry is read.")
        )
        self._showing = False
        self._build()
        self._connect()

    def show_entry(self, raw: Any, entry: Entry) -> None:
        """Show an entry without telling."""
        self._showing = True
        self.name.put(str(raw.get("name") or raw.get("comment") or ""))
        self.keys.show_words(entry.keys)
        self.secondary.show_words(_words(raw.get("secondary_keys")))
        self.content.put(raw["content"] if isinstance(raw.get("content"), str) else "")
        self.logic.setCurrentIndex(max(0, self.logic.findData(int(entry.logic))))
        self.position.setCurrentIndex(0 if entry.before else 1)
        for field, made in self.switches.items():
            made.setChecked(bool(getattr(entry, field)))
        self.numbers["order"].show_number(entry.order)
        self.numbers["rank"].show_number(entry.rank if "priority" in raw else None)
        self.numbers["scan_depth"].show_number(entry.scan_depth)
        self.numbers["chance"].show_number(entry.chance if entry.chance < 100 else None)
        self.keys_frame.mark(self._problem(entry))
        self._showing = False

    # how it is built

    def _build(self) -> None:
        for logic, words in _LOGIC:
            self.logic.addItem(say(words), int(logic))
        self.logic.setAccessibleName(say("How the second keys count"))
        self.position.addItem(say("before who they are"), True)
        self.position.addItem(say("after who they are"), False)
        self.position.setAccessibleName(say("Where it stands when it is always there"))
        first = Card().put(
            *(self._switch(field, say(name), say(told)) for field, name, told in _SWITCHES),
            FieldFrame(say("Name"), self.name),
            self.keys_frame,
            FieldFrame(
                say("What they know then"),
                self.content,
                say("{char} is the persona, {user} whoever is answered.", char="{{char}}", user="{{user}}"),
            ),
        )
        second = Card(say("Second keys")).put(
            label(say("With second keys, a key alone is not enough."), "caption", wrap=True),
            row(self.logic, 1),
            self.secondary,
        )
        third = Card(say("Finer rules")).put(
            *(self._number(*each) for each in _NUMBERS),
            row(label(say("When it is always there, it stands"), wrap=True), 1, self.position),
            *(self._switch(field, say(name), "") for field, name in _FINER),
        )
        inside = QWidget()
        layout = column(first, second, third, 1, gap=SPACE.medium)
        layout.setContentsMargins(0, 0, SPACE.medium, 0)
        inside.setLayout(layout)
        self.setWidget(inside)

    def _switch(self, field: str, name: str, told: str) -> QWidget:
        made = Switch(name)
        self.switches[field] = made
        words = column(label(name, "strong" if told else "body", wrap=True), gap=0)
        if told:
            words.addWidget(label(told, "caption", wrap=True))
            made.setAccessibleDescription(told)
        return _line(words, made)

    def _number(self, field: str, name: Text, least: int, most: int, otherwise: Text) -> QWidget:
        made = NumberField(say(name), least, most, say(otherwise))
        self.numbers[field] = made
        return _line(column(label(say(name), wrap=True)), made)

    def _connect(self) -> None:
        self.name.edited.connect(lambda text: self._tell("name", text, say("rename an entry"), typing=True))
        self.content.edited.connect(
            lambda text: self._tell("content", text, say("write in an entry"), typing=True)
        )
        for field, chips in (("keys", self.keys), ("secondary", self.secondary)):
            chips.changed.connect(
                lambda words, field=field: self._tell(field, list(words), say("change keys"))
            )
        self.logic.activated.connect(
            lambda _at: self._tell("logic", self.logic.currentData(), say("change keys"))
        )
        self.position.activated.connect(
            lambda _at: self._tell("before", self.position.currentData(), say("move an entry"))
        )
        for field, made in self.switches.items():
            words = made.accessibleName()
            made.clicked.connect(lambda on, field=field, words=words: self._tell(field, on, words))
        for field, number in self.numbers.items():
            name = number.accessibleName()
            number.given.connect(
                lambda value, field=field, name=name: self._tell(field, value, name, typing=True)
            )

    def _tell(self, field: str, value: Any, words: str, *, typing: bool = False) -> None:
        if not self._showing:
            self.changed.emit(field, value, typing, words)

    def _problem(self, entry: Entry) -> str:
        if entry.enabled and not entry.constant and not entry.keys and entry.content:
            return say("Without a key nothing calls it.")
        unusable = [
            key
            for key in entry.keys
            if (entry.use_regex or is_written_as_pattern(key))
            and pattern(key, bare=entry.use_regex, cased=entry.case_sensitive) is None
        ]
        return (
            count(
                "{n} pattern is not valid, or could take too long: it is not used.",
                "{n} patterns are not valid, or could take too long: they are not used.",
                len(unusable),
            )
            if unusable
            else ""
        )


def _words(value: object) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def _line(words: Any, editor: QWidget) -> QWidget:
    made = QWidget()
    layout = row(words, editor, gap=SPACE.medium)
    layout.setStretch(0, 1)
    made.setLayout(layout)
    return made
