"""How much the bot talks here: the host's setting, what was chosen for the channel, the persona's leaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from core.conversation.address import Manners
from core.conversation.message import Place
from core.persona.identity import Persona
from core.settings import ANSWER_BOTS, ANSWER_NAME, TALKATIVENESS

MOST = 10.0
# An outgoing persona takes up a little more than a shy one, within one step of the scale.
_BY_EXTRAVERSION = 1.0


class Talkativeness(Protocol):
    """Where a talkativeness of its own is kept for a channel."""

    async def of(self, place: Place) -> float | None:
        """0–10 as chosen for this channel, or for the channel its thread belongs to; None: as everywhere."""
        ...


class Eagerness(Protocol):
    """What mood and needs add to the wish to speak."""

    async def now(self, place: Place) -> float:
        """−1 (rather not) … 1 (gladly); 0 changes nothing."""
        ...


async def manners(
    settings: Mapping[str, Any],
    persona: Persona,
    place: Place,
    chosen: Talkativeness | None = None,
    eager: Eagerness | None = None,
) -> Manners:
    """How the bot should behave in a place, read at this moment.

    Args:
        settings: all values in force, by key.
    """
    here = await chosen.of(place) if chosen is not None else None
    talks = float(settings[TALKATIVENESS.key]) if here is None else here
    return Manners(
        answer_name=settings[ANSWER_NAME.key],
        answer_bots=settings[ANSWER_BOTS.key],
        talkativeness=leaning(talks, persona),
        eagerness=await eager.now(place) if eager is not None else 0.0,
    )


def leaning(talks: float, persona: Persona) -> float:
    """The talkativeness with the persona's extraversion (−1…1) added; 0 stays 0, whoever the persona is."""
    if talks <= 0:
        return 0.0
    return min(MOST, max(0.5, talks + _BY_EXTRAVERSION * persona.big_five.extraversion))
