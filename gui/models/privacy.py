"""What is stored of people, as a list of any length; what was noticed and done, as short ones; and sizes
in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.audit import PRIVACY_ACTS, Entry
from core.figures import number
from core.holdings import Attempt, Block, PersonHeld
from core.server.listening import ALLOW, BLOCK, EVERYWHERE, ListedThere, Named
from core.words import T, Text, count, say
from gui.models.paged import ABOVE, ASIDE, CAPTION, PagedModel
from gui.models.people import state_words
from gui.models.times import ago, day_of, when

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()

ORDERS = {
    "seen": T("Last seen"),
    "name": T("Name"),
    "messages": T("Most messages"),
    "oldest": T("Known the longest"),
}
ATTEMPT_WORDS = {
    "message": T("tried to steer it"),
    "fact": T("gave an order dressed as a fact"),
    "reply": T("got a reply that had to be changed or held back"),
    "limit": T("wrote too much at once"),
}
# What a part is called towards the person it is about, and towards the host.
_ABOUT_THEM = {
    "What you said of replies": T("What they said of replies"),
    "Feelings towards you": T("Feelings towards them"),
    "What you chose for channels": T("What they chose for channels"),
    "Replies to you": T("Replies to them"),
    "How replies to you came about": T("How replies to them came about"),
    "What is known of you": T("Facts about them"),
}
# Parts of a receipt that lie outside the store.
OUTSIDE = {
    "files": T("Files of conversations"),
    "log": T("Lines of the log"),
    "learnt": T("Lines learnt by a persona"),
    "echo.messages": T("Messages read for an echo"),
    "echo.echoes": T("Echoes"),
    "echo.sessions": T("Talks of an echo"),
    "echo.replies": T("What an echo said"),
    "echo.jobs": T("Analyses for an echo"),
    "echo.models": T("Models built for an echo"),
}
_STEP = 1024
_UNITS = (T("{n} bytes"), T("{n} kB"), T("{n} MB"), T("{n} GB"))


_NOTICED = T("was noticed")


def size_words(size: int) -> str:
    """A size: "83 kB"."""
    amount, unit = float(size), 0
    while amount >= _STEP and unit < len(_UNITS) - 1:
        amount, unit = amount / _STEP, unit + 1
    shown = number(amount, 1 if unit and amount < 10 else 0)
    return say(Text(_UNITS[unit].key, {"n": shown}))


def part_words(title: Text) -> str:
    """What a part of core.privacy is called, for the host."""
    return say(_ABOUT_THEM.get(title.key, title))


class HoldingsModel(PagedModel[PersonHeld]):
    """People with what is held of them. `now` tells the time."""

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now

    def told(self, line: PersonHeld, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return line.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{line.name}, {state_words(line.state)}, {held_words(line)}, {since_words(line)}"
            case _ if role == CAPTION:
                return held_words(line)
            case _ if role == ABOVE:
                return (
                    state_words(line.state) if line.state == "opted_out" else ago(line.last_seen, self._now())
                )
            case _ if role == ASIDE:
                return size_words(line.size) if line.size else ""
        return None


def held_words(line: PersonHeld) -> str:
    """How much is held of somebody: "412 messages · 12 facts"."""
    messages = count("{n} message", "{n} messages", line.messages)
    facts = count("{n} fact", "{n} facts", line.memories)
    return f"{messages} · {facts}" if line.memories else messages


def since_words(line: PersonHeld) -> str:
    """Since when somebody is known."""
    return say("known since {day}", day=day_of(line.since))


@dataclass(frozen=True, slots=True)
class Happening:
    """A row of a short list: what, below it more, at the right when."""

    what: str
    more: str
    at: str


class HappeningsModel(QAbstractListModel):
    """A short list, all of it here."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[Happening] = ()

    def show(self, rows: Sequence[Happening]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.what
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.what}, {row.more}, {row.at}"
            case _ if role == CAPTION:
                return row.more
            case _ if role == ABOVE:
                return row.at
        return None


def attempts_told(attempts: Sequence[Attempt], now: datetime) -> list[Happening]:
    """Attempts as rows."""
    return [
        Happening(
            each.name or say("Somebody"),
            " · ".join(
                (
                    say(ATTEMPT_WORDS.get(each.kind, _NOTICED)),
                    *(_plain(sign) for sign in each.signs[:3]),
                )
            ),
            ago(each.at, now),
        )
        for each in attempts
    ]


def blocks_told(blocks: Sequence[Block]) -> list[Happening]:
    """Who is shut out, as rows."""
    return [
        Happening(
            each.person, place_words(each.guild_id, each.guild), say("since {day}", day=day_of(each.at))
        )
        for each in blocks
    ]


def place_words(guild_id: int, guild: str) -> str:
    """Where somebody is on a list."""
    return say("everywhere") if guild_id == EVERYWHERE else guild or say("a server")


def listed_told(listed: Sequence[ListedThere]) -> list[Happening]:
    """Who is on a list, as rows."""
    kinds = {BLOCK: say("not listened to"), ALLOW: say("allowed")}
    return [
        Happening(
            each.person,
            f"{place_words(each.guild_id, each.guild)} · {kinds.get(each.list, '')}",
            say("since {day}", day=day_of(each.at)),
        )
        for each in listed
    ]


def found_told(found: Sequence[Named]) -> list[Happening]:
    """People that were found, as rows."""
    return [
        Happening(each.name, say("id {id}", id=each.id), "")
        if each.name != str(each.id)
        else Happening(each.name, say("never met"), "")
        for each in found
    ]


def log_told(log: Sequence[Entry]) -> list[Happening]:
    """Exports and erasures as rows."""
    return [
        Happening(
            f"{say(PRIVACY_ACTS[each.act])} · {each.subject}"
            if each.subject
            else say(PRIVACY_ACTS[each.act]),
            " · ".join(part for part in (_by(each), each.after) if part),
            when(each.at),
        )
        for each in log
    ]


def _by(entry: Entry) -> str:
    said = {"host": say("by you"), "themselves": say("by the person"), "": "", "time": say("by the settings")}
    return said.get(entry.by_name, entry.by_name)


def _plain(sign: str) -> str:
    return sign.replace("_", " ").replace("-", " ")
