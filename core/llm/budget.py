"""The token budget: what fits into a model's window, so that nothing is ever cut without our knowing.

Ollama cuts or refuses a prompt that is too long, so tokens are counted before it is sent: exactly
where the brain can (`fit_exactly`), else by an estimate that errs on the long side and learns from
what each model says it has read (`fit` with `TokenRatios`).
"""

from __future__ import annotations

import bisect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from core.errors import PromptTooLong
from core.llm.brain import Brain, ChatRequest, Usage

MESSAGE_OVERHEAD = 7  # tokens that a chat template puts around a message
MARGIN = 1.1
LEAST_FACTOR, MOST_FACTOR = 0.6, 2.0
CUT_SHARE_LEARNT, CUT_SHARE = 0.45, 0.25

# Tokens per character by what it is, from the first code point on. Measured on SmolLM2, whose small
# vocabulary writes foreign scripts in single bytes; larger vocabularies need less.
_ASCII_LETTER, _ASCII_CAPITAL, _DIGIT, _SIGN = 0.31, 0.5, 1.0, 1.0
_SCRIPTS: tuple[tuple[int, float], ...] = (
    (0x80, 1.0),  # letters with accents
    (0x300, 2.0),  # combining marks
    (0x370, 0.9),  # Greek, Cyrillic
    (0x530, 1.1),  # Armenian, Hebrew, Arabic
    (0x900, 2.0),  # the scripts of India and South-East Asia
    (0x1E00, 1.0),  # more accents
    (0x2000, 2.0),  # typographic signs, symbols, Chinese, Japanese, Korean
    (0x10000, 3.0),  # emoji
)
_STARTS = [start for start, _ in _SCRIPTS]


def _weight(sign: str) -> float:
    """Tokens that one character costs, rather too many than too few."""
    if not sign.isascii():
        return _SCRIPTS[bisect.bisect_right(_STARTS, ord(sign)) - 1][1]
    if sign.isalpha() or sign == " ":
        return _ASCII_CAPITAL if sign.isupper() else _ASCII_LETTER
    return _DIGIT if sign.isdigit() else _SIGN


_WEIGHTS = {chr(code): _weight(chr(code)) for code in range(0x80)}


class TokenRatios:
    """How many tokens a text has for each model: an estimate, corrected by the models' own counts."""

    def __init__(self) -> None:
        self._factors: dict[str, float] = {}

    def knows(self, model: str) -> bool:
        """Was anything learnt of this model?"""
        return model in self._factors

    def learn(self, model: str, estimated: int, read: int) -> None:
        """Note that a prompt we took for `estimated` tokens had `read`.

        Corrected up at once and down slowly: a prompt that is too long fails, one that is too short
        only forgets a little. Short prompts teach nothing, nor does one that may have been cut.
        """
        if read < 50 or estimated < 50 or read < CUT_SHARE * estimated:
            return
        known = self._factors.get(model)
        seen = (known or 1.0) * read / estimated * MARGIN
        wished = seen if known is None or seen > known else 0.8 * known + 0.2 * seen
        self._factors[model] = min(MOST_FACTOR, max(LEAST_FACTOR, wished))

    def tokens(self, model: str, text: str) -> int:
        """An estimate for `text` as one message, seldom too small."""
        weighed = sum([_WEIGHTS[sign] if sign in _WEIGHTS else _weight(sign) for sign in text])
        return int((MESSAGE_OVERHEAD + weighed) * self._factors.get(model, 1.0)) + 1


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a prompt.

    Attributes:
        lines: whole units that stay or go; the oldest first.
        required: it must be there whole, or the prompt is too long.
        starts: the positions where it may begin once lines have to go; empty: at any line.
        rank: parts of a lower rank lose lines first.
        least: how many of the newest lines stay in any case.
    """

    name: str
    lines: tuple[str, ...]
    required: bool = False
    starts: tuple[int, ...] = ()
    rank: int = 0
    least: int = 0


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

    Lines go up to the next place where the part may begin, so that the lines that stay begin at the
    same place from one turn to the next and the model's prefix cache holds.

    Args:
        context_tokens: the model's window. answer_tokens: kept free for the answer.
        count: tokens of one line as a message of its own.

    Raises:
        PromptTooLong: what must stay does not fit.
    """
    room = context_tokens - answer_tokens
    sizes = {part.name: [count(line) for line in part.lines] for part in parts}
    total = sum(map(sum, sizes.values()))
    gone = {part.name: 0 for part in parts}
    for name, leaving in _leaving(parts):
        if total <= room:
            break
        total -= sum(sizes[name][gone[name] : leaving])
        gone[name] = leaving
    if total > room:
        raise PromptTooLong(model=model)
    return _without(parts, gone, total)


