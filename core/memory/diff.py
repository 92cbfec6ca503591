"""What a run did to what is known, as lines to read: one for each fact, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.words import T, Text
from db.consolidations import UNDOABLE_FOR, StoredChange, StoredRun

# What a line does to a memory: it comes, is confirmed, changes, or goes.
CAME, CONFIRMED, CHANGED, WENT = "came", "confirmed", "changed", "went"


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One fact that a run (or the host) changed.

    Attributes:
        kind: as in db.consolidations. sign: CAME, CONFIRMED, CHANGED or WENT.
        title: what happened to it. text: the fact as it is now, or as it was when it is gone.
        was: the wording before, "" when it is the same. detail: what else is to be known, or None.
        undone: it was taken back. undoable: it can be taken back.
    """

    row_id: int
    run_id: int
    person_id: int
    person: str
    at: datetime
    kind: str
    sign: str
    title: Text
    text: str
    was: str
    detail: Text | None
    undone: bool
    undoable: bool


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run, for choosing among them.

    Attributes:
        row_id: 0 for everything the host did by hand. cause: daily, asked or host.
        state: running, done, cancelled or failed. messages: how many were read.
    """

    row_id: int
    cause: str
    state: str
    at: datetime
    messages: int


_TITLES: Mapping[str, tuple[str, Text]] = {
    "insert": (CAME, T("New")),
    "confirm": (CONFIRMED, T("Said again")),
    "close": (WENT, T("No longer true")),
    "quarantine": (CHANGED, T("Held back")),
    "forget": (WENT, T("Forgotten")),
    "edit": (CHANGED, T("Edited")),
    "merge": (CHANGED, T("Merged")),
    "split": (CHANGED, T("Split")),
    "bin": (WENT, T("Deleted")),
    "restore": (CAME, T("Restored")),
    "protect": (CHANGED, T("Protected")),
    "unprotect": (CHANGED, T("No longer protected")),
    "accept": (CAME, T("Accepted")),
}


def line(change: StoredChange, person: str, now: datetime, beside: Sequence[StoredChange] = ()) -> DiffLine:
    """A change as a line.

    Args:
        person: whose fact it is. beside: the other changes of the run, which tell why a fact was closed.
    """
    before, after = change.before, change.after
    sign, title = _TITLES.get(change.kind, (CHANGED, T("Changed")))
    if change.kind != "quarantine" and (after is None or before is None):
        sign = WENT if after is None else CAME
    shown = after if after is not None else before or {}
    old = str(before["text"]) if before is not None else ""
    text = str(shown.get("text", ""))
    return DiffLine(
        change.row_id,
        change.run_id,
        change.person_id,
        person,
        change.at,
        change.kind,
        sign,
        title,
        text,
        old if old != text else "",
        _detail(change, beside),
        change.undone_at is not None,
        change.undone_at is None and change.at >= now - UNDOABLE_FOR,
    )


def run_line(run: StoredRun) -> RunLine:
    """A run as it is chosen."""
    return RunLine(run.row_id, run.cause, run.state, run.started_at, run.messages)


def _detail(change: StoredChange, beside: Sequence[StoredChange]) -> Text | None:
    before, after = change.before, change.after
    if change.kind == "close" and after is not None:
        newer = _closed_by(after, change, beside)
        return T("because of: {text}", text=newer) if newer else None
    if change.kind == "quarantine":
        return T("It reads like an instruction, so it is never told until you accept it.")
    if change.kind == "merge" and after is None:
        return T("It went into another one.")
    if before is None or after is None:
        return None
    if change.kind in ("confirm", "merge") and before["reference_count"] != after["reference_count"]:
        return T(
            "said {old} times before, {new} times now",
            old=before["reference_count"],
            new=after["reference_count"],
        )
    if before["category"] != after["category"]:
        return T("another kind")
    if before["importance"] != after["importance"]:
        return T(
            "importance {old} before, {new} now",
            old=_short(before["importance"]),
            new=_short(after["importance"]),
        )
    return None


def _closed_by(closed: Mapping[str, Any], change: StoredChange, beside: Sequence[StoredChange]) -> str:
    """The new fact whose message ended another one: the only one of the person from that moment."""
    found = [
        str(other.after["text"])
        for other in beside
        if other.kind == "insert"
        and other.person_id == change.person_id
        and other.after is not None
        and other.after["last_mentioned"] == closed["valid_to"]
    ]
    return found[0] if len(found) == 1 else ""


def _short(number: float) -> str:
    return f"{number:g}"
