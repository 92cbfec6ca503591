"""What is kept of a person, for themselves: to see, to take along, to have erased, and to have stopped.

Every aggregate knows what it holds about somebody and how it lets go of it; `PARTS` puts them in order, and
one transaction goes through all of them. See docs/privacy.md.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from core.clock import Clock
from core.conversation.line import Line
from core.conversation.message import Realm
from core.conversation.threads import Threads
from core.events import Bus, FeelingsChanged, MemoryChanged
from core.memory.lexicon import lexicon
from core.persona.identity import Personas
from core.remains import forget_files, forget_in_log, without_line
from core.words import T, Text
from db import (
    attempts,
    audit,
    channel_settings,
    consolidations,
    conversations,
    episodes,
    facts,
    feelings,
    messages,
    modlog,
    people,
    privacy,
    ratings,
    reminders,
    servers,
    tickets,
    turn_privacy,
    warnings,
)
from db.audit import StoredEntry
from db.base import Database
from db.people import StoredPerson
from db.store import Store

log = logging.getLogger(__name__)

FINISH_WITHIN_S = 60.0
THEMSELVES, HOST = "themselves", "host"  # who asked for an export or an erasure
RECENT = timedelta(hours=24)  # as far back as a turn reads


@dataclass(frozen=True, slots=True)
class Part:
    """What one aggregate holds about a person (by row id).

    Attributes:
        name: the key in the export. title: what people read.
        export: answers plain JSON values. erase: removes every trace, answers how many rows it touched.
    """

    name: str
    title: Text
    export: Callable[[Database, int], Any]
    erase: Callable[[Database, int], int]


def _of(work: Callable[[Database, StoredPerson], Any], nothing: Any = 0) -> Callable[[Database, int], Any]:
    """The same for a row id; `nothing` when there is nobody of that id."""

    def by_row_id(db: Database, person_id: int) -> Any:
        person = people.by_row_id(db, person_id)
        return work(db, person) if person is not None else nothing

    return by_row_id


def _forget_answers(db: Database, person: StoredPerson) -> int:
    names = _names(db, person)
    plain = {name for name in names if name.casefold() in lexicon().part}
    return privacy.forget_answers(db, person, names, plain)


def _forget_changes(db: Database, person: StoredPerson) -> int:
    return privacy.forget_changes_told(db, person) + consolidations.erase(db, person.row_id)


def _names(db: Database, person: StoredPerson) -> frozenset[str]:
    return frozenset({person.name, *people.names(db, person.row_id)} - {""})


# In the order of erasure: first those that look others up, then those that are looked up (what answers a
# person is found by turns and messages, turns by messages and facts).
PARTS = (
    Part("ratings", T("What you said of replies"), ratings.export, ratings.erase),
    Part("conversations", T("Conversations"), conversations.export, conversations.erase),
    Part("feelings", T("Feelings towards you"), feelings.export, feelings.erase),
    Part("memory_changes", T("Changes of memories"), consolidations.export, _of(_forget_changes)),
    Part("episodes", T("Memories of time together"), episodes.export, episodes.erase),
    Part("attempts", T("Attempts that were noticed"), attempts.export, attempts.erase),
    Part("reminders", T("Reminders"), reminders.export, reminders.erase),
    Part("warnings", T("Warnings"), warnings.export, warnings.erase),
    Part("modlog", T("What moderators did"), modlog.export, modlog.erase),
    Part("tickets", T("Tickets"), tickets.export, tickets.erase),
    Part("servers", T("Lists of servers"), servers.export, servers.erase),
    Part(
        "channel_settings", T("What you chose for channels"), channel_settings.export, channel_settings.erase
    ),
    Part("audit", T("Changes by command"), audit.export, audit.erase),
    Part("answers", T("Replies to you"), _of(privacy.answers, []), _of(_forget_answers)),
    Part("turns", T("How replies to you came about"), turn_privacy.export, turn_privacy.erase),
    Part("messages", T("Messages"), _of(privacy.written_by, []), _of(privacy.forget_words)),
    Part("facts", T("What is known of you"), facts.export, facts.erase),
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an erasure did: how many rows of each part it touched, by the part's name; then how many `files`
    of conversations, how many lines of the `log`, and how many `learnt` lines of personas."""

    at: datetime
    touched: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.touched.values())


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of somebody.

    Attributes:
        stance: opted_out, erased, or "": nothing stands in the way of keeping more.
        counts: how much of each part, in the order of PARTS; empty when nothing is kept.
    """

    stance: str
    counts: tuple[tuple[Text, int], ...] = ()


class Privacy:
    """For one person at a time, by their platform id.

    Args:
        files: the folder of the conversations that are kept as files. logs: that of the log.
    """

    def __init__(
        self,
        store: Store,
        personas: Personas,
        line: Line,
        threads: Threads | None,
        bus: Bus,
        clock: Clock,
        chance: Random,
        files: Path,
        logs: Path | None = None,
    ) -> None:
        self._store = store
        self._personas = personas
        self._line = line
        self._threads = threads
        self._bus = bus
        self._clock = clock
        self._chance = chance
        self._files = files
        self._logs = logs

    async def kept(self, realm: str, platform_id: int) -> Kept:
        """What is kept of somebody, in numbers."""
        return await self._store.read(_kept, realm, platform_id)

    async def stance(self, realm: str, platform_id: int) -> str:
        """`opted_out` or `erased` for who wants nothing kept of them, "" for everybody else."""
        return await self._store.read(privacy.stance, realm, platform_id)

    async def consents(self, realm: str, platform_id: int) -> Sequence[Text]:
        """What they said yes or no to, in words, the newest first."""
        return await self._store.read(_consents, realm, platform_id)

    async def export(self, realm: str, platform_id: int, by: str = THEMSELVES) -> dict[str, Any]:
        """Everything that is kept of somebody, as plain JSON values; that it was handed out is noted.

        Args:
            by: THEMSELVES or HOST.
        """
        now = self._clock.now()
        everything = await self._store.read(_export, realm, platform_id, now)
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
        return await self._store.run(privacy.open_the_door, realm, platform_id)

    async def reset_talk(self, realm: str, platform_id: int, channel_id: int) -> int:
        """Begin anew with somebody in a channel: what they and the bot said there within the last day goes
        out of the archive, and the conversation under way ends; answers how many messages that was."""
        if self._threads is not None:
            self._threads.forget(realm, platform_id)
        since = self._clock.now() - RECENT
        said = await self._store.read(privacy.talk, realm, platform_id, channel_id, since)
        await self._line.deleted(Realm(realm), said)
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
        under_way = set(self._line.tasks)
        if self._threads is not None:
            self._threads.forget(realm, platform_id)
        learnt = await self._store.run(_learnt_from, realm, platform_id)
        for persona_id, line in learnt:
            await self._unlearn(persona_id, line)
        salt, now = self._chance.randbytes(32), self._clock.now()
        gone = await self._store.run(erase_rows, realm, platform_id, salt, now)
        touched = gone.touched | ({"learnt": len(learnt)} if learnt else {})
        if gone.person is not None:
            await self._after_others(under_way, gone)
            touched |= await self._forget_outside(str(platform_id), gone.names)
            self._bus.publish(MemoryChanged(realm, (gone.person.row_id,)))
            self._bus.publish(FeelingsChanged(0, realm, gone.person.row_id))
        receipt = Receipt(now, touched)
        await self._store.run(_note, now, realm, by, "erase", None, receipt.total)
        await self._store.settle()
        log.info("a person was erased: %s rows", receipt.total)
        return receipt

    async def _forget_outside(self, person: str, names: frozenset[str]) -> dict[str, int]:
        found = {"files": await asyncio.to_thread(forget_files, self._files, person)}
        if self._logs is not None:
            found["log"] = await asyncio.to_thread(forget_in_log, self._logs, person, names)
        return {part: many for part, many in found.items() if many}

    async def _unlearn(self, persona_id: int, line: str) -> None:
        """A persona forgets a line that it learnt from a reply to them."""
        for kept in await self._personas.every():
            if kept.id == persona_id:
                await self._personas.change(persona_id, without_line(kept.persona, line))

    async def _after_others(self, under_way: set[asyncio.Task[None]], gone: Gone) -> None:
        """Replies to others that were being written meanwhile may have read their words: look once more."""
        if not under_way or gone.person is None:
            return
        await asyncio.wait(under_way, timeout=FINISH_WITHIN_S)
        await self._store.run(
            turn_privacy.scrub_person, gone.person.platform_id, gone.names, gone.messages, gone.facts
        )


@dataclass(frozen=True, slots=True)
class Gone:
    person: StoredPerson | None
    names: frozenset[str]
    messages: frozenset[int]
    facts: frozenset[int]
    touched: dict[str, int]


def _note(
    db: Database, at: datetime, realm: str, by: str, act: str, person_id: int | None, rows: int = 0
) -> None:
    """Write down that somebody's data was handed out or erased; whoever was erased is not named."""
    after = f"{rows}" if rows else ""
    audit.note(db, StoredEntry(at, realm, None, person_id, by, act, "", person_id, "", after))


