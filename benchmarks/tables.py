"""Do lists of a hundred thousand rows stand there at once, and do they scroll smoothly?

    python -m benchmarks.tables --json [--facts 100000] [--out FILE]

A store is filled with facts of 200 people, half of them of one person. The memory page is shown on it, as
in the window: the first paint is the time from `show` until the first facts are painted, once with
everybody's facts and once with that one person's; the figure is the slower one. Then the list is scrolled
from top to bottom, line by line, page by page, and by leaps to anywhere and back. A frame is one step of
the bar with all that is painted for it; how late the loop was meanwhile counts as a frame too, because
whoever waits for the loop sees that as well. `at_rest` is the same with a bar that does not move: what the
machine does to a window that only stands there.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from peewee import Database

from benchmarks.common import arguments, report
from benchmarks.loop_lag import ticking
from core.app import App, Config, open_app
from core.memory.consolidate import Consolidation
from core.memory.notebook import Notebook
from db import people
from db.base import MomentField
from db.facts import FactRow, SourceRow

PEOPLE = 200
DEALT = 5_000
NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
_WORDS = (
    "likes",
    "rain",
    "harbour",
    "bread",
    "Thursday",
    "tuba",
    "river",
    "sister",
    "Leeds",
    "sail",
    "radio",
)
_CATEGORIES = ("likes", "work", "family", "hobbies", "plans")


def _fill(db: Database, first: int, count: int, chance: Random) -> None:
    facts, sources = [], []
    for number in range(first, first + count):
        at = MomentField().db_value(NOW - timedelta(minutes=chance.randrange(500_000)))
        text = f"{' '.join(chance.choices(_WORDS, k=chance.randrange(4, 14)))} {number}"
        person = 1 if number % 2 else chance.randrange(2, PEOPLE + 1)
        facts.append(
            {
                "id": number + 1, "person": person, "realm": "discord", "text": text,
                "category": chance.choice(_CATEGORIES), "first_mentioned": at, "last_mentioned": at,
                "reference_count": 1, "importance": chance.random() * 10, "importance_by": "rules",
                "trust": 0.8, "valid_from": at, "author_id": person, "guild_id": 1, "channel_id": 1,
                "protected": False, "state": "live", "vector": chance.randbytes(384), "model": "benchmark",
            }
        )  # fmt: skip
        sources.append(
            {
                "fact": number + 1, "message": None, "platform_id": number, "author_id": person,
                "guild_id": 1, "channel_id": 1, "text": text, "said_at": at,
            }
        )  # fmt: skip
    for table, rows in ((FactRow, facts), (SourceRow, sources)):
        for start in range(0, count, 1_000):
            table.insert_many(rows[start : start + 1_000]).execute(db)


async def filled(app: App, wanted: int) -> None:
    """Fill the store as consolidations would have."""
    for number in range(1, PEOPLE + 1):
        await app.store.run(people.meet, "discord", number, 1, f"person {number}", False, NOW)
    chance = Random(11)
    for first in range(0, wanted, DEALT):
        await app.store.run(_fill, first, min(DEALT, wanted - first), chance)


def measured(wanted: int) -> list[dict[str, Any]]:
    """One row for each first paint, and one for each frame."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from gui import loop
    from gui.desktop import make_application
    from gui.theme import apply

    rows: list[dict[str, Any]] = []
    application = make_application()
    apply(application, "light")

    async def live(_closing: asyncio.Event) -> int:
        with tempfile.TemporaryDirectory(prefix="echodeck-tables-") as place:
            async with open_app(
                Config(Path(place) / "data", {"ECHODECK_KEY": "00" * 32}, brain="none")
            ) as app:
                await filled(app, wanted)
                rows.extend(await _on_the_page(app))
        return 0

    loop.run(application, live)
    return rows


