"""How well an echo does, measured on messages it never saw.

The last messages are held out; the days before them are dealt out in two halves: one builds an echo for the
exam, the other teaches the judges. What others wrote before a held-out message is read where it stands, for
the moment of the exam, and not kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from core.clock import Clock
from core.echo import generate
from core.echo.consent import Consent
from core.echo.fidelity import CharJudge, Exam, StyleJudge, differences, marked
from core.echo.generate import Manner
from core.echo.pairs import ME, Line, Pair, by_days, held_out
from core.echo.profile import EchoProfile, built
from core.echo.quoting import without_foreign_words
from core.echo.refusals import SourceMissing
from core.echo.source import ChannelClosed, EchoSource, SourceBusy
from core.echo.style import FUNCTION_WORDS, words
from core.errors import DiscordError
from core.llm.brain import Brain, ChatMessage, ChatRequest, Sampling, TextChunk
from core.memory.lexicon import lexicon
from core.safety.clean import one_line
from db import echo_others
from db.echo_messages import StoredOwn
from db.store import Store

GENERIC = "You are a helpful chat participant. Reply to the last message."
MOST_HELD_OUT = 40
LEAST_JUDGED = 60  # messages of each side, for a judge to learn from
_MOST_FOR_EXAM = 3_000
_SAMPLES = 8
_LONGEST_S = 900.0
_CONTEXT = 3
_FEWEST_DAYS, _RUN = 8, 20
_FUNCTION_WORDS = frozenset(FUNCTION_WORDS)
_AUTHOR = "the person"

Told = Callable[[float, int, int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Case:
    """A held-out message. `before`: what the person wrote last before it there."""

    pair: Pair
    before: str

    @property
    def others(self) -> list[str]:
        """What others wrote before it: for the moment of the exam."""
        return [line.text for line in self.pair.context if line.speaker != ME]


class _Vocabulary:
    """Words that may be kept: the person's own, and those of the language."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._own = {word for text in texts for word in words(text)}

    def __contains__(self, word: object) -> bool:
        return word in self._own or word in lexicon().part or word in _FUNCTION_WORDS