def _consents(db: Database, realm: str, platform_id: int) -> list[Text]:
    return []


def _kept(db: Database, realm: str, platform_id: int) -> Kept:
    stance = privacy.stance(db, realm, platform_id)
    person = people.find(db, realm, platform_id)
    if person is None:
        return Kept(stance)
    counts = ((part.title, _how_much(part.export(db, person.row_id))) for part in PARTS)
    return Kept(stance, tuple(each for each in counts if each[1]))


def _how_much(exported: Any) -> int:
    if isinstance(exported, dict):
        return sum(_how_much(value) for value in exported.values() if isinstance(value, list | dict))
    return len(exported)


def _export(db: Database, realm: str, platform_id: int, now: datetime) -> dict[str, Any]:
    found: dict[str, Any] = {
        "exported_at": now.isoformat(),
        "stance": privacy.stance(db, realm, platform_id),
        "person": None,
    }
    person = people.find(db, realm, platform_id)
    if person is None:
        return found
    about = asdict(person) | {"names": people.names(db, person.row_id)}
    found["person"] = json.loads(json.dumps(about, default=datetime.isoformat))
    return found | {part.name: part.export(db, person.row_id) for part in PARTS}


def _learnt_from(db: Database, realm: str, platform_id: int) -> list[tuple[int, str]]:
    person = people.find(db, realm, platform_id)
    if person is None:
        return []
    return [(persona_id, line) for persona_id, _, line in ratings.learnt_from(db, person.row_id)]


def erase_rows(db: Database, realm: str, platform_id: int, salt: bytes, now: datetime) -> Gone:
    """All of it, in one transaction."""
    person = people.find(db, realm, platform_id)
    if person is None:
        return Gone(None, frozenset(), frozenset(), frozenset(), {})
    names = _names(db, person)
    said = frozenset(privacy.message_ids(db, person))
    known = frozenset(fact["row_id"] for fact in facts.export(db, person.row_id))
    touched = {part.name: part.erase(db, person.row_id) for part in PARTS}
    privacy.bury(db, person, salt, now)
    messages.scrub(db)
    return Gone(person, names, said, known, {name: rows for name, rows in touched.items() if rows})
