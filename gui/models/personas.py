"""Personas for views: the list of them, the one being edited with its history, and its lists of lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from core.persona.form import Problem, problems
from core.persona.identity import KeptPersona, Persona
from core.words import say
from gui.pictures import rounded
from gui.theme import SPACE

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
BOOK = "book"  # the lorebook, as a field of a draft


class PersonaListModel(QAbstractListModel):
    """The personas that can be chosen, by name.

    Attributes:
        PERSONA_ID: role of a persona's id. ACTIVE: role that tells which one the bot is being.
        SUMMARY: role of the persona in one sentence.
    """

    PERSONA_ID = int(Qt.ItemDataRole.UserRole)
    ACTIVE = PERSONA_ID + 1
    SUMMARY = PERSONA_ID + 2

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: list[KeptPersona] = []
        self._active: int | None = None
        self._pictures: dict[int, bytes] = {}

    def show_pictures(self, pictures: Mapping[int, bytes]) -> None:
        """Hold the pictures (PNGs) of personas, by id."""
        if dict(pictures) != self._pictures:
            self._pictures = dict(pictures)
            if self._kept:
                self.dataChanged.emit(self.index(0), self.index(len(self._kept) - 1))

    def picture(self, persona_id: int | None) -> bytes | None:
        """The picture of a persona, or None."""
        return self._pictures.get(persona_id) if persona_id is not None else None

    def show(self, kept: Sequence[KeptPersona], active: int | None) -> None:
        """Hold these personas; `active` is the id of the one the bot is being."""
        same = [each.shown for each in kept] == [each.shown for each in self._kept]
        if same and (list(kept), active) == (self._kept, self._active):
            return
        self.beginResetModel()
        self._kept, self._active = list(kept), active
        self.endResetModel()

    def row_of(self, persona_id: int | None) -> int:
        """The row of a persona, −1 when it is not here."""
        return next((row for row, kept in enumerate(self._kept) if kept.id == persona_id), -1)

    def at(self, row: int) -> KeptPersona:
        """The persona of a row."""
        return self._kept[row]

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._kept)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        kept = self._kept[index.row()]
        active = kept.id == self._active
        if role == Qt.ItemDataRole.DisplayRole:
            return kept.shown
        if role == Qt.ItemDataRole.DecorationRole:
            return rounded(self._pictures.get(kept.id), kept.persona.name, SPACE.icon)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            name = kept.shown
            return say("{name}, the bot is this persona now", name=name) if active else name
        return {self.PERSONA_ID: kept.id, self.ACTIVE: active, self.SUMMARY: kept.persona.summary}.get(role)


class PersonaDraft(QObject):
    """The persona being edited: plain values that may not be valid yet, and every step of the editing.

    Attributes:
        history: undo and redo; clean means saved.
    """

    opened = Signal()
    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history = QUndoStack(self)
        self.persona_id: int | None = None
        self._values: dict[str, Any] = Persona(name="?").model_dump()
        self._book: Mapping[str, Any] | None = None

    @property
    def dirty(self) -> bool:
        """Has anything changed since it was opened or saved?"""
        return not self.history.isClean()

    @property
    def book(self) -> Mapping[str, Any] | None:
        """The lorebook as plain values, or None."""
        return self._book

    def open(self, persona_id: int, persona: Persona, book: Mapping[str, Any] | None = None) -> None:
        """Begin with a persona as it is kept; the history starts anew."""
        self.persona_id = persona_id
        self._values = persona.model_dump()
        self._book = book
        self.history.clear()
        self.opened.emit()

    def begin(self, persona: Persona, words: str) -> None:
        """Begin with a persona that is not kept yet; it is kept when it is saved."""
        self.persona_id = None
        self._values = persona.model_copy(update={"summary": ""}).model_dump()
        self._book = None
        self.history.clear()
        self.history.push(_Step(self, "summary", persona.summary, words, False))
        self.history.resetClean()
        self.opened.emit()

    def value(self, field: str) -> Any:
        """A field as it is now; Big Five traits are fields of their own, and so is the lorebook."""
        if field == BOOK:
            return self._book
        return self._values["big_five"][field] if field in self._values["big_five"] else self._values[field]

    def change(self, field: str, value: Any, words: str, *, typing: bool = False, about: str = "") -> None:
        """Take one step.

        Args:
            words: what the step is called in "Undo …".
            typing: one stroke of many; strokes in the same field are undone together, a word at a time.
            about: which piece of the field it is about, e.g. one entry of the lorebook.
        """
        if self.value(field) != value:
            self.history.push(_Step(self, field, value, words, typing, about))

    def put(self, field: str, value: Any) -> None:
        """Set a field without a step in the history; only steps call this."""
        if field == BOOK:
            self._book = value
        elif field in self._values["big_five"]:
            self._values = {**self._values, "big_five": {**self._values["big_five"], field: value}}
        else:
            self._values = {**self._values, field: value}
        self.changed.emit(field)

    def problems(self) -> dict[str, Problem]:
        """What keeps it from being saved, by field."""
        return problems(self._values)

    def persona(self) -> Persona:
        """The persona as it stands.

        Raises:
            core.errors.PersonaInvalid: see `problems`.
        """
        return Persona.parse(self._values)


class _Step(QUndoCommand):
    """One change of one field."""

    def __init__(
        self, draft: PersonaDraft, field: str, value: Any, words: str, typing: bool, about: str = ""
    ) -> None:
        super().__init__(words)
        self._draft = draft
        self._field = field
        self._before = draft.value(field)
        self._after = value
        self._typing = typing
        self._about = about

    def redo(self) -> None:
        self._draft.put(self._field, self._after)

    def undo(self) -> None:
        self._draft.put(self._field, self._before)

    def id(self) -> int:
        return 1 if self._typing else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Step) or (other._field, other._about) != (self._field, self._about):
            return False
        if _ends_word(self._after) and not _ends_word(other._after):
            return False
        self._after = other._after
        return True


class LinesModel(QAbstractListModel):
    """One list of a draft (lore, quirks, examples) as rows that can be added, edited, moved and removed."""

    def __init__(self, draft: PersonaDraft, field: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self._field = field
        self._lines: tuple[str, ...] = draft.value(field)
        draft.opened.connect(self._reopened)
        draft.changed.connect(self._followed)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.isValid() and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._lines[index.row()]
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Edit a row; emptied, it goes."""
        if not index.isValid() or role != Qt.ItemDataRole.EditRole:
            return False
        row, text = index.row(), str(value).strip()
        if not text:
            self.remove(row)
        else:
            self._become((*self._lines[:row], text, *self._lines[row + 1 :]), say("edit a line"))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows can be dragged, and dropped between each other only."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag
        return flags.ItemIsEnabled | flags.ItemIsSelectable | flags.ItemIsEditable | flags.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def moveRows(self, source: Index, first: int, count: int, target: Index, before: int) -> bool:
        """Move rows in front of row `before`, as views ask for it."""
        inside = first >= 0 and count > 0 and first + count <= len(self._lines)
        if not inside or not 0 <= before <= len(self._lines) or first <= before <= first + count:
            return False
        moved = self._lines[first : first + count]
        rest = (*self._lines[:first], *self._lines[first + count :])
        at = before if before < first else before - count
        self._become((*rest[:at], *moved, *rest[at:]), say("move a line"))
        return True

    def add(self, text: str) -> bool:
        """Add a row at the end; False when there is nothing to add."""
        if not text.strip():
            return False
        self._become((*self._lines, text.strip()), say("add a line"))
        return True

    def remove(self, row: int) -> None:
        """Take a row out."""
        self._become((*self._lines[:row], *self._lines[row + 1 :]), say("delete a line"))

    def _become(self, lines: tuple[str, ...], words: str) -> None:
        self._draft.change(self._field, lines, words)

    def _reopened(self) -> None:
        self.beginResetModel()
        self._lines = self._draft.value(self._field)
        self.endResetModel()

    def _followed(self, field: str) -> None:
        """Tell views the smallest change there was, so that they keep their selection."""
        if field != self._field:
            return
        old, new = self._lines, tuple(self._draft.value(field))
        start = _shared(old, new)
        end = _shared(old[start:][::-1], new[start:][::-1])
        gone, come = old[start : len(old) - end], new[start : len(new) - end]
        if not gone and come:
            self.beginInsertRows(ROOT, start, start + len(come) - 1)
            self._lines = new
            self.endInsertRows()
        elif gone and not come:
            self.beginRemoveRows(ROOT, start, start + len(gone) - 1)
            self._lines = new
            self.endRemoveRows()
        elif len(gone) > 1 and come in ((*gone[1:], gone[0]), (gone[-1], *gone[:-1])):
            down = come == (*gone[1:], gone[0])
            last = start + len(gone) - 1
            self.beginMoveRows(
                ROOT, *((start, start) if down else (last, last)), ROOT, last + 1 if down else start
            )
            self._lines = new
            self.endMoveRows()
        elif len(gone) == len(come):
            self._lines = new
            if gone:
                self.dataChanged.emit(self.index(start), self.index(start + len(gone) - 1))
        else:
            self._reopened()


def _ends_word(value: Any) -> bool:
    return isinstance(value, str) and value[-1:].isspace()


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many entries both begin with."""
    length = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        length += 1
    return length
