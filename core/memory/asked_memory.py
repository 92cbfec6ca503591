"""What people ask to have remembered, corrected or forgotten of themselves: by a tool the model calls for
them, by a command, out of the menu of a message.

Nobody reaches another person's memories here: everything takes whose they are, and answers with theirs alone.
Each change is a run of its own, so that the host sees it and can take it back.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.clock import Clock
from core.errors import MemoryEmpty, MemoryGone, PersonUnknown
from core.events import Bus, MemoryChanged
from core.memory import plan, rules
from core.memory.extract import LONGEST_FACT, Draft, looks_like_instruction
from core.memory.match import Verdict, judge
from core.memory.query import words
from core.safety import poison
from core.safety.clean import one_line
from core.safety.poison import Source
from core.safety.suspicion import suspect
from db import channels, consolidations, episodes, fact_bin, facts, messages, people, telling
from db.base import Database
from db.facts import BINNED, CLOSED, LIVE, QUARANTINED, StoredFact
from db.messages import StoredMessage
from db.store import Store

THEMSELVES = "asked"
_IMPORTANCE = 6.0  # somebody found it worth saying so
_NEAR = 0.35  # a likeness from which two facts are about the same thing
_SHARED = 0.5  # or so large a share of the words that were said
_TRIES = 3
_CALLED = re.compile(r"^\s*(?:@\S+[,:]?\s+)+")  # whom a message is said to


class Asker(Protocol):
    """Who asks, by their id on the platform; `core.conversation.message.Author` is one."""

    @property
    def id(self) -> int: ...


class Where(Protocol):
    """Where they ask; `core.conversation.message.Place` is one."""

    @property
    def realm(self) -> str: ...
    @property
    def guild_id(self) -> int | None: ...
    @property
    def channel_id(self) -> int: ...


class AskedMemory:
    """Implements `core.conversation.tools_memory.MemoryTools`."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock

    async def remember(self, who: Asker, place: Where, message_id: int, fact: str) -> str:
        """Keep a fact about `who`, said in `message_id`; answers it as it was kept.

        What reads like an order, or comes from a message that was an attempt, is kept apart until the host
        has looked at it.

        Raises:
            MemoryEmpty: there are no words in it, or too many.
            MemoryGone: the message is not theirs, or not there any more.
        """
        text = one_line(fact)
        if not words(text) or len(text) > LONGEST_FACT:
            raise MemoryEmpty(most=LONGEST_FACT)
        said = await self._store.read(_said_by, place.realm, message_id, who.id)
        suspicion = await asyncio.to_thread(suspect, said.text)
        judged = await asyncio.to_thread(poison.judge, text, Source.THEMSELVES, [suspicion])
        held_back = judged.quarantined or looks_like_instruction(text)
        draft = Draft(text, _category(text), _IMPORTANCE, "rules", judged.trust, (said,), held_back)
        for _ in range(_TRIES):
            person_id, known = await self._store.read(_known, place.realm, who.id)
            made = await asyncio.to_thread(plan.make, person_id, place.realm, [draft], None, known, None)
            try:
                await self._store.run(_keep, made, said, who.id, self._clock.now())
            except plan.Stale:
                continue
            self._tell(place.realm, person_id)
            return text
        raise MemoryGone

    async def remember_message(self, who: Asker, place: Where, message_id: int) -> list[str]:
        """Keep what somebody's own message tells of them; all of it where no single fact stands out.

        Raises:
            MemoryEmpty, MemoryGone
        """
        said = await self._store.read(_said_by, place.realm, message_id, who.id)
        text = _CALLED.sub("", said.text)
        found = await asyncio.to_thread(rules.read, text)
        told = [clause for _, clause in found] or [text]
        return [await self.remember(who, place, message_id, fact) for fact in told]

    async def correct(self, who: Asker, place: Where, message_id: int, wrong: str, right: str) -> str | None:
        """Put `right` in place of the fact about `who` that fits `wrong` best; None when none fits.

        Raises:
            MemoryEmpty, MemoryGone
        """
        told = await self._store.read(_tellable, place, who.id)
        best = await asyncio.to_thread(_fitting, wrong, told, one=True)
        if not best:
            return None
        kept = await self.remember(who, place, message_id, right)
        still = [fact.row_id for fact in best if fact.text != kept]
        if still:
            person_id = await self._store.run(_close, still, self._clock.now())
            self._tell(place.realm, person_id)
        return kept

    async def forget(self, who: Asker, place: Where, what: str) -> Sequence[str]:
        """Put the facts about `who` that `what` describes into the bin; answers them.

        Only those that may be told here. A model may misunderstand what was meant, so the host can take them
        out again for 30 days; what somebody drops by command is gone at once.
        """
        told = await self._store.read(_tellable, place, who.id)
        found = await asyncio.to_thread(_fitting, what, told, one=False)
        if not found:
            return []
        gone = await self._store.run(_bin, [fact.row_id for fact in found], self._clock.now())
        self._tell(place.realm, found[0].person_id)
        return [fact.text for fact in found if fact.row_id in gone]

    async def reword(self, realm: str, platform_id: int, fact_id: int, right: str) -> str:
        """Put other words in place of one's own fact; answers them.

        Raises:
            MemoryEmpty: nothing, too much, or something that no person is described by.
            MemoryGone: it is not one of theirs.
        """
        text = one_line(right)
        if not words(text) or len(text) > LONGEST_FACT:
            raise MemoryEmpty(most=LONGEST_FACT)
        held_back = (await asyncio.to_thread(poison.judge, text, Source.THEMSELVES)).quarantined
        person_id = await self._store.run(
            _reword, realm, platform_id, fact_id, text, held_back, self._clock.now()
        )
        self._tell(realm, person_id)
        return text

    async def drop(self, realm: str, platform_id: int, fact_ids: Sequence[int]) -> int:
        """Forget one's own facts for good, with the notes of how they came to be; answers how many.

        Raises:
            MemoryGone: one of them is not theirs.
        """
        person_id, gone = await self._store.run(_drop, realm, platform_id, tuple(fact_ids))
        self._tell(realm, person_id)
        return gone

    async def drop_everything(self, realm: str, platform_id: int) -> int:
        """Forget everything known of somebody and the time together, for good; answers how many things.

        What was said stays in the archive, and how it stands with them.
        """
        person_id, gone = await self._store.run(_drop_everything, realm, platform_id)
        if person_id:
            self._tell(realm, person_id)
        return gone

    async def drop_message(self, who: Asker, place: Where, message_id: int) -> int:
        """Forget what was learnt from one's own message; answers how many facts that was.

        Raises:
            MemoryGone: the message is not theirs, or not there any more.
        """
        said = await self._store.read(_said_by, place.realm, message_id, who.id)
        mine = await self._store.read(_learnt_from, place.realm, who.id, said.row_id)
        return await self.drop(place.realm, who.id, mine) if mine else 0

    async def row_id(self, realm: str, platform_id: int) -> int | None:
        """The row id by which the notebook knows a person; None for who is not known."""
        person = await self._store.read(people.find, realm, platform_id)
        return person.row_id if person is not None else None

    def _tell(self, realm: str, person_id: int) -> None:
        self._bus.publish(MemoryChanged(realm, (person_id,)))


