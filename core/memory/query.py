"""A question to memory, and what can be read off its words before anything is searched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.memory.dates import Span, spans
from db.recall import Scope

_WORD = re.compile(r"[^\W_]+")
# BM25 cannot tell that these carry nothing: in chat they are rare enough to count.
_STOP_WORDS = frozenset(
    _WORD.findall(
        """a about after again all also am an and any are as at be because been before being both but by can
    could did do does doing done down during each few for from further get gets got had has have having
    he her here hers herself him himself his how i if in into is it its itself just me might more most my
    myself no nor not now of off on once only or other our ours ourselves out over own said same she
    should so some such than that the their theirs them themselves then there these they this those
    through to too under until up very was we were what when where which while who whom whose why will
    with would you your yours yourself yourselves s t d m ll re ve don didn doesn isn wasn aren hasn haven
    won"""
    )
)
_MOST_WORDS = 24
_SHORTEST_NICKNAME = 3
_OF_MYSELF = frozenset(("i", "me", "my", "mine", "myself"))
_ASKS_WHEN = re.compile(
    r"\W*(when|what (date|day|month|year|time)|how long)\b|.*\b(which|what) (month|year|day)\b", re.I | re.S
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who may have written what is looked for, with every name they are known by."""

    person_id: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of memory.

    Attributes:
        text: the question, as a person wrote it; nothing in it is trusted.
        scope: where the answer may come from.
        asker: platform id of who asks, so that "my dog" is looked for among their own words.
        speakers: the people whose names mean somebody in this scope.
        until: only what was sent before this; the transcript holds the rest. None for everything.
        leave_out: row ids that are not wanted, such as the question's own message.
    """

    text: str
    scope: Scope
    asker: int
    speakers: Sequence[Speaker] = ()
    until: datetime | None = None
    leave_out: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the question's words say.

    Attributes:
        words: what to look for in the index, without stop words and without names of speakers.
        speaker: the one person it is about, or None when it names nobody or several.
        when: it asks for a time.
        days: the stretches of time it names.
    """

    words: tuple[str, ...]
    speaker: int | None
    when: bool
    days: tuple[Span, ...] = field(default=())


def read(question: Question, now: datetime) -> Reading:
    """Understand a question.

    A speaker's name is no word to search for: who is addressed says it more often than who it is about.
    """
    every = words(question.text)
    meant, name_words = _named(question.text, question.speakers)
    telling = dict.fromkeys(word for word in every if word not in _STOP_WORDS)
    kept = [word for word in telling if word not in name_words] or list(telling)
    if not meant and not _OF_MYSELF.isdisjoint(every):
        meant = {question.asker}
    return Reading(
        words=tuple(_most_telling(kept)),
        speaker=next(iter(meant)) if len(meant) == 1 else None,
        when=bool(_ASKS_WHEN.match(question.text)),
        days=spans(question.text, now),
    )


def named(text: str, speakers: Sequence[Speaker]) -> set[int]:
    """The ids of the people whose names a text says."""
    return _named(text, speakers)[0]


def words(text: str) -> list[str]:
    """The words of a text as the full-text index cuts them, in lower case."""
    return _WORD.findall(text.lower())


def _most_telling(kept: list[str]) -> list[str]:
    """A long message is searched by its longest words: one search must stay cheap."""
    if len(kept) <= _MOST_WORDS:
        return kept
    longest = set(sorted(kept, key=len, reverse=True)[:_MOST_WORDS])
    return [word for word in kept if word in longest]


def _named(text: str, speakers: Sequence[Speaker]) -> tuple[set[int], set[str]]:
    """Who is named, and by which words: a whole name, or a short form of it ("Deb" for Deborah).

    Only capitalised words are taken for nothing but a name: who asks about a cat may mean the animal
    although somebody is called Cat.
    """
    in_order = _WORD.findall(text)
    lower = [word.lower() for word in in_order]
    capital = {word.lower() for word in in_order if word[0].isupper()} - _STOP_WORDS
    short = {word for word in capital if len(word) >= _SHORTEST_NICKNAME}
    found: set[int] = set()
    by: set[str] = set()
    for speaker in speakers:
        for name in speaker.names:
            parts = words(name)
            if not parts or _STOP_WORDS.issuperset(parts):
                continue
            forms = {word for word in short if parts[0].startswith(word)}
            if _stands_in(parts, lower):
                forms.update(parts)
            if forms:
                found.add(speaker.person_id)
                by |= forms & capital
    return found, by


def _stands_in(parts: list[str], text: list[str]) -> bool:
    return any(text[at : at + len(parts)] == parts for at in range(len(text) - len(parts) + 1))
