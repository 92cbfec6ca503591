"""The token budget: what fits into a model's window, so that nothing is ever cut without our knowing.

Ollama cuts or refuses a prompt that is too long, so tokens are counted before it is sent: exactly
where the brain can, else by an estimate that errs on the long side and learns each model's
characters per token from what the model says it read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from core.errors import PromptTooLong
from core.llm.brain import Usage

MESSAGE_OVERHEAD = 8  # tokens of a chat template around each message, rounded up
CAUTIOUS_RATIO = 2.6  # characters per token before anything was learnt: long for English, fair for others
LEAST_RATIO, MOST_RATIO = 1.0, 4.2
ALARM_SHARE = 0.6


class TokenRatios:
    """Characters per token, by model, learnt from the models' own counts."""

    def __init__(self) -> None:
        self._ratios: dict[str, float] = {}

    def learn(self, model: str, characters: int, tokens: int) -> None:
        """Note that a prompt of `characters` had `tokens`. Short prompts teach nothing."""
        if tokens < 50 or characters < 100:
            return
        seen = min(MOST_RATIO, max(LEAST_RATIO, characters / tokens)) * 0.92
        known = self._ratios.get(model)
        self._ratios[model] = seen if known is None else min(seen, 0.8 * known + 0.2 * seen)

    def tokens(self, model: str, text: str) -> int:
        """An estimate for `text` as one message, seldom too small."""
        ratio = self._ratios.get(model, CAUTIOUS_RATIO)
        wide = sum(1 for sign in text if ord(sign) > 0x2E7F)  # CJK and emoji: a token or more each
        return MESSAGE_OVERHEAD + int((len(text) - wide) / ratio + wide * 1.5) + 1


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a prompt.

    Attributes:
        lines: whole units that stay or go; the oldest first.
        required: it must be there whole, or the prompt is too long.
        chunk: how many of the oldest lines go at a time.
        rank: parts of a lower rank lose lines first.
    """

    name: str
    lines: tuple[str, ...]
    required: bool = False
    chunk: int = 1
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Fitted:
    """What fits.

    Attributes:
        parts: the parts in their order, with the lines that stay.
        tokens: the whole prompt's, as counted. dropped: lines left out, by part.
    """

    parts: tuple[Part, ...]
    tokens: int
    dropped: dict[str, int]


def fit(
    parts: Sequence[Part],
    context_tokens: int,
    answer_tokens: int,
    count: Callable[[str], int],
    model: str = "",
) -> Fitted:
    """Leave out the oldest lines of the least important parts until prompt and answer fit.

    Lines go in whole chunks counted from the start of the part, so that the lines that stay begin at
    the same place from one turn to the next and the model's prefix cache holds.

    Args:
        context_tokens: the model's window. answer_tokens: kept free for the answer.
        count: tokens of one line as a message of its own.

    Raises:
        PromptTooLong: the required parts alone do not fit.
    """
    room = context_tokens - answer_tokens
    sizes = {part.name: [count(line) for line in part.lines] for part in parts}
    total = sum(map(sum, sizes.values()))
    kept = {part.name: part for part in parts}
    dropped: dict[str, int] = {}
    for part in sorted((part for part in parts if not part.required), key=lambda part: part.rank):
        gone = 0
        while total > room and gone < len(part.lines):
            step = min(part.chunk, len(part.lines) - gone)
            total -= sum(sizes[part.name][gone : gone + step])
            gone += step
        if gone:
            dropped[part.name] = gone
            kept[part.name] = replace(part, lines=part.lines[gone:])
    if total > room:
        raise PromptTooLong(model=model)
    return Fitted(tuple(kept[part.name] for part in parts), total, dropped)


def alarm(sent: int, usage: Usage) -> bool:
    """Did the model read so much less than was sent that something must have been cut?

    The estimate errs on the long side by up to a half, so only a clear gap counts.
    """
    return usage.prompt_tokens > 0 and sent > 200 and usage.prompt_tokens < ALARM_SHARE * sent * 0.75
