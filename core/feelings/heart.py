"""What the persona feels at one moment, and the day it is in: on the database thread.

Each function here is handed the database and runs in one transaction, like those of
core/feelings/reaction.py that move what is felt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.feelings import daily, needs, relationship
from core.feelings.daily import DailyMood
from core.feelings.emotions import Emotion, Felt
from core.feelings.mood import lived_through
from core.feelings.needs import Needs
from core.feelings.pad import Pad, bounded
from core.feelings.state import Bond, Moment, State, wish_to_talk
from core.feelings.traits import Traits, default_mood
from db import moods, people, quirks, relationships, state
from db.base import Database
from db.people import StoredPerson
from db.relationships import Metrics

_REAL = "discord"  # whose mood the day is drawn from: practice never colours it


def look(db: Database, moment: Moment, people_ids: Sequence[int] = ()) -> State:
    """What the persona feels now.

    Args:
        people_ids: ids on the platform of the persons to look at, the one who is answered first.
    """
    found = [people.find(db, moment.realm, each) for each in dict.fromkeys(people_ids)]
    return state_of(db, moment, now_at(db, moment), [person for person in found if person is not None])


@dataclass(frozen=True, slots=True)
class Now:
    """How it is inside, decayed to this moment. `home`: the mood it returns to today."""

    mood: Pad
    home: Pad
    emotions: tuple[Felt, ...]
    needs: Needs
    daily: DailyMood


def now_at(db: Database, moment: Moment) -> Now:
    """How it is inside; draws the day where this is the first look at it."""
    return _settled(db, moment, today(db, moment))


def _settled(db: Database, moment: Moment, day: DailyMood) -> Now:
    """Mood, emotions and needs, drifted from when they were last written to this moment."""
    character_home, day_offset = default_mood(moment.traits), daily.offset(day)
    kept = moods.find(db, moment.persona_id, moment.realm)
    if kept is None:
        home = _sum(character_home, day_offset, needs.offset(needs.START))
        return Now(home, home, (), needs.START, day)
    seconds = (moment.at - kept.at).total_seconds()
    needed = needs.drifted(Needs(*kept.levels[3:]), moment.traits, seconds)
    home = _sum(character_home, day_offset, needs.offset(needed))
    felt = tuple(Felt(Emotion(name), bounded(i, 0.0, 1.0)) for name, i in kept.emotions.items())
    mood, left = lived_through(Pad.within(*kept.levels[:3]), felt, home, seconds)
    return Now(mood, home, left, needed, day)


def _sum(*points: Pad) -> Pad:
    return Pad.within(sum(x.p for x in points), sum(x.a for x in points), sum(x.d for x in points))


def state_of(db: Database, moment: Moment, now: Now, persons: Sequence[StoredPerson]) -> State:
    """What is felt, together with how it stands with some persons."""
    bonds = tuple(bond_with(db, moment, person) for person in persons)
    metrics = bonds[0].metrics if bonds else None
    return State(
        moment.character.name,
        moment.realm,
        moment.at,
        now.mood,
        now.home,
        now.emotions,
        now.needs,
        now.daily,
        bonds,
        wish_to_talk(moment.traits, now.mood, now.needs, now.daily, metrics),
        quirks.strengths(db, moment.persona_id),
    )


def bond_with(db: Database, moment: Moment, person: StoredPerson) -> Bond:
    """How it stands with a person now."""
    kept = relationships.find(db, person.row_id)
    metrics = settled_since(kept, moment.traits, moment.at)
    return Bond(person.row_id, person.name, metrics, kept is not None)


def settled_since(kept: tuple[Metrics, datetime] | None, traits: Traits, at: datetime) -> Metrics:
    """Values as they were written, settled until `at`; the baseline where nothing was written."""
    if kept is None:
        return relationship.baseline(traits)
    return relationship.settled(kept[0], traits, (at - kept[1]).total_seconds())


# --- the day ----------------------------------------------------------------------------------------------


def today(db: Database, moment: Moment) -> DailyMood:
    """The day's mood, drawn when this is the first look at it on a new day."""
    kept = state.every(db, state.State)
    if kept.get(daily.DAY_KEY) == moment.today.isoformat():
        return daily.read(kept)
    return draw_day(db, moment, moment.seed())


def draw_day(db: Database, moment: Moment, seed: int) -> DailyMood:
    """Draw today's mood, in place of what there was, and keep it with its seed and what it was made from."""
    kept = state.every(db, state.State)
    drawn_on = kept.get(daily.DAY_KEY)
    yesterday = daily.read(kept) if drawn_on and drawn_on != moment.today.isoformat() else None
    past = moods.average(db, moment.persona_id, _REAL, moment.at - timedelta(days=1), moment.at)
    mood = moods.find(db, moment.persona_id, _REAL)
    needed = needs.START
    if mood is not None:
        needed = needs.drifted(Needs(*mood.levels[3:]), moment.traits, (moment.at - mood.at).total_seconds())
    inputs = daily.Inputs.of(
        moment.traits, past.pleasure if past else 0.0, needed.contact, needed.rest, yesterday
    )
    drawn = daily.draw(seed, inputs)
    entries: dict[str, Any] = {daily.PREFIX + name: value for name, value in drawn._asdict().items()}
    entries |= {daily.DAY_KEY: moment.today.isoformat(), daily.SEED_KEY: seed}
    entries[daily.INPUTS_KEY] = inputs.as_plain()
    for key, value in entries.items():
        state.put(db, state.State, key, value, moment.at)
    return drawn


def set_daily(db: Database, moment: Moment, name: str, value: int) -> None:
    """The host sets one of the day's numbers."""
    today(db, moment)
    state.put(db, state.State, daily.PREFIX + name, value, moment.at)
