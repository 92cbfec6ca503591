"""Does the window stay smooth while a reply is being written?

    python -m benchmarks.loop_lag --json [--replies 5] [--out FILE]

The desktop app runs with the starter brain and shows the practice page; somebody writes, and the reply
streams in. Meanwhile a ticker asks the loop to be called every 5 ms, and notes how much later it was.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common import arguments, report
from core.app import App, Config, open_app
from core.events import ReplyGrowing
from core.session import Session

TICK_S = 0.005
_QUESTIONS = (
    "what did you do today?",
    "tell me about your town",
    "what do you like to eat?",
    "who is your best friend?",
    "how was the weather?",
)


async def ticking(late_ms: list[float], over: asyncio.Event) -> None:
    """Note how late each tick comes, in milliseconds, until it is over."""
    while not over.is_set():
        due = time.perf_counter() + TICK_S
        await asyncio.sleep(TICK_S)
        late_ms.append(max(0.0, (time.perf_counter() - due) * 1000))


async def one_reply(app: App, number: int) -> dict[str, Any]:
    """Let a reply stream in, and watch the loop from its first word to its end."""
    growing: asyncio.Event = asyncio.Event()
    pieces = 0

    def grew(_: ReplyGrowing) -> None:
        nonlocal pieces
        pieces += 1
        growing.set()

    listening = app.bus.listen(ReplyGrowing, grew)
    await app.practice.say("Ada", _QUESTIONS[number % len(_QUESTIONS)], to_bot=True)
    await asyncio.wait_for(growing.wait(), 120)
    late_ms: list[float] = []
    over = asyncio.Event()
    ticker = asyncio.create_task(ticking(late_ms, over))
    while tasks := app.line.tasks:
        await asyncio.wait(tasks)
    over.set()
    await ticker
    listening.end()
    return {"reply": number + 1, "pieces": pieces, "late_ms": [round(late, 2) for late in late_ms]}


def measured(replies: int) -> list[dict[str, Any]]:
    """One row a reply."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from bot.client import DiscordSession
    from core.stage import cast
    from gui import loop
    from gui.desktop import Desktop, make_application
    from gui.theme import apply

    rows: list[dict[str, Any]] = []
    apps: list[App] = []
    with tempfile.TemporaryDirectory(prefix="echodeck-lag-") as place:
        config = Config(Path(place) / "data", {"ECHODECK_KEY": "00" * 32}, brain="starter")

        def session(app: App) -> Session:
            apps.append(app)
            return DiscordSession(app.line, app.secrets, app.bus, app.config.clock)

        application = make_application()
        desktop = Desktop(config.data_dir, lambda: open_app(config), session, apply(application))

        async def live(closing: asyncio.Event) -> int:
            running = asyncio.create_task(desktop.live(closing))
            try:
                await asyncio.wait_for(desktop.shown.wait(), 60)
                app = apps[0]
                await app.setup.finish()
                await cast(app, None)
                assert desktop.window is not None
                desktop.window.go("practice")
                await one_reply(app, 0)  # loads the brain and the page; not counted
                for number in range(replies):
                    rows.append(await one_reply(app, number))
            finally:
                closing.set()
            return await running

        loop.run(application, live)
    return rows


def main() -> None:
    parser = arguments("loop_lag", __doc__ or "")
    parser.add_argument("--replies", type=int, default=5, metavar="N")
    given = parser.parse_args()
    rows = measured(given.replies)
    late_ms = [late for row in rows for late in row["late_ms"]]
    figures = {
        "loop_lag_p50_ms": round(float(np.percentile(late_ms, 50)), 2),
        "loop_lag_p99_ms": round(float(np.percentile(late_ms, 99)), 2),
        "loop_lag_max_ms": round(max(late_ms), 2),
        "ticks": len(late_ms),
        "replies": len(rows),
    }
    report(
        "loop_lag",
        figures,
        "lateness of a 5 ms tick while replies stream into the practice page",
        rows,
        given.out,
    )


if __name__ == "__main__":
    main()
