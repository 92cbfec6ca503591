"""What does it cost to clean, count, index and learn a person's messages?

    python -m benchmarks.echo_build --json [--sizes 1000,2000,5000,10000] [--out FILE]

Messages are made up: words by Zipf's law, chat's lengths, marks, links, mentions and the odd e-mail
address; one in fifty repeats an earlier one. As many messages of other people are given to learn the
difference from. A warm-up of 500 goes before. `build_mb` is the most that the whole process ever held,
interpreter and numpy included.
"""

from __future__ import annotations

import math
import random
import sys
import time
from typing import Any

import psutil

from benchmarks.common import arguments, report
from benchmarks.memory_speed import Chatter
from core.echo.clean import cleaned
from core.echo.profile import EchoProfile, built

_DRESSES = ("{}", "{}", "{}", "{}.", "{}..", "{} :)", "<@123456789012345678> {}", "{} https://a.example/{}")


def raw_messages(count: int, seed: int) -> list[str]:
    """Messages as they come from a channel."""
    chance = random.Random(seed)
    made: list[str] = []
    for text in Chatter(seed).texts(count):
        if made and chance.random() < 0.02:
            made.append(chance.choice(made))
            continue
        dressed = chance.choice(_DRESSES).format(text, chance.randrange(10**6))
        if chance.random() < 0.01:
            dressed += " write to someone@mail.example or +49 170 1234567"
        made.append(dressed.capitalize() if chance.random() < 0.3 else dressed)
    return made


def build(raw: list[str], others: list[str]) -> EchoProfile:
    """From raw messages to a profile that can write."""
    names = ["Ada", "Grace"]
    return built(cleaned(raw, names), cleaned(others, names))


def peak_mb() -> float:
    """The most this process ever held of the computer's memory, in megabytes."""
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset) / 1e6
    import resource

    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / 1e6 if sys.platform == "darwin" else held / 1e3


def main() -> None:
    """Read the command line and measure."""
    parser = arguments("echo_build", __doc__ or "")
    parser.add_argument("--sizes", default="1000,2000,5000,10000", help="how many messages, smallest first")
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.sizes.split(","))
    build(raw_messages(500, 1), raw_messages(500, 2))
    figures: dict[str, float] = {}
    rows: list[dict[str, Any]] = []
    for size in sizes:
        raw, others = raw_messages(size, 3), raw_messages(size, 4)
        began, busy = time.perf_counter(), time.process_time()
        profile = build(raw, others)
        took, worked = time.perf_counter() - began, time.process_time() - busy
        name = f"{size // 1000}k" if size % 1000 == 0 else str(size)
        figures[f"build_{name}_s"] = round(took, 2)
        rows.append(
            {
                "messages": size,
                "kept": profile.style.messages,
                "s": took,
                "cpu_s": worked,
                "peak_mb": peak_mb(),
            }
        )
    figures["build_mb"] = round(peak_mb(), 1)
    if len(sizes) > 1:
        first, last = rows[0], rows[-1]
        grown = math.log(last["cpu_s"] / first["cpu_s"]) / math.log(last["messages"] / first["messages"])
        figures["growth_exponent"] = round(grown, 2)
    report("echo_build", figures, _NOTES, rows, options.out)


_NOTES = (
    "Clean, drop near-duplicates, count, index, learn the re-ranker (against as many messages of others). "
    "growth_exponent, by processor time from the smallest size to the largest: 1 is linear in the number."
)

if __name__ == "__main__":
    main()
