"""What becomes of new facts about one person: held against what is known, then written in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from core.memory.embedder import Vectors, packed
from core.memory.extract import Draft
from core.memory.match import Verdict, judge
from db import consolidations, facts, people, watermarks
from db.base import Database
from db.facts import CLOSED, LIVE, QUARANTINED, Source, StoredFact
from db.messages import StoredMessage, by_row_ids

_LEFT_ALONE = ("opted_out", "erased")


class Stale(Exception):
    """What is known changed while the plan was made."""


@dataclass(slots=True)
class Entry:
    """A fact, known or new, as it will be.

    Attributes:
        before: as it is in the store; None for a new one. closed_by: the moment something contradicted it.
    """

    now: StoredFact
    before: StoredFact | None
    direction: Vectors | None
    closed_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written about a person. `seen`: what was known when it was made."""

    person_id: int
    realm: str
    seen: dict[int, tuple[str, str, int]]
    entries: list[Entry] = field(default_factory=list)


def make(
    person_id: int,
    realm: str,
    drafts: Sequence[Draft],
    vectors: Vectors | None,
    known: Sequence[StoredFact],
    model: str | None,
) -> Plan:
    """Hold each draft against what is known and against the drafts before it. Pure; for a thread.

    Args:
        vectors: of the drafts' texts, row by row, or None. model: whose they are.
        known: the person's live and quarantined facts, with their vectors where they have them.
    """
    plan = Plan(person_id, realm, _seen(known))
    plan.entries.extend(Entry(fact, fact, _direction(fact, model)) for fact in known)
    for at, draft in enumerate(drafts):
        direction = None if vectors is None else vectors[at]
        _place(plan, draft, direction, model)
    return plan


def carry_out(
    db: Database,
    plan: Plan,
    run_id: int,
    read: Sequence[StoredMessage],
    platform_id: int,
    at: datetime,
) -> tuple[int, int, int, int]:
    """Write a plan and the watermark, all or nothing; answers how many facts were inserted, confirmed,
    closed and quarantined.

    Args:
        read: the messages it was made from. platform_id: of the person.

    Raises:
        Stale: what is known is no longer what the plan was made from. Nothing was written.
    """
    counts = write_down(db, plan, run_id, read, platform_id, at)
    if read and people.find(db, plan.realm, platform_id) is not None:
        newest = max(message.row_id for message in read)
        watermarks.advance(db, plan.realm, "facts", platform_id, newest, at)
    return counts["insert"], counts["confirm"], counts["close"], counts["quarantine"]


def write_down(
    db: Database,
    plan: Plan,
    run_id: int,
    read: Sequence[StoredMessage],
    platform_id: int,
    at: datetime,
) -> dict[str, int]:
    """Write a plan without a watermark; answers how many facts were changed in which way.

    Raises:
        Stale
    """
    person = people.find(db, plan.realm, platform_id)
    counts = {"insert": 0, "confirm": 0, "close": 0, "quarantine": 0}
    if person is None or person.state in _LEFT_ALONE:
        return counts
    if _seen(facts.of_person(db, plan.person_id, (LIVE, QUARANTINED))) != plan.seen:
        raise Stale
    exist = by_row_ids(db, [message.row_id for message in read])
    theirs = {message.platform_id for message in exist.values() if message.author_id == platform_id}
    for entry in plan.entries:
        kind = _write(db, entry, run_id, theirs, at)
        if kind is not None:
            counts[kind] += 1
    return counts


def _place(plan: Plan, draft: Draft, direction: Vectors | None, model: str | None) -> None:
    """Find the entry that says the same, or those that the draft ends, or make a new one."""
    best: tuple[float, Entry] | None = None
    ended: list[Entry] = []
    for entry in plan.entries:
        if entry.closed_by is not None or (entry.now.state == QUARANTINED) != draft.instruction:
            continue
        found = judge(entry.now.text, draft.text, _cosine(entry.direction, direction))
        if found.verdict is Verdict.SAME and (best is None or found.likeness > best[0]):
            best = (found.likeness, entry)
        elif found.verdict is Verdict.CONTRADICTION:
            ended.append(entry)
    if best is not None:
        best[1].now = _confirmed(best[1].now, draft)
        return
    said = draft.messages[-1].sent_at
    for entry in ended:
        if not entry.now.protected and entry.now.last_mentioned <= said:
            entry.closed_by = said
    plan.entries.append(Entry(_fresh(plan, draft, direction, model), None, direction))


