"""What of a person's message is somebody else's words: taken out before anything is kept.

Nobody else was asked, so nothing of theirs may lie in an echo, not even where the person repeats it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence

from core.echo.copying import runs
from core.echo.style import WORD, words

RUN = 5  # words in a row that somebody else has just written
WHOLE = 4  # or all of a message of so many
_FEWEST_QUOTED = 3  # words between quotation marks; fewer are a way to stress
_QUOTED_LINES = re.compile(r"^\s*>>> (?s:.*)|^[ \t]*>[^\n]*", re.M)
_QUOTED = re.compile(r"\"[^\"\n]{3,}\"|“[^”\n]{3,}”|„[^“”\n]{3,}[“”]|«[^»\n]{3,}»|‘[^’\n]{12,}’")


class Heard:
    """What others wrote nearby, held in memory only, to see whether the person repeats it."""

    def __init__(self) -> None:
        self._runs: set[int] = set()
        self._whole: set[int] = set()

    def add(self, texts: Iterable[str]) -> None:
        """Others wrote these."""
        for text in texts:
            found = words(text)
            self._runs.update(map(hash, runs(found, RUN)))
            if len(found) == WHOLE:
                self._whole.add(hash(tuple(found)))

    def is_repeated_in(self, text: str) -> bool:
        """Does a text hold what somebody else wrote?"""
        found = words(text)
        return any(hash(run) in self._runs for run in runs(found, RUN)) or any(
            hash(run) in self._whole for run in runs(found, WHOLE)
        )


def without_quotations(text: str) -> str:
    """A text without what stands between quotation marks, where that is more than a word or two."""
    return _QUOTED.sub(lambda found: "" if len(words(found[0])) >= _FEWEST_QUOTED else found[0], text)


def without_foreign_words(text: str, others: Iterable[str], known: Container[str]) -> str:
    """A text without the words that only others said just before.

    Args:
        known: words of the language, and of the person: those say nothing of anybody else.
    """
    foreign = {word for each in others for word in words(each) if word not in known}
    return WORD.sub(lambda found: "…" if found[0].lower() in foreign else found[0], text)


def own_words(text: str, heard: Heard, quoted: Sequence[str] = ()) -> str:
    """A person's message as far as the words are theirs; empty where it repeats somebody else.

    Args:
        quoted: texts it answers or forwards.
    """
    text = _QUOTED_LINES.sub("", text)
    if quoted:
        alone = Heard()
        alone.add(quoted)
        if alone.is_repeated_in(text):
            return ""
    return "" if heard.is_repeated_in(text) else without_quotations(text)
