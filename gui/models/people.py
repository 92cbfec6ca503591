"""People as a list: who, how well known, how much they wrote, when last."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Qt

from core.memory.notebook import PersonLine
from core.words import T, Text, count, say
from gui.models.moments import day
from gui.models.paged import ABOVE, ASIDE, CAPTION, PagedModel

STATE_WORDS: dict[str, Text] = {
    "new": T("new"),
    "acquainted": T("acquainted"),
    "regular": T("regular"),
    "dormant": T("long away"),
    "opted_out": T("left alone"),
    "erased": T("erased"),
}
ORDER_WORDS: dict[str, Text] = {
    "seen": T("Last seen"),
    "name": T("Name"),
    "messages": T("Most messages"),
    "facts": T("Most facts"),
}


def state_words(state: str) -> str:
    """How well somebody is known, in words."""
    return say(STATE_WORDS[state]) if state in STATE_WORDS else state


class PeopleModel(PagedModel[PersonLine]):
    """People. `now` tells the time."""

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now

    def told(self, line: PersonLine, role: int) -> Any:
        seen = day(line.last_seen, self._now())
        messages = count("{n} message", "{n} messages", line.message_count)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return line.name
            case Qt.ItemDataRole.AccessibleTextRole:
                known = count("{n} fact", "{n} facts", line.facts)
                return f"{line.name}, {state_words(line.state)}, {messages}, {seen}, {known}"
            case _ if role == CAPTION:
                return f"{state_words(line.state)} · {messages}"
            case _ if role == ABOVE:
                return seen
            case _ if role == ASIDE:
                return count("{n} fact", "{n} facts", line.facts) if line.facts else ""
        return None
