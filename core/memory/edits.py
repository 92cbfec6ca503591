"""What the host's hand does to memories. Each function is one transaction, noted as a run of its own with
every fact before and after, so that it can be taken back like a line of a consolidation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from core.errors import MemoriesApart, MemoryEmpty, MemoryGone, SplitIncomplete, TooManyAtOnce
from core.memory.extract import looks_like_instruction
from db import consolidations, episodes, fact_bin, facts
from db.base import Database
from db.episodes import StoredEpisode
from db.facts import LIVE, QUARANTINED, Source, StoredFact

HOST = "host"
LONGEST = 300
MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Edited:
    """An edit, as what is needed to take it back.

    Attributes:
        kind: edit, merge, split, bin, restore, protect, unprotect or accept.
        count: how many memories it changed. people: the row ids of those concerned.
        run_id: under which the facts were noted; 0 when no fact changed.
        episodes: each episode before and after.
    """

    kind: str
    realm: str
    count: int
    people: tuple[int, ...]
    run_id: int = 0
    episodes: tuple[tuple[StoredEpisode, StoredEpisode], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One of the facts that another is split into: its words, and the platform ids of its messages."""

    text: str
    sources: tuple[int, ...]


# --- facts -----------------------------------------------------------------------------------


def edit(
    db: Database, row_id: int, text: str, category: str, importance: float | None, at: datetime
) -> Edited:
    """Put other words in place of a fact's, wherever it may be told, and set its category and importance.

    Args:
        importance: 0–10, or None to leave it as it is.
    """
    words = _words(text)

    def write(known: dict[int, StoredFact]) -> list[int]:
        fact = known[row_id]
        if fact.text != words:
            facts.reword(db, row_id, words)
        values: dict[str, Any] = {"category": category}
        if importance is not None and importance != fact.importance:
            values |= {"importance": importance, "importance_by": HOST}
        facts.update(db, row_id, **values)
        return []

    return _noted(db, "edit", [row_id], at, write)


def protect(db: Database, row_ids: Sequence[int], protected: bool, at: datetime) -> Edited:
    """Keep facts from being forgotten or closed, or let them go their way again."""

    def write(known: dict[int, StoredFact]) -> list[int]:
        for row_id in known:
            facts.update(db, row_id, protected=protected)
        return []

    return _noted(db, "protect" if protected else "unprotect", row_ids, at, write)


def put_away(db: Database, row_ids: Sequence[int], at: datetime) -> Edited:
    """Put facts into the recycle bin; protected ones stay."""

    def write(known: dict[int, StoredFact]) -> list[int]:
        fact_bin.bin_(db, list(known), at)
        return []

    return _noted(db, "bin", row_ids, at, write)


def restore(db: Database, row_ids: Sequence[int], at: datetime) -> Edited:
    """Take facts out of the bin. One that was held back when it went there is held back again."""

    def write(known: dict[int, StoredFact]) -> list[int]:
        fact_bin.restore(db, list(known))
        for row_id, fact in known.items():
            if _was_held_back(db, fact):
                facts.update(db, row_id, state=QUARANTINED)
        return []

    return _noted(db, "restore", row_ids, at, write)


def accept(db: Database, row_ids: Sequence[int], at: datetime) -> Edited:
    """Let facts that were held back be remembered: the host has read them and finds nothing wrong."""

    def write(known: dict[int, StoredFact]) -> list[int]:
        for row_id, fact in known.items():
            if fact.state == QUARANTINED:
                facts.update(db, row_id, state=LIVE)
        return []

    return _noted(db, "accept", row_ids, at, write)


