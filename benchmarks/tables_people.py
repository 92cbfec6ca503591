"""How fast a list of very many people is: the first page, a page in the middle, and a search, in every
order a host can choose.

    python -m benchmarks.tables_people --json
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, get_args

from peewee import chunked

from benchmarks.common import arguments, report
from core.clock import VirtualClock
from core.events import Bus
from core.feelings.acquaintances import SortBy
from core.feelings.life import Feelings
from core.persona.identity import sample
from db.base import Database
from db.people import Person
from db.relationships import RelationshipRow
from db.store import Store

PEOPLE = 100_000
PAGE = 100
_NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
_WITH_A_RELATIONSHIP = 3  # every third


def fill(db: Database, people: int, seed: int) -> None:
    """People with made-up names, a third of whom have something to do with the bot."""
    chance = Random(seed)
    rows = [
        {
            "id": number,
            "realm": "discord",
            "platform_id": 10_000 + number,
            "name": "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=7)).title(),
            "first_seen": _NOW - timedelta(days=400),
            "last_seen": _NOW - timedelta(minutes=chance.randrange(500_000)),
            "message_count": chance.randrange(1, 5000),
        }
        for number in range(1, people + 1)
    ]
    bonds = [
        {
            "person": row["id"],
            "anger": chance.uniform(0, 10),
            "rapport": chance.uniform(0, 10),
            "trust": chance.uniform(0, 10),
            "formality": chance.uniform(-5, 5),
            "at": row["last_seen"],
        }
        for row in rows[::_WITH_A_RELATIONSHIP]
    ]
    for some in chunked(rows, 500):
        Person.insert_many(some).execute(db)
    for some in chunked(bonds, 500):
        RelationshipRow.insert_many(some).execute(db)


async def measure(people: int) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """Read pages of a store of so many people."""
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(Path(folder) / "store" / "echodeck.db", bytes(32))
        try:
            await store.run(fill, people, 7)
            feelings = Feelings(store, Bus(), VirtualClock(_NOW), Random(1), UTC)
            rows = [
                await _look(feelings, sort, offset, search)
                for sort in get_args(SortBy)
                for offset, search in ((0, ""), (people // 2 - people // 2 % PAGE, ""), (0, "ann"))
            ]
        finally:
            await store.close()
    took = sorted(row["ms"] for row in rows)
    figures = {
        "people": people,
        "page_p50_ms": took[len(took) // 2],
        "page_max_ms": took[-1],
        "by_last_seen_ms": next(row["ms"] for row in rows if row["sort"] == "last_seen"),
        "by_trust_ms": next(row["ms"] for row in rows if row["sort"] == "trust"),
    }
    return figures, rows


async def _look(feelings: Feelings, sort: SortBy, offset: int, search: str) -> dict[str, Any]:
    persona = sample("Finn")
    began = time.perf_counter()
    found = await feelings.relationships(persona, sort=sort, search=search, limit=PAGE, offset=offset)
    took = round((time.perf_counter() - began) * 1000, 1)
    return {"sort": sort, "offset": offset, "search": search, "found": found.total, "ms": took}


def main() -> None:
    parser = arguments("tables_people", __doc__ or "")
    parser.add_argument("--people", type=int, default=PEOPLE, metavar="N", help="how many people")
    given = parser.parse_args()
    figures, rows = asyncio.run(measure(given.people))
    notes = f"pages of {PAGE}, every order a host can choose: from the top, from the middle, and a search"
    report("tables_people", figures, notes, rows, given.out)


if __name__ == "__main__":
    main()
