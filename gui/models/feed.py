"""The feed of turns as a list: what the bot did, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.feed import FeedTurn
from core.figures import number
from core.words import say

Index = QModelIndex | QPersistentModelIndex

TURN = Qt.ItemDataRole.UserRole + 1
KIND = Qt.ItemDataRole.UserRole + 2
TIME = Qt.ItemDataRole.UserRole + 3
TOOK = Qt.ItemDataRole.UserRole + 4

KINDS = ("all", "replied", "silent")
MOST = 500


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


class FeedModel(QAbstractListModel):
    """Turns, newest first; all of them, or only those of one kind."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turns: list[FeedTurn] = []
        self._shown: list[FeedTurn] = []
        self._only = "all"

    @property
    def total(self) -> int:
        """How many turns there are, whatever is shown of them."""
        return len(self._turns)

    def put_all(self, turns: Sequence[FeedTurn]) -> None:
        """Show these, newest first."""
        self.beginResetModel()
        self._turns = list(turns)[:MOST]
        self._shown = [turn for turn in self._turns if self._wanted(turn)]
        self.endResetModel()

    def put(self, turn: FeedTurn) -> None:
        """A turn has ended: it goes on top, or takes its old place when it was there before."""
        known = next((at for at, other in enumerate(self._turns) if other.id == turn.id), None)
        if known is not None:
            self._turns[known] = turn
            self.put_all(self._turns)
            return
        self._turns.insert(0, turn)
        if self._wanted(turn):
            self.beginInsertRows(QModelIndex(), 0, 0)
            self._shown.insert(0, turn)
            self.endInsertRows()
        if len(self._turns) > MOST:
            self.put_all(self._turns)

    def show_only(self, kind: str) -> None:
        """Show one of KINDS. What failed stands with the silent: nobody got an answer."""
        self._only = kind
        self.put_all(self._turns)

    def turn(self, index: Index) -> FeedTurn:
        """The turn of a row."""
        return self._shown[index.row()]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        turn = self._shown[index.row()]
        at = f"{turn.at.astimezone():%H:%M}"
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return sentence(turn)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{at} {turn.place} {sentence(turn)}"
            case _ if role == TURN:
                return turn
            case _ if role == KIND:
                return kind_of(turn)
            case _ if role == TIME:
                return at
            case _ if role == TOOK:
                return took(turn.took_ms) if turn.replied else ""
        return None

    def _wanted(self, turn: FeedTurn) -> bool:
        return self._only == "all" or (kind_of(turn) == "replied") == (self._only == "replied")