def merge(db: Database, row_ids: Sequence[int], text: str, at: datetime) -> Edited:
    """Make one fact of several that say the same; it cites the messages of all.

    Args:
        text: the words it is to have. The fact that has them already stays, else the one said most often;
            words that none had are put in place of all, wherever the fact may be told.

    Raises:
        MemoriesApart: they are of different people, or not all live.
    """
    words = _words(text)

    def write(known: dict[int, StoredFact]) -> list[int]:
        every = list(known.values())
        if len(every) < 2 or {(each.person_id, each.state) for each in every} != {(every[0].person_id, LIVE)}:
            raise MemoriesApart
        stays = max(every, key=lambda each: (each.text == words, each.reference_count, -each.row_id))
        others = [each for each in every if each is not stays]
        added = sum(facts.add_sources(db, stays.row_id, other.sources) for other in others)
        cited = sum(len(other.sources) for other in others)
        facts.update(
            db,
            stays.row_id,
            first_mentioned=min(each.first_mentioned for each in every),
            last_mentioned=max(each.last_mentioned for each in every),
            valid_from=min(each.valid_from for each in every),
            reference_count=sum(each.reference_count for each in every) - (cited - added),
            importance=max(each.importance for each in every),
            trust=max(each.trust for each in every),
            protected=any(each.protected for each in every),
        )
        if stays.text != words:
            facts.reword(db, stays.row_id, words)
        facts.remove(db, [each.row_id for each in others])
        return []

    return _noted(db, "merge", row_ids, at, write)


def split(db: Database, row_id: int, parts: Sequence[Part], at: datetime) -> Edited:
    """Make several facts of one, each with its words and its messages; the first part stays the old fact.

    Raises:
        SplitIncomplete: a part has no message of the fact, or a message of it belongs to no part.
    """
    wordings = [_words(part.text) for part in parts]

    def write(known: dict[int, StoredFact]) -> list[int]:
        fact = known[row_id]
        sources = {source.platform_id: source for source in fact.sources}
        wanted = {platform_id for part in parts for platform_id in part.sources}
        if len(parts) < 2 or wanted != set(sources) or not all(part.sources for part in parts):
            raise SplitIncomplete
        made = [
            _part(fact, words, [sources[platform_id] for platform_id in part.sources])
            for words, part in zip(wordings, parts, strict=True)
        ]
        facts.drop_sources(db, row_id, [each for each in sources if each not in parts[0].sources])
        facts.reword(db, row_id, made[0].text)
        for_first = ("reference_count", "first_mentioned", "last_mentioned", "valid_from")
        facts.update(db, row_id, **{name: getattr(made[0], name) for name in for_first})
        return [facts.insert(db, replace(each, row_id=0)).row_id for each in made[1:]]

    return _noted(db, "split", [row_id], at, write)


# --- episodes --------------------------------------------------------------------------------


def edit_episode(db: Database, row_id: int, text: str, at: datetime) -> Edited:
    """Put other words in place of an episode's."""
    words = _words(text, longest=10 * LONGEST)
    return _episodes_noted(db, "edit", [row_id], lambda: episodes.update(db, row_id, text=words))


def protect_episodes(db: Database, row_ids: Sequence[int], protected: bool, at: datetime) -> Edited:
    """Keep episodes from being forgotten, or let them go their way again."""

    def write() -> None:
        for row_id in row_ids:
            episodes.update(db, row_id, protected=protected)

    return _episodes_noted(db, "protect" if protected else "unprotect", row_ids, write)


def put_episodes_away(db: Database, row_ids: Sequence[int], at: datetime) -> Edited:
    """Put episodes into the recycle bin; protected ones stay."""
    return _episodes_noted(db, "bin", row_ids, lambda: episodes.bin_(db, row_ids, at))


def restore_episodes(db: Database, row_ids: Sequence[int], at: datetime) -> Edited:
    """Take episodes out of the bin."""
    return _episodes_noted(db, "restore", row_ids, lambda: episodes.restore(db, row_ids))


# --- taking it back --------------------------------------------------------------------------


def undo(db: Database, edited: Edited, now: datetime) -> int:
    """Take an edit back, as far as nothing else happened to the memories since; answers how many it was."""
    count = undo_run(db, edited.run_id, now) if edited.run_id else 0
    for before, after in edited.episodes:
        present = next(iter(episodes.by_row_ids(db, [after.row_id])), None)
        if present is None:
            continue
        names = [
            each.name for each in fields(before) if each.name not in ("people", "sources", "cites", "pad")
        ]
        values = {
            name: getattr(before, name)
            for name in names
            if getattr(before, name) != getattr(after, name) == getattr(present, name)
        }
        if values:
            episodes.update(db, after.row_id, **values)
            count += 1
    return count


