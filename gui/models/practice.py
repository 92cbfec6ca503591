"""The practice room for views: who said what, and beside it what the bot did about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.conversation.practice import PracticeMessage
from core.feed import FeedTurn
from core.words import say

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
SHOWN_AT_ONCE = 200
QUOTE_LENGTH = 80


class Kind(Enum):
    """What a row is: somebody's message, the bot's, one it is still writing, or a quiet remark."""

    SAID = auto()
    REPLY = auto()
    GROWING = auto()
    QUIET = auto()


@dataclass(frozen=True, slots=True)
class Bubble:
    """One row of the transcript.

    Attributes:
        id: the message's id; a remark has that of the message it is about; 0 while it grows.
        follows: a further message of the same speaker: the name need not stand there again.
        quote: who and what it answers, shortened; empty when it answers the line before.
        turn_id: the turn that "why?" tells about; empty when there is none.
        mark: an icon behind "why?", e.g. what the host thought of it; empty for none.
    """

    kind: Kind
    id: int
    name: str
    text: str
    follows: bool = False
    quote: str = ""
    turn_id: str = ""
    mark: str = ""


def bubbles(messages: Sequence[PracticeMessage], turns: dict[int, FeedTurn]) -> list[Bubble]:
    """The rows of a room.

    Args:
        messages: the room's messages, oldest first.
        turns: how turns ended, by the id of the message they belong to.
    """
    by_id = {message.id: message for message in messages}
    answered_together = {
        said for turn in turns.values() if turn.replied for said in turn.trace.get("burst", ())
    }
    rows: list[Bubble] = []
    before: PracticeMessage | None = None
    answering = 0
    for message in messages:
        if message.is_self and message.reply_to is not None:
            answering = message.reply_to
        rows.append(_spoken(message, before, by_id, turns.get(answering) if message.is_self else None))
        before = message
        turn = turns.get(message.id)
        if turn is not None and not turn.replied and message.id not in answered_together:
            rows.append(_remark(message, turn))
            before = None
    return rows


def _spoken(
    message: PracticeMessage,
    before: PracticeMessage | None,
    by_id: dict[int, PracticeMessage],
    turn: FeedTurn | None,
) -> Bubble:
    answered = by_id.get(message.reply_to) if message.reply_to is not None else None
    quote = ""
    if answered is not None and (before is None or answered.id != before.id):
        quote = f"{answered.name}: {shortened(answered.text)}"
    return Bubble(
        Kind.REPLY if message.is_self else Kind.SAID,
        message.id,
        message.name,
        message.text,
        before is not None and before.name == message.name and before.is_self == message.is_self,
        quote,
        turn.id if turn is not None else "",
    )


def _remark(message: PracticeMessage, turn: FeedTurn) -> Bubble:
    if turn.failed:
        text = say("no reply: {reason}", reason=turn.reason)
    else:
        text = say("stayed silent: {reason}", reason=turn.reason)
    return Bubble(Kind.QUIET, message.id, "", text, turn_id=turn.id)


def shortened(text: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text[: QUOTE_LENGTH * 2].split())
    return line if len(line) <= QUOTE_LENGTH and len(text) <= QUOTE_LENGTH * 2 else f"{line[:QUOTE_LENGTH]}…"


class TranscriptModel(QAbstractListModel):
    """The transcript as rows. The newest are shown at once, earlier ones when they are asked for,
    so that a room of many thousand messages opens as fast as an empty one.

    Attributes:
        BUBBLE: role of the whole `Bubble`.
    """

    BUBBLE = int(Qt.ItemDataRole.UserRole)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._earlier: list[Bubble] = []
        self._rows: list[Bubble] = []

    @property
    def has_earlier(self) -> bool:
        """Are there older rows that are not shown yet?"""
        return bool(self._earlier)

    def show(self, rows: Sequence[Bubble]) -> None:
        """Show this transcript; what is being written stays at its end.

        Rows that did not change are left alone, so that views keep their place.
        """
        growing = [row for row in self._rows if row.kind is Kind.GROWING]
        if not self._rows:
            self._earlier = list(rows[:-SHOWN_AT_ONCE])
        elif list(rows[: len(self._earlier)]) != self._earlier:
            self._earlier = self._earlier[: max(0, len(rows) - SHOWN_AT_ONCE)]
            if list(rows[: len(self._earlier)]) != self._earlier:
                self._earlier = list(rows[:-SHOWN_AT_ONCE])
        self._become([*rows[len(self._earlier) :], *growing])

    def show_earlier(self) -> None:
        """Show some more of the older rows, above the others."""
        more = self._earlier[-SHOWN_AT_ONCE:]
        if more:
            self.beginInsertRows(ROOT, 0, len(more) - 1)
            self._earlier = self._earlier[: -len(more)]
            self._rows = [*more, *self._rows]
            self.endInsertRows()

    def put_earlier_away(self) -> None:
        """Show only the newest again: every row shown costs a little at each change."""
        many = len(self._rows) - SHOWN_AT_ONCE
        if many > 0:
            self._earlier = [*self._earlier, *self._rows[:many]]
            self._remove(0, many)

    def grow(self, name: str, text: str) -> None:
        """The reply being written, so far; empty text until the first word is there."""
        row = Bubble(Kind.GROWING, 0, name, text)
        if self._rows and self._rows[-1].kind is Kind.GROWING:
            self._rows[-1] = row
            last = self.index(len(self._rows) - 1)
            self.dataChanged.emit(last, last)
        else:
            self._insert(len(self._rows), [row])

    def end_growing(self) -> None:
        """Nothing is being written any more."""
        if self._rows and self._rows[-1].kind is Kind.GROWING:
            self._remove(len(self._rows) - 1, 1)

    def bubble(self, row: int) -> Bubble:
        """The bubble of a row."""
        return self._rows[row]

    def bubbles(self) -> list[Bubble]:
        """What is shown, from the top."""
        return list(self._rows)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == self.BUBBLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.name}: {row.text}" if row.name else row.text
        return None

    def _become(self, rows: list[Bubble]) -> None:
        same = 0
        for old, new in zip(self._rows, rows, strict=False):
            if old != new:
                break
            same += 1
        gone = len(self._rows) - same
        if gone == len(rows) - same and gone == 1:
            self._rows[same] = rows[same]
            self.dataChanged.emit(self.index(same), self.index(same))
            return
        if gone:
            self._remove(same, gone)
        if rows[same:]:
            self._insert(same, rows[same:])

    def _insert(self, at: int, rows: list[Bubble]) -> None:
        self.beginInsertRows(ROOT, at, at + len(rows) - 1)
        self._rows[at:at] = rows
        self.endInsertRows()

    def _remove(self, at: int, many: int) -> None:
        self.beginRemoveRows(ROOT, at, at + many - 1)
        del self._rows[at : at + many]
        self.endRemoveRows()