def _fresh(plan: Plan, draft: Draft, direction: Vectors | None, model: str | None) -> StoredFact:
    first, last = draft.messages[0], draft.messages[-1]
    return StoredFact(
        person_id=plan.person_id,
        realm=plan.realm,
        text=draft.text,
        category=draft.category,
        first_mentioned=first.sent_at,
        last_mentioned=last.sent_at,
        reference_count=len(draft.messages),
        importance=draft.importance,
        importance_by=draft.importance_by,
        trust=draft.trust,
        valid_from=first.sent_at,
        author_id=first.author_id,
        guild_id=first.guild_id,
        channel_id=first.channel_id,
        state=QUARANTINED if draft.instruction else LIVE,
        vector=None if direction is None else packed(direction),
        model=None if direction is None else model,
        sources=tuple(_source(message, draft.text) for message in draft.messages),
    )


def _confirmed(fact: StoredFact, draft: Draft) -> StoredFact:
    """The same fact, said by further messages; unchanged when it cites them already."""
    cited = {source.platform_id for source in fact.sources}
    new = [message for message in draft.messages if message.platform_id not in cited]
    if not new:
        return fact
    return replace(
        fact,
        first_mentioned=min(fact.first_mentioned, new[0].sent_at),
        last_mentioned=max(fact.last_mentioned, new[-1].sent_at),
        reference_count=fact.reference_count + len(new),
        # Each repetition takes a fifth of the doubt that is left.
        trust=round(1 - (1 - fact.trust) * 0.8 ** len(new), 4),
        sources=(*fact.sources, *(_source(message, draft.text) for message in new)),
    )


def _write(db: Database, entry: Entry, run_id: int, theirs: set[int], at: datetime) -> str | None:
    """Write what changed of one fact, and note it; answers the kind of change."""
    old = entry.before
    known = {source.platform_id for source in old.sources} if old is not None else set()
    sources = [each for each in entry.now.sources if each.platform_id in theirs | known]
    if old is None:
        if not sources:
            return None  # every message that said it was deleted meanwhile
        now = replace(entry.now, sources=tuple(sources), reference_count=len(sources))
        if entry.closed_by is not None:
            now = replace(now, state=CLOSED, valid_to=entry.closed_by)
        written = facts.insert(db, now)
        kind = "quarantine" if written.state == QUARANTINED else "insert"
        consolidations.note(db, run_id, kind, at, None, facts.find(db, written.row_id))
        return kind
    new = [each for each in sources if each.platform_id not in known]
    if entry.closed_by is None and not new:
        return None
    if new:
        facts.add_sources(db, old.row_id, new)
        facts.update(
            db,
            old.row_id,
            first_mentioned=entry.now.first_mentioned,
            last_mentioned=entry.now.last_mentioned,
            reference_count=old.reference_count + len(new),
            trust=entry.now.trust,
        )
    if entry.closed_by is not None:
        facts.update(db, old.row_id, state=CLOSED, valid_to=entry.closed_by)
    kind = "confirm" if entry.closed_by is None else "close"
    consolidations.note(db, run_id, kind, at, old, facts.find(db, old.row_id))
    return kind


def _source(message: StoredMessage, text: str) -> Source:
    return Source(
        message.row_id,
        message.platform_id,
        message.author_id,
        message.guild_id,
        message.channel_id,
        text,
        message.sent_at,
    )


def _seen(known: Sequence[StoredFact]) -> dict[int, tuple[str, str, int]]:
    return {fact.row_id: (fact.text, fact.state, fact.reference_count) for fact in known}


def _direction(fact: StoredFact, model: str | None) -> Vectors | None:
    if fact.vector is None or model is None or fact.model != model:
        return None
    values = np.frombuffer(fact.vector, np.int8).astype(np.float32)
    return (values / (float(np.linalg.norm(values)) or 1.0)).astype(np.float32)


def _cosine(a: Vectors | None, b: Vectors | None) -> float | None:
    if a is None or b is None or a.shape != b.shape:
        return None
    return float(a @ b)
