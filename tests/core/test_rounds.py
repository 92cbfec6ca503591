"""What comes round by itself, and what the host hears when it fails."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from core.clock import VirtualClock
from core.events import Bus, Notice
from core.rounds import Rounds
from core.words import say
from db.faults import DiskFull


async def test_a_backup_that_fails_at_night_is_told() -> None:
    async def back_up(*_: Any) -> None:
        raise DiskFull

    bus, heard = Bus(), list[Notice]()
    bus.listen(Notice, heard.append)
    store: Any = SimpleNamespace(back_up=back_up)
    desk: Any = SimpleNamespace(store=store, bus=bus, clock=VirtualClock(), settings=None)
    parts: Any = SimpleNamespace(run=None, clean=None, check_sessions=None)
    rounds = Rounds(desk, parts, parts, dict, parts, (parts, parts))
    backup = next(job for job in rounds.jobs() if job.name == "backup")
    with pytest.raises(DiskFull):  # the schedule writes it down
        await backup.run()
    assert [(one.level, say(one.text)) for one in heard] == [
        ("bad", "The daily backup failed: The disk is full: nothing more can be saved.")
    ]
    assert heard[0].step is not None
