"""What does a turn cost without the model?

    python -m benchmarks.turn --json [--size 1m] [--turns 200] [--out FILE]

A store is filled as in benchmarks.memory_speed (ten servers, 200 people, natural word frequencies; everybody
is known by name), then people mention the bot, one after the other, and each message walks the product's own
line: written down, weighed, felt, context and memories read, prompt made, reply kept and posted, trace kept.
Only the brain is left out (`--brain none`), and the question's vector comes at once. The day's clock stands
at the end of the archive, so that the channel has a full transcript. What comes round by itself (a night over
a million messages) is left out.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from peewee import Database

from benchmarks.common import arguments, report
from benchmarks.memory_speed import CHANNELS, PEOPLE, SIZES, Chatter, Instant, fill
from core.app import App, Config, open_app
from core.clock import VirtualClock
from core.conversation.message import Author, IncomingMessage, Place, Realm
from core.events import TurnEnded
from core.memory.embedder import ShippedEmbedder
from core.memory.recall import Recall
from core.settings import BURST_SECONDS
from core.stage import cast
from db import channels, people, turns
from db.channels import StoredChannel

SERVERS = 10
_BULK = 20_000
_TICK_S = 0.002
_SECONDS_A_MESSAGE = 20


class AsShipped(Instant):
    """Vectors at once, under the name of the model that ships: of any other name all would be made anew."""

    name = ShippedEmbedder.name


def known(db: Database, at: datetime) -> None:
    """Everybody was seen on every server, and every channel is open to all."""
    for guild in range(1, SERVERS + 1):
        for person in range(1, PEOPLE + 1):
            people.meet(db, Realm.DISCORD, person, guild, f"p{person}", False, at)
    for channel in range(1, SERVERS * CHANNELS + 1):
        guild = (channel - 1) % SERVERS + 1
        channels.seen(db, StoredChannel(Realm.DISCORD, guild, channel, f"c{channel}", True, at))


def question(chatter: Chatter, number: int, clock: VirtualClock, first_id: int) -> IncomingMessage:
    """Somebody mentions the bot in one of the channels, in natural words."""
    channel = number % (SERVERS * CHANNELS) + 1
    guild = (channel - 1) % SERVERS + 1
    place = Place(Realm.DISCORD, channel, f"c{channel}", guild, f"server {guild}", is_public=True)
    person = number * 7 % PEOPLE + 1
    text = f"@bot {chatter.texts(1)[0]}"
    return IncomingMessage(
        first_id + number * 2, place, Author(person, f"p{person}"), text, clock.now(), mentions_me=True
    )


async def ticking(late_ms: list[float]) -> None:
    """Note how late each tick comes, in milliseconds."""
    while True:
        due = time.perf_counter() + _TICK_S
        await asyncio.sleep(_TICK_S)
        late_ms.append(max(0.0, (time.perf_counter() - due) * 1000))


async def talk(
    app: App, clock: VirtualClock, chatter: Chatter, numbers: Sequence[int], first_id: int, kind: str
) -> tuple[list[dict[str, Any]], list[float]]:
    """One row a turn, and how late the loop's ticks came meanwhile."""
    ended: asyncio.Queue[str] = asyncio.Queue()
    listening = app.bus.listen(TurnEnded, lambda turn: ended.put_nowait(turn.turn_id))
    late_ms: list[float] = []
    ticker = asyncio.create_task(ticking(late_ms))
    rows = []
    for number in numbers:
        clock.step(_SECONDS_A_MESSAGE)
        message = question(chatter, number, clock, first_id)
        began = time.perf_counter()
        await app.line.take(message, app.practice.door)
        written_ms = (time.perf_counter() - began) * 1000
        await ended.get()
        took_ms = (time.perf_counter() - began) * 1000
        turn = await app.store.read(turns.of_message, message.place.realm, message.id)
        assert turn is not None
        rows.append(
            {
                "kind": kind,
                "turn": number,
                "ms": round(took_ms, 2),
                "replied": turn.state,
                "memories": len(turn.trace.get("memories", ())),
                "stages_ms": {"record": round(written_ms, 2), **turn.trace["timings_ms"]},
            }
        )
    ticker.cancel()
    await asyncio.gather(ticker, return_exceptions=True)
    listening.end()
    return rows, late_ms


async def measured(size: str, count: int) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """The figures, and a row a turn."""
    chatter, messages = Chatter(seed=7), SIZES[size]
    clock = VirtualClock(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=_SECONDS_A_MESSAGE * messages))
    with tempfile.TemporaryDirectory(prefix="echodeck-turn-") as folder:
        config = Config(
            Path(folder),
            {"ECHODECK_KEY": "00" * 32},
            clock=clock,
            chance=Random(5),
            brain="none",
            pace="instant",
            rounds=False,
        )
        async with open_app(config) as app:
            await cast(app, None)
            await app.settings.put(BURST_SECONDS, 0)
            await app.store.run(known, clock.now())
            for first in range(1, messages + 1, _BULK):
                count_now = min(_BULK, messages + 1 - first)
                await app.store.run(fill, chatter, first, count_now, SERVERS, AsShipped.name)
        async with open_app(config) as app:
            app.desk.recall = recall = Recall(app.store, AsShipped(chatter.chance), clock)
            first_id = messages * 10
            await talk(app, clock, chatter, range(SERVERS * CHANNELS), first_id, "warm")
            await recall.settled()  # a server's first turns do without its vectors in memory
            start = SERVERS * CHANNELS
            rows, late_ms = await talk(
                app, clock, chatter, range(start, start + count), first_id, "with recall"
            )
            app.desk.recall = None
            await recall.close()
            without, _ = await talk(
                app, clock, chatter, range(start + count, start + 2 * count), first_id, "without recall"
            )
    return _figures(size, rows, without, late_ms), rows + without


def _figures(
    size: str, rows: list[dict[str, Any]], without: list[dict[str, Any]], late_ms: list[float]
) -> dict[str, float]:
    took, took_without = [row["ms"] for row in rows], [row["ms"] for row in without]
    stages: dict[str, float] = {}
    for row in rows:
        for stage, ms in row["stages_ms"].items():
            stages[stage] = stages.get(stage, 0.0) + ms
    figures = {
        f"turn_p50_ms_{size}": np.percentile(took, 50),
        f"turn_p95_ms_{size}": np.percentile(took, 95),
        f"turn_without_recall_p50_ms_{size}": np.percentile(took_without, 50),
        f"turn_without_recall_p95_ms_{size}": np.percentile(took_without, 95),
        "loop_held_p99_ms": np.percentile(late_ms, 99),
        "loop_held_max_ms": max(late_ms),
        **{f"share_{stage}": ms / sum(took) for stage, ms in stages.items()},
        "turns": len(rows),
    }
    return {name: round(float(figure), 3) for name, figure in figures.items()}


def main() -> None:
    parser = arguments("turn", __doc__ or "")
    parser.add_argument("--size", choices=tuple(SIZES), default="1m")
    parser.add_argument("--turns", type=int, default=200)
    wanted = parser.parse_args()
    figures, rows = asyncio.run(measured(wanted.size, wanted.turns))
    notes = (
        f"{SIZES[wanted.size]:,} archived messages, {SERVERS} servers, {PEOPLE} people, "
        f"{SERVERS * CHANNELS} channels; {len(rows) // 2} turns with recall and as many without, from the "
        "message's arrival to the end of its trace; recall in the scope of the asking person on that "
        "server; share_STAGE of the turns with recall; loop_held: how late a 2 ms tick came meanwhile"
    )
    report("turn", figures, notes, rows, wanted.out)


if __name__ == "__main__":
    main()
