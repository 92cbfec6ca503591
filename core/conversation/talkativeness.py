"""How much the bot talks here: the host's setting, what was chosen for the channel, the persona's leaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.conversation.address import Manners
from core.persona.identity import Persona
from core.settings import ANSWER_BOTS, ANSWER_NAME, TALKATIVENESS

MOST = 10.0
# An outgoing persona takes up a little more than a shy one, within one step of the scale.
_BY_EXTRAVERSION = 1.0


def manners(
    settings: Mapping[str, Any], persona: Persona, chosen: float | None = None, wish: float = 0.5
) -> Manners:
    """How the bot should behave in a place, read at this moment.

    Args:
        settings: all values in force, by key.
        chosen: the talkativeness chosen for this place, 0–10; None: as everywhere.
        wish: how much mood and needs make it want to talk, 0–1; .5 changes nothing.
    """
    talks = float(settings[TALKATIVENESS.key]) if chosen is None else chosen
    return Manners(
        answer_name=settings[ANSWER_NAME.key],
        answer_bots=settings[ANSWER_BOTS.key],
        talkativeness=leaning(talks, persona),
        eagerness=2 * wish - 1,
    )


def leaning(talks: float, persona: Persona) -> float:
    """The talkativeness with the persona's extraversion (−1…1) added; 0 stays 0, whoever the persona is."""
    if talks <= 0:
        return 0.0
    return min(MOST, max(0.5, talks + _BY_EXTRAVERSION * persona.big_five.extraversion))
