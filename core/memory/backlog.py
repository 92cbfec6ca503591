"""Messages get their vectors in the background: a turn never waits for it, and nothing is forgotten.

The queue lies in the store (db/embeddings.py), so a killed process goes on where it stood. When the
embedding model was changed, the vectors of the old one are dropped bit by bit and their messages queue
anew; until then words alone find them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.errors import BrainError
from core.events import Bus, JobProgress, MessageRecorded, Notice
from core.memory.embedder import Embedder, packed
from core.words import T
from db import embeddings
from db.store import Store

log = logging.getLogger(__name__)

_BATCH = 32
_DROPPED_AT_ONCE = 500
# Fewer than this are done before anybody could look at a progress bar.
_WORTH_SHOWING = 200
_JOB = "memory.vectors"


class Backlog:
    """Gives every message its vector.

    Args:
        embedder: the model. bus: where new messages and progress are heard of.
    """

    def __init__(self, store: Store, embedder: Embedder, bus: Bus) -> None:
        self._store = store
        self._embedder = embedder
        self._bus = bus
        self._stirred = asyncio.Event()
        self._foreign = True

    @asynccontextmanager
    async def in_background(self) -> AsyncIterator[None]:
        """It runs for as long as this is open."""
        task = asyncio.create_task(self.run(), name="vectors")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def run(self) -> None:
        """Work off what waits, then wait for new messages; for ever."""
        subscription = self._bus.listen(MessageRecorded, lambda _: self._stirred.set())
        complained = False
        try:
            while True:
                self._stirred.clear()
                try:
                    await self.work_off()
                    complained = False
                except BrainError as error:
                    # The messages wait on in the store; the next one that arrives tries again.
                    log.warning("messages wait for their vectors: %s", error)
                    if not complained:
                        said = T("Memory is searched by words alone for now: {why}", why=error.what)
                        self._bus.publish(Notice("warn", said, error.step))
                    complained = True
                await self._stirred.wait()
        finally:
            subscription.end()

    async def work_off(self) -> int:
        """Embed everything that waits; answers how many messages that were.

        Raises:
            core.errors.BrainError: the model cannot do it now.
        """
        await self._drop_foreign()
        total = await self._store.read(embeddings.waiting_count)
        done = 0
        try:
            async for written in self._batches():
                done += written
                self._tell(done, max(total, done), ended=False)
        finally:
            self._tell(done, total, ended=True)
        return done

    async def _batches(self) -> AsyncIterator[int]:
        model = self._embedder.name
        while batch := await self._store.read(embeddings.waiting, _BATCH):
            vectors = await self._embedder.embed([f"{each.author_name}: {each.text}" for each in batch])
            rows = [(each, packed(vector)) for each, vector in zip(batch, vectors, strict=True)]
            yield await self._store.run(embeddings.keep, model, rows)

    async def _drop_foreign(self) -> None:
        """Vectors of another model are from before this start: once they are gone, none come again."""
        dropped = _DROPPED_AT_ONCE if self._foreign else 0
        while dropped == _DROPPED_AT_ONCE:
            dropped = await self._store.run(embeddings.ask_again, self._embedder.name, _DROPPED_AT_ONCE)
        self._foreign = False

    def _tell(self, done: int, total: int, *, ended: bool) -> None:
        if total >= _WORTH_SHOWING:
            detail = T("{done} of {total} messages", done=done, total=total)
            title = T("Reading messages for memory")
            self._bus.publish(JobProgress(_JOB, title, done / total, detail, ended))
