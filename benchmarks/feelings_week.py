"""Two scripted weeks, lived through by the product's own feelings on a clock that moves by hand.

    python -m benchmarks.feelings_week --json [--data FILE] [--out FILE] [--picture FILE]

The script (tests/data/feelings_week.json) says who writes what and when; the store, the appraisal by words,
the day's mood and the relationships are the real ones. Every hour is looked at as a page would look.
`--picture` draws it: the mood above, what the bot feels towards each person below.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.common import arguments, report
from core.clock import VirtualClock
from core.events import Bus
from core.feelings import describe
from core.feelings.life import Feelings
from core.feelings.state import Heard, State
from core.persona.identity import KeptPersona, Persona, Personas
from core.safety.clean import one_line
from db import messages, people
from db.messages import StoredMessage
from db.store import Store

SCRIPT = Path(__file__).resolve().parent.parent / "tests" / "data" / "feelings_week.json"
SEED = 4
_CHANNEL = 7
_REALM = "discord"


@dataclass(frozen=True, slots=True)
class Look:
    """What was felt at a moment: the hour, or just after a message of `who`.

    Attributes:
        hour: since the script's midnight of day 1. bonds: the four values, by person.
        words: what the prompt says.
    """

    hour: float
    who: str
    mood: tuple[float, float, float]
    home: tuple[float, float, float]
    needs: dict[str, float]
    daily: dict[str, int]
    bonds: dict[str, dict[str, float]]
    emotions: dict[str, float]
    words: str


@dataclass(frozen=True, slots=True)
class Lived:
    """All looks in their order, and how long the product took for each message, in milliseconds."""

    looks: tuple[Look, ...]
    took_ms: tuple[float, ...]

    def at(self, day: int, clock: str) -> Look:
        """The last look at or before a time of the script ("14:05") on a day (from 1)."""
        hour = _hours(day, clock) + 1e-6
        return [look for look in self.looks if look.hour <= hour][-1]


def _hours(day: int, clock: str) -> float:
    hours, minutes = clock.split(":")
    return (day - 1) * 24 + int(hours) + int(minutes) / 60


async def live(script: dict[str, Any], folder: Path, seed: int = SEED) -> Lived:
    """Live through a script in a store of its own."""
    start = datetime.fromisoformat(script["start"])
    clock = VirtualClock(start)
    store = await Store.open(folder / "store" / "echodeck.db", bytes(32))
    try:
        persona = await Personas(store, Bus(), clock).add(Persona.parse(script["persona"]))
        week = _Week(script, store, clock, persona, seed)
        return await week.live()
    finally:
        await store.close()


class _Week:
    def __init__(
        self, script: dict[str, Any], store: Store, clock: VirtualClock, persona: KeptPersona, seed: int
    ) -> None:
        self._script, self._store, self._clock, self._persona = script, store, clock, persona
        self._midnight = clock.now().replace(hour=0, minute=0)
        self._feelings = Feelings(store, Bus(), clock, Random(seed), UTC)
        self._looks: list[Look] = []
        self._took: list[float] = []

    async def live(self) -> Lived:
        lines = sorted(self._script["messages"], key=lambda line: _hours(line["day"], line["at"]))
        hours: list[tuple[float, dict[str, Any] | None]] = [
            (_hours(line["day"], line["at"]), line) for line in lines
        ]
        first = (self._clock.now() - self._midnight).total_seconds() / 3600
        hours += [(float(hour), None) for hour in range(int(first), self._script["days"] * 24)]
        for number, (hour, line) in enumerate(sorted(hours, key=lambda each: (each[0], each[1] is not None))):
            wanted = self._midnight + timedelta(hours=hour)
            self._clock.step((wanted - self._clock.now()).total_seconds())
            if line is not None:
                await self._say(line, 1000 + number)
            await self._look(hour, line["who"] if line else "")
        return Lived(tuple(self._looks), tuple(self._took))

    async def _say(self, line: dict[str, Any], number: int) -> None:
        who, now = self._script["people"][line["who"]], self._clock.now()
        await self._store.run(people.meet, _REALM, who, 1, line["who"], False, now)
        stored = StoredMessage(
            _REALM, number, 1, _CHANNEL, who, line["who"], False, False, line["text"], None, now
        )
        await self._store.run(messages.record, stored)
        heard = Heard(_REALM, number, who, _CHANNEL, line["text"], to_me=True)
        began = time.perf_counter()
        await self._feelings.react(self._persona.id, self._persona.persona, heard)
        self._took.append((time.perf_counter() - began) * 1000)

    async def _look(self, hour: float, who: str) -> None:
        ids = self._script["people"]
        order = [ids[who]] if who else []
        state = await self._feelings.state(
            self._persona.id, self._persona.persona, None, (*order, *ids.values())
        )
        self._looks.append(_looked(hour, who, state))


def _looked(hour: float, who: str, state: State) -> Look:
    return Look(
        hour,
        who,
        (state.mood.p, state.mood.a, state.mood.d),
        (state.home.p, state.home.a, state.home.d),
        state.needs._asdict(),
        state.daily._asdict(),
        {bond.name: bond.metrics._asdict() for bond in state.bonds},
        {str(each.emotion): each.intensity for each in state.emotions},
        describe.for_prompt(state, one_line),
    )


def main() -> None:
    parser = arguments("feelings_week", __doc__ or "")
    parser.add_argument("--data", type=Path, default=SCRIPT, metavar="FILE", help="another script")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="a PNG to draw")
    given = parser.parse_args()
    script = json.loads(given.data.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        lived = asyncio.run(live(script, Path(folder)))
    if given.picture:
        from benchmarks.feelings_picture import draw

        draw(script, lived, given.picture)
    took = sorted(lived.took_ms)
    figures = {
        "messages": len(took),
        "looks": len(lived.looks),
        "react_p50_ms": round(took[len(took) // 2], 2),
        "react_p95_ms": round(took[min(len(took) - 1, int(len(took) * 0.95))], 2),
    }
    notes = "react: appraisal by words, emotions, mood, needs and relationship in one transaction on disk"
    report("feelings_week", figures, notes, [asdict(look) for look in lived.looks], given.out)


if __name__ == "__main__":
    main()
