"""How much an echo sounds like the person: two judges, and what is copied or off in its punctuation.

Judges learn from messages that the generator never sees. Each answers a share: how many replies it gives
to the right author among the authors and "somebody else". The person's own held-out messages, judged in
the same way, are the ceiling. One judge reads pieces of signs (spelling, endings, words), the other
hand-made features (length, casing, punctuation, emoji, openers, function words).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.echo.copying import CopyGate, parrots
from core.echo.grams import Pieces
from core.echo.regression import Numbers, Regression, fit
from core.echo.style import MARKS, features, marks, starts_high

CHAR_STRENGTH = 3.0
STYLE_STRENGTH = 0.1
_ROUNDS = 80


class CharJudge:
    """Tells authors by pieces of one to five signs.

    Args:
        authors: messages of each author, none of which the generator saw.
        others: messages of other people.
    """

    def __init__(self, authors: Mapping[str, Sequence[str]], others: Sequence[str]) -> None:
        self.names = list(authors)
        texts, classes = _labelled(authors, others)
        self._pieces = Pieces.of(texts)
        self._regression = fit(self._pieces.rows(texts), classes, CHAR_STRENGTH, _ROUNDS)

    def share(self, texts: Sequence[str], author: str) -> float:
        """The share of `texts`, 0…1, that are given to `author`."""
        return _share(self._regression.scores(self._pieces.rows(texts)), self.names.index(author))


class StyleJudge:
    """Tells authors by hand-made features; arguments as in `CharJudge`."""

    def __init__(self, authors: Mapping[str, Sequence[str]], others: Sequence[str]) -> None:
        self.names = list(authors)
        texts, classes = _labelled(authors, others)
        numbers = features(texts)
        self._middle, self._spread = numbers.mean(0), numbers.std(0) + 1e-6
        self._regression: Regression = fit(self._even(numbers), classes, STYLE_STRENGTH, _ROUNDS)

    def share(self, texts: Sequence[str], author: str) -> float:
        """The share of `texts`, 0…1, that are given to `author`."""
        return _share(self._regression.scores(self._even(features(texts))), self.names.index(author))

    def _even(self, numbers: Numbers) -> Numbers:
        even: Numbers = np.clip((numbers - self._middle) / self._spread, -5, 5)
        return even


def _labelled(authors: Mapping[str, Sequence[str]], others: Sequence[str]) -> tuple[list[str], list[int]]:
    groups = [*authors.values(), others]
    texts = [text for group in groups for text in group]
    return texts, [at for at, group in enumerate(groups) for _ in group]


def _share(scores: Numbers, wanted: int) -> float:
    return float((scores.argmax(1) == wanted).mean()) if len(scores) else 0.0


@dataclass(frozen=True, slots=True)
class Differences:
    """How far two sets of messages lie apart.

    Attributes:
        punctuation: the mean over marks of the difference in the share of messages that have the mark.
        case: the difference in the share of messages that begin with a capital.
        length: the difference of the mean lengths, in signs.
    """

    punctuation: float
    case: float
    length: float


def differences(texts: Sequence[str], real: Sequence[str]) -> Differences:
    """Compare replies with real messages."""
    one, other = [marks(text) for text in texts], [marks(text) for text in real]
    gaps = [abs(_part(row[mark] for row in one) - _part(row[mark] for row in other)) for mark in MARKS]
    return Differences(
        punctuation=float(np.mean(gaps)),
        case=abs(_part(map(bool, map(starts_high, texts))) - _part(map(bool, map(starts_high, real)))),
        length=abs(float(np.mean([len(text) for text in texts])) - float(np.mean([len(t) for t in real]))),
    )


@dataclass(frozen=True, slots=True)
class Score:
    """What one judge says, as shares that are given to the person.

    Attributes:
        replies: of the echo's. real: of the person's own held-out messages. strangers: of other people's.
    """

    replies: float
    real: float
    strangers: float

    @property
    def likeness(self) -> float:
        """0 where the echo sounds like anybody, 1 where it sounds like the person; never more."""
        room = max(self.real - self.strangers, 0.01)
        return min(max((self.replies - self.strangers) / room, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Exam:
    """What an echo said to held-out contexts, and what it is held against.

    Attributes:
        replies, real, contexts: one for each held-out message, in the same order.
        seen: every message of the person's that may not be repeated.
        strangers: other people's messages that no judge learned from.
    """

    replies: Sequence[str]
    real: Sequence[str]
    contexts: Sequence[Sequence[str]]
    seen: Sequence[str]
    strangers: Sequence[str]


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How an echo did.

    Attributes:
        verbatim, reused, parroted: shares of the replies that are one of the person's messages, have six
            words in a row from one, or repeat what came before.
    """

    chars: Score
    style: Score
    verbatim: float
    reused: float
    parroted: float

    @property
    def sounds_like(self) -> float:
        """The mean of both judges' likeness, 0…1; the person's real messages have 1."""
        return (self.chars.likeness + self.style.likeness) / 2


def marked(exam: Exam, author: str, chars: CharJudge, style: StyleJudge) -> Fidelity:
    """Let the judges and the copy gate read what an echo said."""

    def score(judge: CharJudge | StyleJudge) -> Score:
        return Score(
            judge.share(exam.replies, author),
            judge.share(exam.real, author),
            judge.share(exam.strangers, author),
        )

    gate = CopyGate(exam.seen)
    return Fidelity(
        chars=score(chars),
        style=score(style),
        verbatim=_part(gate.is_verbatim(text) for text in exam.replies),
        reused=_part(gate.reuses(text) for text in exam.replies),
        parroted=_part(
            parrots(text, context) for text, context in zip(exam.replies, exam.contexts, strict=True)
        ),
    )


def _part(truths: Iterable[bool]) -> float:
    every = list(truths)
    return sum(every) / max(len(every), 1)
