"""The daily work by which what has been kept for its time goes: in small pieces, so that no turn waits for
it, and beside each other with whatever else happens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from core import logs
from core.clock import Clock
from core.events import Bus, MemoryChanged
from core.keeping import KEEP_ARCHIVE, KEEP_LOGS, KEEP_MESSAGES, KEEP_TRACES
from core.settings import Settings
from db import audit, derived, retention
from db.audit import StoredEntry
from db.base import Database
from db.store import Store

log = logging.getLogger(__name__)

_BREATH_S = 0.02  # between two pieces: whoever waits for the writer comes first
_MERGED_PAGES = 200


@dataclass(frozen=True, slots=True)
class Aged:
    """How many of each kind went because their time was over."""

    gone: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.gone.values())


class Retention:
    """Carries out the settings of core/keeping.py.

    Args:
        folder: the data folder.
    """

    def __init__(self, store: Store, settings: Settings, bus: Bus, clock: Clock, folder: Path) -> None:
        self._store = store
        self._settings = settings
        self._bus = bus
        self._clock = clock
        self._files = folder / "conversations"
        self._logs = folder / "logs"

    async def run(self) -> Aged:
        """Let go of everything whose time is over; answers what went."""
        values = await self._settings.every()
        now = self._clock.now()

        def since(key: str) -> datetime | None:
            return now - timedelta(days=values[key]) if values[key] else None

        gone: dict[str, int] = {}
        if (moment := since(KEEP_MESSAGES.key)) is not None:
            gone |= await self._messages(moment)
        if (moment := since(KEEP_ARCHIVE.key)) is not None:
            gone["conversations"] = await self._pieces(
                partial(self._store.run, retention.conversations_before, moment)
            )
            gone["files"] = await asyncio.to_thread(_files_before, self._files, moment)
        if (moment := since(KEEP_TRACES.key)) is not None:
            gone["turns"] = await self._pieces(partial(self._age, moment))
            gone["attempts"] = await self._pieces(partial(self._store.run, retention.attempts_before, moment))
        if (moment := since(KEEP_LOGS.key)) is not None:
            gone["log"] = await asyncio.to_thread(logs.forget_before, self._logs, moment)
        aged = Aged({kind: many for kind, many in gone.items() if many})
        if aged.total:
            await self._store.run(_note, now, aged)
            await self._store.settle()
            log.info("what was kept for its time went: %s", aged.gone)
        return aged

    async def _messages(self, moment: datetime) -> dict[str, int]:
        """Messages, what was learnt from them, what traces quote of them, and their words in the index."""
        gone = learnt = 0
        while True:
            went, unlearnt = await self._store.run(retention.messages_before, moment)
            gone, learnt = gone + went, learnt + unlearnt
            if not went:
                break
            await asyncio.sleep(_BREATH_S)
        if not gone:
            return {}
        stale = await self._store.read(retention.stale_traces)
        for at in range(0, len(stale), retention.AT_ONCE):
            await self._store.run(derived.forget_traces, stale[at : at + retention.AT_ONCE])
        await self._tidy_words()
        for realm in ("discord", "practice", "import"):
            self._bus.publish(MemoryChanged(realm))
        return {"messages": gone, "learnt": learnt}

    async def _age(self, moment: datetime) -> int:
        turn_ids = await self._store.read(retention.aged_traces, moment)
        return await self._store.run(retention.age_traces, turn_ids) if turn_ids else 0

    async def _tidy_words(self) -> None:
        more = await self._store.run(retention.tidy_words, -_MERGED_PAGES)
        while more:
            await asyncio.sleep(_BREATH_S)
            more = await self._store.run(retention.tidy_words, _MERGED_PAGES)

    async def _pieces(self, piece: Callable[[], Awaitable[int]]) -> int:
        """One piece after another until there is nothing left; answers how much it was."""
        total = 0
        while done := await piece():
            total += done
            await asyncio.sleep(_BREATH_S)
        return total


def _files_before(folder: Path, moment: datetime) -> int:
    """Remove the files of conversations that were written before; answers how many."""
    old = [path for path in folder.glob("*.json") if path.stat().st_mtime < moment.timestamp()]
    for path in old:
        path.unlink()
    return len(old)


def _note(db: Database, at: datetime, aged: Aged) -> None:
    """Write down that something went by itself, for the host to see."""
    audit.note(db, StoredEntry(at, "discord", None, None, "time", "age", "", None, "", f"{aged.total}"))
