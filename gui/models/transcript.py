"""A conversation of any length for a view: every row a message, with what became of it."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, Qt

from core.conversation.archive import TOGETHER, PlaceLine, TranscriptLine
from core.words import Text, say
from gui.models.moments import day
from gui.models.paged import ABOVE, ASIDE, CAPTION, ROOT, PagedModel
from gui.models.practice import Bubble, Kind, shortened

_PAUSE = timedelta(minutes=10)
_MARKS = {"good": "thumb-up", "bad": "thumb-down", "never": "never"}


class PlacesModel(PagedModel[PlaceLine]):
    """Places, the one written in last first. `now` tells the time."""

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now

    def told(self, line: PlaceLine, role: int) -> Any:
        when = day(line.last_at, self._now())
        last = f"{line.last_author}: {shortened(line.last_text)}"
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return title(line)
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(part for part in (title(line), line.guild, when, last) if part)
            case _ if role == CAPTION:
                return last
            case _ if role == ABOVE:
                return when
            case _ if role == ASIDE:
                return ""
        return None


def title(place: PlaceLine) -> str:
    """What a place is called: #general, or the person of a direct message."""
    return place.name if place.is_direct else f"#{place.name}"


class LinesModel(PagedModel[TranscriptLine]):
    """A transcript, oldest first."""

    def follow(self, ids: array[int], lines: Sequence[TranscriptLine]) -> None:
        """The transcript goes on, or has changed: these are all rows now. Of the lines only `lines` are
        known to be as they are now; the others are read again when they come into sight."""
        kept = len(self._ids)
        if len(ids) > kept and ids[:kept] == self._ids and self._total == kept:
            self.beginInsertRows(ROOT, kept, len(ids) - 1)
            self._ids, self._total = ids, len(ids)
            self._start_over(lines, self._lines)
            self.endInsertRows()
            self._repaint(0, kept - 1)
        else:
            self.refresh(ids, lines)

    def told(self, line: TranscriptLine, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return line.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = f"{line.author}, {clock(line.at)}: {line.text}"
            why = remark(line)
            return f"{said}. {why.text}" if why is not None else said
        return None


def clock(at: datetime) -> str:
    """The time of a day."""
    return f"{at.astimezone():%H:%M}"


def begins_day(line: TranscriptLine) -> bool:
    """Is it the first message of its day?"""
    return line.before is None or line.before[2].astimezone().date() != line.at.astimezone().date()


def spoken(line: TranscriptLine) -> Bubble:
    """The message as a bubble."""
    follows = (
        line.before is not None
        and line.before[:2] == (line.author_id, line.is_self)
        and line.at - line.before[2] < _PAUSE
        and not begins_day(line)
    )
    told = [line.author, clock(line.at)]
    if line.edited:
        told.append(say("edited"))
    quote = f"{line.answers[0]}: {shortened(line.answers[1])}" if line.answers is not None else ""
    own_turn = line.turn_id if line.is_self else ""
    mark = next((_MARKS[verdict] for _, verdict in reversed(line.verdicts) if verdict in _MARKS), "")
    kind = Kind.REPLY if line.is_self else Kind.SAID
    return Bubble(kind, line.platform_id, " · ".join(told), line.text, follows, quote, own_turn, mark)


def remark(line: TranscriptLine) -> Bubble | None:
    """Why there was no reply, as a quiet remark; None when nothing has to be said."""
    if line.is_self or line.silence is None or line.silence.get("key") in ("", None, TOGETHER):
        return None
    reason = say(Text(line.silence["key"], line.silence.get("params", {})))
    text = (
        say("no reply: {reason}", reason=reason)
        if line.failed
        else say("stayed silent: {reason}", reason=reason)
    )
    return Bubble(Kind.QUIET, line.platform_id, "", text, turn_id=line.turn_id)
