"""From appraisal variables to emotions, by the rules of Ortony, Clore & Collins (1988). Deterministic."""

from __future__ import annotations

from enum import StrEnum

from core.feelings.emotions import Emotion, Felt, together
from core.feelings.pad import bounded


class Who(StrEnum):
    """Who did something, or whom it is about, as the persona sees it."""

    ME = "me"  # the persona
    SENDER = "sender"  # who wrote the message
    OTHER = "other"  # somebody else
    NOBODY = "nobody"


class Prospect(StrEnum):
    """What had been expected of the event before this message settled it."""

    NONE = "none"
    HOPED = "hoped"
    FEARED = "feared"


_Called = list[tuple[Emotion, float]]

# Ours: fainter is no emotion. From which likelihood on a thing is a fact, and up to which it is off.
_THRESHOLD = 0.05
_FACT, _OFF = 0.95, 0.05
# Ours: how much somebody one feels nothing for shares in one's sympathy.
_FOR_A_STRANGER = 0.3
# FAtiMA: love and hate are .7 of the like; a compound emotion is half of its two parts.
_ATTRACTION, _COMPOUND = 0.7, 0.5
_DEEP = 0.5  # ours: from this like on liking is love, and disliking hate


def elicited(
    *,
    desirability: float,
    praiseworthiness: float = 0.0,
    likelihood: float = 1.0,
    fortune: float = 0.0,
    appealing: float = 0.0,
    agent: Who = Who.NOBODY,
    prospect: Prospect = Prospect.NONE,
    liking: float = 0.0,
) -> tuple[Felt, ...]:
    """The emotions of an appraisal, strongest first; fields as in `core.feelings.appraisal.Appraisal`.

    Args:
        liking: how the persona feels about whose fortune it is, −1…1.
    """
    event, happened = _of_event(desirability, likelihood, prospect)
    found = [
        *event,
        *_of_deed(praiseworthiness, happened, agent),
        *_of_fortune(fortune, liking),
        *_of_thing(appealing, liking),
    ]
    felt = together(Felt(emotion, bounded(value, 0.0)) for emotion, value in found)
    return tuple(each for each in felt if each.intensity >= _THRESHOLD)


def _of_event(desirable: float, likelihood: float, prospect: Prospect) -> tuple[_Called, float]:
    """What the event itself calls up, and how good what really happened is."""
    size, good = abs(desirable), desirable > 0
    if likelihood >= _FACT:
        found = [(Emotion.JOY if good else Emotion.DISTRESS, size)]
        if prospect is Prospect.HOPED and good:
            found.append((Emotion.SATISFACTION, size))
        elif prospect is Prospect.FEARED and not good:
            found.append((Emotion.FEARS_CONFIRMED, size))
        return found, desirable
    if likelihood > _OFF:
        return [(Emotion.HOPE if good else Emotion.FEAR, size * likelihood)], desirable * likelihood
    if prospect is Prospect.HOPED and good:
        return [(Emotion.DISAPPOINTMENT, size), (Emotion.DISTRESS, size)], -size
    if prospect is Prospect.FEARED and not good:
        return [(Emotion.RELIEF, size), (Emotion.JOY, size)], size
    return [], 0.0


def _of_deed(praise: float, happened: float, agent: Who) -> _Called:
    if agent is Who.NOBODY or praise == 0:
        return []
    size, good, mine = abs(praise), praise > 0, agent is Who.ME
    if mine:
        found = [(Emotion.PRIDE if good else Emotion.SHAME, size)]
        both = Emotion.GRATIFICATION if good else Emotion.REMORSE
    else:
        found = [(Emotion.ADMIRATION if good else Emotion.REPROACH, size)]
        both = Emotion.GRATITUDE if good else Emotion.ANGER
    if praise * happened > 0:
        found.append((both, _COMPOUND * (size + abs(happened))))
    return found


def _of_fortune(fortune: float, liking: float) -> _Called:
    if liking < 0:
        return [(Emotion.RESENTMENT if fortune > 0 else Emotion.GLOATING, abs(fortune * liking))]
    shared = abs(fortune) * max(liking, _FOR_A_STRANGER)
    return [(Emotion.HAPPY_FOR if fortune > 0 else Emotion.PITY, shared)]


def _of_thing(appealing: float, liking: float) -> _Called:
    size, good = abs(appealing), appealing > 0
    found = [(Emotion.LIKING if good else Emotion.DISLIKING, size)]
    if good and liking >= _DEEP:
        found.append((Emotion.LOVE, _ATTRACTION * liking * size))
    if not good and liking <= -_DEEP:
        found.append((Emotion.HATE, _ATTRACTION * -liking * size))
    return found
