"""A store, people in servers, and an embedder that knows a handful of words."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from core.clock import VirtualClock
from core.errors import EchodeckError
from core.memory.embedder import Vectors, unit
from core.memory.query import words
from db.messages import StoredMessage, record
from db.store import Store

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


class Thesaurus:
    """Words of one group mean the same; every other word means itself."""

    def __init__(self, *groups: str, name: str = "thesaurus") -> None:
        self.name = name
        self.trouble: EchodeckError | None = None
        self.read: list[str] = []
        self.asked = 0
        self._same = {word: group.split()[0] for group in groups for word in group.split()}

    async def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        self.read += texts
        vectors = np.zeros((len(texts), 512), np.float32)
        for at, text in enumerate(texts):
            for word in words(text):
                vectors[at, zlib.crc32(self._same.get(word, word).encode()) % 512] += 1
        return unit(vectors)

    async def close(self) -> None:
        """Nothing to give back."""


def said(
    number: int,
    text: str,
    *,
    by: int = 1,
    guild: int | None = 1,
    channel: int = 7,
    minutes: float | None = None,
    realm: str = "discord",
) -> StoredMessage:
    """A message, `minutes` past noon (its number by default), by person `by`."""
    return StoredMessage(
        realm=realm,
        platform_id=number,
        guild_id=guild,
        channel_id=channel,
        author_id=by,
        author_name={1: "Mia", 2: "Deborah"}.get(by, f"p{by}"),
        is_bot=False,
        is_self=False,
        text=text,
        reply_to=None,
        sent_at=NOON + timedelta(minutes=number if minutes is None else minutes),
    )


async def tell(store: Store, *some: StoredMessage) -> list[int]:
    """Record messages; answers their row ids."""
    kept = [await store.run(record, each) for each in some]
    return [each.row_id for each in kept if each is not None]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path / "data" / "echodeck.db", bytes(range(32)))
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOON + timedelta(days=1))