class Examiner:
    """Examines echoes."""

    def __init__(self, store: Store, source: Callable[[], EchoSource], clock: Clock, chance: Random) -> None:
        self._store = store
        self._clock = clock
        self._source = source
        self._chance = chance

    async def examine(
        self,
        consent: Consent,
        own: Sequence[StoredOwn],
        others: Sequence[str],
        profile: EchoProfile,
        brain: Brain,
        manner: Manner,
        told: Told,
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Figures, and samples to read; the figures are empty where there is too little to judge by.

        Args:
            own: the person's messages, oldest first. others: other people's, cleaned.
            profile: what was built of all of them; the exam's own echo mends what that one does.
            told: hears how far it is.

        Raises:
            core.errors.BrainError
        """
        pairs = [Pair(day, (), each.text) for day, each in zip(_days(own), own, strict=True)]
        before, held = held_out(pairs, min(MOST_HELD_OUT, len(pairs) // 6))
        known, judging = by_days(before[-_MOST_FOR_EXAM:])
        learning, strange = list(others[1::2]), list(others[::2])
        texts = [pair.reply for pair in known]
        examined = await asyncio.to_thread(built, texts or [pair.reply for pair in before], learning)
        examined = replace(examined, gaps=profile.gaps)
        cases = [await self._case(consent, own, len(own) - len(held) + at) for at in range(len(held))]
        replies: list[str] = []
        plain: list[str] = []
        began = self._clock.monotonic()
        for at, case in enumerate(cases):
            if at >= _SAMPLES and self._clock.monotonic() - began > _LONGEST_S:
                break  # a slow model is judged by fewer replies
            await told(0.1 + 0.85 * at / len(cases), at, len(cases))
            said = await generate.reply(examined, brain, manner, case.pair.context, self._chance)
            replies.append(said.text)
            if at < _SAMPLES:
                plain.append(await self._plain(brain, manner.model, case.pair))
        told_apart = _Vocabulary(each.text for each in own)
        samples = [
            {
                "before": case.before,
                "real": case.pair.reply,
                "echo": without_foreign_words(reply, case.others, told_apart),
                "plain": without_foreign_words(other, case.others, told_apart),
            }
            for case, reply, other in zip(cases, replies, plain, strict=False)
        ]
        cases = cases[: len(replies)]
        judged = [pair.reply for pair in judging]
        if min(len(judged), len(strange), len(learning)) < LEAST_JUDGED or not cases:
            return {"held_out": len(cases)}, samples
        exam = Exam(
            replies,
            [case.pair.reply for case in cases],
            [[line.text for line in case.pair.context] for case in cases],
            texts + judged,
            learning,
        )
        return await asyncio.to_thread(_marks, exam, judged, strange), samples

    async def _case(self, consent: Consent, own: Sequence[StoredOwn], at: int) -> _Case:
        message = own[at]
        lines = await self._store.read(
            echo_others.before,
            consent.realm,
            message.channel_id,
            message.platform_id,
            message.sent_at,
            _CONTEXT,
        )
        found = lines or await self._read_there(consent, message)
        context = tuple(
            Line(ME if author == consent.subject_id else str(author), one_line(text))
            for author, text in found
        )
        same = [each for each in own[:at] if each.channel_id == message.channel_id]
        before = same[-1].text if same else ""
        if not context and before:
            context = (Line(ME, before),)
        return _Case(Pair(f"{message.sent_at:%Y-%m-%d}", context, message.text), before)

    async def _read_there(self, consent: Consent, message: StoredOwn) -> list[tuple[int, str]]:
        if consent.source != "discord":
            return []
        try:
            page = await self._source().page(message.channel_id, message.platform_id, _CONTEXT)
        except (SourceMissing, SourceBusy, ChannelClosed, DiscordError):
            return []
        return [(each.author_id, each.text) for each in page if each.text][::-1]

    async def _plain(self, brain: Brain, model: str, pair: Pair) -> str:
        """What the brain says when it is nobody."""
        last = pair.context[-1].text if pair.context else "hello"
        prompt = (ChatMessage("system", GENERIC), ChatMessage("user", last))
        request = ChatRequest(model, prompt, Sampling(max_tokens=60, seed=self._chance.randrange(2**30)))
        pieces = [piece.text async for piece in brain.chat(request) if isinstance(piece, TextChunk)]
        return "".join(pieces).strip()


def _days(own: Sequence[StoredOwn]) -> list[str]:
    """The day of each message; where all was written on a few days, runs of messages stand for days."""
    days = [f"{each.sent_at:%Y-%m-%d}" for each in own]
    if len(set(days)) >= _FEWEST_DAYS:
        return days
    return [f"{at // _RUN:06}" for at in range(len(own))]


def _marks(exam: Exam, judging: Sequence[str], strange: Sequence[str]) -> dict[str, Any]:
    """The judges read what was said."""
    authors = {_AUTHOR: judging}
    found = marked(exam, _AUTHOR, CharJudge(authors, strange), StyleJudge(authors, strange))
    apart = differences(exam.replies, exam.real)
    figures: dict[str, Any] = {
        "held_out": len(exam.replies),
        "sounds_like": found.sounds_like,
        "verbatim": found.verbatim,
        "reused": found.reused,
        "parroted": found.parroted,
        "punctuation": apart.punctuation,
        "case": apart.case,
        "length": apart.length,
    }
    for name, score in (("chars", found.chars), ("style", found.style)):
        figures |= {
            f"{name}_echo": score.replies,
            f"{name}_real": score.real,
            f"{name}_strangers": score.strangers,
            f"{name}_likeness": score.likeness,
        }
    return figures
