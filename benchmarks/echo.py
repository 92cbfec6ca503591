"""How much does an echo sound like the person, and does it copy?

    python -m benchmarks.echo --data FILE [--author NAME …] --n 200 --brain starter [--out FILE] --json

FILE holds `pairs` (an author's replies, each with what came before, in the order of time) and `others`
(messages of other people). An author's last `--n` replies are held out. The days before them are dealt
out in two halves: one builds the echo, the other teaches the judges, so that these never saw what the
echo knows; other people's messages are parted likewise. The ceiling is what the judges say of the
person's own held-out replies. --author may be given several times; without it, or with "all", all authors
are measured. `figures` pools them (every author counts alike), `authors` holds each one's own.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.common import arguments, report
from core.echo.clean import cleaned
from core.echo.fidelity import CharJudge, Exam, Score, StyleJudge, differences, marked
from core.echo.generate import Manner, Reply, reply, trial
from core.echo.pairs import ME, Line, Pair, by_days, held_out
from core.echo.profile import built
from core.llm import starter
from core.llm.brain import Brain, ChatMessage, ChatRequest, Role, Sampling, TextChunk
from core.llm.ollama import OllamaBrain

GENERIC = "You are a helpful chat participant. Reply to the last message."
_TRIAL = 24


@dataclass(frozen=True)
class Data:
    """The file's people, parted."""

    known: dict[str, list[Pair]]
    judging: dict[str, list[str]]
    held_out: dict[str, list[Pair]]
    others_known: list[str]
    others_judging: list[str]


@dataclass(frozen=True)
class Row:
    """One held-out context and the three replies to it: real, echo's, and with the generic prompt."""

    pair: Pair
    reply: Reply
    generic: str


def read(path: Path, count: int) -> Data:
    """Read a file and part it."""
    told = json.loads(path.read_text(encoding="utf-8"))
    known, judging, held = {}, {}, {}
    for name, pairs in told["pairs"].items():
        every = [
            Pair(pair["day"], tuple(Line(*line) for line in pair["ctx"]), pair["reply"]) for pair in pairs
        ]
        before, held[name] = held_out(every, count)
        known[name], rest = by_days(before)
        judging[name] = [pair.reply for pair in rest]
    return Data(known, judging, held, told["others"][1::2], told["others"][::2])


async def written(data: Data, author: str, brain: Brain, model: str, seed: int) -> list[Row]:
    """Build the author's echo and let it answer every held-out context."""
    chance = random.Random(seed)
    manner = Manner(model)
    names = {line.speaker for pair in data.known[author] for line in pair.context} - {ME}
    profile = built(cleaned([pair.reply for pair in data.known[author]], names), cleaned(data.others_known))
    asked = [pair.context[-1].text for pair in data.known[author] if pair.context]
    profile = await trial(profile, brain, manner, chance.sample(asked, min(_TRIAL, len(asked))), chance)
    rows = []
    for at, pair in enumerate(data.held_out[author]):
        if at % 20 == 0:
            print(f"{author}: {at} of {len(data.held_out[author])}", file=sys.stderr)
        said = await reply(profile, brain, manner, pair.context, random.Random(chance.randrange(2**30)))
        rows.append(Row(pair, said, await generic(brain, model, pair, chance.randrange(2**30))))
    return rows


async def generic(brain: Brain, model: str, pair: Pair, seed: int) -> str:
    """What the same brain says when it is nobody."""
    last = pair.context[-1].text if pair.context else "hello"
    prompt = (ChatMessage("system", GENERIC), ChatMessage("user", last))
    sampling = Sampling(max_tokens=60, seed=seed)
    # In the other slot, so that the echo's prefix stays in the cache as it does when nobody compares.
    pieces = brain.chat(ChatRequest(model, prompt, sampling, slot=Role.SCORING))
    return "".join([piece.text async for piece in pieces if isinstance(piece, TextChunk)]).strip()


