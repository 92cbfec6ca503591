"""What a message means to the persona: appraisal variables, and the emotions they call up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from core.feelings.emotions import Felt


class Who(StrEnum):
    """Who did something, or whom it is about, as the persona sees it."""

    ME = "me"  # the persona
    SENDER = "sender"  # who wrote the message
    OTHER = "other"  # somebody else
    NOBODY = "nobody"


class Mark(StrEnum):
    """What a message does, besides what it says. Relationships read these."""

    INSULT = "insult"
    THREAT = "threat"
    THANKS = "thanks"
    APOLOGY = "apology"
    PRAISE = "praise"
    AFFECTION = "affection"
    GREETING = "greeting"
    FAREWELL = "farewell"
    QUESTION = "question"
    HUMILITY = "humility"  # speaks low of themselves: no insult to anybody else
    CONFIDING = "confiding"  # tells of a sorrow or a joy of their own


class Prospect(StrEnum):
    """What had been expected of the event before this message settled it."""

    NONE = "none"
    HOPED = "hoped"
    FEARED = "feared"


class Source(StrEnum):
    """Who appraised."""

    WORDS = "words"  # the instant lexical prior
    MODEL = "model"  # the scoring model's answer, merged with the prior


@dataclass(frozen=True, slots=True)
class Appraisal:
    """One message, appraised.

    Attributes:
        desirability: for the persona, −1…1.
        praiseworthiness: of what `agent` did, by the persona's standards, −1…1.
        likelihood: that it is so or will be, 0…1; 1 for what is said as a fact, 0 for "it won't happen".
        fortune: how desirable the event is for the sender themselves, −1…1 ("I lost my job": −).
        appealing: how much the persona likes what is spoken of, −1…1.
        agent: who did it. target: at whom it is aimed, or whom it is about.
        prospect: what had been expected before.
        emotions: what the persona feels about it, strongest first.
        marks: what the message does; a mark is only set when it is aimed at the persona
            (INSULT, THREAT, THANKS, APOLOGY, PRAISE, AFFECTION), or true of the message at all.
        formality: −1 (slang) … 1 (formal); 0 when it cannot be told.
    """

    desirability: float = 0.0
    praiseworthiness: float = 0.0
    likelihood: float = 1.0
    fortune: float = 0.0
    appealing: float = 0.0
    agent: Who = Who.NOBODY
    target: Who = Who.NOBODY
    prospect: Prospect = Prospect.NONE
    emotions: tuple[Felt, ...] = ()
    marks: frozenset[Mark] = frozenset()
    formality: float = 0.0
    source: Source = Source.WORDS


Signed = Annotated[float, Field(ge=-1, le=1)]
Share = Annotated[float, Field(ge=0, le=1)]


class Answer(BaseModel):
    """What a scoring model answers, by `ANSWER_SCHEMA`; fields as in `Appraisal`."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    desirability: Signed
    praiseworthiness: Signed
    likelihood: Share
    fortune: Signed = 0.0
    appealing: Signed = 0.0
    agent: Who
    target: Who
    prospect: Prospect = Prospect.NONE
    marks: tuple[Mark, ...] = ()
    formality: Signed = 0.0

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read a model's answer; None when it is no answer of that form."""
        raise NotImplementedError


ANSWER_SCHEMA: Mapping[str, Any] = {}


def read(text: str, *, to_me: bool, names: tuple[str, ...] = (), liking: float = 0.0) -> Appraisal:
    """Appraise a message by its words, at once (under a millisecond), whatever the text is.

    Args:
        text: as it was written; nothing in it is trusted.
        to_me: it is addressed to the persona (mention, reply, direct message, name).
        names: the persona's names.
        liking: how the persona feels about the sender, −1…1 (from the relationship); decides between
            pity and gloating, and how strongly the sender's fortune is shared.
    """
    raise NotImplementedError


def merge(prior: Appraisal, answer: Answer, *, liking: float = 0.0) -> Appraisal:
    """The lexical prior and a scoring model's answer in one; the model weighs more, words bound it."""
    raise NotImplementedError
