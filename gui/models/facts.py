"""Facts as a list: what is known, how often it was said, when last, and whether it was used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Qt

from core.memory.notebook import FactLine
from core.words import T, Text, count, say
from gui.models.moments import day
from gui.models.paged import ASIDE, BADGES, CAPTION, PagedModel

CATEGORY_WORDS: dict[str, Text] = {
    "name": T("Name"),
    "birthday": T("Birthday"),
    "home": T("Home"),
    "work": T("Work"),
    "study": T("Studies"),
    "family": T("Family"),
    "pets": T("Pets"),
    "likes": T("Likes"),
    "health": T("Health"),
    "skills": T("Skills"),
    "hobbies": T("Hobbies"),
    "plans": T("Plans"),
    "things": T("Things"),
    "beliefs": T("Beliefs"),
    "other": T("Other"),
}
STATE_WORDS: dict[str, Text] = {
    "live": T("Known"),
    "quarantined": T("Held back"),
    "closed": T("Outdated"),
    "binned": T("Recycle bin"),
}
ORDER_WORDS: dict[str, Text] = {
    "last_mentioned": T("Last said"),
    "first_mentioned": T("First said"),
    "count": T("Most said"),
    "importance": T("Importance"),
    "used": T("Last used"),
    "text": T("A to Z"),
}


def category_words(category: str) -> str:
    """A category in words."""
    return say(CATEGORY_WORDS[category]) if category in CATEGORY_WORDS else category


class FactsModel(PagedModel[FactLine]):
    """Facts. `now` tells the time; `names`: show whose each is."""

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self.names = True

    def told(self, line: FactLine, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return line.text
            case Qt.ItemDataRole.AccessibleTextRole:
                locked = say("protected") if line.protected else ""
                return ", ".join(part for part in (line.text, self._caption(line), locked) if part)
            case _ if role == CAPTION:
                return self._caption(line)
            case _ if role == ASIDE:
                used = line.last_used_at
                return say("used {day}", day=day(used, self._now())) if used is not None else ""
            case _ if role == BADGES:
                return (("protected", "accent"),) if line.protected else ()
        return None

    def _caption(self, line: FactLine) -> str:
        said = count("said once", "said {n} times", line.reference_count)
        last = day(line.last_mentioned, self._now())
        parts = [category_words(line.category), said, last]
        if self.names:
            parts.insert(0, line.person)
        return " · ".join(parts)
