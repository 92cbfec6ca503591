"""Is this message for me? A score, a verdict, and the reason in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.conversation.address.claims import Claim, claim_of
from core.conversation.address.interests import Openness, openness
from core.conversation.address.manners import Manners
from core.conversation.address.room import Room, brief
from core.conversation.message import IncomingMessage
from core.words import T, Text

_UNSURE = 0.2


@dataclass(frozen=True, slots=True)
class Address:
    """The verdict on a message.

    Attributes:
        score: 0 (not for me) to 1 (surely for me).
        speaks: whether to answer. reason: why, or why not.
        unsure: the score lies so near to the threshold that a second look may be worth it.
    """

    score: float
    speaks: bool
    reason: Text
    unsure: bool = False


def weigh_burst(burst: Sequence[IncomingMessage], room: Room, manners: Manners) -> Address:
    """Judge several messages that arrived together.

    What one person wrote counts as one message. An order to be quiet outweighs everything; else the
    strongest claim decides.
    """
    by_author: dict[int, list[IncomingMessage]] = {}
    for message in burst:
        by_author.setdefault(message.author.id, []).append(message)
    together = [brief(_joined(messages)) for messages in by_author.values()]
    ordered = [
        message for messages in by_author.values() for message in messages if _orders(message, messages, room)
    ]
    if ordered and not ordered[-1].place.is_direct:
        return verdict(_told_to_be_quiet(ordered[-1], room), manners)
    claims = []
    for at, message in enumerate(together):
        claim = claim_of(message, room, manners)
        answered = any(later.sent_at >= message.sent_at for later in together[at + 1 :])
        weaker = answered and len(burst) > 1 and _asks_room(message, room)
        claims.append(replace(claim, score=max(0.0, claim.score - 0.3)) if weaker else claim)
    return verdict(max(reversed(claims), key=lambda claim: claim.score), manners)


def weigh(message: IncomingMessage, room: Room, manners: Manners) -> Address:
    """Judge one message."""
    return weigh_burst([message], room, manners)


def verdict(claim: Claim, manners: Manners) -> Address:
    """Hold a claim against the threshold."""
    speaks = claim.score >= (0.5 if claim.sure else manners.threshold)
    unsure = not claim.sure and abs(claim.score - manners.threshold) < _UNSURE
    return Address(round(claim.score, 3), speaks, claim.reason, unsure)


def _orders(message: IncomingMessage, burst: Sequence[IncomingMessage], room: Room) -> bool:
    """Is it an order to be quiet, alone or after a message that only called the bot: "finn", "shut up"?"""
    if room.is_order_for_quiet(message):
        return True
    at = burst.index(message)
    return at > 0 and room.is_order_after(burst[at - 1], message)


def _joined(messages: Sequence[IncomingMessage]) -> IncomingMessage:
    """What one person wrote in a burst, as one message."""
    if len(messages) == 1:
        return messages[0]
    return replace(
        messages[-1],
        text="\n".join(message.text for message in messages),
        mentions_me=any(message.mentions_me for message in messages),
        mentions=tuple(dict.fromkeys(name for message in messages for name in message.mentions)),
        replies_to_me=any(message.replies_to_me for message in messages),
        replies_to=next((message.replies_to for message in messages if message.replies_to), ""),
        attachments=tuple(file for message in messages for file in message.attachments),
    )


def _told_to_be_quiet(message: IncomingMessage, room: Room) -> Claim:
    reason = T("{who} asked {name} to be quiet", who=message.author.name, name=room.persona.name)
    return Claim(0.0, reason, sure=True)


def _asks_room(message: IncomingMessage, room: Room) -> bool:
    return openness(message.text, room.persona) is not Openness.NOT_ONE and not room.is_for_bot(message)