def _said_by(db: Database, realm: str, message_id: int, platform_id: int) -> StoredMessage:
    said = messages.by_platform_id(db, realm, message_id)
    if said is None or said.author_id != platform_id or said.is_self:
        raise MemoryGone
    return said


def _known(db: Database, realm: str, platform_id: int) -> tuple[int, list[StoredFact]]:
    person = people.find(db, realm, platform_id)
    if person is None:
        raise PersonUnknown
    return person.row_id, facts.of_person(db, person.row_id, (LIVE, QUARANTINED))


def _tellable(db: Database, place: Where, platform_id: int) -> list[StoredFact]:
    """What is known of somebody and may be said where they ask: what was told elsewhere stays unspoken."""
    seen: Sequence[int] = ()
    if place.guild_id is not None:
        seen = channels.visible_from(db, place.realm, place.guild_id, place.channel_id)
    found = telling.tellable(db, place.realm, [platform_id], place.guild_id, [place.channel_id, *seen])
    return [each.fact for each in found]


def _keep(db: Database, made: plan.Plan, said: StoredMessage, platform_id: int, at: datetime) -> None:
    run_id = consolidations.begin(db, made.realm, THEMSELVES, at)
    plan.write_down(db, made, run_id, [said], platform_id, at)
    consolidations.end(db, run_id, "done", at)


