"""The mood's timeline as charts draw it: lines, ribbons, the moments that can be pointed at, and words
for whoever hears the chart instead of seeing it. Pure; the page reads and draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core import figures
from core.feelings.describe import EMOTIONS, NEEDS
from core.feelings.emotions import Emotion
from core.feelings.history import Point, Sample
from core.people import Quote
from core.words import T, count, say
from gui.models.series import Line, Mark
from gui.models.times import when

AXES = (T("Pleasure"), T("Arousal"), T("Dominance"))
MOST_RIBBONS = 4
_MOST_DOTS = 450  # more than this no eye tells apart in a window, and each costs time to paint


@dataclass(frozen=True, slots=True)
class Drawn:
    """A stretch of the mood, ready to be drawn.

    Attributes:
        axes: pleasure, arousal and dominance. emotions: areas upon each other. top: how high they reach.
        marks: what can be pointed at. told: both charts in words.
    """

    axes: list[Line]
    emotions: list[Line]
    top: float
    marks: list[Mark]
    told: tuple[str, str]


def drawn(samples: Sequence[Sample], points: Sequence[Point], quotes: Mapping[int, Quote]) -> Drawn:
    """Make a stretch ready. With thousands of points this is work for another thread."""
    few = thinned(samples)
    areas = ribbons(few)
    told = (mood_summary(samples, points), emotion_summary(areas))
    return Drawn(mood_lines(few), areas, tallest(areas), marks(points, quotes), told)


def thinned(samples: Sequence[Sample], most: int = _MOST_DOTS) -> list[Sample]:
    """At most so many samples, the first and the last among them: of each few that would share a dot, the
    one that lies farthest from how it usually was, so that no outburst is lost."""
    if len(samples) <= most:
        return list(samples)
    values = np.array([[sample.mood.p, sample.mood.a, sample.mood.d] for sample in samples])
    far = np.abs(values - np.median(values, axis=0)).sum(axis=1)
    cuts = np.linspace(0, len(samples), most - 1, dtype=int)
    kept = [int(start + np.argmax(far[start:end])) for start, end in pairwise(cuts)]
    return [samples[at] for at in dict.fromkeys((0, *kept, len(samples) - 1))]


def mood_lines(samples: Sequence[Sample]) -> list[Line]:
    """Pleasure, arousal and dominance."""
    xs = np.array([sample.at.timestamp() for sample in samples])
    axes = np.array([[sample.mood.p, sample.mood.a, sample.mood.d] for sample in samples])
    return [Line(say(name), xs, axes[:, number], number) for number, name in enumerate(AXES)]


def ribbons(samples: Sequence[Sample]) -> list[Line]:
    """The emotions as areas upon each other: the strongest of the stretch, and all others as one."""
    xs = np.array([sample.at.timestamp() for sample in samples])
    levels: dict[Emotion, np.ndarray] = {}
    for at, sample in enumerate(samples):
        for felt in sample.emotions:
            levels.setdefault(felt.emotion, np.zeros(len(samples)))[at] = felt.intensity
    strongest = sorted(levels, key=lambda emotion: (-float(levels[emotion].sum()), emotion))
    shown = strongest[:MOST_RIBBONS]
    layers = [(say(EMOTIONS[emotion]), levels[emotion]) for emotion in shown]
    if rest := strongest[MOST_RIBBONS:]:
        layers.append((say("other emotions"), np.sum([levels[emotion] for emotion in rest], axis=0)))
    floor, areas = np.zeros(len(samples)), []
    for number, (name, level) in enumerate(layers):
        areas.append(Line(name, xs, floor + level, number, floor))
        floor = floor + level
    return areas


def tallest(lines: Sequence[Line]) -> float:
    """The height of the ribbon, at least 1."""
    return max([1.0, *(float(np.max(line.ys)) for line in lines if len(line.ys))])


def marks(points: Sequence[Point], quotes: Mapping[int, Quote]) -> list[Mark]:
    """Each moment that moved the mood: when, why, and the message."""
    return [
        Mark(
            point.at.timestamp(),
            f"{when(point.at)} · {say(point.cause)}{_feeling(point)}",
            said(point, quotes),
        )
        for point in points
    ]


def _feeling(point: Point) -> str:
    """What was felt most then."""
    strong = [say(EMOTIONS[felt.emotion]) for felt in point.emotions[:2] if felt.intensity >= 0.1]
    return say(" It felt {emotions}.", emotions=", ".join(strong)) if strong else ""


def said(point: Point, quotes: Mapping[int, Quote]) -> str:
    """The message that caused a point, in one line; empty where there is none (any more)."""
    quote = quotes.get(point.message) if point.message is not None else None
    return " ".join(quote.text.split()) if quote is not None else ""


def mood_summary(samples: Sequence[Sample], points: Sequence[Point]) -> str:
    """The mood's chart in a sentence or two."""
    if not samples:
        return ""
    values = np.array([[sample.mood.p, sample.mood.a, sample.mood.d] for sample in samples])
    ranges = ", ".join(
        say("{axis} from {low} to {high}", axis=name, low=_signed(column.min()), high=_signed(column.max()))
        for name, column in zip(AXES, values.T, strict=True)
    )
    changes = count("{n} moment moved it.", "{n} moments moved it.", len(points))
    return say("{ranges}. {changes}", ranges=ranges, changes=changes)


def emotion_summary(lines: Sequence[Line]) -> str:
    """The ribbon in a sentence."""
    if not lines:
        return say("No emotion was felt.")
    return say("Felt, the strongest first: {names}.", names=", ".join(line.name for line in lines))


def mood_table(points: Sequence[Point], quotes: Mapping[int, Quote]) -> list[list[object]]:
    """Every moment as a line of a table, with a heading."""
    needs = [say(name) for name in NEEDS.values()]
    head = [say("Time"), *(say(axis) for axis in AXES), *needs, say("Emotions"), say("Person")]
    lines: list[list[object]] = [[*head, say("What happened"), say("Message")]]
    for point in points:
        felt = "; ".join(f"{say(EMOTIONS[each.emotion])} {each.intensity:.2f}" for each in point.emotions)
        mood = [point.mood.p, point.mood.a, point.mood.d]
        rest = [felt, point.person, say(point.cause), said(point, quotes)]
        lines.append([point.at.isoformat(), *mood, *point.needs, *rest])
    return lines


def _signed(value: float) -> str:
    return figures.number(value, 1).replace("-", "−")
