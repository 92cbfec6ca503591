"""What is kept of a person, for themselves: to see, to take along, to have erased, and to have stopped.

What there is of them in which table stands in core/parts.py, what lies outside the store in core/remains.py.
See docs/privacy.md.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Protocol

from core import parts, starting_over
from core.clock import Clock
from core.conversation.line import Line
from core.conversation.message import Realm
from core.conversation.threads import Threads
from core.copies import Copies
from core.events import Bus, FeelingsChanged, MemoryChanged, PersonaChanged
from core.parts import PARTS, Gone, Kept, Part
from core.remains import forget_files, forget_in_log
from core.words import Text
from db import audit, people, privacy, turn_privacy
from db.audit import StoredEntry
from db.base import Database
from db.store import Store

__all__ = ["HOST", "PARTS", "THEMSELVES", "Kept", "Part", "Privacy", "Receipt"]

log = logging.getLogger(__name__)

FINISH_WITHIN_S = 60.0
THEMSELVES, HOST = "themselves", "host"  # who asked for an export or an erasure
RECENT = timedelta(hours=24)  # as far back as a turn reads


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an erasure did: how many rows of each part it touched, by the part's name; then how many `files`
    of conversations, how many lines of the `log`, and how many `learnt` lines of personas."""

    at: datetime
    touched: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.touched.values())


class Ended(Protocol):
    """The end of an echo: how many of each kind went."""

    @property
    def counts(self) -> dict[str, int]: ...


class EchoSide(Protocol):
    """What imitates people; `core.echo.echoes.Echoes` is one."""

    async def forget_person(self, realm: str, person_id: int) -> Sequence[Ended]: ...


class Privacy:
    """For one person at a time, by their platform id.

    Args:
        folder: the data folder.
    """

    def __init__(
        self,
        store: Store,
        line: Line,
        threads: Threads | None,
        bus: Bus,
        clock: Clock,
        chance: Random,
        folder: Path,
    ) -> None:
        self._store = store
        self._line = line
        self._threads = threads
        self._bus = bus
        self._clock = clock
        self._chance = chance
        self._folder = folder
        self.copies = Copies(store, clock, chance, folder, self._erase_again)
        self.echoes: EchoSide | None = None

    async def kept(self, realm: str, platform_id: int) -> Kept:
        """What is kept of somebody, in numbers."""
        return await self._store.read(parts.kept, realm, platform_id)

    async def stance(self, realm: str, platform_id: int) -> str:
        """`opted_out` or `erased` for who wants nothing kept of them, "" for everybody else."""
        return await self._store.read(privacy.stance, realm, platform_id)

    async def consents(self, realm: str, platform_id: int) -> Sequence[Text]:
        """What they said yes or no to, in words, the newest first."""
        return await self._store.read(parts.consents, realm, platform_id)

    async def export(self, realm: str, platform_id: int, by: str = THEMSELVES) -> dict[str, Any]:
        """Everything that is kept of somebody, as plain JSON values; that it was handed out is noted.

        Args:
            by: THEMSELVES or HOST.
        """
        now = self._clock.now()
        everything = await self._store.read(parts.export, realm, platform_id, now)
        await self._store.run(_note, now, realm, by, "export", platform_id)
        return everything

    async def opt_out(self, realm: str, platform_id: int) -> None:
        """From now on nothing of theirs is kept or answered; what there is stays, and is told to nobody."""
        await self._store.run(
            privacy.close_the_door, realm, platform_id, self._chance.randbytes(32), self._clock.now()
        )
        await self._line.drop(realm, platform_id)

    async def opt_in(self, realm: str, platform_id: int) -> bool:
        """They may be heard and remembered again; False when they were all along."""
        await self.copies.allow(realm, platform_id)
        return await self._store.run(privacy.open_the_door, realm, platform_id)

    async def reset_talk(self, realm: str, platform_id: int, channel_id: int) -> int:
        """Begin anew with somebody in a channel: what they and the bot said there within the last day goes
        out of the archive, and the conversation under way ends; answers how many messages that was."""
        if self._threads is not None:
            self._threads.forget(realm, platform_id)
        since = self._clock.now() - RECENT
        said = await self._store.read(privacy.talk, realm, platform_id, channel_id, since)
        await self._line.deleted(Realm(realm), said, unlearn=False)
        return len(said)

    async def erase(self, realm: str, platform_id: int, by: str = THEMSELVES) -> Receipt:
        """Remove every trace of somebody; nothing is kept of them afterwards until they opt in again.

        Copies of the store that were made before are cleaned by night (core/copies.py).

        Args:
            by: THEMSELVES or HOST.

        Raises:
            db.faults.StoreFault: nothing was erased.
        """
        await self.opt_out(realm, platform_id)
        ended = await self.echoes.forget_person(realm, platform_id) if self.echoes is not None else []
        under_way = set(self._line.tasks)
        if self._threads is not None:
            self._threads.forget(realm, platform_id)
        salt, now = self._chance.randbytes(32), self._clock.now()
        gone = await self._store.run(parts.erase_rows, realm, platform_id, salt, now)
        touched = dict(gone.touched)
        for each in ended:
            for kind, many in each.counts.items():
                touched[f"echo.{kind}"] = touched.get(f"echo.{kind}", 0) + many
        if gone.person is not None:
            await self._after_others(under_way, gone)
            touched |= await self._forget_outside(str(platform_id), gone.names)
            for persona_id in set(gone.personas):
                self._bus.publish(PersonaChanged(persona_id))
            self._bus.publish(MemoryChanged(realm, (gone.person.row_id,)))
            self._bus.publish(FeelingsChanged(0, realm, gone.person.row_id))
        await self.copies.remember()
        receipt = Receipt(now, {part: many for part, many in touched.items() if many})
        await self._store.run(_note, now, realm, by, "erase", None, receipt.total)
        await self._store.settle()
        log.info("a person was erased: %s rows", receipt.total)
        return receipt

    async def _erase_again(self, realm: str, platform_id: int) -> Receipt:
        return await self.erase(realm, platform_id, by="")

    async def _forget_outside(self, person: str, names: frozenset[str]) -> dict[str, int]:
        found = {
            "files": await asyncio.to_thread(forget_files, self._folder / "conversations", person),
            "log": await asyncio.to_thread(forget_in_log, self._folder / "logs", person, names),
        }
        return {part: many for part, many in found.items() if many}

    async def start_over(self) -> None:
        """Erase everything of everybody, for good, as soon as the app is closed (core/starting_over.py).

        Raises:
            core.errors.FolderUnusable: nothing was decided.
        """
        starting_over.note_down(self._folder, self._clock.now())

    async def _after_others(self, under_way: set[asyncio.Task[None]], gone: Gone) -> None:
        """Replies to others that were being written meanwhile may have read their words: look once more."""
        if not under_way or gone.person is None:
            return
        await asyncio.wait(under_way, timeout=FINISH_WITHIN_S)
        await self._store.run(
            turn_privacy.scrub_person, gone.person.platform_id, gone.names, gone.messages, gone.facts
        )


def _note(
    db: Database, at: datetime, realm: str, by: str, act: str, person_id: int | None, rows: int = 0
) -> None:
    """Write down that somebody's data was handed out or erased; whoever was erased is not named."""
    after = f"{rows}" if rows else ""
    about = people.find(db, realm, person_id) if person_id is not None else None
    name = about.name if about is not None else ""
    audit.note(db, StoredEntry(at, realm, None, None, by, act, name, person_id, "", after))
