"""What those who run a server may see and change of memories: what was said on their server, nothing else.

What somebody told the bot in private, or on another server, stays out of their sight and reach.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.clock import Clock
from core.errors import MemoryEmpty, MemoryGone, PersonUnknown
from core.events import Bus, MemoryChanged
from core.memory import edits, rules
from core.memory.extract import LONGEST_FACT, looks_like_instruction
from core.memory.query import words
from core.safety.clean import one_line
from db import consolidations, facts, people
from db.base import Database
from db.facts import LIVE, QUARANTINED, Source, StoredFact
from db.store import Store

_TRUST = 0.9
_IMPORTANCE = 6.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A fact as those who run a server see it.

    Attributes:
        text: in the wording of the newest message of that server. held_back: it is told to nobody until the
            host has looked at it.
    """

    row_id: int
    text: str
    category: str
    last_mentioned: datetime
    held_back: bool


class Overseen:
    """The memories of one server.

    Args of most methods: `guild_id` of the server, `platform_id` of the person.
    """

    def __init__(self, store: Store, bus: Bus, clock: Clock, realm: str = "discord") -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._realm = realm

    async def of(self, guild_id: int, platform_id: int) -> list[Seen]:
        """What was said of somebody on a server, the latest mentioned first."""
        return await self._store.read(_of, self._realm, guild_id, platform_id)

    async def add(
        self, guild_id: int, channel_id: int, platform_id: int, by: int, said_in: int, text: str
    ) -> Seen:
        """Remember something of somebody who was met.

        Args:
            by: platform id of who says so. said_in: the id of the command they said it with.

        Raises:
            PersonUnknown, MemoryEmpty
        """
        plain = _checked(text)
        now = self._clock.now()
        source = Source(None, said_in, by, guild_id, channel_id, plain, now)
        held_back = await asyncio.to_thread(looks_like_instruction, plain)
        seen, person_id = await self._store.run(_add, self._realm, platform_id, source, held_back, now)
        self._bus.publish(MemoryChanged(self._realm, (person_id,)))
        return seen

    async def change(self, guild_id: int, row_id: int, text: str) -> str:
        """Put other words in place of a fact's; answers the old ones.

        Raises:
            MemoryGone: it was not said on this server. MemoryEmpty
        """
        plain = _checked(text)
        held_back = await asyncio.to_thread(looks_like_instruction, plain)
        before, person_id = await self._store.run(
            _change, guild_id, row_id, plain, held_back, self._clock.now()
        )
        self._bus.publish(MemoryChanged(self._realm, (person_id,)))
        return before

    async def delete(self, guild_id: int, row_id: int) -> str:
        """Put a fact into the bin, from which the host can take it; answers its words.

        Raises:
            MemoryGone: it was not said on this server, or the host protects it.
        """
        before, person_id = await self._store.run(_delete, guild_id, row_id, self._clock.now())
        self._bus.publish(MemoryChanged(self._realm, (person_id,)))
        return before


def _of(db: Database, realm: str, guild_id: int, platform_id: int) -> list[Seen]:
    person = people.find(db, realm, platform_id)
    if person is None or person.state in ("opted_out", "erased"):
        return []
    found = facts.of_person(db, person.row_id, (LIVE, QUARANTINED))
    return [seen for fact in found if (seen := _seen(fact, guild_id)) is not None]


def _seen(fact: StoredFact, guild_id: int) -> Seen | None:
    here = [source for source in fact.sources if source.guild_id == guild_id]
    if not here:
        return None
    return Seen(fact.row_id, here[-1].text, fact.category, here[-1].said_at, fact.state == QUARANTINED)


def _add(
    db: Database, realm: str, platform_id: int, source: Source, held_back: bool, at: datetime
) -> tuple[Seen, int]:
    person = people.find(db, realm, platform_id)
    if person is None or person.state in ("opted_out", "erased"):
        raise PersonUnknown
    category = next((category for category, _ in rules.read(source.text)), "other")
    state = QUARANTINED if held_back else LIVE
    written = facts.insert(
        db,
        StoredFact(
            *(person.row_id, realm, source.text, category, at, at, 1, _IMPORTANCE, "host", _TRUST, at),
            *(source.author_id, source.guild_id, source.channel_id),
            state=state,
            sources=(source,),
        ),
    )
    run_id = consolidations.begin(db, realm, edits.HOST, at)
    consolidations.note(db, run_id, "insert", at, None, written)
    consolidations.end(db, run_id, "done", at)
    return Seen(written.row_id, written.text, category, at, held_back), person.row_id


def _change(
    db: Database, guild_id: int, row_id: int, text: str, held_back: bool, at: datetime
) -> tuple[str, int]:
    fact, seen = _on_server(db, guild_id, row_id)
    edits.edit(db, row_id, text, fact.category, None, at)
    if held_back:
        facts.update(db, row_id, state=QUARANTINED)
    return seen.text, fact.person_id


def _delete(db: Database, guild_id: int, row_id: int, at: datetime) -> tuple[str, int]:
    fact, seen = _on_server(db, guild_id, row_id)
    if fact.protected:
        raise MemoryGone
    edits.put_away(db, [row_id], at)
    return seen.text, fact.person_id


def _on_server(db: Database, guild_id: int, row_id: int) -> tuple[StoredFact, Seen]:
    fact = facts.find(db, row_id)
    seen = _seen(fact, guild_id) if fact is not None else None
    if fact is None or seen is None or fact.state not in (LIVE, QUARANTINED):
        raise MemoryGone
    return fact, seen


def _checked(text: str) -> str:
    plain = one_line(text)
    if not words(plain) or len(plain) > LONGEST_FACT:
        raise MemoryEmpty(most=LONGEST_FACT)
    return plain


def named(found: Sequence[Seen], typed: str, most: int) -> list[Seen]:
    """Those whose words hold what somebody has typed so far."""
    start = typed.strip().casefold()
    return [each for each in found if start in each.text.casefold() or start == str(each.row_id)][:most]
