"""What was acknowledged survives the process being killed at any moment; nothing else is damaged."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from peewee import Database

from db import messages
from db.base import sql
from db.store import Store
from tests.db.conftest import KEY

# Records messages as fast as it can, and tells of each once the store says that it is kept.
_WRITER = """
import asyncio, sys
from pathlib import Path
from db import messages
from db.store import Store
from tests.db.conftest import KEY, message

async def write() -> None:
    store = await Store.open(Path(sys.argv[1]), KEY)
    number = int(sys.argv[2])
    while True:
        await store.run(messages.record, message(number, f"word{number} and more of it " * 5))
        print(number, flush=True)
        number += 1
        if number % 7 == 0:
            at = message(number).sent_at
            await store.run(messages.edit, "practice", number - 3, f"changed{number}", at)

asyncio.run(write())
"""


@pytest.mark.parametrize(
    "kills", [20, pytest.param(200, marks=[pytest.mark.slow, pytest.mark.timeout(900)])], ids=str
)
async def test_no_acknowledged_message_is_lost_to_a_kill(path: Path, kills: int) -> None:
    chance = Random(kills)
    acknowledged: list[int] = []
    start = 1
    for _ in range(kills):
        acknowledged += _killed(path, start, after=chance.randint(0, 25))
        start = (acknowledged[-1] if acknowledged else 0) + 1_000
        store = await Store.open(path, KEY)
        assert (await store.check()).problems == ()
        kept = await store.run(_numbers)
        assert set(acknowledged) <= kept
        assert await store.run(_out_of_step) == 0
        await store.close()
    assert len(acknowledged) > kills


def _killed(path: Path, start: int, after: int) -> list[int]:
    """Run a writer from number `start`, kill it after that many acknowledgements; answers all it gave."""
    child = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(path), str(start)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    with child:
        said = [child.stdout.readline() for _ in range(after)]
        child.kill()
        said += child.stdout.readlines()
    return [int(line) for line in said if line.endswith("\n")]


def _numbers(db: Database) -> set[int]:
    query = messages.Message.select(messages.Message.platform_id).tuples()
    return {number for (number,) in query.execute(db)}


def _out_of_step(db: Database) -> int:
    """Messages without words, and words without a message."""
    return int(
        sql(
            db,
            "select count(*) from (select id from messages except select id from message_words_docsize)"
            " union all"
            " select count(*) from (select id from message_words_docsize except select id from messages)"
            " order by 1 desc",
        ).fetchone()[0]
    )
