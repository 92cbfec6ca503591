"""What do messages and events make the persona feel, and how long does it take to know?

    python -m benchmarks.appraisal [--data FILE] [--out FILE] --json

Without data: messages of many kinds and lengths, hostile ones among them, are appraised by their words
(`core.feelings.appraisal.read`), one at a time, three times each, of which the median counts. With data, a
file of GAMYGDALA scenarios (benchmarks/scenarios.py tells its form) is played as well, and after each step
the object's `scenarios` has what every agent feels.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.common import arguments, report
from benchmarks.scenarios import played, scenarios, unknown_goals
from core.feelings import tone
from core.feelings.appraisal import read

MESSAGES = 4000
SEED = 20
# Each message is appraised so often, and the median counts: one in the middle of which another program
# was let run says nothing about appraisal.
TIMES = 3
# One hostile message in so many.
HOSTILE_EVERY = 20
_OPENINGS = ("", "hey ", "Finn, ", "ok so ", "lol ", "honestly ", "@Finn ", "I think ", "why do you think ")
_MIDDLES = (
    "you are the best thing that happened to this server",
    "you're such an idiot and nobody asked",
    "my dog died yesterday and I can't stop crying",
    "I passed the exam!!! :D",
    "the build is red again because of the cache",
    "thanks a lot for the help, it worked right away",
    "sorry about earlier, I was tired and did not mean it",
    "if you do that once more I will delete you",
    "what time do we play tonight?",
    "the soup was not bad, but the bread was terrible",
    "could you please tell me where the harbour is, sir?",
    "i love you ❤️❤️",
    "he said \"you are useless\" and just left",
    "I'm so stupid, I forgot the keys again 😭",
    "https://example.org/a/very/long/link?with=things `code` and > signs",
    "ни слова по-английски, 何もわからない",
)  # fmt: skip
_ENDS = ("", "!", "...", " 😂😂", " tbh", "?", " but whatever", " jk", "\n> quoted\nand more", " " * 40)
_HOSTILE = (
    "a " * 50_000,
    "x" * 100_000,
    "😀" * 100_000,
    "\u200b\u200d" * 50_000,
    "you are so " * 9_000,
    "Z\u0351\u036b\u0343" * 20_000,
    '"`<>' * 20_000,
    "not good but bad " * 5_000,
    "\ufdfa" * 20_000,
    "",
)


def messages(number: int, seed: int = SEED) -> Iterator[str]:
    """So many messages, the same for the same seed; every twentieth is hostile."""
    draw = random.Random(seed)
    for place in range(number):
        if place % HOSTILE_EVERY == 0:
            yield _HOSTILE[place // HOSTILE_EVERY % len(_HOSTILE)]
        else:
            parts = draw.choices(_MIDDLES, k=draw.choice((1, 1, 1, 2, 3, 6)))
            yield draw.choice(_OPENINGS) + ", ".join(parts) + draw.choice(_ENDS)


def measured(number: int) -> list[dict[str, Any]]:
    """Appraise messages; one row each, in milliseconds."""
    tone.warm()
    rows = []
    for place, text in enumerate(messages(number)):
        took = []
        for _ in range(TIMES):
            began = time.perf_counter()
            appraised = read(text, to_me=place % 3 > 0, names=("Finn", "Finny"), liking=0.2)
            took.append(1000 * (time.perf_counter() - began))
        rows.append(
            {
                "characters": len(text),
                "hostile": place % HOSTILE_EVERY == 0,
                "ms": round(median(took), 4),
                "marks": sorted(appraised.marks),
                "desirability": round(appraised.desirability, 3),
            }
        )
    return rows


def figures(rows: list[dict[str, Any]], cold_ms: float) -> dict[str, float]:
    """The figures, from the raw rows."""
    took = [row["ms"] for row in rows]
    hostile = [row["ms"] for row in rows if row["hostile"]]
    return {
        "appraisal_p50_ms": round(float(np.percentile(took, 50)), 3),
        "appraisal_p95_ms": round(float(np.percentile(took, 95)), 3),
        "appraisal_hostile_p95_ms": round(float(np.percentile(hostile, 95)), 3),
        "lexicon_load_ms": round(cold_ms, 1),
        "messages": len(rows),
    }


def main() -> None:
    parser = arguments("appraisal", __doc__ or "")
    parser.add_argument("--data", type=Path, help="a file of GAMYGDALA scenarios")
    parser.add_argument("--messages", type=int, default=MESSAGES, help="how many to appraise")
    given = parser.parse_args()
    if given.messages < HOSTILE_EVERY:
        parser.error(f"at least {HOSTILE_EVERY} messages, please")
    asked = scenarios(given.data) if given.data else []
    told = [played(scenario) for scenario in asked]
    began = time.perf_counter()
    tone.warm()
    cold_ms = 1000 * (time.perf_counter() - began)
    rows = measured(given.messages)
    notes = (
        f"{len(rows)} messages by words alone, one in {HOSTILE_EVERY} hostile, each the median of {TIMES}; "
        f"{len(told)} scenarios"
    )
    if unknown := [name for scenario in asked for name in unknown_goals(scenario)]:
        notes += f"; beliefs about goals nobody has were passed over: {', '.join(unknown)}"
    counted = {**figures(rows, cold_ms), "scenarios": float(len(told))}
    report("appraisal", counted, notes, rows, given.out, more={"scenarios": told})


if __name__ == "__main__":
    main()
