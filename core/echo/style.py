"""How somebody writes: what can be counted in a message, and the readable profile made of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

MARKS = (".", ",", "?", "!", "..", "...", ":", ";", "'", '"', "(", "-", "/")
ENDINGS = (".", "?", "!", "..", "...", ":", ")", "*")
# Mosteller and Wallace (1964) told authors apart by such words; chat's own short forms stand beside them.
_FUNCTION_WORDS = (
    "a about all also am an and any are as at be because been but by can could did do does for from get go "
    "got had has have he her here him his how i if in into is it its just know like may me might more most "
    "my no not of off on one only or other our out over perhaps really see she should so some such than "
    "that the their them then there these they thing this those to too try up us use used very want was we "
    "well were what when where which who why will with would yes you your i'm it's don't that's can't you're "
    "im dont thats cant its youre u r ur ya yeah yep nope ok okay lol heh haha hmm oh ah"
)
FUNCTION_WORDS = tuple(_FUNCTION_WORDS.split())
EMOTICON = re.compile(r"(?<![\w])(?:[:;=8xX]['`]?-?[)(DPpOo/\\|\]\[3*]+|<3|\^_*\^|[oO]_[oO]|[xX]D)(?![\w])")
EMOJI = re.compile(r"[\U0001f300-\U0001faff\u2600-\u27bf]|(?<![\w:]):[A-Za-z_]\w{1,31}:(?!\w)")
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ENDING = re.compile(r"(\.{3,}|…|\.\.|[.?!:)*])\W*$")
_TRAILING_FACE = re.compile(rf"\s*(?:{EMOTICON.pattern}|{EMOJI.pattern})\s*$")


def words(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return [word.lower() for word in WORD.findall(text)]


def ending(text: str) -> str:
    """The mark a message ends with before any emoticon; empty when it simply stops."""
    bare = _TRAILING_FACE.sub("", text.rstrip())
    found = _ENDING.search(bare)
    if found is None:
        return ""
    mark = found[1].replace("…", "...")
    return "..." if len(mark) > 3 else mark


def starts_high(text: str) -> bool | None:
    """Does it begin with a capital? None when it does not begin with a letter that could be one."""
    first = text[:1]
    return None if first.lower() == first.upper() else first.isupper()


def marks(text: str) -> dict[str, bool]:
    """Which punctuation marks a message has; `..` and `...` are marks of their own."""
    dots = re.findall(r"\.+", text)
    found = {mark: mark in text for mark in MARKS}
    found["."] = "." in dots
    found[".."] = ".." in dots
    found["..."] = any(len(run) >= 3 for run in dots) or "…" in text
    return found


def features(texts: Sequence[str]) -> NDArray[np.float64]:
    """One row of hand-made features a text: length, casing, punctuation, emoji, openers, function words."""
    return np.array([_features(text) for text in texts], np.float64).reshape(len(texts), -1)


_OPENERS = (
    "i you it the that this if yes no not and but or so well what why how is are do does did can there then "
    "just try use ok yeah yep nope oh hmm heh lol its it's thats that's im i'm a in to my they we see hi "
    "hello thanks sorry please which when where who have has for with perhaps maybe depends"
)
_PLACE = {word: at for at, word in enumerate(FUNCTION_WORDS)}
_OPENS = {word: at for at, word in enumerate(_OPENERS.split())}


def _features(text: str) -> list[float]:
    found = words(text)
    size, count = max(len(text), 1), max(len(found), 1)
    letters = [sign for sign in text if sign.isalpha()]
    high = starts_high(text)
    row = [
        np.log(size),
        np.log(count),
        sum(map(len, found)) / count,
        float(high is True),
        float(high is None),
        sum(sign.isupper() for sign in letters) / max(len(letters), 1),
        float(bool(re.search(r"\bi\b", text))),
        float(bool(re.search(r"\bI\b", text))),
        float("  " in text),
        sum(sign.isdigit() for sign in text) / size,
        float(bool(EMOTICON.search(text))),
        float(bool(EMOJI.search(text))),
        float(bool(re.search(r"\w'\w", text))),
        float(
            bool(re.search(r"\b(?:im|dont|thats|cant|its|youre|wont|isnt|didnt|theres|ive)\b", text, re.I))
        ),
        float("http" in text),
        float(bool(re.search(r"\s[?!.,]", text))),
        float(bool(re.search(r"[.?!]\s+[a-z]", text))),
        float(bool(re.search(r"[.?!]\s+[A-Z]", text))),
        float(bool(re.search(r"(\w)\1\1", text))),
    ]
    has = marks(text)
    row += [float(has[mark]) for mark in MARKS]
    row += [text.count(mark) / size * 20 for mark in MARKS]
    end = ending(text)
    row += [float(end == mark) for mark in ENDINGS] + [float(not end)]
    openers = [0.0] * (len(_OPENS) + 1)
    openers[_OPENS.get(found[0] if found else "", len(_OPENS))] = 1.0
    used = [0.0] * len(FUNCTION_WORDS)
    for word in found:
        if (at := _PLACE.get(word)) is not None:
            used[at] += 5.0 / (count + 4)
    return row + openers + used


@dataclass(frozen=True, slots=True)
class StyleProfile:
    """How somebody writes, readable. Shares are 0…1 of their messages.

    Attributes:
        lengths: signs a message at the 5th, 25th, 50th, 75th and 95th percentile.
        high_starts: share that begin with a capital, of those that begin with a letter.
        small_i: share of "i" among "i" and "I"; None when they never say it.
        marks: share of messages with each punctuation mark. endings: with each last mark, "" for none.
        openers, phrases: first words and favourite words with their shares. topics: telling nouns.
        hours: share of messages in each hour of the day, empty when times are not known.
    """

    messages: int
    lengths: tuple[float, ...]
    mean_length: float
    high_starts: float
    small_i: float | None
    emoticons: float
    emoji: float
    marks: Mapping[str, float]
    endings: Mapping[str, float]
    faces: Mapping[str, float]
    openers: Mapping[str, float]
    function_words: Mapping[str, float]
    topics: tuple[str, ...]
    hours: tuple[float, ...] = field(default=())


def profile_of(texts: Sequence[str], times: Iterable[datetime] = ()) -> StyleProfile:
    """Count a person's messages.

    Args:
        texts: cleaned. times: when they were sent, in the person's own time zone; may be left out.
    """
    count = max(len(texts), 1)
    cut = [words(text) for text in texts]
    highs = [high for text in texts if (high := starts_high(text)) is not None]
    small = sum(len(re.findall(r"\bi\b", text)) for text in texts)
    great = sum(len(re.findall(r"\bI\b", text)) for text in texts)
    lengths = [len(text) for text in texts] or [0]
    faces = Counter(face for text in texts for face in EMOTICON.findall(text) + EMOJI.findall(text))
    said = Counter(word for found in cut for word in set(found))
    hours = Counter(time.hour for time in times)
    return StyleProfile(
        messages=len(texts),
        lengths=tuple(float(np.percentile(lengths, part)) for part in (5, 25, 50, 75, 95)),
        mean_length=float(np.mean(lengths)),
        high_starts=sum(highs) / max(len(highs), 1),
        small_i=small / (small + great) if small + great else None,
        emoticons=sum(bool(EMOTICON.search(text)) for text in texts) / count,
        emoji=sum(bool(EMOJI.search(text)) for text in texts) / count,
        marks=_mark_shares(texts),
        endings=_shares(Counter(ending(text) for text in texts), count, 12),
        faces=_shares(faces, count, 8),
        openers=_shares(Counter(found[0] for found in cut if found), count, 20),
        function_words={word: said[word] / count for word in FUNCTION_WORDS if said[word]},
        topics=_topics(said, count),
        hours=tuple(hours[hour] / sum(hours.values()) for hour in range(24)) if hours else (),
    )


def _mark_shares(texts: Sequence[str]) -> dict[str, float]:
    totals = Counter(mark for text in texts for mark, has in marks(text).items() if has)
    return {mark: totals[mark] / max(len(texts), 1) for mark in MARKS}


def _shares(counts: Counter[str], total: int, most: int) -> dict[str, float]:
    return {name: times / total for name, times in counts.most_common(most)}


def _topics(said: Counter[str], count: int) -> tuple[str, ...]:
    """Longer words that come back, the most frequent first; function words say nothing of a topic."""
    telling = [
        (times, word)
        for word, times in said.items()
        if len(word) >= 4 and word not in _PLACE and not word.isdigit() and times >= max(3, count // 1000)
    ]
    return tuple(word for _, word in sorted(telling, key=lambda each: (-each[0], each[1]))[:20])
