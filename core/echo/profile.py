"""Everything an echo is made of: counted, indexed and learned from one person's own messages."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import numpy as np

from core.echo.clean import TOKEN
from core.echo.copying import WHOLE, CopyGate
from core.echo.examples import Examples
from core.echo.polish import Form, Gaps, Habits, form_of, gaps_between, habits_of
from core.echo.rerank import Reranker
from core.echo.style import StyleProfile, profile_of, words

FEWEST_OTHERS = 100
_MOST_SHORT = 20


@dataclass(frozen=True, slots=True)
class EchoProfile:
    """What `core.echo.generate` needs to write like somebody.

    Attributes:
        messages: the person's own, cleaned, oldest first. style: the readable profile.
        forms: the outside of each message, for answers to borrow.
        short: what they say often in fewer than four words, for when nothing else will do.
        reranker: None when there were too few messages of others to learn from.
        gaps: what the brain gets wrong by itself; everything, until a trial has shown it.
    """

    messages: tuple[str, ...]
    style: StyleProfile
    habits: Habits
    forms: tuple[Form, ...]
    short: tuple[str, ...]
    examples: Examples
    gate: CopyGate
    reranker: Reranker | None
    gaps: Gaps

    def after_trial(self, drafts: Sequence[str]) -> EchoProfile:
        """The same, mending only what the brain got wrong in drafts that nobody touched."""
        return replace(self, gaps=gaps_between(self.style, profile_of(drafts)))


def built(messages: Sequence[str], others: Sequence[str], times: Iterable[datetime] = ()) -> EchoProfile:
    """Make an echo's profile.

    Args:
        messages: the person's own, cleaned, oldest first.
        others: anybody else's, cleaned; read once, in memory, and not kept.
        times: when the person wrote, in their time zone; may be left out.
    """
    return _assembled(
        messages,
        profile_of(messages, times),
        Reranker.learned(messages, others) if len(others) >= FEWEST_OTHERS else None,
        Gaps(),
    )


def packed(profile: EchoProfile) -> bytes:
    """A profile as it is kept. It holds the person's messages: keep it where they are kept."""
    told = {
        "messages": profile.messages,
        "style": asdict(profile.style),
        "gaps": asdict(profile.gaps),
    }
    arrays = profile.reranker.arrays() if profile.reranker is not None else {}
    file = io.BytesIO()
    np.savez_compressed(
        file,
        allow_pickle=False,
        told=np.frombuffer(json.dumps(told).encode(), np.uint8),
        **arrays,
    )
    return file.getvalue()


def unpacked(data: bytes) -> EchoProfile:
    """The profile that `packed` made bytes of."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        told = json.loads(file["told"].tobytes())
        reranker = Reranker.of_arrays(file) if "hashes" in file else None
    style = told["style"] | {name: tuple(told["style"][name]) for name in ("lengths", "topics", "hours")}
    return _assembled(told["messages"], StyleProfile(**style), reranker, Gaps(**told["gaps"]))


def _assembled(
    messages: Sequence[str], style: StyleProfile, reranker: Reranker | None, gaps: Gaps
) -> EchoProfile:
    return EchoProfile(
        messages=tuple(messages),
        style=style,
        habits=habits_of(messages),
        forms=tuple(map(form_of, messages)),
        short=_said_often(messages),
        examples=Examples(messages),
        gate=CopyGate(messages),
        reranker=reranker,
        gaps=gaps,
    )


def _said_often(messages: Sequence[str]) -> tuple[str, ...]:
    short = Counter(text for text in messages if 0 < len(words(text)) < WHOLE and not TOKEN.search(text))
    return tuple(text for text, times in short.most_common(_MOST_SHORT) if times > 1)
