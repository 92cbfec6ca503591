"""How long until the window is there, with a full store?

    python -m benchmarks.startup --json [--messages 100000] [--runs 5] [--out FILE]

A store is filled with messages through the product's own code (message, words and index). Then the
desktop app is started on it as a host starts it, in a process of its own, `--runs` times; a run's time
goes from the start of the process to the line "the window is shown" in its log. The store is also
opened alone, as often. The median counts. A warm-up run, which fills the caches of the disk, is not
counted.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from peewee import Database

from benchmarks.common import arguments, report
from core.app import Config, open_app
from core.logs import LOG_FILE, LogLine
from core.setup import Setup
from db import messages
from db.keys import STORE_FILE
from db.messages import StoredMessage
from db.store import Store

KEY = bytes(range(32))
WORDS = ("bread", "rose", "slowly", "rain", "fell", "harbour", "lights", "nobody", "spoke", "tomorrow")
PEOPLE, CHANNELS = 200, 20
BATCH = 2_000
_PATIENCE_S = 60.0


async def filled(folder: Path, wanted: int) -> None:
    """A store with `wanted` messages, made as the app makes them, of a host who went through the guide."""
    environ = {"ECHODECK_KEY": KEY.hex()}
    async with open_app(Config(folder, environ)) as app:
        for first in range(0, wanted, BATCH):
            await app.store.run(_write, first, min(BATCH, wanted - first))
        await Setup(app.store, app.config.clock).finish()


def _write(db: Database, first: int, count: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(first, first + count):
        text = " ".join(WORDS[(number * step) % len(WORDS)] for step in range(1, 3 + number % 14))
        messages.record(
            db,
            StoredMessage(
                realm="discord",
                platform_id=1_000_000 + number,
                guild_id=1,
                channel_id=number % CHANNELS + 1,
                author_id=number % PEOPLE + 1,
                author_name=f"person {number % PEOPLE}",
                is_bot=False,
                is_self=False,
                text=text,
                reply_to=None,
                sent_at=start + timedelta(seconds=number * 30),
            ),
        )


async def store_opened(folder: Path) -> float:
    """Milliseconds to open the store, everything it does at a start included."""
    began = time.perf_counter()
    store = await Store.open(folder / STORE_FILE, KEY)
    took = (time.perf_counter() - began) * 1000
    await store.close()
    return took


def window_shown(folder: Path) -> float:
    """Milliseconds from the start of the process until its window is shown."""
    log = folder / "logs" / LOG_FILE
    log.unlink(missing_ok=True)
    environ = os.environ | {"ECHODECK_KEY": KEY.hex()}
    environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    began = time.time()
    running = subprocess.Popen(
        [sys.executable, "main.py", "--data-dir", str(folder)], env=environ, stderr=subprocess.DEVNULL
    )
    try:
        while time.time() - began < _PATIENCE_S and running.poll() is None:
            if (shown := _shown_at(log)) is not None:
                return (shown - began) * 1000
            time.sleep(0.05)
        raise SystemExit("The window was never shown.")
    finally:
        running.terminate()
        running.wait()


def _shown_at(log: Path) -> float | None:
    written = log.read_text("utf-8").splitlines() if log.exists() else []
    lines = (LogLine.from_json(line) for line in written)
    return next((line.at.timestamp() for line in lines if line and line.text == "the window is shown"), None)


def measured(wanted: int, runs: int) -> list[dict[str, Any]]:
    """One row a run."""
    with tempfile.TemporaryDirectory(prefix="echodeck-startup-") as place:
        folder = Path(place) / "data"
        asyncio.run(filled(folder, wanted))
        window_shown(folder)
        asyncio.run(store_opened(folder))
        return [
            {
                "run": run,
                "window_shown_ms": round(window_shown(folder), 1),
                "store_open_ms": round(asyncio.run(store_opened(folder)), 1),
            }
            for run in range(1, runs + 1)
        ]


def main() -> None:
    parser = arguments("startup", __doc__ or "")
    parser.add_argument("--messages", type=int, default=100_000, metavar="N")
    parser.add_argument("--runs", type=int, default=5, metavar="N")
    given = parser.parse_args()
    rows = measured(given.messages, given.runs)
    shown = [row["window_shown_ms"] for row in rows]
    figures = {
        "window_shown_ms": median(shown),
        "window_shown_slowest_ms": max(shown),
        "store_open_ms": median(row["store_open_ms"] for row in rows),
        "messages": given.messages,
        "runs": given.runs,
    }
    platform = os.environ.get("QT_QPA_PLATFORM", "offscreen")
    report("startup", figures, f"median of {given.runs} starts, Qt platform {platform}", rows, given.out)


if __name__ == "__main__":
    main()
