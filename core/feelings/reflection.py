"""Looking back: the mood's curve, and the night, when quirks learn from the day and old timelines are
thinned. On the database thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.feelings import history, quirks
from core.feelings.history import Sample
from core.feelings.pad import Pad
from core.feelings.quirks import Evidence
from core.words import T, Text
from db import messages, moods, relationships
from db import quirks as kept
from db.base import Database
from db.moods import StoredMoment
from db.quirks import StoredQuirkChange

_REAL = "discord"
_DAY = timedelta(days=1)
# How long after a line of the bot's what people write counts as an answer to it.
_ANSWERED_WITHIN = timedelta(minutes=15)
_MOST_LINES = 5000
_DRAWN = 2000  # points of a curve; there are more of them on the busiest months only


@dataclass(frozen=True, slots=True)
class QuirkChange:
    """A change of a quirk, which the host can take back by its `id`."""

    id: int
    text: str
    before: float
    after: float
    at: datetime
    reason: Text
    undone: bool


def reflect(
    db: Database,
    persona_id: int,
    wanted: Sequence[str],
    evidence: Mapping[str, Evidence] | None,
    at: datetime,
) -> list[quirks.Change]:
    """Let the quirks grow or fade by the last 24 hours, and keep why."""
    if evidence is None:
        said = _said(db, persona_id, at)
        if not said:
            return []  # a day on which nothing was said says nothing of quirks
        evidence = quirks.evidence_of(wanted, said)
    changes = quirks.reflect(wanted, kept.strengths(db, persona_id), evidence)
    for change in changes:
        kept.put(db, persona_id, quirks.stored(change, at))
    return changes


def _said(db: Database, persona_id: int, at: datetime) -> list[tuple[str, float]]:
    """The bot's lines of the last day, each with how warm the answers to it were."""
    lines = messages.own_since(db, _REAL, at - _DAY, _MOST_LINES)
    points = moods.timeline(db, persona_id, _REAL, at - _DAY, at)
    return [(line.text, _welcome(line.sent_at, points)) for line in lines]


def _welcome(said: datetime, points: Sequence[StoredMoment]) -> float:
    after = [
        float(point.params.get("warmth", 0.0))
        for point in points
        if said < point.at <= said + _ANSWERED_WITHIN
    ]
    return sum(after) / len(after) if after else 0.0


def set_quirk(db: Database, persona_id: int, text: str, strength: float, at: datetime) -> None:
    """The host sets how strong a quirk is."""
    before = kept.strengths(db, persona_id).get(text, quirks.START)
    cause = T("The host set it.")
    kept.put(db, persona_id, StoredQuirkChange(text, before, strength, at, cause.key))


def changes(db: Database, persona_id: int, limit: int) -> list[QuirkChange]:
    """What changed with the quirks and why, newest first."""
    return [
        QuirkChange(
            each.row_id,
            each.text,
            each.before,
            each.after,
            each.at,
            Text(each.reason, each.params),
            each.undone,
        )
        for each in kept.history(db, persona_id, limit)
    ]


def curve(
    db: Database,
    persona_id: int,
    realm: str,
    home: Pad,
    since: datetime,
    until: datetime,
    step: timedelta,
) -> list[Sample]:
    """The mood between two moments, from the last point before them on."""
    begun = moods.newest_before(db, persona_id, realm, since)
    points = moods.timeline(db, persona_id, realm, begun or since, until, _DRAWN)
    return history.curve([history.point(each) for each in points], home, since, until, step)


def thin(db: Database, at: datetime) -> int:
    """Old points and small steps go, one an hour stays; answers how many rows went."""
    return moods.thin(db, at - history.KEPT_IN_FULL) + relationships.thin(
        db, at - history.CHANGES_KEPT_IN_FULL
    )
