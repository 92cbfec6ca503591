"""What moved mood and relationships, for people who look back: points, changes, and the curve between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.feelings import relationship
from core.feelings.emotions import Emotion, Felt
from core.feelings.mood import lived_through
from core.feelings.needs import Needs
from core.feelings.pad import Pad, bounded
from core.words import T, Text
from db.moods import FORGOTTEN, StoredMoment
from db.relationships import Metrics, StoredChange

KEPT_IN_FULL = timedelta(days=7)
CHANGES_KEPT_IN_FULL = timedelta(days=30)

HOST_SET = T("The host set it.")
HOST_RESET = T("The host set everything back.")
HOST_TOOK_BACK = T("The host took an edit back.")
# Marked here so that the catalogue has it: the sentence that stands where an erased person's was.
_FORGOTTEN = T("Somebody wrote.")
assert _FORGOTTEN.key == FORGOTTEN


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the mood's timeline.

    Attributes:
        emotions: strongest first. cause: why, in words.
        message: the causing message's id on its platform, None where there was none.
    """

    at: datetime
    mood: Pad
    emotions: tuple[Felt, ...]
    needs: Needs
    cause: Text
    person_id: int | None
    person: str
    message: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """A step in the history of a relationship; exact values, `shown` has the whole numbers."""

    at: datetime
    before: Metrics
    after: Metrics
    cause: Text
    message: int | None
    by_host: bool

    @property
    def shown(self) -> Metrics:
        return relationship.shown(self.after)


def point(kept: StoredMoment) -> Point:
    """A point as it was kept, in words."""
    felt = [Felt(Emotion(name), bounded(i, 0.0, 1.0)) for name, i in kept.emotions.items()]
    return Point(
        kept.at,
        Pad.within(*kept.levels[:3]),
        tuple(sorted(felt, key=lambda each: -each.intensity)),
        Needs(*kept.levels[3:]),
        cause(kept.cause, kept.params, kept.person),
        kept.person_id,
        kept.person,
        kept.platform_id,
    )


def change(kept: StoredChange, name: str) -> Change:
    """A change as it was kept, in words. `name`: what the person is called today."""
    why = cause(kept.cause, kept.params, name)
    return Change(kept.at, kept.before, kept.after, why, kept.platform_id, kept.by_host)


def cause(key: str, params: Mapping[str, Any], name: str) -> Text:
    """A kept sentence, with the person's name of today."""
    return Text(key, {**params, "name": " ".join(name.split()) or T("Somebody")})


@dataclass(frozen=True, slots=True)
class Sample:
    """The mood at a moment between points."""

    at: datetime
    mood: Pad
    emotions: tuple[Felt, ...]


def curve(
    points: Sequence[Point], home: Pad, since: datetime, until: datetime, step: timedelta
) -> list[Sample]:
    """The mood as it moved, every `step` and at each point: what lies between follows from the points.

    Points are hit exactly; the stretch after one is computed with today's `home`, so where another day's
    home was different the curve may make a small jump at the next.

    Args:
        points: oldest first; the last one before `since` may be among them, to begin with.
    """
    if not points:
        return [Sample(since, home, ()), Sample(until, home, ())]
    drawn: list[Sample] = []
    for here, end in zip(points, [*(point.at for point in points[1:]), until], strict=True):
        when = max(here.at, since)
        mood, felt = lived_through(here.mood, here.emotions, home, (when - here.at).total_seconds())
        while when < end:
            drawn.append(Sample(when, mood, felt))
            part = min(step, end - when)
            mood, felt = lived_through(mood, felt, home, part.total_seconds())
            when += part
    return [*drawn, Sample(until, mood, felt)]
