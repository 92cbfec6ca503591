"""Write like somebody: examples of their own, several drafts, the copy gate, and the best of what is left."""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.echo.clean import has_link
from core.echo.copying import doubles_back, parrots
from core.echo.pairs import Line
from core.echo.polish import Form, asks_alike, fits, hangs, is_enough, polish
from core.echo.profile import EchoProfile
from core.errors import BrainBroke
from core.llm.brain import Brain, ChatMessage, ChatRequest, ModelRecipe, Sampling, TextChunk, Usage
from core.words import T

SYSTEM = "You write short chat messages in the style of one person."
_STATIC = 6
_SIMILAR = 6
_EARLIER = 0.4  # what the lines before the last one weigh in the search for similar messages
_HALVES = 3  # how often the weight of a message has halved from the newest to the oldest
_CUE = "..."  # stands where others spoke: what they wrote is not ours to keep
_LONGEST_CONTEXT = 400
_TRIAL_DRAFTS = 24
_SIGNS_A_TOKEN = 2.2  # on the careful side, so that a sentence can end


@dataclass(frozen=True, slots=True)
class Manner:
    """How to write.

    Attributes:
        best_of: drafts to choose from. spare: drafts to try beyond those when the gate refuses some.
    """

    model: str
    best_of: int = 4
    spare: int = 4
    temperature: float = 0.8


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer and how it came about.

    Attributes:
        text: what to say; empty when every draft was refused and the person has no short word for it.
        drafts: those that passed the gate, polished, in the order they were written.
        refused: how many the gate refused.
    """

    text: str
    drafts: tuple[str, ...]
    refused: int
    tokens: int


async def reply(
    profile: EchoProfile, brain: Brain, manner: Manner, context: Sequence[Line], chance: random.Random
) -> Reply:
    """Answer as the person would.

    Args:
        context: oldest first, the message to answer last.
        chance: which form is borrowed, and the drafts' seeds.

    Raises:
        core.errors.BrainError: the brain cannot do it now.
    """
    form = _borrowed(profile, chance)
    prompt = messages_for(profile, context, form)
    heard = [line.text for line in context]
    drafts: list[str] = []
    refused = tokens = 0
    first = chance.randrange(2**30)
    while len(drafts) < manner.best_of and refused < manner.spare + len(drafts):
        raw, usage = await _draft(profile, brain, manner, prompt, form, first + len(drafts) + refused)
        tokens += usage.completion_tokens
        text = raw.strip()
        slips = random.Random(first)  # the same habits in all drafts, so that the choice cannot skew them
        if form is not None:
            text = polish(raw, form, profile.habits, profile.gaps, slips, usage.finish == "length")
        if text and profile.gate.lets_through(text, heard) and not _is_broken(text):
            drafts.append(text)
        else:
            refused += 1
            if not drafts and refused % 2 == 0:
                form = _borrowed(profile, chance)  # perhaps nothing can be said in this one
    text = _best(profile, drafts, form) if drafts else _something_short(profile, heard, chance)
    return Reply(text, tuple(drafts), refused, tokens)


def messages_for(
    profile: EchoProfile, context: Sequence[Line], form: Form | None = None
) -> tuple[ChatMessage, ...]:
    """The prompt: what never changes first, so that a brain need not read it again; then messages of the
    person's that resemble the talk, the nearest last; then what is to be answered.

    Args:
        form: what is wanted of the answer. Where that is a question, questions are shown, because a model
            goes on in kind and by itself hardly ever asks.
    """
    static = profile.examples.static(_STATIC)
    suits = _asking(profile, form) if form is not None and form.ending == "?" else None
    similar = profile.examples.similar(_question(context), _SIMILAR, static, suits)
    last = context[-1].text[:_LONGEST_CONTEXT] if context else _CUE
    return (
        ChatMessage("system", SYSTEM),
        *_shown([*static, *similar]),
        ChatMessage("user", last),
    )


def _asking(profile: EchoProfile, form: Form) -> Callable[[int], float]:
    return lambda at: asks_alike(profile.forms[at], form)


def recipe(profile: EchoProfile, name: str, base: str) -> ModelRecipe:
    """What to build a model from that begins as every answer of the echo begins."""
    return ModelRecipe(name, base, SYSTEM, tuple(_shown(profile.examples.static(_STATIC))))


async def trial(
    profile: EchoProfile, brain: Brain, manner: Manner, questions: Sequence[str], chance: random.Random
) -> EchoProfile:
    """See what the brain gets wrong by itself, so that only that is mended.

    Args:
        questions: what to answer; a handful is enough.
    """
    drafts = []
    for question in questions[:_TRIAL_DRAFTS]:
        prompt = messages_for(profile, (Line("", question),))
        raw, _ = await _draft(profile, brain, manner, prompt, None, chance.randrange(2**30))
        drafts.append(raw.strip())
    return profile.after_trial([draft for draft in drafts if draft])


def _borrowed(profile: EchoProfile, chance: random.Random) -> Form | None:
    """The form of one of their messages, sooner a later one: people change."""
    if not profile.forms:
        return None
    count = len(profile.forms)
    half = count / _HALVES
    return chance.choices(profile.forms, [0.5 ** ((count - at) / half) for at in range(count)])[0]


def _question(context: Sequence[Line]) -> list[tuple[str, float]]:
    return [(line.text, _EARLIER) for line in context[:-1]] + [(line.text, 1.0) for line in context[-1:]]


def _shown(examples: Sequence[str]) -> list[ChatMessage]:
    return [
        message
        for example in examples
        for message in (ChatMessage("user", _CUE), ChatMessage("assistant", example))
    ]


async def _draft(
    profile: EchoProfile,
    brain: Brain,
    manner: Manner,
    prompt: tuple[ChatMessage, ...],
    form: Form | None,
    seed: int,
) -> tuple[str, Usage]:
    wanted = form.length if form is not None and profile.gaps.length else profile.style.lengths[-1]
    sampling = Sampling(
        temperature=manner.temperature,
        repeat_penalty=1.05,
        max_tokens=int(wanted / _SIGNS_A_TOKEN) + 10,
        seed=seed,
        stop=("\n",),
    )
    text, pieces = "", 0
    usage: Usage | None = None
    chunks = brain.chat(ChatRequest(manner.model, prompt, sampling))
    try:
        async for chunk in chunks:
            if isinstance(chunk, TextChunk):
                text, pieces = text + chunk.text, pieces + 1
                if form is not None and profile.gaps.length and is_enough(text, form.length):
                    return text, Usage(0, None, pieces, finish="length")
            elif isinstance(chunk, Usage):
                usage = chunk
    finally:
        if isinstance(chunks, AsyncGenerator):
            await chunks.aclose()  # stops a model that would go on
    if usage is None:
        raise BrainBroke(model=manner.model, detail=T("the stream ended early"))
    return text, usage


def _best(profile: EchoProfile, drafts: Sequence[str], form: Form | None) -> str:
    """The draft most like the person that goes with the borrowed form: else the most typical would always
    win, and an echo would be more like somebody than they are themselves."""
    scores = np.zeros(len(drafts)) if profile.reranker is None else profile.reranker.scores(drafts)
    if form is not None:
        scores = scores + [fits(draft, form, profile.style.marks) for draft in drafts]
    return drafts[int(scores.argmax())]


def _is_broken(text: str) -> bool:
    return doubles_back(text) or hangs(text) or has_link(text)


def _something_short(profile: EchoProfile, heard: Sequence[str], chance: random.Random) -> str:
    """What they often say in a word or two, when every draft was refused."""
    fresh = [text for text in profile.short if not parrots(text, heard)]
    return chance.choice(fresh) if fresh else ""
