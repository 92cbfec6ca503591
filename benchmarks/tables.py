"""Do lists of a hundred thousand rows stand there at once, and do they scroll smoothly?

    python -m benchmarks.tables --json [--rows 100000] [--runs 5] [--only NAME …] [--keep FOLDER] [--out FILE]

A store is filled with so many people, messages, rooms, turns, facts, episodes, moods, attempts, receipts and
lines of the log (benchmarks.tables_filled), with long, many-lined, foreign and hostile texts. It is opened
by the app, and each page is opened in the window that the app has, `--runs` times, each time a new page:
`first_paint_ms_NAME` is the median time from the click to the first picture with rows in it (what is behind
a further click on a page: from that click). Then it is scrolled by wheel, page by page, by dragging the bar
from end to end, and from end to end by keys: `worst_frame_ms_NAME` is the longest picture or the longest
wait of the loop meanwhile, whichever was longer; `worst_frame_cpu_ms_NAME` the same as the loop's thread
computed, without what other processes took of it. `search_ms_NAME`: from the last letter typed to the first
picture of what was found, the pause included that the page waits for another letter. `leap_ms_NAME`: from
the key End to the last rows. `page_mb_NAME`: what the process grew by.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import tempfile
from argparse import Namespace
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from benchmarks.common import arguments, report
from benchmarks.tables_filled import MOST, filled
from core.app import App, Config, open_app

_KEY = {"ECHODECK_KEY": "00" * 32}
Row = dict[str, Any]


def measured(given: Namespace) -> list[Row]:
    """All rows: first paints, frames, searches."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from gui import loop
    from gui.application import make_application
    from gui.theme import apply

    rows: list[Row] = []
    application = make_application()
    apply(application, "light")

    async def live(closing: asyncio.Event) -> int:
        with _folder(given.keep) as folder:
            config = Config(folder, _KEY, brain="none", rounds=False)
            if not folder.exists():
                async with open_app(config) as app:
                    await filled(app, given.rows)
            async with open_app(config) as app:
                rows.extend(await _looked_at(app, given, closing))
        return 0

    loop.run(application, live)
    return rows


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep / "data"
        return
    with tempfile.TemporaryDirectory(prefix="echodeck-tables-") as place:
        yield Path(place) / "data"


async def _looked_at(app: App, given: Namespace, closing: asyncio.Event) -> list[Row]:
    from benchmarks import tables_watch as watch
    from benchmarks.tables_pages import watched

    rows: list[Row] = []
    for each in watched():
        if (given.only and each.name not in given.only) or closing.is_set():
            continue
        for run in range(given.runs):
            before = _memory()
            async with _window(app, each.page) as window:
                rows.append(await _opened(window, each))
                page = window.page
                if run == given.runs - 1:
                    rows.append({"of": each.name, "what": "memory", "mb": _memory() - before})
                    rows.append(await watch.leapt(page, each))
                    rows += await watch.scrolled(page, each)
                if each.search is not None and run < 3:
                    rows.append(await watch.searched(page, each))
        print(_figures([row for row in rows if row["of"] == each.name]), file=sys.stderr)
    return rows


async def _opened(window: Any, each: Any) -> Row:
    from benchmarks.tables_watch import first_paint

    if each.open is None:
        return await first_paint(lambda: window.page, each, lambda: window.go(each.page))
    window.go(each.page)
    await window.page.tasks.idle()
    await asyncio.sleep(0.1)
    return await first_paint(lambda: window.page, each, lambda: each.open(window.page))


@asynccontextmanager
async def _window(app: App, page: str) -> AsyncIterator[Any]:
    """The window, as the app shows it, on another page than the one that is looked at."""
    from gui.contents import entries
    from gui.sample import SampleSession
    from gui.window import MainWindow

    session = SampleSession(app.bus)
    elsewhere = "settings" if page != "settings" else "checkup"
    known = sorted(entries(app, session), key=lambda entry: entry.place.name != elsewhere)
    with tempfile.TemporaryDirectory() as place:
        window = MainWindow(known, app.bus, Path(place))
        window.show()
        assert window.page is not None
        await window.page.tasks.idle()
        await asyncio.sleep(0.1)
        try:
            yield window
        finally:
            await window.end()
            window.deleteLater()
            await asyncio.sleep(0.05)


def _memory() -> float:
    gc.collect()
    return round(psutil.Process().memory_info().rss / 1024**2, 1)


def _figures(rows: list[Row]) -> dict[str, float]:
    figures: dict[str, float] = {}
    for name in dict.fromkeys(row["of"] for row in rows):
        mine = [row for row in rows if row["of"] == name]
        paints = [row for row in mine if row["what"] == "first paint"]
        frames = [row for row in mine if row["what"] in ("frame", "late") and row["way"] != "rest"]
        rest = [row["ms"] for row in mine if row.get("way") == "rest"]
        searches = [row for row in mine if row["what"] == "search"]
        figures[f"first_paint_ms_{name}"] = median(row["ms"] for row in paints)
        figures[f"first_paint_cpu_ms_{name}"] = median(row["cpu_ms"] for row in paints)
        figures[f"held_cpu_ms_{name}"] = median(row["held_ms"] for row in paints)
        figures[f"worst_frame_ms_{name}"] = max(row["ms"] for row in frames)
        figures[f"worst_frame_cpu_ms_{name}"] = max(row["cpu_ms"] for row in frames)
        figures[f"worst_at_rest_ms_{name}"] = max(rest)
        figures |= {f"leap_ms_{name}": row["ms"] for row in mine if row["what"] == "leap"}
        figures |= {f"page_mb_{name}": round(row["mb"], 1) for row in mine if row["what"] == "memory"}
        if searches:
            figures[f"search_ms_{name}"] = median(row["ms"] for row in searches)
            figures[f"search_cpu_ms_{name}"] = median(row["cpu_ms"] for row in searches)
    return figures


def main() -> None:
    parser = arguments("tables", __doc__ or "")
    parser.add_argument("--rows", type=int, default=100_000, metavar="N")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="how often each page is opened")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", help="only these lists")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="where the filled store stays, and is found"
    )
    given = parser.parse_args()
    rows = measured(given)
    most = ", ".join(f"{many:,} {what}" for what, many in MOST.items())
    platform, load = os.environ["QT_QPA_PLATFORM"], os.getloadavg()[0]
    notes = (
        f"{given.rows:,} rows of each, but at most {most}; median of {given.runs} new pages; "
        f"load {load:.1f} on {os.cpu_count()} cores; Qt platform {platform}"
    )
    report("tables", {"rows": given.rows, **_figures(rows)}, notes, rows, given.out)


if __name__ == "__main__":
    main()
