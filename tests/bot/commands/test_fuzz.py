"""Commands used in every wrong way there is: nothing breaks, and every use is answered once.

`python -m benchmarks.commands_fuzz` does the same ten thousand times.
"""

from __future__ import annotations

import logging

import pytest

from core.app import App
from core.settings import TALKATIVENESS
from tests.support.fuzz_commands import campaign

USES = 400
BEYOND = "simcord does not implement"


def is_beyond(record: logging.LogRecord) -> bool:
    """Is it a thing of Discord's that the in-memory one does not have (a face's picture, the search)?"""
    return record.exc_info is not None and BEYOND in repr(record.exc_info[1])


async def test_wrong_uses_break_nothing(app: App, caplog: pytest.LogCaptureFixture) -> None:
    await app.settings.put(TALKATIVENESS, 0)
    found = await campaign(app, USES, seed=7)
    await app.line.close()
    broken = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [record.getMessage() for record in broken if not is_beyond(record)] == []
    assert [each for each in found.unexpected if BEYOND not in each] == []
    assert found.twice == []
    assert found.unanswered == []
    assert sum(found.tried.values()) == USES
    assert len(found.tried) > 40
