"""Does it keep up when many people write at once?

    python -m benchmarks.load --json [--minutes 5] [--a-minute 1000] [--channels 50] [--out FILE]

A bot is online at a Discord of its own making (real sockets, on a thread of its own), and people write in
all channels at once; every fourth message mentions the bot. The brain answers at once, everything else is
the product: gateway, bridge, line, store, recall, posting. Counted is whether every message got its turn,
whether each channel's replies came in the order of what they answer, how late the loop was, and what it
took of memory after the first minute.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import psutil

from benchmarks.common import arguments, report
from bot.client import DiscordSession
from core.app import App, Config, open_app
from core.events import TurnEnded
from core.stage import cast
from tests.support.discord_thread import FakeDiscordThread
from tests.support.fake_brain import FakeBrain
from tests.support.fake_discord import TOKEN, FakeDiscord
from tests.support.fake_roles import FakeRoles

_TICK_S = 0.005
_PEOPLE = 200
_TEXT = (
    "the ferry is late again and nobody knows why, has somebody seen the harbour master today? I made "
    "soup for six people, my sister moved to Emden with two cats and an accordion, who plays tonight"
)
_WORDS = _TEXT.split()


async def ticking(late_ms: list[float]) -> None:
    """Note how late each tick comes, in milliseconds."""
    while True:
        due = time.perf_counter() + _TICK_S
        await asyncio.sleep(_TICK_S)
        late_ms.append(max(0.0, (time.perf_counter() - due) * 1000))


async def memory_mb(every_s: float, seen: list[float]) -> None:
    """Note what the process holds, in megabytes."""
    while True:
        seen.append(psutil.Process().memory_info().rss / 1024**2)
        await asyncio.sleep(every_s)


async def people_write(
    discord: FakeDiscord, seconds: float, a_minute: int, channels: Sequence[Any], chance: Random
) -> list[int]:
    """Write evenly into all channels; answers the ids of what was written. Runs on the fake's own loop."""
    people = [discord.add_user(f"Person {number}") for number in range(_PEOPLE)]
    written = []
    began, gap_s = time.perf_counter(), 60 / a_minute
    for number in range(round(seconds / gap_s)):
        text = " ".join(chance.choices(_WORDS, k=chance.randint(3, 18)))
        if number % 4 == 0:
            text = f"{discord.mention} {text}"
        channel = channels[number % len(channels)]
        message = await discord.say(channel, chance.choice(people), text)
        written.append(int(message["id"]))
        await asyncio.sleep(max(0.0, began + (number + 1) * gap_s - time.perf_counter()))
    return written


def in_order(discord: FakeDiscord) -> int:
    """How many replies came after a reply to a later message of their channel."""
    late = 0
    newest: dict[str, int] = {}
    for post in discord.posts:
        answers = (post.get("message_reference") or {}).get("message_id")
        if answers is not None:
            late += int(answers) < newest.get(post["channel_id"], 0)
            newest[post["channel_id"]] = max(newest.get(post["channel_id"], 0), int(answers))
    return late


async def measured(minutes: float, a_minute: int, channels: int) -> dict[str, float]:
    """The figures of one run."""
    with tempfile.TemporaryDirectory(prefix="echodeck-load-") as folder, FakeDiscordThread() as there:
        environ = {"ECHODECK_KEY": "00" * 32, "ECHODECK_TOKEN": TOKEN}
        names = [f"room-{number}" for number in range(channels)]
        guild = there.do(lambda discord: discord.add_guild("Harbour", *names))
        config = Config(Path(folder), environ, chance=Random(5), pace="instant")
        async with open_app(config) as app:
            brain = FakeBrain("the kettle is on, come in")
            app.desk.roles = FakeRoles(brain)  # type: ignore[assignment]
            # A fake remembers what it was asked; five minutes of whole prompts would count as the product's.
            app.bus.listen(TurnEnded, lambda _: brain.requests.clear())
            await cast(app, None)
            return await _watched(app, there, guild, minutes, a_minute)


async def _watched(
    app: App, there: FakeDiscordThread, guild: Any, minutes: float, a_minute: int
) -> dict[str, float]:
    ended: list[bool] = []
    one_more = asyncio.Event()

    def note(turn: TurnEnded) -> None:
        ended.append(turn.replied)
        one_more.set()

    listening = app.bus.listen(TurnEnded, note)
    session = DiscordSession(
        app.line,
        app.secrets,
        app.bus,
        app.config.clock,
        api_url=there.discord.api_url,
        gateway_url=there.discord.gateway_url,
        ready_after_s=0.2,
    )
    await session.start()
    await there.ask(lambda discord: discord.until(lambda: bool(discord._sockets)))
    late_ms: list[float] = []
    memory: list[float] = []
    watching = [asyncio.create_task(ticking(late_ms)), asyncio.create_task(memory_mb(5.0, memory))]
    written = await there.ask(
        lambda discord: people_write(discord, minutes * 60, a_minute, guild.channels, Random(9))
    )
    async with asyncio.timeout(120):
        while len(ended) < len(written):
            one_more.clear()
            await one_more.wait()
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    await session.stop()
    listening.end()
    warm = memory[min(len(memory) - 1, 12) :]
    slope = float(np.polyfit(np.arange(len(warm)) * 5 / 60, warm, 1)[0]) if len(warm) > 2 else 0.0
    return {
        "messages": len(written),
        "turns_ended": len(ended),
        "dropped": len(written) - len(ended),
        "replies": sum(ended),
        "out_of_order": there.do(in_order),
        "loop_lag_p50_ms": round(float(np.percentile(late_ms, 50)), 2),
        "loop_lag_p99_ms": round(float(np.percentile(late_ms, 99)), 2),
        "loop_lag_max_ms": round(max(late_ms), 1),
        "memory_first_mb": round(warm[0], 1),
        "memory_last_mb": round(warm[-1], 1),
        "memory_slope_mb_per_minute": round(slope, 2),
    }


def main() -> None:
    parser = arguments("load", __doc__ or "")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--a-minute", type=int, default=1000, metavar="N")
    parser.add_argument("--channels", type=int, default=50)
    wanted = parser.parse_args()
    figures = asyncio.run(measured(wanted.minutes, wanted.a_minute, wanted.channels))
    notes = (
        f"{wanted.a_minute} messages a minute over {wanted.channels} channels for {wanted.minutes:g} "
        "minutes, every fourth mentions the bot; the fake Discord shares the process (a thread of its own); "
        "memory from the second minute on"
    )
    report("load", figures, notes, [figures], wanted.out)


if __name__ == "__main__":
    main()
