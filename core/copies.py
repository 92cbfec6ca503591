"""Erasures that hold in copies too: who was erased is erased in every backup by night, and again at once
when an older state of the store comes back.

Beside the store lies `.erased.json`: a stand-in for each person of whom nothing may be kept (a keyed hash
that leads back to nobody, see db/stones.py), so that a restored store is reminded of them.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random

from core import parts
from core.clock import Clock
from db import audit, cleansing, stones
from db.audit import StoredEntry
from db.base import Database
from db.faults import StoreFault
from db.store import Store

log = logging.getLogger(__name__)

NOTE = ".erased.json"
Stone = tuple[str, int]


class Copies:
    """The backups of a store, and the note of who was erased.

    Args:
        folder: the data folder. erase: erases somebody (realm, platform id) in the store itself.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        chance: Random,
        folder: Path,
        erase: Callable[[str, int], Awaitable[object]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._chance = chance
        self._note = folder / NOTE
        self._erase = erase

    async def catch_up(self) -> int:
        """Erase again whom an older state of the store has brought back; answers how many."""
        salt = await self._salt()
        noted = await asyncio.to_thread(_read, self._note, salt)
        missing = noted - await self._store.read(stones.every)
        back = await self._store.read(stones.matching, salt, missing) if missing else []
        for realm, platform_id in back:
            await self._erase(realm, platform_id)
        if missing:
            await self._store.run(stones.lay_all, missing, self._clock.now())
        if back:
            await self._store.run(_tell, self._clock.now(), "erase.again", len(back))
            log.warning("the store was restored: %s erasures were done again", len(back))
        await self.remember()
        return len(back)

    async def remember(self) -> None:
        """Note beside the store of whom nothing may be kept."""
        salt, erased = await self._salt(), await self._store.read(stones.every)
        await asyncio.to_thread(_write, self._note, salt, erased)

    async def allow(self, realm: str, platform_id: int) -> None:
        """Somebody wants to be heard again: take them off the note, before the store knows."""
        salt = await self._salt()
        noted = await asyncio.to_thread(_read, self._note, salt)
        stone = (realm, stones.stand_in(bytes.fromhex(salt), realm, platform_id))
        if stone in noted:
            await asyncio.to_thread(_write, self._note, salt, noted - {stone})

    async def clean(self) -> int:
        """Erase in every backup whoever was erased since it was made; answers how many people, counted once a
        backup. A backup that cannot be read is left alone."""
        salt, erased = await self._salt(), await self._store.read(stones.every)
        if not erased:
            return 0
        return await self._store.beside(lambda path, key: self._clean(path, key, salt, erased))

    def _clean(self, path: Path, key: bytes, salt: str, erased: frozenset[Stone]) -> int:
        now, gone = self._clock.now(), 0
        for copy in cleansing.all_copies(path):
            try:
                found = cleansing.look(copy.path, key, partial(_found, salt=salt, erased=erased))
                if found:
                    cleansing.cleanse(copy.path, key, partial(_erase_all, who=found, salt=salt, now=now))
                    gone += len(found)
            except StoreFault as error:
                log.warning("a backup could not be cleaned: %s", type(error).__name__)
        return gone

    async def clean_and_tell(self) -> int:
        """`clean`, written down where the host sees it."""
        gone = await self.clean()
        if gone:
            await self._store.run(_tell, self._clock.now(), "erase.copies", gone)
        return gone

    async def _salt(self) -> str:
        return await self._store.run(stones.salt, self._chance.randbytes(32), self._clock.now())


def _found(db: Database, salt: str, erased: frozenset[Stone]) -> list[Stone]:
    return stones.matching(db, salt, erased)


def _erase_all(db: Database, who: list[Stone], salt: str, now: datetime) -> int:
    for realm, platform_id in who:
        parts.erase_rows(db, realm, platform_id, bytes.fromhex(salt), now)
    return len(who)


def _tell(db: Database, at: datetime, act: str, many: int) -> None:
    audit.note(db, StoredEntry(at, "discord", None, None, "", act, "", None, "", f"{many}"))


def _print(salt: str) -> str:
    """By which salt the stand-ins were made; it does not lead back to it."""
    return hashlib.sha256(f"echodeck erased {salt}".encode()).hexdigest()[:16]


def _read(note: Path, salt: str) -> frozenset[Stone]:
    """The stand-ins of a note; those made by another salt mean nothing here."""
    try:
        plain = json.loads(note.read_text("utf-8"))
    except FileNotFoundError:
        return frozenset()
    except ValueError:
        log.warning("the note of erasures could not be read")
        return frozenset()
    if plain.get("salt") != _print(salt):
        return frozenset()
    return frozenset((str(realm), int(number)) for realm, number in plain.get("erased", ()))


def _write(note: Path, salt: str, erased: frozenset[Stone]) -> None:
    plain = {"salt": _print(salt), "erased": sorted(erased)}
    fresh = note.with_name(f"{note.name}.partial")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(plain, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(note)
