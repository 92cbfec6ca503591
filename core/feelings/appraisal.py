"""What a message means to the persona: appraisal variables, and the emotions they call up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from core.feelings.emotions import Felt
from core.feelings.occ import Prospect as Prospect
from core.feelings.occ import Who as Who
from core.feelings.occ import elicited
from core.feelings.pad import bounded
from core.feelings.phrases import Heard, heard
from core.feelings.phrases import Mark as Mark
from core.feelings.plain import plain
from core.feelings.tone import formality, valence


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


def _known(marks: object) -> object:
    """A model may make marks up; those are left out, the rest of its answer stands."""
    if isinstance(marks, list | tuple):
        return [mark for mark in marks if isinstance(mark, str) and mark in _MARKS]
    return marks


_MARKS = frozenset(mark.value for mark in Mark)


class Answer(BaseModel):
    """What a scoring model answers, by `ANSWER_SCHEMA`; fields as in `Appraisal`."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    desirability: Signed
    praiseworthiness: Signed
    likelihood: Share = 1.0
    fortune: Signed = 0.0
    appealing: Signed = 0.0
    agent: Who
    target: Who
    prospect: Prospect = Prospect.NONE
    marks: Annotated[tuple[Mark, ...], BeforeValidator(_known)] = ()
    formality: Signed = 0.0

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read a model's answer; None when it is no answer of that form."""
        try:
            return cls.model_validate_json(text)
        except ValidationError:
            return None


def _number(low: int, about: str) -> dict[str, Any]:
    return {"type": "number", "minimum": low, "maximum": 1, "description": about}


def _one_of(kinds: type[StrEnum], about: str) -> dict[str, Any]:
    return {"type": "string", "enum": [kind.value for kind in kinds], "description": about}


_PROPERTIES: Mapping[str, Any] = {
    "desirability": _number(-1, "how good (1) or bad (-1) the message is for you"),
    "praiseworthiness": _number(-1, "how praiseworthy (1) or blameworthy (-1) is what the agent did"),
    "likelihood": _number(0, "1 for a fact, less for what may happen, 0 for what will not happen"),
    "fortune": _number(-1, "how good or bad what is told is for the sender's own life"),
    "appealing": _number(-1, "how much you like or dislike what it is about"),
    "agent": _one_of(Who, "who did it"),
    "target": _one_of(Who, "at whom it is aimed"),
    "prospect": _one_of(Prospect, "what you had expected of it before"),
    "marks": {"type": "array", "items": _one_of(Mark, "what the message does"), "maxItems": len(Mark)},
    "formality": _number(-1, "slang (-1) to formal (1)"),
}
# For a scoring model's `answer_schema`: flat, and every field required, for small models skip the others.
ANSWER_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": _PROPERTIES,
    "required": list(_PROPERTIES),
}


def read(text: str, *, to_me: bool, names: tuple[str, ...] = (), liking: float = 0.0) -> Appraisal:
    """Appraise a message by its words, at once (under a millisecond), whatever the text is.

    VADER gives the tone; rules say who is meant and what is done. Call `core.feelings.tone.warm` in a
    thread beforehand: the first call loads VADER's lexicon, about 30 ms.

    Args:
        text: as it was written; nothing in it is trusted.
        to_me: it is addressed to the persona (mention, reply, direct message, name).
        names: the persona's names; what is said of them is said of the persona.
        liking: how the persona feels about the sender, −1…1 (from the relationship); decides between
            pity and gloating, and how strongly the sender's fortune is shared.
    """
    words = plain(text, names)
    aimed = to_me or words.named
    phrases = heard(words, to_me=aimed)
    marks = {mark: weight for mark, weight in phrases.marks.items() if aimed or mark not in AIMED}
    meant = _meaning(replace(phrases, marks=marks), valence(words.own), _about(words.said, aimed=aimed))
    return _appraised(replace(meant, marks=frozenset(marks), formality=formality(words)), liking)


def merge(prior: Appraisal, answer: Answer, *, liking: float = 0.0) -> Appraisal:
    """The lexical prior and a scoring model's answer in one.

    The model weighs two thirds, for it understands; the words a third, for nobody talks them round. Who is
    meant is the model's to say. Plain thanks and apologies stay; an insult or a threat that stands there in
    words only goes when the model finds the message welcome, as banter is.
    """
    kept = prior.marks - {Mark.INSULT, Mark.THREAT}
    if answer.desirability <= _BANTER:
        kept = prior.marks
    merged = Appraisal(
        desirability=_between(prior.desirability, answer.desirability),
        praiseworthiness=_between(prior.praiseworthiness, answer.praiseworthiness),
        likelihood=answer.likelihood,
        fortune=_between(prior.fortune, answer.fortune),
        appealing=_between(prior.appealing, answer.appealing),
        agent=answer.agent,
        target=answer.target,
        prospect=answer.prospect,
        marks=kept | frozenset(answer.marks),
        formality=_between(prior.formality, answer.formality),
        source=Source.MODEL,
    )
    return _appraised(merged, liking)


