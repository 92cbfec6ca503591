"""A folder, a key, a store on a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from peewee import Database

from db.messages import StoredMessage, record
from db.store import Store

KEY = bytes(range(32))
NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def message(
    number: int, text: str = "hello there", *, channel: int = 7, after: int | None = None
) -> StoredMessage:
    """A message of the practice room; `after` minutes past noon, by default as many as its number."""
    return StoredMessage(
        realm="practice",
        platform_id=number,
        guild_id=None,
        channel_id=channel,
        author_id=1,
        author_name="Mia",
        is_bot=False,
        is_self=False,
        text=text,
        reply_to=None,
        sent_at=NOON + timedelta(minutes=number if after is None else after),
    )


def noon() -> datetime:
    return NOON


def content(path: Path) -> bytes:
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "echodeck.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(path, KEY)
    yield opened
    await opened.close()


@pytest.fixture
async def filled(path: Path) -> Path:
    """A closed store of some hundred pages."""
    opened = await Store.open(path, KEY)

    def fill(db: Database) -> None:
        for number in range(400):
            record(db, message(number, f"word{number} " * 60))

    await opened.run(fill)
    await opened.close()
    return path
