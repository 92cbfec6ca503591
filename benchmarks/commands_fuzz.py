"""Ten thousand wrong uses of the bot's commands, on an in-memory Discord.

Who, where, with which options and which faults of Discord's is drawn by chance; commands, menus, buttons,
forms and suggestions go through the product's own client and store. Counted are exceptions that nobody had a
sentence for (beside what the in-memory Discord itself does not know), interactions answered twice, and
interactions left unanswered although Discord was in order.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from time import perf_counter

from benchmarks.common import arguments, report
from core.app import Config, open_app
from core.persona.identity import sample
from core.settings import BURST_SECONDS
from tests.support.fuzz_commands import Fuzz, campaign

A_ROUND = 500
_BEYOND = "simcord does not implement"  # pictures and lines of a face, the search in a server's history
# Commands are measured, not how long people are waited for.
KEY = {"ECHODECK_KEY": "11" * 32, BURST_SECONDS.environment_names[0]: "0"}


class _Broken(logging.Handler):
    """Counts what was logged as an error: a command that broke is."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        why = record.exc_info[1] if record.exc_info else None
        self.lines.append(f"{record.getMessage()}: {why!r}" if why is not None else record.getMessage())


async def measure(uses: int, seed: int) -> tuple[Fuzz, float]:
    """Use the commands of an app of its own; answers what came of it and how long it took, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        config = Config(
            Path(folder) / "data",
            environ=KEY,
            chance=Random(seed),
            brain="none",
            pace="instant",
            rounds=False,
        )
        async with open_app(config) as app:
            await app.personas.add(sample("Finn"))
            begun = perf_counter()
            every = Fuzz(Random(seed))
            for number, first in enumerate(
                range(0, uses, A_ROUND)
            ):  # one long life slows the simulation down
                found = await campaign(app, min(A_ROUND, uses - first), seed + number)
                every.tried += found.tried
                every.twice += found.twice
                every.unanswered += found.unanswered
                every.unexpected += found.unexpected
            await app.line.close()
            return every, perf_counter() - begun


def main() -> None:
    parser = arguments("commands_fuzz", __doc__ or "")
    parser.add_argument("--uses", type=int, default=10_000, metavar="N", help="how many uses")
    parser.add_argument("--seed", type=int, default=7, metavar="N", help="what is drawn")
    options = parser.parse_args()
    broken = _Broken()
    logging.getLogger().addHandler(broken)
    fuzz, took = asyncio.run(measure(options.uses, options.seed))
    kinds = Counter(fuzz.tried)
    impossible = kinds.pop("not possible", 0)
    every = [*broken.lines, *fuzz.unexpected]
    beyond = [line for line in every if _BEYOND in line]
    figures = {
        "uses": sum(kinds.values()),
        "not_possible_on_discord": impossible,
        "kinds": len(kinds),
        "unhandled": len(every) - len(beyond),
        "not_in_the_simulation": len(beyond),
        "answered_twice": len(fuzz.twice),
        "unanswered": len(fuzz.unanswered),
        "took_s": round(took, 1),
    }
    rows = [{"use": name, "times": times} for name, times in kinds.most_common()]
    rows += [{"broken": line} for line in every]
    report(
        "commands_fuzz",
        figures,
        f"seed {options.seed}; {figures['uses']} uses reached the bot, 8 % of them with a fault of Discord's",
        rows,
        options.out,
    )


if __name__ == "__main__":
    main()
