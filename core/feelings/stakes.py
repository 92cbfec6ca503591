"""What the persona wants of people, between one message and the next: kept, and weighed with each."""

from __future__ import annotations

from datetime import UTC, datetime

from core.feelings import goals
from core.feelings.appraisal import Appraisal
from core.feelings.emotions import Felt
from core.feelings.goals import Stakes
from core.feelings.state import Moment
from db import state
from db.base import Database

# Ours: the appraisal by the message alone already feels most of it; hopes and habits add the rest.
SHARE = 0.4


def with_goals(db: Database, moment: Moment, appraisal: Appraisal, liking: float) -> tuple[Felt, ...]:
    """How a message feels in view of what the persona wants; what it does to that is kept.

    An insult from the first to insult is a blow; from one of many it is no surprise, and less of one.

    Args:
        liking: for the sender, −1…1.
    """
    stakes, felt = goals.weighed(_stakes(db, moment), appraisal, liking=liking)
    state.put(
        db,
        state.State,
        _key(moment),
        {"likelihoods": dict(stakes.likelihoods), "at": moment.at.timestamp()},
        moment.at,
    )
    return tuple(Felt(each.emotion, each.intensity * SHARE) for each in felt)


def _stakes(db: Database, moment: Moment) -> Stakes:
    kept = state.get(db, state.State, _key(moment))
    if kept is None:
        return Stakes()
    since = moment.at - datetime.fromtimestamp(kept["at"], UTC)
    return goals.settled(Stakes(kept["likelihoods"]), max(0.0, since.total_seconds()))


def _key(moment: Moment) -> str:
    return f"stakes:{moment.realm}:{moment.persona_id}"
