"""The root of all errors a person can meet, and how one is put before them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.words import Text


class EchodeckError(Exception):
    """The root. A subclass names one thing that can go wrong.

    Attributes:
        what: what happened, for the person.
        step: what they can do next.
        topic: where the guide (core/guide.py) says more, for those whose next step may need more than a
            sentence; empty for the others.
    """

    sentence: ClassVar[str] = "Something went wrong."
    next_step: ClassVar[str] = "Look in Logs for the details."
    topic: ClassVar[str] = ""

    def __init__(self, **params: object) -> None:
        super().__init__(self.sentence.format(**params) if params else self.sentence)
        self.params = params

    @property
    def what(self) -> Text:
        return Text(self.sentence, self.params)

    @property
    def step(self) -> Text:
        return Text(self.next_step, self.params)


@dataclass(frozen=True, slots=True)
class Explained:
    """An error in a person's words.

    Attributes:
        what: what happened. step: what to do next. code: the error's name, for docs and tests.
        topic: where the guide says more; empty: nowhere.
    """

    what: Text
    step: Text
    code: str
    topic: str = ""
