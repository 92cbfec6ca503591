"""Letting the brain write, and making of its answer what one person would post."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from core.conversation.desk import Desk
from core.conversation.prompt import Prompt
from core.conversation.thinking import apart
from core.conversation.toolbox import Use
from core.errors import BrainSilent
from core.events import Notice, PromptCut
from core.llm import budget
from core.llm.brain import ChatRequest, TextChunk, ThinkingChunk, ToolCall, ToolCallsChunk, Usage
from core.safety.clean import whole
from core.words import T, Text

log = logging.getLogger(__name__)

TRIES = 2
MOST_SIGNS = 16  # of text for each token that was allowed: who writes more does not keep to it


@dataclass(frozen=True, slots=True)
class Draft:
    """What the brain wrote.

    Attributes:
        text: polished; raw: as it came. thinking: kept, never posted.
        usage: tokens and times as the model counted them; None when nothing was asked of a model.
        uses: the tools it called on the way, in order.
        sent: tokens it was given, where it read so few of them that something was cut off; else 0.
    """

    text: str
    raw: str
    thinking: str
    model: str
    usage: Usage | None
    seed: int | None = None
    uses: tuple[Use, ...] = ()
    sent: int = 0

    def for_trace(self) -> dict[str, Any]:
        """The draft as plain values."""
        kept: dict[str, Any] = {"model": self.model, "raw": self.raw, "seed": self.seed}
        if self.thinking:
            kept["thinking"] = self.thinking
        if self.uses:
            kept["tools"] = [use.for_trace() for use in self.uses]
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
            if self.sent:
                kept["cut"] = {"sent": self.sent, "read": self.usage.prompt_tokens}
        return kept


async def generate(prompt: Prompt, desk: Desk, growing: Callable[[str], None]) -> Draft:
    """Ask the chosen brain; an empty answer is asked for once more with another seed.

    Raises:
        core.errors.BrainError: the model failed, or wrote nothing twice.
    """
    if not desk.speaks:
        return Draft("…", "…", "", "none", None)
    for _ in range(TRIES):
        written = await write(prompt.request, prompt, desk, growing)
        draft = written.draft(prompt)
        if draft.text:
            return draft
    raise BrainSilent(model=prompt.request.model)


@dataclass(frozen=True, slots=True)
class Written:
    """One answer of a brain, as it came.

    Attributes:
        request: what was asked, with its seed. calls: the tools it asks for.
        sent: see Draft.
    """

    request: ChatRequest
    raw: str
    thinking: str
    calls: tuple[ToolCall, ...]
    usage: Usage | None
    sent: int = 0

    def draft(self, prompt: Prompt, uses: tuple[Use, ...] = (), said: str | None = None) -> Draft:
        """What is made of it. `said`: the part of `raw` that is for people, where not all of it is."""
        text = polish(self.raw if said is None else said, prompt.speaker, prompt.others)
        thinking = "\n".join(filter(None, (self.thinking.strip(), apart(self.raw)[1])))
        request = self.request
        seed = request.sampling.seed
        return Draft(text, self.raw, thinking, request.model, self.usage, seed, uses, self.sent)


async def write(
    request: ChatRequest, prompt: Prompt, desk: Desk, growing: Callable[[str], None], more_tokens: int = 0
) -> Written:
    """Let the brain write once.

    Args:
        request: what is asked; `prompt` is what it was made from.
        more_tokens: what was added to the prompt since its tokens were counted, estimated.

    Raises:
        core.errors.BrainError: the model failed.
    """
    seed = desk.chance.randrange(1, 2**31) if desk.seeded else None
    request = replace(request, sampling=replace(request.sampling, seed=seed))
    raw, thinking = "", ""
    calls: tuple[ToolCall, ...] = ()
    usage: Usage | None = None
    most = request.sampling.max_tokens * MOST_SIGNS
    chunks = prompt.brain.chat(request)
    try:
        async for chunk in chunks:
            if isinstance(chunk, TextChunk):
                raw = (raw + chunk.text)[:most]
                shown = raw.removesuffix("<")  # the beginning of a tag, it may be
                growing(polish(shown, prompt.speaker, prompt.others))
            elif isinstance(chunk, ThinkingChunk):
                thinking = (thinking + chunk.text)[:most]
            elif isinstance(chunk, ToolCallsChunk):
                calls += chunk.calls
            elif isinstance(chunk, Usage):
                usage = chunk
            if len(raw) + len(thinking) >= most:
                log.info("%s wrote without end and was cut off", request.model)
                break
    finally:
        if isinstance(chunks, AsyncGenerator):
            await chunks.aclose()  # stops a model that would go on
    cut = _learn(request, prompt, usage, desk, more_tokens) if usage is not None else 0
    return Written(request, raw, thinking, calls, usage, cut)


def _learn(request: ChatRequest, prompt: Prompt, usage: Usage, desk: Desk, more_tokens: int) -> int:
    """Learn how long the model's tokens are; where the prompt was cut, say so, and answer how long it was."""
    sent = prompt.tokens + more_tokens
    if not budget.alarm(sent, usage, desk.ratios.knows(request.model)):
        desk.ratios.learn(request.model, prompt.estimated + more_tokens, usage.prompt_tokens)
        return 0
    desk.bus.publish(PromptCut(request.model, sent, usage.prompt_tokens))
    if request.model not in desk.cut_told:
        desk.cut_told.add(request.model)
        desk.bus.publish(Notice("bad", _cut_off(request.model, sent, usage.prompt_tokens), _CUT_STEP))
    return sent


_CUT_STEP = T("Choose a smaller context size in Settings, or another model on the Models page.")


def _cut_off(model: str, sent: int, read: int) -> Text:
    return T(
        "{model} read only {read} of about {sent} tokens, so it may miss what was said or who it is.",
        model=model,
        read=read,
        sent=sent,
    )


_TOOLS = re.compile(
    r"<(tool_call|tool_response)\b[^>]*>.*?(?:</\1>|\Z)|</tool_(?:call|response)>", re.DOTALL | re.IGNORECASE
)
_MARKUP = re.compile(r"<\|[\w ]{1,40}(?:\|>|\|?\Z)|<\|\Z|</?(?:s|bos|eos|start_of_turn|end_of_turn)>")


def polish(raw: str, speaker: str, others: Iterable[str]) -> str:
    """What `speaker` would post of `raw`.

    Thinking, tool calls and template marks go, so does the speaker's own name in front; where the model
    goes on writing somebody else's lines, it is cut before them.
    """
    text = _MARKUP.sub("", _TOOLS.sub("", apart(whole(raw))[0])).strip()
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