def undo_run(db: Database, run_id: int, now: datetime) -> int:
    """Take back every line of a run that can be taken back, the last first; answers how many."""
    lines = consolidations.changes(db, run_id=run_id, limit=1_000_000)
    return sum(consolidations.undo(db, line.row_id, now) for line in reversed(lines))


# --- the pieces ------------------------------------------------------------------------------


def _noted(
    db: Database,
    kind: str,
    row_ids: Sequence[int],
    at: datetime,
    write: Callable[[dict[int, StoredFact]], list[int]],
) -> Edited:
    """Do it, and note each fact that is another one now. `write` answers the ids of facts it made.

    Raises:
        MemoryGone, TooManyAtOnce
    """
    _few_enough(row_ids)
    before = {fact.row_id: fact for fact in facts.by_row_ids(db, row_ids)}
    if len(before) != len(set(row_ids)):
        raise MemoryGone
    made = write(before)
    after = {fact.row_id: fact for fact in facts.by_row_ids(db, [*before, *made])}
    changed = [
        row_id for row_id in dict.fromkeys((*before, *made)) if before.get(row_id) != after.get(row_id)
    ]
    realm = next(iter(before.values())).realm
    people = tuple(dict.fromkeys(fact.person_id for fact in before.values()))
    if not changed:
        return Edited(kind, realm, 0, people)
    run_id = consolidations.begin(db, realm, HOST, at)
    for row_id in changed:
        consolidations.note(db, run_id, kind, at, before.get(row_id), after.get(row_id))
    consolidations.end(db, run_id, "done", at)
    return Edited(kind, realm, len(changed), people, run_id)


def _episodes_noted(db: Database, kind: str, row_ids: Sequence[int], write: Callable[[], object]) -> Edited:
    _few_enough(row_ids)
    before = episodes.by_row_ids(db, row_ids)
    if len(before) != len(set(row_ids)):
        raise MemoryGone
    write()
    after = {each.row_id: each for each in episodes.by_row_ids(db, row_ids)}
    changed = tuple((old, after[old.row_id]) for old in before if old != after[old.row_id])
    people = tuple(dict.fromkeys(person for old in before for person in old.people))
    return Edited(kind, before[0].realm, len(changed), people, episodes=changed)


def _few_enough(row_ids: Sequence[int]) -> None:
    if not row_ids:
        raise MemoryGone
    if len(row_ids) > MOST_AT_ONCE:
        raise TooManyAtOnce(most=MOST_AT_ONCE)


def _words(text: str, longest: int = LONGEST) -> str:
    words = " ".join(text.split())
    if not words or len(words) > longest:
        raise MemoryEmpty(most=longest)
    return words


def _part(fact: StoredFact, words: str, sources: Sequence[Source]) -> StoredFact:
    said = [source.said_at for source in sources]
    return replace(
        fact,
        text=words,
        first_mentioned=min(said),
        last_mentioned=max(said),
        valid_from=max(fact.valid_from, min(said)) if fact.valid_to is None else fact.valid_from,
        reference_count=len(sources),
        author_id=sources[0].author_id,
        guild_id=sources[0].guild_id,
        channel_id=sources[0].channel_id,
        vector=None,
        model=None,
        last_used_at=None,
        sources=tuple(replace(source, text=words) for source in sources),
    )


def _was_held_back(db: Database, fact: StoredFact) -> bool:
    """Was it quarantined when it went into the bin? When the note of that is gone, its words tell."""
    for change in reversed(consolidations.changes(db, fact_id=fact.row_id)):
        if change.before is not None and change.before["state"] != fact.state:
            return bool(change.before["state"] == QUARANTINED)
    return looks_like_instruction(fact.text)
