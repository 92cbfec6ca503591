"""How a message, or the host, moves feelings: on the database thread, each in one transaction.

The mood is shared by all channels, so whatever depends on what was read is written before anybody else reads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.feelings import needs, relationship
from core.feelings.appraisal import Appraisal, read
from core.feelings.emotions import Felt, together
from core.feelings.heart import Now, bond_with, now_at, settled_since, state_of
from core.feelings.mood import step
from core.feelings.relationship import Touch
from core.feelings.stakes import with_goals
from core.feelings.state import Bond, Heard, Moment, State
from core.feelings.traits import Traits, swayed
from core.words import T
from db import messages, moods, people, relationships
from db.base import Database
from db.messages import StoredMessage
from db.moods import Levels, StoredMoment, StoredMood
from db.people import StoredPerson
from db.relationships import Metrics, StoredChange

# Taking a message in: the mood moves by so much of its emotions at once, the rest comes as they last.
TAKING_IN_S = 60.0
# What is overheard touches less than what is said to one's face.
OVERHEARD = 0.3
_NOTABLE = 0.1  # an overheard message that calls up less is no point on the timeline
_WORD = re.compile(r"[^\W\d_]{4,}")


def react(db: Database, moment: Moment, heard: Heard, appraisal: Appraisal | None = None) -> State:
    """Take a message in: emotions, mood, needs and the relationship with who wrote it.

    A message that was taken in before (it came again after a crash) changes nothing.

    Args:
        appraisal: what it means; None lets its words tell.
    """
    now = now_at(db, moment)
    person = people.find(db, moment.realm, heard.author)
    message = messages.by_platform_id(db, moment.realm, heard.message)
    persons = [person] if person else []
    if message and moods.caused(db, moment.persona_id, message.row_id):
        return state_of(db, moment, now, persons)
    bond = bond_with(db, moment, person) if person else None
    if appraisal is None:
        appraisal = appraised(moment, heard, bond)
    touch = relationship.touched(appraisal, to_me=heard.to_me)
    if heard.to_me:
        liking = relationship.liking(bond.metrics) if bond else 0.0
        wanted = with_goals(db, moment, appraisal, liking)
        appraisal = replace(appraisal, emotions=together(appraisal.emotions, wanted))
    now = _moved(db, moment, now, heard, appraisal, touch)
    keep(db, moment, now)
    if heard.to_me or touch or any(each.intensity >= _NOTABLE for each in appraisal.emotions):
        note(db, moment, now, message, person, touch)
    if bond and touch:
        _relate(db, moment, bond, touch, appraisal.formality, heard.message, message)
    return state_of(db, moment, now, persons)


def appraised(moment: Moment, heard: Heard, bond: Bond | None) -> Appraisal:
    """What a message means by its words alone."""
    liking = relationship.liking(bond.metrics) if bond else 0.0
    names = (moment.character.name, *moment.character.nicknames)
    return read(heard.text, to_me=heard.to_me, names=names, liking=liking)


def _moved(
    db: Database, moment: Moment, now: Now, heard: Heard, appraisal: Appraisal, touch: Touch | None
) -> Now:
    near = 1.0 if heard.to_me else OVERHEARD
    felt = [
        Felt(each.emotion, each.intensity * near)
        for each in swayed(appraisal.emotions, moment.traits, now.mood)
    ]
    emotions = together(now.emotions, felt)
    warmth = touch.warmth if touch else 0.0
    news = _news(db, moment, heard) if heard.to_me else 0.5
    needed = needs.heard(now.needs, moment.traits, to_me=heard.to_me, warmth=warmth, news=news)
    mood = step(now.mood, emotions, now.home, TAKING_IN_S) if felt else now.mood
    return Now(mood, now.home, emotions, needed, now.daily)


def _news(db: Database, moment: Moment, heard: Heard) -> float:
    """Share of a message's longer words that nobody used in the last lines of its channel."""
    words = set(_WORD.findall(heard.text[:4000].casefold()))
    if not words:
        return 0.0
    since = moment.at - timedelta(days=1)
    before = messages.latest_texts(db, heard.channel, since, 30, without=heard.message)
    known = {word for text in before for word in _WORD.findall(text[:4000].casefold())}
    return len(words - known) / len(words)


def _levels(now: Now) -> Levels:
    return Levels(now.mood.p, now.mood.a, now.mood.d, *now.needs)


def _plain(emotions: Sequence[Felt]) -> dict[str, float]:
    return {str(each.emotion): each.intensity for each in emotions}


def keep(db: Database, moment: Moment, now: Now) -> None:
    """Write how it is inside."""
    kept = StoredMood(_levels(now), _plain(now.emotions), moment.at)
    moods.put(db, moment.persona_id, moment.realm, kept)


def note(
    db: Database,
    moment: Moment,
    now: Now,
    message: StoredMessage | None,
    person: StoredPerson | None,
    touch: Touch | None,
) -> None:
    """Add a point to the timeline, with who and what caused it."""
    cause = touch.cause if touch else T("{name} wrote something.")
    point = StoredMoment(
        moment.at,
        _levels(now),
        _plain(now.emotions),
        cause.key,
        {"warmth": round(touch.warmth, 3)} if touch else {},
        message.row_id if message else None,
        message.platform_id if message else None,
        person.row_id if person else None,
    )
    moods.note(db, moment.persona_id, moment.realm, point)


def _relate(
    db: Database,
    moment: Moment,
    bond: Bond,
    touch: Touch,
    formality: float,
    platform_id: int,
    message: StoredMessage | None,
) -> None:
    gained = relationships.gained(db, bond.person_id, moment.at - timedelta(days=1))
    after = relationship.moved(bond.metrics, touch, formality, moment.traits, gained)
    relationships.put(
        db,
        StoredChange(
            bond.person_id,
            moment.at,
            bond.metrics,
            after,
            touch.cause.key,
            {},
            message.row_id if message else None,
            platform_id,
        ),
    )


def set_relationship(
    db: Database, traits: Traits, person_id: int, wanted: Mapping[str, float], cause: str, at: datetime
) -> Metrics:
    """The host sets values of a relationship; they hold from now on and settle like any other."""
    before = settled_since(relationships.find(db, person_id), traits, at)
    after = relationship.within(before._replace(**wanted))
    relationships.put(db, StoredChange(person_id, at, before, after, cause, dict(wanted), by_host=True))
    return after


def set_need(db: Database, moment: Moment, name: str, value: float) -> None:
    """The host sets a need; the timeline says so."""
    now = now_at(db, moment)
    now = Now(now.mood, now.home, now.emotions, now.needs._replace(**{name: value}), now.daily)
    keep(db, moment, now)
    cause = T("The host set a need.")
    moods.note(
        db,
        moment.persona_id,
        moment.realm,
        StoredMoment(moment.at, _levels(now), _plain(now.emotions), cause.key),
    )
