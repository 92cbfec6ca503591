"""What a turn's messages stir, and how much it makes the persona want to talk."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.conversation.desk import Desk
from core.conversation.message import IncomingMessage
from core.conversation.second_thoughts import Unsure
from core.feelings.state import Heard

if TYPE_CHECKING:
    from core.conversation.turn import Turn


async def appraise(turn: Turn, desk: Desk) -> Turn:
    """What the messages do to the persona's inner life, also those that it does not answer."""
    if desk.feelings is None or turn.persona is None:
        return turn
    answered = turn.address is not None and turn.address.speaks
    state = None
    for message in turn.burst:
        if not (message.author.is_bot or message.author.is_self):
            heard = _heard(message, answered or message.is_to_me)
            state = await desk.feelings.react(turn.persona_id, turn.persona, heard)
            if desk.second_thoughts is not None:
                desk.second_thoughts.later(Unsure(turn.persona_id, turn.persona, heard, message.author.name))
    return replace(turn, feelings=state)


async def wish(turn: Turn, desk: Desk) -> float:
    """How much the persona wants to talk to whoever wrote, 0–1."""
    if desk.feelings is None or turn.persona is None:
        return 0.5
    who, realm = turn.message.author.id, turn.message.place.realm
    return await desk.feelings.wants_to_talk(turn.persona_id, turn.persona, who, realm=realm)


def _heard(message: IncomingMessage, to_me: bool) -> Heard:
    place = message.place
    return Heard(place.realm, message.id, message.author.id, place.channel_id, message.text, to_me)
