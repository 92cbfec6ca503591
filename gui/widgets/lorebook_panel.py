"""The lorebook of a persona: its entries at the left, one of them at the right, and a line to try it with."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from core.persona import book_edits
from core.persona.lore_scan import Found, scan
from core.persona.lorebook import SCAN_DEPTH, read_book
from core.words import count, say
from gui.help.asking import about
from gui.models.lorebook import EntriesModel
from gui.models.personas import BOOK, PersonaDraft
from gui.theme import SPACE
from gui.widgets.basics import Card, column, icon_button, label, row
from gui.widgets.field import HintField
from gui.widgets.lorebook_entry import LorebookEntry
from gui.widgets.number import NumberField
from gui.widgets.states import States
from gui.widgets.switch import Switch
from gui.widgets.two_line import TwoLineList

_PAUSE_MS = 200
_PLENTY = 1_000_000_000  # tokens: what is tried is not cut


class LorebookPanel(QWidget):
    """Edits the lorebook of a draft."""

    def __init__(self, draft: PersonaDraft) -> None:
        super().__init__()
        about(self, "personas#the-lorebook")
        self._draft = draft
        self.entries = EntriesModel(draft, self)
        self.list = TwoLineList(say("Entries of the lorebook"), many=False)
        self.entry = LorebookEntry()
        self.search = _field(say("Find in the lorebook"))
        self.tried = _field(say("Try a message: what does it call?"))
        self.told = label("", "caption", wrap=True)
        self.counted = label("", "caption")
        self.add = icon_button("add", say("Add an entry"), self._add)
        self.copy = icon_button("duplicate", say("Copy this entry"), self._copy)
        self.remove = icon_button("remove", say("Delete this entry"), self._remove)
        self.recursive = Switch(say("Entries call each other"))
        self.scan_depth = NumberField(say("Messages read"), 0, 400, str(SCAN_DEPTH))
        self.budget = NumberField(say("Tokens at most"), 1, 1_000_000, say("a quarter"))
        self._build()
        self._connect()
        self._refresh()

    def show_entry(self, at: int) -> None:
        """Choose an entry by its position in the book."""
        row_at = self.entries.row_of(at)
        if row_at >= 0:
            self.list.setCurrentIndex(self.entries.index(row_at))
            self.list.selectRow(row_at)

    # how it is built

    def _build(self) -> None:
        self.list.show_model(self.entries)
        self.left = Card()
        self.left.body.setContentsMargins(SPACE.small, SPACE.small, SPACE.small, SPACE.small)
        acts = row(self.counted, 1, self.add, self.copy, self.remove, gap=SPACE.tight)
        acts.setContentsMargins(SPACE.small, 0, 0, 0)
        self.left.put(self.search, acts, self.list, self.tried, self.told)
        self.left.body.setStretch(2, 1)
        self.whole = Card(say("The whole book")).put(
            _line(say("Messages read"), self.scan_depth),
            _line(say("Tokens at most"), self.budget),
            _line(say("Entries call each other"), self.recursive),
        )
        nothing = label(say("Choose an entry at the left, or add one."), "muted", wrap=True)
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget()
        self.stack.addWidget(nothing)
        self.stack.addWidget(self.entry)
        left = column(self.left, self.whole, gap=SPACE.medium)
        left.setStretch(0, 1)
        layout = row(left, self.stack, gap=SPACE.medium)
        layout.setStretch(0, 5)
        layout.setStretch(1, 7)
        inside = QWidget()
        inside.setLayout(layout)
        self.states = States(inside)
        self.setLayout(column(self.states))

    def _connect(self) -> None:
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._try)
        self.search.textChanged.connect(self.entries.seek)
        self.tried.textChanged.connect(lambda _text: self._pause.start())
        self.list.chosen.connect(self._show_chosen)
        self.list.removed.connect(self._remove)
        self.entry.changed.connect(self._entry_changed)
        for field, number in (("scan_depth", self.scan_depth), ("budget", self.budget)):
            number.given.connect(lambda value, field=field: self._book_changed(field, value))
        self.recursive.clicked.connect(lambda on: self._book_changed("recursive", on))
        self._draft.opened.connect(self._refresh)
        self._draft.changed.connect(lambda field: self._refresh() if field == BOOK else None)
        self.entries.modelReset.connect(self._show_chosen)

    # what it shows

    @property
    def _at(self) -> int:
        return self.entries.at(self.list.currentIndex().row()) if self.list.chosen_count else -1

    def _refresh(self) -> None:
        book = read_book({**(self._draft.book or {}), "entries": []})
        self.scan_depth.show_number(book.scan_depth if "scan_depth" in (self._draft.book or {}) else None)
        self.budget.show_number(book.budget)
        self.recursive.setChecked(book.recursive)
        total = self.entries.total
        self.counted.setText(count("{n} entry", "{n} entries", total))
        if total:
            self.states.show_full()
        else:
            self.states.show_empty(
                "memory",
                say("No lorebook yet"),
                say("Places, people, events: what they know, but only think of when it is spoken of."),
                say("Add an entry"),
                self._add,
            )
        self._pause.start()
        self._show_chosen()

    def _show_chosen(self) -> None:
        at = self._at
        there = 0 <= at < self.entries.total
        self.stack.setCurrentIndex(1 if there else 0)
        for made in (self.copy, self.remove):
            made.setEnabled(there)
        if there:
            self.entry.show_entry(self.entries.raw(at), self.entries.entry(at))

    def _try(self) -> None:
        """Mark what the line that is tried would call."""
        words = self.tried.text().strip()
        found = Found() if not words else self._found(words)
        called = (*found.constant, *found.called)
        self.entries.mark(self.entries.positions(each.entry for each in called))
        self.told.setVisible(bool(words))
        told = [each.entry.title for each in called[:8]]
        self.told.setText(
            say("It would read: {entries}", entries=", ".join(told)) if told else say("It calls nothing.")
        )

    def _found(self, words: str) -> Found:
        return scan(
            self.entries.book(),
            (words,),
            char=str(self._draft.value("name")),
            user="Robin",
            budget=_PLENTY,
            tokens=lambda _text: 0,
            chance=lambda: 0.0,
        )

    # what the host does

    def _become(self, book: Any, words: str, *, typing: bool = False, about: str = "") -> None:
        self._draft.change(BOOK, book, words, typing=typing, about=about)

    def _entry_changed(self, field: str, value: Any, typing: bool, words: str) -> None:
        at = self._at
        if at >= 0:
            book = book_edits.with_entry(self._draft.book, at, field, value)
            self._become(book, words, typing=typing, about=f"{at} {field}")

    def _book_changed(self, field: str, value: Any) -> None:
        book = book_edits.with_book(self._draft.book, field, value)
        self._become(book, say("change the lorebook"), typing=field != "recursive", about=field)

    def _add(self) -> None:
        self.search.clear()
        self._become(book_edits.with_new(self._draft.book), say("add an entry"))
        self.show_entry(self.entries.total - 1)
        self.entry.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _copy(self) -> None:
        at = self._at
        if at >= 0:
            book = book_edits.with_new(self._draft.book, self.entries.raw(at), at + 1)
            self._become(book, say("copy an entry"))
            self.show_entry(at + 1)

    def _remove(self) -> None:
        at = self._at
        if at >= 0:
            self._become(book_edits.without(self._draft.book, at), say("delete an entry"))
            self.show_entry(min(at, self.entries.total - 1))


def _field(hint: str) -> QLineEdit:
    made = HintField()
    made.setPlaceholderText(hint)
    made.setAccessibleName(hint)
    made.setClearButtonEnabled(True)
    return made


def _line(name: str, editor: QWidget) -> QWidget:
    made = QWidget()
    words = label(name, wrap=True)
    layout = row(words, editor, gap=SPACE.medium)
    layout.setStretch(0, 1)
    made.setLayout(layout)
    return made