async def fit_exactly(
    parts: Sequence[Part],
    context_tokens: int,
    answer_tokens: int,
    count: Callable[[Sequence[Part]], Awaitable[int]],
    model: str = "",
) -> Fitted:
    """Like `fit`, for a brain that can count: as little is left out as possible, in as few counts.

    Args:
        context_tokens: the model's window. answer_tokens: kept free for the answer.
        count: tokens of the whole prompt made of these parts, its template included.

    Raises:
        PromptTooLong: what must stay does not fit.
    """
    room = context_tokens - answer_tokens
    steps = _leaving(parts)
    first, last = 0, len(steps)
    fitted: Fitted | None = None
    tried = 0  # most often everything fits
    while first <= last:
        gone = {part.name: 0 for part in parts} | dict(steps[:tried])
        told = await count(_without(parts, gone, 0).parts)
        if told <= room:
            fitted = _without(parts, gone, told)
            last = tried - 1
        else:
            first = tried + 1
        tried = (first + last) // 2
    if fitted is None:
        raise PromptTooLong(model=model)
    return fitted


async def fit_for(
    brain: Brain,
    request: Callable[[Sequence[Part]], ChatRequest],
    parts: Sequence[Part],
    context_tokens: int,
    answer_tokens: int,
    estimate: Callable[[str], int],
) -> Fitted:
    """Fit by the brain's own count where it has one, else by the estimate.

    Args:
        request: makes the request of the parts.
        context_tokens: the model's window. answer_tokens: kept free for the answer.
        estimate: tokens of one line as a message of its own.

    Raises:
        PromptTooLong: what must stay does not fit.
        core.errors.BrainError: the brain counts, but failed to.
    """
    whole = request(parts)
    tokens = await brain.count_tokens(whole)
    if tokens is None:
        return fit(parts, context_tokens, answer_tokens, estimate, whole.model)

    async def count(kept: Sequence[Part]) -> int:
        told = await brain.count_tokens(request(kept))
        return tokens if told is None else told

    return await fit_exactly(parts, context_tokens, answer_tokens, count, whole.model)


def _leaving(parts: Sequence[Part]) -> list[tuple[str, int]]:
    """In which order lines go: which part, and how many of its lines have then gone."""
    steps: list[tuple[str, int]] = []
    for part in sorted((part for part in parts if not part.required), key=lambda part: part.rank):
        most = max(0, len(part.lines) - part.least)
        starts = part.starts or range(1, most)
        steps += [(part.name, gone) for gone in (*(at for at in starts if 0 < at < most), most) if gone]
    return steps


def _without(parts: Sequence[Part], gone: dict[str, int], tokens: int) -> Fitted:
    kept = tuple(replace(part, lines=part.lines[gone[part.name] :]) for part in parts)
    return Fitted(kept, tokens, {name: lines for name, lines in gone.items() if lines})


def alarm(sent: int, usage: Usage, learnt: bool = False) -> bool:
    """Did the model read so much less than was sent that something must have been cut?

    Args:
        sent: the estimate. It errs on the long side: for Chinese in a large vocabulary by a factor of
            three before anything was learnt of the model, so that only a clear gap counts.
        learnt: True when the estimate is one that was corrected by this model's own counts.
    """
    share = CUT_SHARE_LEARNT if learnt else CUT_SHARE
    return usage.prompt_tokens > 0 and sent > 200 and usage.prompt_tokens < share * sent