async def _on_the_page(app: App) -> list[dict[str, Any]]:
    from gui.pages.memory import MemoryPage

    def page() -> MemoryPage:
        consolidation = Consolidation(app.store, app.roles, None, app.config.clock, app.bus)
        notebook = Notebook(app.store, app.bus, app.config.clock)
        made = MemoryPage(notebook, consolidation, app.bus, app.config.clock.now)
        made.resize(1072, 768)
        return made

    rows: list[dict[str, Any]] = []
    for _ in range(3):  # the first loads the code and the file's pages, as the app's first page does
        shown = page()
        began = time.perf_counter()
        shown.show()
        rows.append({"what": "first paint", "of": "everybody", "ms": await _painted(shown, began)})
        await shown.tasks.idle()
        began = time.perf_counter()
        shown.people.choose(1)
        rows.append({"what": "first paint", "of": "one person", "ms": await _painted(shown, began)})
        await shown.tasks.idle()
        await _settled(shown)
        if _ < 2:
            await shown.end()
            shown.hide()
            shown.deleteLater()
    shown.people.choose(0)
    await _settled(shown)
    rows += await _scrolled(shown)
    await shown.end()
    shown.hide()
    return rows


async def _painted(page: Any, began: float) -> float:
    """Wait until the first line stands in the list; answers the milliseconds until it was painted."""
    model = page.facts_model
    arrived = asyncio.Event()
    model.modelReset.connect(arrived.set)
    await asyncio.wait_for(arrived.wait(), 60)
    await asyncio.sleep(0)
    page.memories.view.viewport().repaint()
    took = (time.perf_counter() - began) * 1000
    model.modelReset.disconnect(arrived.set)
    assert model.line(0) is not None
    return round(took, 1)


async def _settled(page: Any) -> None:
    await page.tasks.idle()
    await asyncio.sleep(0.2)


async def _scrolled(page: Any) -> list[dict[str, Any]]:
    """Scroll in every way, and note each frame."""
    bar = page.memories.view.verticalScrollBar()
    end, chance = bar.maximum(), Random(3)
    ways = {
        "at rest": [0] * 150,
        "line by line": range(0, 120 * 56, 56),
        "page by page": range(0, 150 * 500, 500),
        "dragged": range(0, end, max(1, end // 200)),
        "leaps": [chance.randrange(end) for _ in range(100)],
    }
    rows: list[dict[str, Any]] = []
    for way, values in ways.items():
        late_ms: list[float] = []
        over = asyncio.Event()
        ticker = asyncio.create_task(ticking(late_ms, over))
        for value in values:
            began, busy = time.perf_counter(), time.thread_time()
            bar.setValue(value)
            page.memories.view.viewport().repaint()
            rows.append(
                {
                    "what": "frame",
                    "way": way,
                    "ms": round((time.perf_counter() - began) * 1000, 2),
                    "cpu_ms": round((time.thread_time() - busy) * 1000, 2),
                }
            )
            await asyncio.sleep(0.008)
        await page.tasks.idle()
        over.set()
        await ticker
        rows += [{"what": "late", "way": way, "ms": round(late, 2)} for late in late_ms]
    return rows


def main() -> None:
    parser = arguments("tables", __doc__ or "")
    parser.add_argument("--facts", type=int, default=100_000, metavar="N")
    given = parser.parse_args()
    rows = measured(given.facts)
    paints = [row["ms"] for row in rows if row["what"] == "first paint"]
    warm = paints[2:]
    frames = sorted(row["ms"] for row in rows if row["what"] in ("frame", "late") and row["way"] != "at rest")
    rest = sorted(row["ms"] for row in rows if row.get("way") == "at rest")
    figures = {
        "memory_first_paint_ms": max(warm),
        "memory_first_paint_cold_ms": max(paints),
        "memory_worst_frame_ms": frames[-1],
        "memory_worst_at_rest_ms": rest[-1],
        "memory_frame_p99_ms": frames[int(len(frames) * 0.99)],
        "memory_worst_frame_cpu_ms": max(row["cpu_ms"] for row in rows if row["what"] == "frame"),
        "facts": given.facts,
        "frames": len(frames),
    }
    platform = os.environ.get("QT_QPA_PLATFORM", "offscreen")
    notes = f"{PEOPLE} people, half of the facts of one; Qt platform {platform}; cold is the first page shown"
    report("tables", figures, notes, rows, given.out)


if __name__ == "__main__":
    main()
