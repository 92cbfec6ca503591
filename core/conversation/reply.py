"""Letting the brain write, and making of its answer what one person would post."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from core.conversation.desk import Desk
from core.conversation.prompt import Prompt
from core.errors import BrainSilent
from core.events import PromptCut
from core.llm import budget
from core.llm.brain import ChatRequest, TextChunk, ThinkingChunk, Usage

TRIES = 2


@dataclass(frozen=True, slots=True)
class Draft:
    """What the brain wrote.

    Attributes:
        text: polished; raw: as it came. thinking: kept, never posted.
        usage: tokens and times as the model counted them; None when nothing was asked of a model.
    """

    text: str
    raw: str
    thinking: str
    model: str
    usage: Usage | None
    seed: int | None = None

    def for_trace(self) -> dict[str, Any]:
        """The draft as plain values."""
        kept: dict[str, Any] = {"model": self.model, "raw": self.raw, "seed": self.seed}
        if self.thinking:
            kept["thinking"] = self.thinking
        if self.usage is not None:
            kept["tokens"] = {
                "prompt": self.usage.prompt_tokens,
                "cached": self.usage.cached_tokens,
                "completion": self.usage.completion_tokens,
            }
            kept["brain_ms"] = {
                "load": self.usage.load_ms,
                "prompt": self.usage.prompt_ms,
                "generate": self.usage.generate_ms,
            }
            kept["finish"] = self.usage.finish
        return kept


async def generate(prompt: Prompt, desk: Desk, growing: Callable[[str], None]) -> Draft:
    """Ask the chosen brain; an empty answer is asked for once more with another seed.

    Raises:
        core.errors.BrainError: the model failed, or wrote nothing twice.
    """
    if not desk.speaks:
        return Draft("…", "…", "", "none", None)
    request = prompt.request
    for _ in range(TRIES):
        seed = desk.chance.randrange(1, 2**31) if desk.seeded else None
        request = replace(request, sampling=replace(request.sampling, seed=seed))
        draft = await _ask(request, prompt, desk, growing)
        if draft.text:
            return draft
    raise BrainSilent(model=request.model)


async def _ask(request: ChatRequest, prompt: Prompt, desk: Desk, growing: Callable[[str], None]) -> Draft:
    raw, thinking = "", ""
    usage: Usage | None = None
    async for chunk in prompt.brain.chat(request):
        if isinstance(chunk, TextChunk):
            raw += chunk.text
            growing(polish(raw, prompt.speaker, prompt.others))
        elif isinstance(chunk, ThinkingChunk):
            thinking += chunk.text
        elif isinstance(chunk, Usage):
            usage = chunk
    if usage is not None:
        _learn(request, prompt, usage, desk)
    text = polish(raw, prompt.speaker, prompt.others)
    return Draft(text, raw, thinking, request.model, usage, request.sampling.seed)


def _learn(request: ChatRequest, prompt: Prompt, usage: Usage, desk: Desk) -> None:
    if budget.alarm(prompt.tokens, usage, desk.ratios.knows(request.model)):
        desk.bus.publish(PromptCut(request.model, prompt.tokens, usage.prompt_tokens))
    else:
        desk.ratios.learn(request.model, prompt.estimated, usage.prompt_tokens)


_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_MARKUP = re.compile(r"<\|[\w ]{1,40}\|>|</?(?:s|bos|eos|start_of_turn|end_of_turn)>")


def polish(raw: str, speaker: str, others: Iterable[str]) -> str:
    """What `speaker` would post of `raw`.

    Thinking and template marks go, so does the speaker's own name in front; where the model goes on
    writing somebody else's lines, it is cut before them.
    """
    text = _MARKUP.sub("", _THOUGHT.sub("", raw)).strip()
    text = re.sub(rf"^\W{{0,2}}{re.escape(speaker)}\W{{0,2}}:\s*", "", text, flags=re.IGNORECASE)
    names = [re.escape(name) for name in others if name.strip()]
    if names:
        foreign = re.search(rf"(?:^|\n|\s/ ){'(?:'}{'|'.join(names)}{')'}\s*:", text, re.IGNORECASE)
        if foreign is not None:
            text = text[: foreign.start()]
    own = re.search(rf"\n{re.escape(speaker)}\s*:", text, re.IGNORECASE)
    if own is not None:
        text = text[: own.start()]
    return _unquoted(text.strip())


def _unquoted(text: str) -> str:
    for opening, closing in (('"', '"'), ("“", "”")):
        inner = text[1:-1]
        if len(text) > 2 and text[0] == opening and text[-1] == closing and opening not in inner:
            return inner.strip()
    return text
