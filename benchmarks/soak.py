"""Does its memory grow the longer it runs?

    python -m benchmarks.soak --json [--minutes 30] [--a-minute 120] [--day-minutes 3] [--out FILE]

People write at a steady pace into eight rooms, every fourth message is meant for the bot, and each walks the
product's own line: kept, weighed, felt, recalled from, answered, traced, given its vector. Time runs so fast
that a day takes three minutes: nights (facts, episodes, forgetting), backups, speaking up and reminders come
round by themselves. The brain answers at once; facts are found by the rules that stand in for a model. What
the process holds is read every two seconds; the slope is that of a straight line through all that was read
after the warm-up, the first third.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import psutil
from peewee import Database

from benchmarks.common import arguments, report
from benchmarks.fuzz import Complaints
from core.app import STORE_FILE, App, Config, open_app
from core.clock import SystemClock
from core.conversation.message import Place
from core.conversation.practice import person_id
from core.events import TurnEnded
from core.settings import BURST_SECONDS
from core.stage import cast
from db import facts
from db.base import sql
from tests.support.fake_brain import FakeBrain
from tests.support.fake_roles import FakeRoles

_ROOMS = 8
_PEOPLE = 40
_EVERY_S = 2.0
_WARM_SHARE = 1 / 3
_TALK = (
    "the ferry is late again and nobody knows why, has somebody seen the harbour master today? I made "
    "soup for six people, who plays tonight, thanks for the lift, that was a terrible idea and I am sorry"
)
_FACTS = (
    "I live in {town}",
    "my sister moved to {town} with her {animal}",
    "I am allergic to {food}",
    "I work as a {trade} in {town}",
    "my favourite food is {food}",
    "I have a {animal} called {town}",
)
_OF = {
    "town": ("Emden", "Norden", "Leer", "Aurich", "Bremen", "Kiel", "Husum"),
    "animal": ("cat", "dog", "parrot", "goat", "horse"),
    "food": ("soup", "herring", "nuts", "rhubarb", "kale"),
    "trade": ("baker", "nurse", "welder", "teacher", "pilot"),
}


class FastClock(SystemClock):
    """Runs `speed` times as fast as the computer's."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._began = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
        self._zero = time.monotonic()

    def now(self) -> datetime:
        return self._began + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return (time.monotonic() - self._zero) * self._speed

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / self._speed)


@dataclass
class Soak:
    """What happened meanwhile."""

    rows: list[dict[str, float]] = field(default_factory=list)
    written: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    jobs: Counter[str] = field(default_factory=Counter)
    facts: int = 0
    store_mb: float = 0.0
    errors: list[str] = field(default_factory=list)


def _words(chance: Random) -> str:
    if chance.random() < 0.1:
        chosen = {name: chance.choice(values) for name, values in _OF.items()}
        return chance.choice(_FACTS).format(**chosen)
    return " ".join(chance.choices(_TALK.split(), k=chance.randint(3, 18)))


async def _people_write(app: App, seconds: float, a_minute: float, soak: Soak, chance: Random) -> None:
    """One message after the other, evenly."""
    rooms = [
        replace(app.practice.place, channel_id=person_id(f"#room {number}"), channel_name=f"room-{number}")
        for number in range(_ROOMS)
    ]
    began, gap_s = time.monotonic(), 60 / a_minute
    for number in range(round(seconds / gap_s)):
        await asyncio.sleep(max(0.0, began + number * gap_s - time.monotonic()))
        await _one(app, rooms[number % _ROOMS], number % 4 == 0, chance)
        soak.written += 1


async def _one(app: App, place: Place, to_bot: bool, chance: Random) -> None:
    name = f"Person {chance.randrange(_PEOPLE)}"
    await app.practice.say(name, _words(chance), to_bot=to_bot, place=place)


async def _watch(soak: Soak) -> None:
    """Note what the process holds."""
    began, me = time.monotonic(), psutil.Process()
    while True:
        held = {"s": round(time.monotonic() - began, 1), "mb": me.memory_info().rss / 1024**2}
        soak.rows.append(held | {"tasks": len(asyncio.all_tasks()), "threads": me.num_threads()})
        await asyncio.sleep(_EVERY_S)


