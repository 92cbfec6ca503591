"""Does any message, or any answer of a model, make the app stumble?

    python -m benchmarks.fuzz --json [--n 10000] [--minutes N] [--seed 7] [--out FILE]

Hostile messages of every sort (tests/support/hostile.py: control characters, torn surrogates, endless
marks, orders to the model, odd names, attachments, replies to what is gone, forwarded, doubled, changed and
deleted ones …) reach the bot over real sockets, through discord.py, bridge, line and turn. Half of the
model's answers are hostile too, and one post in thirty is refused by Discord. Counted is everything that was
logged as an error or ended in asyncio's own hands, and every message that was neither kept nor refused.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.common import arguments, report
from benchmarks.load import ticking
from bot.client import DiscordSession
from bot.services import services_of
from core.app import App, Config, open_app
from core.clock import SystemClock
from core.events import MessageRecorded, TurnEnded
from core.settings import BURST_SECONDS, OPEN_THREADS
from core.stage import cast
from tests.support.discord_thread import FakeDiscordThread
from tests.support.fake_discord import TOKEN, FakeChannel, FakeDiscord
from tests.support.fake_roles import FakeRoles
from tests.support.hostile import HostileBrain, fault, one_message

A_FLIGHT = 25
_FLIGHT_WITHIN_S = 120.0
_REFUSED_SHARE = 1 / 30
_FASTER = 50  # what waits a second before it tries again waits 20 ms


class LeapingClock(SystemClock):
    """The computer's clock, put forward between flights: no limit on replies holds them up, and no pause."""

    def __init__(self) -> None:
        self.ahead_s = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self.ahead_s)

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead_s

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / _FASTER)