def judged(data: Data, author: str, rows: Sequence[Row]) -> dict[str, float]:
    """An author's figures. Judge's figures are percent, shares fractions, lengths in signs."""
    chars, style = CharJudge(data.judging, data.others_judging), StyleJudge(data.judging, data.others_judging)
    texts = [row.reply.text for row in rows]
    real = [row.pair.reply for row in rows]
    first = [row.reply.drafts[0] if row.reply.drafts else "" for row in rows]
    exam = Exam(
        texts,
        real,
        [[line.text for line in row.pair.context] for row in rows],
        [pair.reply for pair in data.known[author]] + data.judging[author],
        data.others_known,
    )
    marks = marked(exam, author, chars, style)
    figures = {
        "sounds_like": 100 * marks.sounds_like,
        "verbatim_share": marks.verbatim,
        "sixgram_share": marks.reused,
        "parrot_share": marks.parroted,
    }
    judges: list[tuple[str, CharJudge | StyleJudge, Score]] = [
        ("char", chars, marks.chars),
        ("style", style, marks.style),
    ]
    for name, judge, score in judges:
        figures[f"{name}_judge"] = 100 * score.replies
        figures[f"{name}_ceiling"] = 100 * score.real
        figures[f"{name}_strangers"] = 100 * score.strangers
        figures[f"{name}_judge_best_of_1"] = 100 * judge.share(first, author)
        figures[f"generic_{name}_judge"] = 100 * judge.share([row.generic for row in rows], author)
    figures["char_share_of_ceiling"] = 100 * figures["char_judge"] / max(figures["char_ceiling"], 1.0)
    usual, later = differences(texts, data.judging[author]), differences(texts, real)
    figures["punct_diff_real"] = differences(real, data.judging[author]).punctuation
    for which, gap in (("", usual), ("_held_out", later)):
        figures[f"punct_diff{which}"] = gap.punctuation
        figures[f"case_diff{which}"] = gap.case
        figures[f"length_diff{which}"] = gap.length
    figures["refused_drafts_each"] = _mean([row.reply.refused for row in rows])
    figures["empty_share"] = _mean([not text for text in texts])
    return figures


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(len(values), 1)


async def measured(options: Namespace) -> None:
    """Write, judge and report."""
    data = read(options.data, options.n)
    brain: Brain = starter.StarterBrain() if options.brain == "starter" else OllamaBrain(options.url)
    model = starter.MODEL if options.brain == "starter" else options.brain.removeprefix("ollama:")
    kept: list[dict[str, Any]] = []
    every: dict[str, dict[str, float]] = {}
    began = time.perf_counter()
    try:
        for author in _wanted(options.author, list(data.known)):
            rows = await written(data, author, brain, model, options.seed)
            every[author] = judged(data, author, rows)
            kept += [_told(author, row) for row in rows]
    finally:
        await brain.close()
    each = list(every.values())
    figures = {name: _mean([row[name] for row in each]) for name in each[0]}
    for name in ("char_share_of_ceiling", "style_judge"):
        figures[f"{name}_lowest"] = min(row[name] for row in each)
    figures["char_share_of_ceiling"] = 100 * figures["char_judge"] / max(figures["char_ceiling"], 1.0)
    figures |= {"contexts": len(kept), "took_s": round(time.perf_counter() - began)}
    report(
        "echo",
        _rounded(figures),
        _NOTES,
        kept,
        options.out,
        {"authors": {a: _rounded(row) for a, row in every.items()}},
    )


def _wanted(asked: Sequence[str], known: Sequence[str]) -> list[str]:
    if strange := set(asked) - {"all", *known}:
        raise SystemExit(f"no such author: {', '.join(sorted(strange))}; there are {', '.join(known)}")
    return list(known) if not asked or "all" in asked else list(dict.fromkeys(asked))


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}


def _told(author: str, row: Row) -> dict[str, Any]:
    return {
        "author": author,
        "ctx": [[line.speaker, line.text] for line in row.pair.context],
        "real": row.pair.reply,
        "reply": row.reply.text,
        "drafts": row.reply.drafts,
        "generic": row.generic,
    }


_NOTES = (
    "Judges: percent of replies given to the author among the file's authors and 'other'; they learn from "
    "messages that neither the echo nor the held-out part has. *_diff: against the judges' messages of "
    "the author; *_held_out: against the real replies to the same contexts. Copies are looked for in all "
    "messages of the author before the held-out part."
)


def main() -> None:
    """Read the command line and measure."""
    parser = arguments("echo", __doc__ or "")
    parser.add_argument("--data", type=Path, required=True, metavar="FILE")
    parser.add_argument(
        "--author", action="append", default=[], metavar="NAME", help="or all; may be repeated"
    )
    parser.add_argument("--n", type=int, default=200, help="held-out replies of each author")
    parser.add_argument("--brain", default="starter", metavar="starter|ollama:NAME")
    parser.add_argument("--url", default="http://127.0.0.1:11434", help="where Ollama answers")
    parser.add_argument("--seed", type=int, default=6)
    asyncio.run(measured(parser.parse_args()))


if __name__ == "__main__":
    main()
