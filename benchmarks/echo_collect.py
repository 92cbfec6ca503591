"""Is a person's whole history read, once, through rate limits and restarts?

    python -m benchmarks.echo_collect --json [--messages 200000] [--own 10000] [--restarts 2] [--search]

A made-up server of three channels is paged through (with --search: searched by author); every fifth request
is answered with 429, and the program ends that many times in the middle of a request and is opened again.
The store is real and encrypted; the time that a source asks to wait passes at once.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.common import arguments, report
from benchmarks.echo_build import peak_mb
from core.clock import VirtualClock
from core.echo.consent import Request
from core.echo.echoes import Echoes
from core.events import Bus
from core.safety.access import Asker
from core.settings import Settings
from db import echo_messages
from db.store import Store
from tests.support.echo_history import ALICE, GUILD, History, written

_NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
_BUSY = 5
_LONG_S = 1500.0


class _Hurried(VirtualClock):
    """Short waits pass at once."""

    async def sleep(self, seconds: float) -> None:
        if seconds > _LONG_S:
            await super().sleep(seconds)
        else:
            self.step(max(0.0, seconds))
            await asyncio.sleep(0)


async def once(folder: Path, history: History, clock: VirtualClock, consent_id: int) -> tuple[int, bool]:
    """The program from its start to its end, or until a request is never answered; answers the consent, and
    whether all was read."""
    store = await Store.open(folder / "echodeck.db", bytes(range(32)), now=clock.now)
    bus = Bus()
    settings = Settings(store, bus, clock, {})
    crashes = len(history.broken)
    try:
        async with Echoes(store, _no_brains, settings, bus, clock, Random(1), UTC) as echoes:
            if not consent_id:
                consent_id = await _consent(echoes)
            await echoes.connect(history)
            job = (await echoes.jobs.recent())[0]
            while len(history.broken) == crashes:
                await asyncio.sleep(0.02)
                job = await echoes.jobs.get(job.id)
                if job.stage != "collect" or job.state == "failed":
                    return consent_id, True
            return consent_id, False
    finally:
        await store.close()


def _no_brains() -> Any:
    raise LookupError("only reading is measured")


async def _consent(echoes: Echoes) -> int:
    admin = Asker(ALICE, GUILD, permissions=frozenset({"manage_guild"}))
    return (await echoes.ask(Request(GUILD, "Harbour", ALICE, "Alice", _NOW), admin, "Alice")).id


async def kept(folder: Path, consent_id: int) -> list[int]:
    """The ids of what was read."""
    store = await Store.open(folder / "echodeck.db", bytes(range(32)))
    try:
        return [each.platform_id for each in await store.read(echo_messages.every, consent_id)]
    finally:
        await store.close()


async def measured(options: Namespace) -> None:
    """Read it all and count."""
    history = written(options.messages, options.own)
    history.every_busy, history.searchable = _BUSY, options.search
    requests = (options.own // 25 if options.search else options.messages // 100) * _BUSY // (_BUSY - 1)
    history.broken = [requests * (at + 1) // (options.restarts + 1) for at in range(options.restarts)]
    clock = _Hurried(_NOW)
    consent_id, starts, whole = 0, 0, False
    with tempfile.TemporaryDirectory() as name:
        began = time.perf_counter()
        while not whole:
            consent_id, whole = await once(Path(name), history, clock, consent_id)
            starts += 1
        took = time.perf_counter() - began
        found = await kept(Path(name), consent_id)
    own = {each.id for each in history.of(ALICE)}
    figures = {
        "messages": options.messages,
        "own": len(own),
        "collected": len(found),
        "missed": len(own - set(found)),
        "twice": len(found) - len(set(found)),
        "foreign": len(set(found) - own),
        "restarts": starts - 1,
        "requests": history.asked,
        "refused": history.refused,
        "pages": history.pages,
        "collect_s": round(took, 1),
        "collect_mb": round(peak_mb(), 1),
    }
    report("echo_collect", figures, _NOTES)


_NOTES = (
    "missed, twice and foreign are counts of messages. refused: requests answered with 429. collect_s is the "
    "time of reading, cleaning and storing without the waiting that a real server asks for; collect_mb the "
    "whole process with the made-up history in it."
)


def main() -> None:
    """Read the command line and measure."""
    parser = arguments("echo_collect", __doc__ or "")
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--own", type=int, default=10_000)
    parser.add_argument("--restarts", type=int, default=2)
    parser.add_argument("--search", action="store_true", help="a server that can be searched by author")
    asyncio.run(measured(parser.parse_args()))


if __name__ == "__main__":
    main()
