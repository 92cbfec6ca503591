"""Every page with a list or a table that grows with use: how benchmarks.tables gets there, and what it
looks at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QScrollArea

Finds = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Watched:
    """A list of a page.

    Attributes:
        name: in figures. page: the page's name. view: finds the list, or what scrolls, in the page.
        open: what the host does on the page to see it; None: it stands there at once.
        search: finds the field that searches it. sought: what is typed there; found in some rows.
        ready: answers whether it shows what it is there for.
    """

    name: str
    page: str
    view: Finds
    open: Callable[[Any], None] | None = None
    search: Finds | None = None
    sought: str = "radio"
    ready: Finds | None = None

    def is_ready(self, page: Any) -> bool:
        """Do its first rows stand there?"""
        if page.states.state not in ("full", ""):
            return False
        if self.ready is not None:
            return bool(self.ready(page))
        view: QAbstractScrollArea = self.view(page)
        return view.isVisible() and (not isinstance(view, QAbstractItemView) or _has_rows(view))


def _has_rows(view: QAbstractItemView) -> bool:
    """Are there rows, and is the first one in sight read?"""
    model = view.model()
    if model is None or not model.rowCount(QModelIndex()):
        return False
    at = view.indexAt(view.viewport().rect().topLeft() + view.viewport().rect().center() / 8)
    index = at if at.isValid() else model.index(0, 0)
    shown = index.data()
    return shown not in (None, "…") or (shown is None and index.data(0x0100) is not None)


def _inside(page: Any) -> QScrollArea:
    """What scrolls in a page whose rows are widgets."""
    areas: list[QScrollArea] = page.findChildren(QScrollArea)
    return max(areas, key=lambda area: (area.isVisible(), area.height() * area.width()))


def _chooses(segments: Finds, key: str) -> Callable[[Any], None]:
    """A click on one of some segments."""

    def click(page: Any) -> None:
        segments(page).choose(key)
        segments(page).chosen.emit(key)

    return click


def watched() -> list[Watched]:
    """All of them, in the order of the sidebar."""
    return [
        Watched("session", "session", lambda page: page.list),
        Watched("practice", "practice", lambda page: page.view, ready=lambda page: page.view.isVisible()),
        Watched(
            "lorebook",
            "persona",
            lambda page: page.lorebook.list,
            lambda p: p.show_part("book"),
            lambda p: p.lorebook.search,
        ),
        Watched("personas", "persona", _inside, ready=lambda page: page.chooser.count() > 1),
        Watched("places", "persona", lambda p: p.spots.list, lambda p: p.show_part("where")),
        Watched("facts", "memory", lambda p: p.memories.view, search=lambda p: p.memories.filters.search),
        Watched(
            "episodes",
            "memory",
            lambda page: page.memories.lists["episodes"],
            _chooses(lambda page: page.memories.filters.kinds, "episodes"),
            lambda page: page.memories.filters.search,
        ),
        Watched("memory_people", "memory", lambda p: p.people.list, search=lambda p: p.people.search),
        Watched(
            "mood",
            "mood",
            _inside,
            _chooses(lambda page: page.timeline.range, "month"),
            ready=lambda page: page._points[-1].at - page._points[0].at > timedelta(hours=25),
        ),
        Watched("people", "people", lambda page: page.side.list, search=lambda page: page.side.search),
        Watched("training", "training", lambda page: page.list),
        Watched(
            "rooms", "conversations", lambda p: p.places.list, search=lambda p: p.places.search, sought="99"
        ),
        Watched("transcript", "conversations", lambda page: page.view),
        Watched("models", "models", _inside),
        Watched("privacy_people", "privacy", lambda p: p.people.list, search=lambda p: p.people.search),
        Watched("attempts", "privacy", lambda p: p.watch.attempts.list, lambda p: p.look_at("watch")),
        Watched("blocked", "privacy", lambda p: p.watch.blocked.list, lambda p: p.look_at("watch")),
        Watched("receipts", "privacy", lambda p: p.watch.log.list, lambda p: p.look_at("watch")),
        Watched("kept", "privacy", _inside, lambda p: p.look_at("keeping")),
        Watched("checkup", "checkup", _inside),
        Watched("backups", "safekeeping", lambda page: page.list),
        Watched("settings", "settings", _inside),
        Watched("logs", "logs", lambda page: page.list, search=lambda page: page.search, sought="line 42"),
    ]