class Complaints(logging.Handler):
    """Keeps what was logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        detail = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
        self.lines.append(f"{record.name}: {record.getMessage()[:300]} {detail[-1500:]}")


@dataclass
class Fuzz:
    """What was tried, and what came of it."""

    messages: int = 0
    flights: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    unhandled: list[str] = field(default_factory=list)
    posts: int = 0
    secrets_told: int = 0
    longest_s: float = 0.0
    late_ms: list[float] = field(default_factory=list)


async def campaign(n: int, seed: int, minutes: float = float("inf")) -> Fuzz:
    """Let that many hostile messages arrive, or as many as fit; answers what came of them."""
    until = perf_counter() + minutes * 60
    fuzz, complaints, chance = Fuzz(), Complaints(), Random(seed)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.lines.append(f"asyncio: {context}"[:1500]))
    logging.getLogger().addHandler(complaints)
    environ = {
        "ECHODECK_KEY": "00" * 32,
        "ECHODECK_TOKEN": TOKEN,
        BURST_SECONDS.environment_names[0]: "0",
        OPEN_THREADS.environment_names[0]: "true",
    }
    clock = LeapingClock()
    try:
        with tempfile.TemporaryDirectory(prefix="echodeck-fuzz-") as folder, FakeDiscordThread() as there:
            config = Config(Path(folder), environ, clock=clock, chance=chance, brain="none", pace="instant")
            async with open_app(config) as app:
                app.desk.speaks = True
                app.desk.roles = FakeRoles(HostileBrain(Random(seed), TOKEN))  # type: ignore[assignment]
                await cast(app, None)
                await _online(app, there, clock, n, Random(seed), fuzz, until)
            fuzz.posts = len(there.discord.posts)
            fuzz.secrets_told = sum(TOKEN in it["content"] for it in there.discord.posts)
    finally:
        logging.getLogger().removeHandler(complaints)
    fuzz.unhandled += complaints.lines
    return fuzz


async def _online(
    app: App,
    there: FakeDiscordThread,
    clock: LeapingClock,
    n: int,
    chance: Random,
    fuzz: Fuzz,
    until: float,
) -> None:
    channels = there.do(_world)
    listening = app.bus.listen(TurnEnded, lambda turn: fuzz.ends.update([_how(turn)]))
    session = DiscordSession(
        app.line,
        app.secrets,
        app.bus,
        app.config.clock,
        api_url=there.discord.api_url,
        gateway_url=there.discord.gateway_url,
        ready_after_s=0.05,
        services=services_of(app),
    )
    await session.start()
    watching = asyncio.create_task(ticking(fuzz.late_ms))
    try:
        await there.ask(lambda discord: discord.until(lambda: bool(discord._sockets)))
        for first in range(0, n, A_FLIGHT):
            if perf_counter() > until:
                break
            await _flight(app, there, channels, min(A_FLIGHT, n - first), chance, fuzz)
            clock.ahead_s += 120
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await session.stop()
        listening.end()


def _world(discord: FakeDiscord) -> list[FakeChannel]:
    names = ("general", "\u202egnol", "x" * 100, *(f"room-{number}" for number in range(12)))
    guild = discord.add_guild("Har\u200bbour {0}", *names)
    thread = discord.add_thread(guild.channels[0], "a thread: {name}")
    return [*guild.channels, thread, discord.direct(discord.add_user("Ada"))]


async def _flight(
    app: App, there: FakeDiscordThread, channels: list[FakeChannel], n: int, chance: Random, fuzz: Fuzz
) -> None:
    """Some messages at once, and wait until all that they set off has ended."""
    last: set[int] = set()
    one_more = asyncio.Event()

    def note(event: MessageRecorded) -> None:
        last.add(event.message_id)
        one_more.set()

    async def write(discord: FakeDiscord) -> int:
        for _ in range(n):
            if chance.random() < _REFUSED_SHARE:
                discord.fail("POST", r"/messages$", fault(chance))
            await one_message(discord, channels, chance)
        end = await discord.say(channels[1], discord.add_user("Bob"), "that was that")
        return int(end["id"])

    began = perf_counter()
    listening = app.bus.listen(MessageRecorded, note)
    end = await there.ask(write)
    try:
        async with asyncio.timeout(_FLIGHT_WITHIN_S):
            while end not in last:
                one_more.clear()
                await one_more.wait()
            while app.line.tasks:
                await asyncio.wait(app.line.tasks)
    except TimeoutError:
        fuzz.unhandled.append(f"flight {fuzz.flights} had not ended after {_FLIGHT_WITHIN_S:g} s")
    finally:
        listening.end()
    fuzz.flights += 1
    fuzz.messages += n
    fuzz.longest_s = max(fuzz.longest_s, perf_counter() - began)


def _how(turn: TurnEnded) -> str:
    return "replied" if turn.replied else "failed" if turn.failed else "silent"


def figures(fuzz: Fuzz, took_s: float) -> dict[str, float]:
    """The campaign in numbers."""
    return {
        "messages": fuzz.messages,
        "turns": fuzz.ends.total(),
        "replied": fuzz.ends["replied"],
        "silent": fuzz.ends["silent"],
        "failed_with_a_sentence": fuzz.ends["failed"],
        "posts": fuzz.posts,
        "unhandled": len(fuzz.unhandled),
        "secrets_told": fuzz.secrets_told,
        "loop_held_p99_ms": round(float(np.percentile(fuzz.late_ms, 99)), 1),
        "loop_held_max_ms": round(max(fuzz.late_ms), 1),
        "slowest_flight_s": round(fuzz.longest_s, 2),
        "took_s": round(took_s, 1),
    }


def main() -> None:
    parser = arguments("fuzz", __doc__ or "")
    parser.add_argument("--n", type=int, default=10_000, metavar="N", help="how many messages")
    parser.add_argument(
        "--minutes", type=float, default=float("inf"), metavar="N", help="after which it ends, done or not"
    )
    parser.add_argument("--seed", type=int, default=7, metavar="N", help="what is drawn")
    wanted = parser.parse_args()
    began = perf_counter()
    fuzz = asyncio.run(campaign(wanted.n, wanted.seed, wanted.minutes))
    told = figures(fuzz, perf_counter() - began)
    notes = (
        f"seed {wanted.seed}; in flights of {A_FLIGHT}, each waited for; turns: what was no doubled or "
        "system message; failed_with_a_sentence: the model or Discord failed, and the host reads why"
    )
    rows: list[dict[str, Any]] = [{"unhandled": line} for line in fuzz.unhandled]
    report("fuzz", told, notes, rows, wanted.out)


if __name__ == "__main__":
    main()