# The marks that only count when the persona is meant.
AIMED = frozenset((Mark.INSULT, Mark.THREAT, Mark.THANKS, Mark.APOLOGY, Mark.PRAISE, Mark.AFFECTION))
_MODEL_SHARE = 2 / 3
_BANTER = 0.2
_YOU = re.compile(r"\b(?:you|your|yours|yourself)\b")
_I = re.compile(r"\b(?:i|me|my|mine|myself|we|us|our)\b")
_THEY = re.compile(r"\b(?:he|she|they|him|her|his|them|their|everyone|people|somebody|someone)\b")


def _between(words: float, model: float) -> float:
    return bounded((1 - _MODEL_SHARE) * words + _MODEL_SHARE * model)


def _appraised(meant: Appraisal, liking: float) -> Appraisal:
    felt = elicited(
        desirability=meant.desirability,
        praiseworthiness=meant.praiseworthiness,
        likelihood=meant.likelihood,
        fortune=meant.fortune,
        appealing=meant.appealing,
        agent=meant.agent,
        prospect=meant.prospect,
        liking=bounded(liking),
    )
    return replace(meant, emotions=felt)


def _about(said: str, *, aimed: bool) -> Who:
    """Whom a message is about: who is spoken to, who speaks, or who is spoken of."""
    if _YOU.search(said):
        return Who.ME if aimed else Who.OTHER
    if _I.search(said):
        return Who.SENDER
    return Who.OTHER if _THEY.search(said) else Who.NOBODY


def _meaning(phrases: Heard, tone: float, about: Who) -> Appraisal:
    """The appraisal variables. What is plainly done counts before the tone of the words."""
    marks = phrases.marks
    if harm := max(marks.get(Mark.INSULT, 0.0), marks.get(Mark.THREAT, 0.0)):
        return Appraisal(
            desirability=-harm,
            praiseworthiness=-harm,
            likelihood=1.0 if Mark.INSULT in marks else _MAY_BE,
            agent=Who.SENDER,
            target=Who.ME,
        )
    if any(mark in marks for mark in _KIND):
        return _of_kindness(marks, tone)
    if phrases.loss or phrases.luck or Mark.HUMILITY in marks:
        return _of_confiding(phrases, tone)
    if phrases.phew:
        return Appraisal(desirability=-_SOME, likelihood=0.0, prospect=Prospect.FEARED)
    if phrases.alas:
        return Appraisal(desirability=_SOME, likelihood=0.0, prospect=Prospect.HOPED)
    return _of_tone(phrases, tone, about)


def _of_kindness(marks: Mapping[Mark, float], tone: float) -> Appraisal:
    kind = max(marks.get(mark, 0.0) for mark in _KIND)
    if tone < -_SOME and Mark.APOLOGY not in marks:  # "thanks, you ruined everything"
        kind /= 3
    warm = bounded(kind + 0.2 * max(tone, 0.0))
    # Thanks and praise are for what the persona did; an apology and affection are the sender's own deed.
    mine = Mark.PRAISE in marks or Mark.THANKS in marks
    return Appraisal(
        desirability=warm,
        praiseworthiness=kind,
        appealing=marks.get(Mark.AFFECTION, 0.0) * _SOME * 2,
        agent=Who.ME if mine and Mark.APOLOGY not in marks else Who.SENDER,
        target=Who.ME,
    )


def _of_confiding(phrases: Heard, tone: float) -> Appraisal:
    size = max(0.5, 0.8 * abs(tone))
    fortune = size if phrases.luck else -size if phrases.loss else -_SOME
    return Appraisal(desirability=0.2 * fortune, fortune=fortune, target=Who.SENDER)


def _of_tone(phrases: Heard, tone: float, about: Who) -> Appraisal:
    if Mark.QUESTION in phrases.marks:
        tone *= 0.5  # "is it bad?" is not bad yet
    if phrases.joking:
        tone = max(tone, 0.3 * tone)
    near, praise, fortune, appealing = _TONES[about]
    return Appraisal(
        desirability=near * tone,
        praiseworthiness=praise * tone,
        likelihood=_MAY_BE if phrases.maybe else 1.0,
        fortune=fortune * tone,
        appealing=appealing * tone,
        agent={Who.ME: Who.SENDER, Who.OTHER: Who.OTHER}.get(about, Who.NOBODY),
        target=about,
    )


_KIND = (Mark.THANKS, Mark.APOLOGY, Mark.PRAISE, Mark.AFFECTION)
# Ours: what counts as some, and how likely a thing is that may be.
_SOME, _MAY_BE = 0.4, 0.6
# Ours: how much a tone says about the event, the deed, the sender's fortune and the thing itself.
_TONES = {
    Who.ME: (0.5, 0.4, 0.0, 0.0),
    Who.SENDER: (0.15, 0.0, 0.6, 0.0),
    Who.OTHER: (0.15, 0.3, 0.0, 0.0),
    Who.NOBODY: (0.3, 0.0, 0.0, 0.2),
}
