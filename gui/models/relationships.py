"""People in a list, read a page at a time as the list is scrolled, and the history of a relationship as a
chart draws it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from core import figures
from core.feelings.acquaintances import Acquaintance
from core.feelings.acquaintances import People as Found
from core.feelings.describe import METRICS, bond_said
from core.feelings.history import Change
from core.feelings.state import Bond
from core.people import Quote
from core.words import count, say
from gui.models.series import Line, Mark
from gui.models.times import ago, when

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
PAGE = 100
_MOST_PAGES = 30  # held at once; what is farther away is read again when it is scrolled to


class RelationshipsModel(QAbstractListModel):
    """Everybody who is known, in the order the service gave. Only pages that were looked at are here.

    Attributes:
        wanted: a page has come into view that is not here: the number of its first row.
        PERSON: role of the `Acquaintance`, None until its page is here. DETAIL, SEEN: roles of words.
    """

    wanted = Signal(int)
    PERSON = int(Qt.ItemDataRole.UserRole)
    DETAIL = PERSON + 1
    SEEN = PERSON + 2

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pages: dict[int, tuple[Acquaintance, ...]] = {}
        self._old: set[int] = set()
        self._asked: set[int] = set()
        self._total = 0
        self._now: datetime | None = None

    def begin(self, found: Found, offset: int, now: datetime, *, same: bool = False) -> None:
        """Show an answer anew; the list keeps where it stands.

        Args:
            found: a page. offset: its first row, a multiple of PAGE.
            same: the same was asked as before, so what is here is old, but better than nothing, until it
                is read again.
        """
        self._resize(found.total)
        old = {at: rows for at, rows in self._pages.items() if at < found.total} if same else {}
        self._pages = {**old, offset: found.rows}
        self._old = set(old) - {offset}
        self._asked, self._now = set(), now
        if self._total:
            self.dataChanged.emit(self.index(0), self.index(self._total - 1))

    def put(self, found: Found, offset: int, now: datetime) -> None:
        """A page that was wanted is here."""
        self._resize(found.total)
        self._pages[offset] = found.rows
        self._asked.discard(offset)
        self._old.discard(offset)
        self._now = now
        while len(self._pages) > _MOST_PAGES:
            self._pages.pop(max(self._pages, key=lambda other: abs(other - offset)))
        if found.rows:
            self.dataChanged.emit(self.index(offset), self.index(offset + len(found.rows) - 1))

    def lost(self, offset: int) -> None:
        """A page that was wanted could not be read: ask again when it is next looked at."""
        self._asked.discard(offset)

    def row_of(self, person_id: int) -> int:
        """The row of a person, −1 where their page is not here."""
        return next(
            (
                offset + at
                for offset, rows in sorted(self._pages.items(), key=lambda page: page[0] in self._old)
                for at, person in enumerate(rows)
                if person.person_id == person_id
            ),
            -1,
        )

    def at(self, row: int) -> Acquaintance | None:
        """The person of a row, None until their page is here; asks for it then."""
        offset = row - row % PAGE
        if (offset not in self._pages or offset in self._old) and offset not in self._asked:
            self._asked.add(offset)
            self.wanted.emit(offset)
        rows = self._pages.get(offset, ())
        return rows[row - offset] if row - offset < len(rows) else None

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else self._total

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        known = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        if not index.isValid() or (role not in known and not self.PERSON <= role <= self.SEEN):
            return None
        person = self.at(index.row())
        if person is None:
            return None if role == self.PERSON else "…"
        match role:
            case self.PERSON:
                return person
            case self.DETAIL:
                return detail(person)
            case self.SEEN:
                return ago(person.last_seen, self._now or person.last_seen)
            case Qt.ItemDataRole.AccessibleTextRole:
                seen = ago(person.last_seen, self._now or person.last_seen)
                return f"{person.name}: {detail(person)} · {seen}"
        return person.name

    def _resize(self, total: int) -> None:
        if total > self._total:
            self.beginInsertRows(ROOT, self._total, total - 1)
            self._total = total
            self.endInsertRows()
        elif total < self._total:
            self.beginRemoveRows(ROOT, total, self._total - 1)
            self._total = total
            self._pages = {at: rows for at, rows in self._pages.items() if at < total}
            self.endRemoveRows()


def detail(person: Acquaintance) -> str:
    """How it stands with somebody, and how much they wrote."""
    messages = count("{n} message", "{n} messages", person.messages)
    return f"{say(bond_said(person.bond))} · {messages}"


# --- the history of one relationship ----------------------------------------------------------------------


def history_lines(changes: Sequence[Change], now: Bond, until: datetime) -> list[Line]:
    """Anger, rapport, trust and formality: each change as the jump it was, and what time did in between."""
    drawn = []
    for number, (metric, name) in enumerate(METRICS.items()):
        xs: list[float] = []
        ys: list[float] = []
        for change in changes:
            at = change.at.timestamp()
            xs += (at, at)
            ys += (getattr(change.before, metric), getattr(change.after, metric))
        xs.append(until.timestamp())
        ys.append(getattr(now.metrics, metric))
        drawn.append(Line(say(name), xs, ys, number))
    return drawn


def history_marks(changes: Sequence[Change], quotes: Mapping[int, Quote]) -> list[Mark]:
    """Each change: when, why, what it moved, and the message."""
    return [
        Mark(
            change.at.timestamp(),
            f"{when(change.at)} · {say(change.cause)} {moved(change)}".rstrip(),
            _said(change, quotes),
        )
        for change in changes
    ]


def moved(change: Change) -> str:
    """What a change moved, the most first: "Anger +1.4, Trust −0.6"."""
    steps = [
        (name, getattr(change.after, metric) - getattr(change.before, metric))
        for metric, name in METRICS.items()
    ]
    large = sorted((each for each in steps if abs(each[1]) >= 0.05), key=lambda each: -abs(each[1]))
    return ", ".join(f"{say(name)} {figures.signed(step, 1)}" for name, step in large)


def history_summary(changes: Sequence[Change], now: Bond) -> str:
    """The chart in words: how it stands, and how often it changed."""
    values = ", ".join(
        f"{say(name)} {round(getattr(now.metrics, metric))}".replace("-", "−")
        for metric, name in METRICS.items()
    )
    changed = count("{n} change.", "{n} changes.", len(changes))
    return say("Now: {values}. {changed}", values=values, changed=changed)


def history_table(changes: Sequence[Change], quotes: Mapping[int, Quote]) -> list[list[object]]:
    """Every change as a line of a table, with a heading."""
    names = [say(name) for name in METRICS.values()]
    before = [say("{value} before", value=name) for name in names]
    lines: list[list[object]] = [[say("Time"), *before, *names, say("What happened"), say("Message")]]
    for change in changes:
        why = [say(change.cause), _said(change, quotes)]
        lines.append([change.at.isoformat(), *change.before, *change.after, *why])
    return lines


def _said(change: Change, quotes: Mapping[int, Quote]) -> str:
    quote = quotes.get(change.message) if change.message is not None else None
    return " ".join(quote.text.split()) if quote is not None else ""
