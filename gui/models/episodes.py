"""Episodes as a list: what happened, with whom, where, and how it felt; and insights drawn from them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Qt

from core.memory.notebook import EpisodeLine
from core.words import T, Text, say
from gui.models.moments import day
from gui.models.paged import ASIDE, BADGES, CAPTION, PagedModel

KIND_WORDS: dict[str, Text] = {
    "all": T("Both kinds"),
    "episodes": T("Episodes"),
    "insights": T("Insights"),
}
ORDER_WORDS: dict[str, Text] = {
    "ended": T("Newest"),
    "importance": T("Importance"),
    "used": T("Last used"),
}


class EpisodesModel(PagedModel[EpisodeLine]):
    """Episodes. `now` tells the time."""

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now

    def told(self, line: EpisodeLine, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return line.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{line.text}, {self._caption(line)}"
            case _ if role == CAPTION:
                return self._caption(line)
            case _ if role == ASIDE:
                used = line.last_used_at
                return say("used {day}", day=day(used, self._now())) if used is not None else ""
            case _ if role == BADGES:
                insight = (("spark", "accent"),) if line.insight else ()
                return (*insight, ("protected", "accent")) if line.protected else insight
        return None

    def _caption(self, line: EpisodeLine) -> str:
        first = say("Insight") if line.insight else day(line.ended_at, self._now())
        where = f"#{line.place}" if line.place else ""
        return " · ".join(part for part in (first, where, ", ".join(line.people), line.feeling) if part)
