"""How long does recall take, and what does it cost, as the archive grows?

    python -m benchmarks.memory_speed --json [--sizes 10k,100k,1m] [--servers 1m=10] [--out FILE]

Stores are filled in bulk (same tables, same index; only the inserts are batched) with messages whose
words follow Zipf's law, as natural ones do, written by 200 people. Questions are made of words of a
random message of the server that is asked, so that they occur. The embedder is replaced by one that
answers at once: what is measured is recall without embedding time, from the call to the memories.

At 10k and 100k all messages lie in the one server that is searched; at 1m there are ten servers.
"""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from peewee import Database

from benchmarks.common import arguments, report
from core.clock import SystemClock
from core.memory.embedder import Vectors, packed, unit
from core.memory.recall import Question, Recall, Scope, Speaker
from db.base import sql
from db.store import Store

SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
SERVERS = {"10k": 1, "100k": 1, "1m": 10}
PEOPLE = 200
CHANNELS = 5
DIMENSIONS = 384
QUESTIONS = 200
VOCABULARY = Path("resources/embedding/bert-base-uncased.txt")
_BULK = 20_000


class Instant:
    """An embedder that takes no time: any direction will do."""

    name = "instant"

    def __init__(self, chance: np.random.Generator) -> None:
        self._chance = chance

    async def embed(self, texts: Sequence[str]) -> Vectors:
        return unit(self._chance.standard_normal((len(texts), DIMENSIONS)).astype(np.float32))

    async def close(self) -> None:
        """Nothing to give back."""


class Chatter:
    """Messages of natural length and word frequency.

    Zipf's law with exponent 1 over 20,000 English words; lengths are log-normal around 9 words, as in
    chat.
    """

    def __init__(self, seed: int) -> None:
        self.chance = np.random.default_rng(seed)
        pieces = VOCABULARY.read_text(encoding="utf-8").splitlines()
        self.words = np.array([piece for piece in pieces if piece.isalpha() and len(piece) > 1][:20_000])
        shares = 1 / np.arange(1, len(self.words) + 1)
        self._sums = np.cumsum(shares / shares.sum())

    def texts(self, count: int) -> list[str]:
        lengths = np.clip(self.chance.lognormal(2.2, 0.7, count).astype(int), 1, 80)
        picks = np.searchsorted(self._sums, self.chance.random(int(lengths.sum())))
        found = self.words[np.minimum(picks, len(self.words) - 1)]
        return [" ".join(part) for part in np.split(found, np.cumsum(lengths)[:-1])]


def fill(
    db: Database, chatter: Chatter, first: int, count: int, servers: int, model: str = Instant.name
) -> None:
    """Insert `count` messages with their words and vectors (as if by `model`), the ids from `first` on."""
    texts = chatter.texts(count)
    numbers = range(first, first + count)
    guild = [number % servers + 1 for number in numbers]
    channel = [number % (servers * CHANNELS) + 1 for number in numbers]
    author = chatter.chance.integers(1, PEOPLE + 1, count).tolist()
    raw = chatter.chance.standard_normal((count, DIMENSIONS)).astype(np.float32)
    cursor = db.connection().cursor()
    cursor.executemany(
        "insert into messages(id, realm, platform_id, guild_id, channel_id, author_id, author_name, is_bot, "
        "is_self, text, sent_at, extras) values (?, 'discord', ?, ?, ?, ?, ?, 0, 0, ?, ?, '{}')",
        (
            (number, number, guild[at], channel[at], author[at], f"p{author[at]}", texts[at], number * 20_000)
            for at, number in enumerate(numbers)
        ),
    )
    cursor.executemany(
        "insert into message_words(rowid, text, previous, scope) values (?, ?, ?, ?)",
        (
            (number, texts[at], texts[at - 1], f"rdiscord g{guild[at]} c{channel[at]} p{author[at]}")
            for at, number in enumerate(numbers)
        ),
    )
    cursor.executemany(
        "insert into embeddings(message_id, model, realm, guild_id, vector) values (?, ?, 'discord', ?, ?)",
        ((number, model, guild[at], packed(raw[at])) for at, number in enumerate(numbers)),
    )
    sql(db, "delete from embeddings_waiting")


