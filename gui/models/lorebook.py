"""A lorebook for views: its entries as they stand in a draft, found by their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.persona.book_edits import entries_of
from core.persona.lorebook import Entry, Lorebook, read_book
from core.words import say
from gui.models.paged import ABOVE, BADGES, CAPTION
from gui.models.personas import BOOK, PersonaDraft

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class EntriesModel(QAbstractListModel):
    """The entries of a draft's lorebook; all of them, or those in which `sought` stands.

    Attributes:
        AT: role of an entry's position in the book.
    """

    AT = int(Qt.ItemDataRole.UserRole)

    def __init__(self, draft: PersonaDraft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self._sought = ""
        self._raw: list[Any] = []
        self._entries: dict[int, Entry] = {}
        self._rows: list[int] = []
        self._called: frozenset[int] = frozenset()
        draft.opened.connect(self._reread)
        draft.changed.connect(lambda field: self._reread() if field == BOOK else None)
        self._reread()

    def seek(self, words: str) -> None:
        """Show only entries whose name, keys or text hold these words."""
        self._sought = words.strip().casefold()
        self._reset()

    def mark(self, called: frozenset[int]) -> None:
        """Mark entries, by their position in the book: they would be called."""
        if called != self._called:
            self._called = called
            if self._rows:
                self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def entry(self, at: int) -> Entry:
        """The entry at a position of the book."""
        if at not in self._entries:
            read = read_book({"entries": [self._raw[at]]}).entries
            entry = read[0] if read else Entry(str(at), "", "")
            self._entries[at] = entry
        return self._entries[at]

    def raw(self, at: int) -> Mapping[str, Any]:
        """The same as plain values."""
        return self._raw[at] if isinstance(self._raw[at], Mapping) else {}

    def book(self) -> Lorebook:
        """The whole book as it is applied; entries that did not change are not read again."""
        whole = read_book({**(self._draft.book or {}), "entries": []})
        return replace(whole, entries=tuple(self.entry(at) for at in range(self.total)))

    def positions(self, entries: Iterable[Entry]) -> frozenset[int]:
        """Where entries that `book` answered stand."""
        known = {id(entry): at for at, entry in self._entries.items()}
        return frozenset(known[id(entry)] for entry in entries if id(entry) in known)

    @property
    def total(self) -> int:
        """How many entries there are, sought or not."""
        return len(self._raw)

    def at(self, row: int) -> int:
        """The position of a row's entry in the book, −1 where there is none."""
        return self._rows[row] if 0 <= row < len(self._rows) else -1

    def row_of(self, at: int) -> int:
        """The row of an entry, −1 when it is not shown."""
        return self._rows.index(at) if at in self._rows else -1

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        at = self._rows[index.row()]
        entry = self.entry(at)
        keys = ", ".join(entry.keys[:12]) or say("no keys")
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return entry.title if entry.name or entry.keys else say("New entry")
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{entry.title}, {_state(entry)}, {keys}"
            case self.AT:
                return at
            case _ if role == CAPTION:
                return entry.content or say("Nothing written yet")
            case _ if role == ABOVE:
                return _state(entry) if entry.constant or not entry.enabled else ""
            case _ if role == BADGES:
                return (("check", "good"),) if at in self._called else ()
        return None

    def _reread(self) -> None:
        raw = entries_of(self._draft.book)
        if len(raw) == len(self._raw) and self._raw:
            changed = [at for at, (old, new) in enumerate(zip(self._raw, raw, strict=True)) if old is not new]
            self._raw = raw
            for at in changed:
                self._entries.pop(at, None)
            if not changed:
                return
            if len(changed) == 1 and (row := self.row_of(changed[0])) >= 0:
                self.dataChanged.emit(self.index(row), self.index(row))
                return
        self._raw = raw
        self._entries.clear()
        self._reset()

    def _reset(self) -> None:
        self.beginResetModel()
        self._rows = [
            at for at in range(len(self._raw)) if not self._sought or self._sought in self._words(at)
        ]
        self.endResetModel()

    def _words(self, at: int) -> str:
        entry = self.entry(at)
        return "\n".join((entry.name, *entry.keys, *entry.secondary, entry.content)).casefold()


def _state(entry: Entry) -> str:
    if not entry.enabled:
        return say("off")
    return say("always") if entry.constant else say("by its keys")