def _close(db: Database, fact_ids: Sequence[int], at: datetime) -> int:
    """What they corrected no longer holds; the host can still see that it once did."""
    person_id = 0
    for before in facts.by_row_ids(db, fact_ids):
        person_id = before.person_id
        run_id = consolidations.begin(db, before.realm, THEMSELVES, at)
        facts.update(db, before.row_id, state=CLOSED, valid_to=at)
        consolidations.note(db, run_id, "close", at, before, facts.find(db, before.row_id))
        consolidations.end(db, run_id, "done", at)
    return person_id


def _bin(db: Database, fact_ids: Sequence[int], at: datetime) -> set[int]:
    gone = set()
    for before in facts.by_row_ids(db, fact_ids):
        if fact_bin.bin_(db, [before.row_id], at):
            run_id = consolidations.begin(db, before.realm, THEMSELVES, at)
            consolidations.note(db, run_id, "bin", at, before, facts.find(db, before.row_id))
            consolidations.end(db, run_id, "done", at)
            gone.add(before.row_id)
    return gone


def _reword(
    db: Database, realm: str, platform_id: int, fact_id: int, text: str, held_back: bool, at: datetime
) -> int:
    person_id, (before,) = _own(db, realm, platform_id, [fact_id])
    run_id = consolidations.begin(db, realm, THEMSELVES, at)
    facts.reword(db, fact_id, text)
    if held_back:
        facts.update(db, fact_id, state=QUARANTINED)
    consolidations.note(db, run_id, "edit", at, before, facts.find(db, fact_id))
    consolidations.end(db, run_id, "done", at)
    return person_id


def _drop(db: Database, realm: str, platform_id: int, fact_ids: Sequence[int]) -> tuple[int, int]:
    person_id, _ = _own(db, realm, platform_id, fact_ids)
    consolidations.forget_facts(db, fact_ids)
    return person_id, facts.remove(db, fact_ids)


def _drop_everything(db: Database, realm: str, platform_id: int) -> tuple[int, int]:
    person = people.find(db, realm, platform_id)
    if person is None:
        return 0, 0
    known = [fact.row_id for fact in facts.of_person(db, person.row_id, (LIVE, QUARANTINED, BINNED, CLOSED))]
    consolidations.forget_facts(db, known)
    return person.row_id, facts.remove(db, known) + episodes.erase(db, person.row_id)


def _own(db: Database, realm: str, platform_id: int, fact_ids: Sequence[int]) -> tuple[int, list[StoredFact]]:
    person = people.find(db, realm, platform_id)
    found = facts.by_row_ids(db, fact_ids)
    theirs = [each for each in found if person is not None and each.person_id == person.row_id]
    if person is None or len(theirs) != len(set(fact_ids)):
        raise MemoryGone
    return person.row_id, theirs


def _learnt_from(db: Database, realm: str, platform_id: int, message_row_id: int) -> list[int]:
    person = people.find(db, realm, platform_id)
    found = facts.of_message(db, message_row_id)
    return [fact.row_id for fact in found if person is not None and fact.person_id == person.row_id]


def _category(text: str) -> str:
    return next((category for category, _ in rules.read(text)), "other")


def _fitting(what: str, known: Sequence[StoredFact], *, one: bool) -> list[StoredFact]:
    """The facts that a description means: by likeness, or because they hold most of its words."""
    asked = set(words(what))
    scored = []
    for fact in known:
        found = judge(fact.text, what)
        shared = len(asked & set(words(fact.text))) / max(1, len(asked))
        near = found.likeness >= _NEAR or found.verdict is not Verdict.OTHER
        if near or shared >= _SHARED:
            scored.append((found.likeness + shared, fact))
    scored.sort(key=lambda each: -each[0])
    return [fact for _, fact in (scored[:1] if one else scored)]