async def measured(size: str, servers: int) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """Fill a store of this size and ask it; answer the figures and one row a question."""
    chatter = Chatter(seed=7)
    with tempfile.TemporaryDirectory() as folder:
        path, key = Path(folder) / "store" / "echodeck.db", os.urandom(32)
        store = await Store.open(path, key)
        for first in range(1, SIZES[size] + 1, _BULK):
            await store.run(fill, chatter, first, min(_BULK, SIZES[size] + 1 - first), servers)
        await store.close()
        store = await Store.open(path, key)
        try:
            return await _asked(store, chatter, size, servers)
        finally:
            await store.close()


async def _asked(
    store: Store, chatter: Chatter, size: str, servers: int
) -> tuple[dict[str, float], list[dict[str, Any]]]:
    recall = Recall(store, Instant(chatter.chance), SystemClock())
    questions = await store.read(_questions, SIZES[size], random.Random(3))
    before = psutil.Process().memory_info().rss
    began = time.perf_counter()
    for guild in range(1, min(servers, 5) + 1):  # a server is loaded when it is first asked
        await recall.recall(Question("warm", Scope("discord", guild), asker=1), 10)
    loaded_ms = (time.perf_counter() - began) * 1000 / min(servers, 5)
    rows = []
    for text, guild in questions:
        began = time.perf_counter()
        found = await recall.recall(
            Question(text, Scope("discord", guild), asker=1, speakers=(Speaker(1, ("p1",)),)), 10
        )
        took = (time.perf_counter() - began) * 1000
        rows.append({"size": size, "servers": servers, "question": text, "found": len(found), "ms": took})
    took_ms = [row["ms"] for row in rows]
    label = size if servers == SERVERS[size] else f"{size}_{servers}_servers"
    return {
        f"recall_p50_ms_{label}": round(float(np.percentile(took_ms, 50)), 1),
        f"recall_p95_ms_{label}": round(float(np.percentile(took_ms, 95)), 1),
        f"first_recall_ms_{label}": round(loaded_ms, 1),
        f"extra_mb_{label}": round((psutil.Process().memory_info().rss - before) / 1e6, 1),
        f"questions_{label}": len(rows),
        f"messages_{label}": SIZES[size],
    }, rows


def _questions(db: Database, size: int, chance: random.Random) -> list[tuple[str, int]]:
    """Three to six words of a random message of a server, asked in it. Five servers are asked."""
    made: list[tuple[str, int]] = []
    while len(made) < QUESTIONS:
        row = sql(
            db, "select text, guild_id from messages where id = ?", (chance.randint(1, size),)
        ).fetchone()
        words = row[0].split()
        if len(words) >= 3 and row[1] <= 5:
            some = chance.sample(words, min(len(words), chance.randint(3, 6)))
            made.append((f"What was that about {' '.join(some)}?", row[1]))
    return made


async def curve(wanted: list[tuple[str, int]]) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """Every size in turn."""
    figures: dict[str, float] = {}
    rows: list[dict[str, Any]] = []
    for size, servers in wanted:
        more, asked = await measured(size, servers)
        figures |= more
        rows += asked
    return figures, rows


def main() -> None:
    parser = arguments("memory_speed", __doc__ or "")
    parser.add_argument("--sizes", default="10k,100k,1m", help="which of 10k, 100k and 1m, with commas")
    parser.add_argument("--servers", type=int, help="how many servers share the messages")
    given = parser.parse_args()
    wanted = [(size, given.servers or SERVERS[size]) for size in given.sizes.split(",")]
    figures, rows = asyncio.run(curve(wanted))
    notes = (
        f"10k and 100k lie in one server, 1m in ten, {PEOPLE} people; the server asked is searched whole; "
        f"{QUESTIONS} questions a size; without embedding time"
    )
    report("memory_speed", figures, notes, rows, given.out)


if __name__ == "__main__":
    main()
