"""The feed of turns as a list of any length: what the bot did, newest first."""

from __future__ import annotations

from array import array
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from core.feed import FeedTurn
from core.figures import number
from core.words import say
from gui.models.paged import LINE, ROOT, PagedModel

Index = QModelIndex | QPersistentModelIndex

TURN = LINE
KIND = LINE + 1
TIME = LINE + 2
TOOK = LINE + 3

KINDS = ("all", "replied", "silent")


def kind_of(turn: FeedTurn) -> str:
    """replied, silent or failed."""
    if turn.failed:
        return "failed"
    return "replied" if turn.replied else "silent"


def sentence(turn: FeedTurn) -> str:
    """What happened, in a sentence."""
    if turn.failed:
        return say("could not reply to {person}: {reason}", person=turn.person, reason=turn.reason)
    if turn.replied:
        return say("replied to {person}", person=turn.person)
    return say("stayed silent: {reason}", reason=turn.reason)


def took(milliseconds: int) -> str:
    """A duration, short."""
    return say("{seconds} s", seconds=number(milliseconds / 1000, 1))


class FeedModel(PagedModel[FeedTurn]):
    """Turns, newest first."""

    def put(self, turn: FeedTurn) -> None:
        """A turn has ended: it goes on top, or takes its old place when it was there before."""
        row = self.row_of(turn.row_id)
        self._lines[turn.row_id] = turn
        self._old.discard(turn.row_id)
        self._gone.discard(turn.row_id)
        if row >= 0:
            self._repaint(row, row)
            return
        self.beginInsertRows(ROOT, 0, 0)
        self._ids = array("q", (turn.row_id,)) + self._ids
        self._total += 1
        self._waiting.clear()  # what was asked for by its rows stands further down now
        self._asked = None
        self.endInsertRows()

    def drop(self, row_id: int) -> None:
        """A turn is none of those that are shown any more."""
        row = self.row_of(row_id)
        if row >= 0:
            self.beginRemoveRows(ROOT, row, row)
            del self._ids[row]
            self._total -= 1
            self._waiting.clear()
            self._asked = None
            self.endRemoveRows()

    def turn(self, index: Index) -> FeedTurn | None:
        """The turn of a row; None while it is read."""
        return self.line(index.row())

    def told(self, line: FeedTurn, role: int) -> Any:
        at = f"{line.at.astimezone():%H:%M}"
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return sentence(line)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{at} {line.place} {sentence(line)}"
            case _ if role == KIND:
                return kind_of(line)
            case _ if role == TIME:
                return at
            case _ if role == TOOK:
                return took(line.took_ms) if line.replied else ""
        return None
