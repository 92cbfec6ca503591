"""The notebook: everything that is remembered, for the host to read and to put right.

Reading goes beside the writer and answers with lines; each edit is one transaction that can be taken back,
and is told on the bus.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from core.clock import Clock
from core.errors import PersonUnknown
from core.events import Bus, MemoryChanged
from core.memory import edits, files
from core.memory.consolidate import READ_BACK
from core.memory.diff import DiffLine, RunLine, line, run_line
from core.memory.edits import HOST, Edited, Part
from core.memory.extract import CATEGORIES
from db import consolidations, episodes, facts, notebook, people, quotes, watermarks
from db.base import Database
from db.notebook_lines import (
    EVERYBODY,
    EpisodeLine,
    EpisodesSought,
    FactLine,
    FactsSought,
    Found,
    PeopleSought,
    PersonLine,
    SaidLine,
)
from db.store import Store

__all__ = [
    "CATEGORIES",
    "EVERYBODY",
    "DiffLine",
    "Edited",
    "EpisodeLine",
    "EpisodesSought",
    "FactLine",
    "FactsSought",
    "Found",
    "Notebook",
    "Part",
    "PeopleSought",
    "PersonLine",
    "RunLine",
    "SaidLine",
    "Waiting",
]

P = ParamSpec("P")

FIRST = 64
AROUND = 6
HOST_EDITS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """What no consolidation has read yet: so many messages of so many people."""

    people: int
    messages: int


class Notebook:
    """What is remembered of people, in lists and in full.

    The lists of a hundred thousand are read in steps: `people`, `facts` and `episodes` answer how many there
    are, with the first lines; `…_order` answers the row ids of all, in order; `…_lines` those that are seen.
    """

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock

    # reading

    async def realms(self) -> list[str]:
        """The realms somebody was met in."""
        return await self._store.read(notebook.realms)

    async def people(self, sought: PeopleSought, most: int = FIRST) -> Found[PersonLine]:
        """How many people there are, and the first of them."""
        return await self._store.read(notebook.people, sought, most)

    async def people_order(self, sought: PeopleSought) -> array[int]:
        """The row ids of all of them, in order."""
        return await self._store.read(notebook.people_order, sought)

    async def people_lines(self, row_ids: Sequence[int]) -> list[PersonLine]:
        """These people; those that are gone are left out."""
        return await self._store.read(notebook.people_lines, row_ids)

    async def facts(self, sought: FactsSought, most: int = FIRST) -> Found[FactLine]:
        """How many facts there are, and the first of them."""
        return await self._store.read(notebook.facts, sought, most)

    async def fact_order(self, sought: FactsSought) -> array[int]:
        """The row ids of all of them, in order."""
        return await self._store.read(notebook.fact_order, sought)

    async def fact_lines(self, row_ids: Sequence[int]) -> list[FactLine]:
        """These facts; those that are gone are left out."""
        return await self._store.read(notebook.fact_lines, row_ids)

    async def episodes(self, sought: EpisodesSought, most: int = FIRST) -> Found[EpisodeLine]:
        """How many episodes there are, and the first of them."""
        return await self._store.read(notebook.episodes, sought, most)

    async def episode_order(self, sought: EpisodesSought) -> array[int]:
        """The row ids of all of them, in order."""
        return await self._store.read(notebook.episode_order, sought)

    async def episode_lines(self, row_ids: Sequence[int]) -> list[EpisodeLine]:
        """These episodes; those that are gone are left out."""
        return await self._store.read(notebook.episode_lines, row_ids)

    async def names(self, person_id: int) -> list[str]:
        """Every name a person was seen under, the newest first."""
        return await self._store.read(people.names, person_id)

    async def fact_sources(self, row_id: int) -> list[SaidLine]:
        """The messages a fact came from, oldest first."""
        return await self._store.read(quotes.fact_sources, row_id)

    async def episode_sources(self, row_id: int) -> list[SaidLine]:
        """The messages of an episode, oldest first."""
        return await self._store.read(quotes.episode_sources, row_id)

    async def cited(self, insight_id: int) -> list[EpisodeLine]:
        """The episodes an insight was drawn from, oldest first."""
        return await self._store.read(notebook.cited, insight_id)

    async def around(self, message_id: int) -> list[SaidLine]:
        """A message with its neighbours in the channel, oldest first; empty when it is gone."""
        return await self._store.read(quotes.neighbours, message_id, AROUND)

    async def waiting(self, realm: str) -> Waiting:
        """How much the next consolidation has to read."""
        unread = await self._store.read(watermarks.unread, realm, self._now - READ_BACK)
        return Waiting(len(unread), sum(each.messages for each in unread))

    # runs

    async def runs(self, realm: str) -> list[RunLine]:
        """The consolidations, the newest first, and what the host did by hand as one of them."""
        return await self._store.read(_runs, realm)

    async def diff(self, realm: str, run_id: int) -> list[DiffLine]:
        """What a run changed, person by person; run 0 is what the host did by hand, the newest first."""
        return await self._store.read(_diff, realm, run_id, self._now)

    async def undo_line(self, realm: str, found: DiffLine) -> bool:
        """Take one line of a run back; False when it cannot be any more."""
        done = await self._store.run(consolidations.undo, found.row_id, self._now)
        self._bus.publish(MemoryChanged(realm, (found.person_id,)))
        return done

    async def undo_run(self, realm: str, run_id: int) -> int:
        """Take a whole run back; answers how many lines it was."""
        count = await self._store.run(edits.undo_run, run_id, self._now)
        self._bus.publish(MemoryChanged(realm))
        return count

    # editing; each answers what `undo` takes back

    async def edit(self, row_id: int, text: str, category: str, importance: float | None = None) -> Edited:
        """Other words, category or importance (0–10, None leaves it) for a fact.

        Raises:
            MemoryGone, MemoryEmpty
        """
        return await self._edited(edits.edit, row_id, text, category, importance, self._now)

    async def protect(self, row_ids: Sequence[int], protected: bool = True) -> Edited:
        """Keep facts from being forgotten or closed, or no longer."""
        return await self._edited(edits.protect, row_ids, protected, self._now)

    async def delete(self, row_ids: Sequence[int]) -> Edited:
        """Put facts into the recycle bin; protected ones stay."""
        return await self._edited(edits.put_away, row_ids, self._now)

    async def restore(self, row_ids: Sequence[int]) -> Edited:
        """Take facts out of the bin."""
        return await self._edited(edits.restore, row_ids, self._now)

    async def accept(self, row_ids: Sequence[int]) -> Edited:
        """Let facts that were held back be remembered."""
        return await self._edited(edits.accept, row_ids, self._now)

    async def merge(self, row_ids: Sequence[int], text: str) -> Edited:
        """Make one fact of several live ones of a person.

        Raises:
            MemoriesApart, MemoryGone, MemoryEmpty
        """
        return await self._edited(edits.merge, row_ids, text, self._now)

    async def split(self, row_id: int, parts: Sequence[Part]) -> Edited:
        """Make several facts of one.

        Raises:
            SplitIncomplete, MemoryGone, MemoryEmpty
        """
        return await self._edited(edits.split, row_id, parts, self._now)

    async def edit_episode(self, row_id: int, text: str) -> Edited:
        """Other words for an episode."""
        return await self._edited(edits.edit_episode, row_id, text, self._now)

    async def protect_episodes(self, row_ids: Sequence[int], protected: bool = True) -> Edited:
        """Keep episodes from being forgotten, or no longer."""
        return await self._edited(edits.protect_episodes, row_ids, protected, self._now)

    async def delete_episodes(self, row_ids: Sequence[int]) -> Edited:
        """Put episodes into the recycle bin; protected ones stay."""
        return await self._edited(edits.put_episodes_away, row_ids, self._now)

    async def restore_episodes(self, row_ids: Sequence[int]) -> Edited:
        """Take episodes out of the bin."""
        return await self._edited(edits.restore_episodes, row_ids, self._now)

    async def undo(self, edited: Edited) -> int:
        """Take an edit back; answers how many memories are as they were."""
        count = await self._store.run(edits.undo, edited, self._now)
        self._bus.publish(MemoryChanged(edited.realm, edited.people))
        return count

    # leaving the house

    async def export(self, person_id: int, path: Path) -> int:
        """Write everything remembered of a person into a file; answers how many memories it holds.

        Args:
            path: ends in `.csv` for a table of the facts, else it becomes JSON with everything.

        Raises:
            PersonUnknown, FileUnwritable
        """
        known = await self._store.read(_known, person_id, self._now)
        write = files.write_csv if path.suffix.lower() == ".csv" else files.write_json
        await asyncio.to_thread(write, path, known)
        return len(known["facts"]) + len(known["episodes"])

    @property
    def _now(self) -> datetime:
        return self._clock.now()

    async def _edited(
        self, change: Callable[Concatenate[Database, P], Edited], *args: P.args, **kwargs: P.kwargs
    ) -> Edited:
        edited = await self._store.run(change, *args, **kwargs)
        if edited.count:
            self._bus.publish(MemoryChanged(edited.realm, edited.people))
        return edited


def _runs(db: Database, realm: str) -> list[RunLine]:
    every = consolidations.runs(db, realm, limit=500)
    by_hand = [run for run in every if run.cause == HOST][:1]
    hand = [RunLine(0, HOST, "done", run.started_at, 0) for run in by_hand]
    return [*(run_line(run) for run in every if run.cause != HOST), *hand]


def _diff(db: Database, realm: str, run_id: int, now: datetime) -> list[DiffLine]:
    if run_id:
        found = consolidations.changes(db, run_id=run_id)
    else:
        by_hand = [run for run in consolidations.runs(db, realm, limit=500) if run.cause == HOST]
        found = [
            change
            for run in by_hand[:HOST_EDITS_SHOWN]
            for change in consolidations.changes(db, run_id=run.row_id)
        ]
    ids = list(dict.fromkeys(change.person_id for change in found))
    names = {person.row_id: person.name for person in notebook.people_lines(db, ids)}
    lines = [line(change, names.get(change.person_id, ""), now, found) for change in found]
    return sorted(lines, key=lambda each: ids.index(each.person_id)) if run_id else lines


def _known(db: Database, person_id: int, now: datetime) -> dict[str, Any]:
    person = people.by_row_id(db, person_id)
    if person is None:
        raise PersonUnknown
    known = facts.export(db, person_id)
    for fact in known:
        said = {each.platform_id: each for each in quotes.fact_sources(db, fact["row_id"])}
        for source in fact["sources"]:
            of = said[source["platform_id"]]
            source |= {"author": of.author, "channel": of.place, "server": of.guild, "message": of.text}
    return {
        "exported_at": now,
        "person": asdict(person) | {"names": people.names(db, person_id)},
        "facts": known,
        "episodes": episodes.export(db, person_id),
    }