def _came_round(db: Database) -> dict[str, int]:
    return dict(sql(db, "select job, count(*) from occurrences group by job").fetchall())


async def measured(minutes: float, a_minute: float, day_minutes: float) -> Soak:
    """One run."""
    soak, complaints = Soak(), Complaints()
    logging.getLogger().addHandler(complaints)
    environ = {"ECHODECK_KEY": "00" * 32, BURST_SECONDS.environment_names[0]: "0"}
    clock = FastClock(24 * 60 / day_minutes)
    with tempfile.TemporaryDirectory(prefix="echodeck-soak-") as folder:
        config = Config(Path(folder), environ, clock=clock, chance=Random(5), brain="none", pace="instant")
        async with open_app(config) as app:
            app.desk.speaks = True
            app.desk.roles = FakeRoles(_Forgetful())  # type: ignore[assignment]
            await cast(app, None)
            listening = app.bus.listen(TurnEnded, lambda turn: soak.ends.update([_how(turn)]))
            watching = asyncio.create_task(_watch(soak))
            await _people_write(app, minutes * 60, a_minute, soak, Random(9))
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            listening.end()
            soak.jobs = Counter(await app.store.read(_came_round))
            soak.facts = len(await app.store.read(facts.in_realm, "practice"))
            soak.store_mb = (Path(folder) / STORE_FILE).stat().st_size / 1024**2
    logging.getLogger().removeHandler(complaints)
    soak.errors = complaints.lines
    return soak


class _Forgetful(FakeBrain):
    """Does not remember what it was asked: that would be this benchmark's own leak."""

    def __init__(self) -> None:
        super().__init__("the kettle is on, come in")
        self.requests = _Nothing()


class _Nothing(list[Any]):
    def append(self, item: object) -> None:
        """Keep nothing; the one reply is always the last one's."""

    def __len__(self) -> int:
        return 1


def _how(turn: TurnEnded) -> str:
    return "replied" if turn.replied else "failed" if turn.failed else "silent"


def slope(rows: list[dict[str, float]]) -> float:
    """Megabytes a ten minutes, from the end of the warm-up on."""
    warm = [row for row in rows if row["s"] >= rows[-1]["s"] * _WARM_SHARE]
    return float(np.polyfit([row["s"] / 600 for row in warm], [row["mb"] for row in warm], 1)[0])


def figures(soak: Soak) -> dict[str, float]:
    """The run in numbers."""
    rows = soak.rows
    warm = next(row for row in rows if row["s"] >= rows[-1]["s"] * _WARM_SHARE)
    return {
        "slope_mb_per_10min": round(slope(rows), 2),
        "warm_mb": round(warm["mb"], 1),
        "last_mb": round(rows[-1]["mb"], 1),
        "most_mb": round(max(row["mb"] for row in rows), 1),
        "minutes": round(rows[-1]["s"] / 60, 1),
        "messages": soak.written,
        "turns_ended": soak.ends.total(),
        "replies": soak.ends["replied"],
        "failed": soak.ends["failed"],
        "nights": soak.jobs["night"],
        "backups": soak.jobs["backup"],
        "facts": soak.facts,
        "store_mb": round(soak.store_mb, 1),
        "tasks_last": rows[-1]["tasks"],
        "threads_last": rows[-1]["threads"],
        "errors": len(soak.errors),
    }


def main() -> None:
    parser = arguments("soak", __doc__ or "")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--a-minute", type=float, default=120.0, metavar="N", help="messages")
    parser.add_argument("--day-minutes", type=float, default=3.0, metavar="N", help="how long a day takes")
    wanted = parser.parse_args()
    soak = asyncio.run(measured(wanted.minutes, wanted.a_minute, wanted.day_minutes))
    notes = (
        f"{wanted.a_minute:g} messages a minute for {wanted.minutes:g} minutes, a day takes "
        f"{wanted.day_minutes:g}; the slope over the last two thirds; the vectors of messages that recall "
        "holds are part of it (some 400 bytes a message)"
    )
    more = {"wrong": soak.errors} if soak.errors else None
    report("soak", figures(soak), notes, soak.rows, wanted.out, more)


if __name__ == "__main__":
    main()
