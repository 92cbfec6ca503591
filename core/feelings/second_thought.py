"""A message understood better: the scoring model's answer came after the bot had felt its first impression.

The reply never waits for it. What the first impression did is taken back, what the better one would have
done is put in its place, as far as time has left either. On the database thread, in one transaction.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from core.feelings import relationship
from core.feelings.appraisal import Answer, Appraisal, merge
from core.feelings.emotions import Felt, decay
from core.feelings.heart import Now, bond_with, now_at, state_of
from core.feelings.mood import step
from core.feelings.reaction import OVERHEARD, TAKING_IN_S, appraised, keep, note, react
from core.feelings.relationship import Touch
from core.feelings.state import Bond, Heard, Moment, State
from core.feelings.traits import swayed
from db import messages, moods, people, relationships
from db.base import Database
from db.messages import StoredMessage
from db.people import StoredPerson
from db.relationships import Metrics, StoredChange

_DAY = timedelta(days=1)
_SLIGHT = 0.01


def reconsider(db: Database, moment: Moment, heard: Heard, answer: Answer) -> State:
    """Think a message over. Done once for each message; one that was never taken in is taken in now."""
    person = people.find(db, moment.realm, heard.author)
    message = messages.by_platform_id(db, moment.realm, heard.message)
    bond = bond_with(db, moment, person) if person else None
    felt_at = moods.caused(db, moment.persona_id, message.row_id) if message else []
    first = relationships.caused(db, bond.person_id, message.row_id) if bond and message else None
    liked = replace(bond, metrics=first.before) if bond and first else bond
    prior = appraised(moment, heard, liked)
    liking = relationship.liking(liked.metrics) if liked else 0.0
    better = merge(prior, answer, liking=liking)
    if not felt_at:
        return react(db, moment, heard, better)
    if len(felt_at) == 1:
        _think_over(db, moment, heard, (prior, better), felt_at[0], message, person)
        if bond and first:
            _correct(db, moment, heard, bond, first, better)
    return state_of(db, moment, now_at(db, moment), [person] if person else [])


def _think_over(
    db: Database,
    moment: Moment,
    heard: Heard,
    appraisals: tuple[Appraisal, Appraisal],
    felt_at: datetime,
    message: StoredMessage | None,
    person: StoredPerson | None,
) -> None:
    now = now_at(db, moment)
    seconds = (moment.at - felt_at).total_seconds()
    near = 1.0 if heard.to_me else OVERHEARD
    was, is_now = (
        decay(
            [Felt(each.emotion, each.intensity * near) for each in swayed(it.emotions, moment.traits)],
            seconds,
        )
        for it in appraisals
    )
    emotions = instead(now.emotions, was, is_now)
    mood = step(now.mood, emotions, now.home, TAKING_IN_S) if emotions else now.mood
    now = Now(mood, now.home, emotions, now.needs, now.daily)
    keep(db, moment, now)
    note(db, moment, now, message, person, relationship.touched(appraisals[1], to_me=heard.to_me))


def instead(felt: tuple[Felt, ...], was: tuple[Felt, ...], is_now: tuple[Felt, ...]) -> tuple[Felt, ...]:
    """What is felt, with one message's share taken out and another put in.

    Emotions add up as 1 − Π(1 − I), so a share is taken out by dividing.
    """
    missing = {each.emotion: 1.0 - each.intensity for each in felt}
    for each in was:
        left = missing.get(each.emotion, 1.0)
        missing[each.emotion] = min(1.0, left / max(1.0 - each.intensity, 1e-6))
    for each in is_now:
        missing[each.emotion] = missing.get(each.emotion, 1.0) * (1.0 - each.intensity)
    found = [Felt(emotion, 1.0 - left) for emotion, left in missing.items() if left < 1.0 - _SLIGHT]
    return tuple(sorted(found, key=lambda each: (-each.intensity, each.emotion)))


def _correct(
    db: Database, moment: Moment, heard: Heard, bond: Bond, first: StoredChange, better: Appraisal
) -> None:
    """Move the relationship by what the better understanding would have done more or less."""
    touch: Touch | None = relationship.touched(better, to_me=heard.to_me)
    after = first.before
    if touch is not None:
        gained = relationships.gained(db, bond.person_id, first.at - _DAY)
        own = (max(new - old, 0.0) for new, old in zip(first.after, first.before, strict=True))
        others = Metrics(*(max(sum_ - part, 0.0) for sum_, part in zip(gained, own, strict=True)))
        after = relationship.moved(first.before, touch, better.formality, moment.traits, others)
    shift = [wanted - did for wanted, did in zip(after, first.after, strict=True)]
    if max(map(abs, shift)) < _SLIGHT:
        return
    now = relationship.within(Metrics(*(v + by for v, by in zip(bond.metrics, shift, strict=True))))
    cause = touch.cause.key if touch else first.cause
    relationships.put(
        db,
        StoredChange(
            bond.person_id,
            moment.at,
            bond.metrics,
            now,
            cause,
            {},
            first.message_id,
            first.platform_id,
        ),
    )
