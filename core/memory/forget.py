"""Forgetting: what nobody speaks of and nothing needs fades into the recycle bin, and later for good.

Retention follows Ebbinghaus' curve as MemoryBank uses it (Zhong et al. 2023), R = exp(−t / S): t is the time
since a memory was last mentioned or used, S its stability, which grows with importance and repetition. What
the host protects never fades.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from db import consolidations, episodes, fact_bin, facts
from db.base import Database
from db.episodes import StoredEpisode
from db.facts import StoredFact

FORGOTTEN_BELOW = 0.05
_DAYS_PER_POINT = 20.0
_LEAST_DAYS = 20.0
_PER_DOUBLING = 0.5
_CLOSED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a night's forgetting did: rows put into the bin, and rows that had lain there for a month."""

    facts_binned: int
    episodes_binned: int
    gone: int


def stability_days(importance: float, mentions: int) -> float:
    """S, in days: 20 for a trifle said once, 220 for what matters most, half as much more with each doubling
    of its mentions.

    Args:
        importance: 0–10. mentions: at least 1.
    """
    return (_LEAST_DAYS + _DAYS_PER_POINT * importance) * (1 + _PER_DOUBLING * math.log2(max(1, mentions)))


def retention(fact: StoredFact, now: datetime) -> float:
    """R of a fact, 0–1; 1 when it is protected."""
    if fact.protected:
        return 1.0
    last = max(fact.last_mentioned, fact.last_used_at or fact.last_mentioned)
    stability = stability_days(fact.importance, fact.reference_count)
    if fact.state == facts.CLOSED:
        stability *= _CLOSED_SHARE
    return math.exp(-max(0.0, (now - last).total_seconds()) / 86_400 / stability)


def retention_of_episode(episode: StoredEpisode, now: datetime) -> float:
    """R of an episode or insight, 0–1."""
    if episode.protected:
        return 1.0
    last = max(episode.ended_at, episode.last_used_at or episode.ended_at)
    age = max(0.0, (now - last).total_seconds()) / 86_400
    return math.exp(-age / stability_days(episode.importance, 1))


def forget(db: Database, realm: str, now: datetime) -> Forgotten:
    """One night's forgetting over a realm, for one transaction. What it bins is a run whose lines can be
    taken back."""
    faded = [fact for fact in facts.in_realm(db, realm) if retention(fact, now) < FORGOTTEN_BELOW]
    if faded:
        _bin(db, realm, faded, now)
    old = [
        episode.row_id
        for insights in (False, True)
        for episode in episodes.since(db, realm, _THE_BEGINNING, insights=insights)
        if retention_of_episode(episode, now) < FORGOTTEN_BELOW
    ]
    binned = episodes.bin_(db, old, now)
    gone = fact_bin.empty_bin(db, now) + episodes.empty_bin(db, now)
    consolidations.thin(db, now)
    return Forgotten(len(faded), binned, gone)


def _bin(db: Database, realm: str, faded: list[StoredFact], now: datetime) -> None:
    run_id = consolidations.begin(db, realm, "forgetting", now)
    for fact in faded:
        fact_bin.bin_(db, [fact.row_id], now)
        consolidations.note(db, run_id, "forget", now, fact, facts.find(db, fact.row_id))
    consolidations.end(db, run_id, "done", now)


_THE_BEGINNING = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
