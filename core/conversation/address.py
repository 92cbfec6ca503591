"""Is this message for me? A score, a verdict, and the reason in plain words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.conversation.message import IncomingMessage
from core.persona.identity import Persona
from core.words import T, Text


@dataclass(frozen=True, slots=True)
class Address:
    """The verdict on a message.

    Attributes:
        score: 0 (not for me) to 1 (surely for me).
        speaks: whether to answer. reason: why, or why not.
    """

    score: float
    speaks: bool
    reason: Text


def weigh(message: IncomingMessage, persona: Persona, *, answer_name: bool, answer_bots: bool) -> Address:
    """Judge one message.

    Args:
        answer_name: the host lets the bot answer to its name without a mention.
        answer_bots: the host lets it answer other bots.
    """
    who = message.author.name
    if message.author.is_self:
        return Address(0.0, False, T("that was the bot's own message"))
    if message.author.is_bot and not answer_bots:
        return Address(0.0, False, T("{who} is a bot, and bots are not answered", who=who))
    if message.place.is_direct:
        return Address(1.0, True, T("{who} wrote directly", who=who))
    if message.mentions_me:
        return Address(1.0, True, T("{who} mentioned {name}", who=who, name=persona.name))
    if message.replies_to_me:
        return Address(1.0, True, T("{who} replied to {name}", who=who, name=persona.name))
    if message.mentions:
        others = ", ".join(message.mentions)
        return Address(0.05, False, T("{who} was talking to {others}", who=who, others=others))
    if message.replies_to:
        return Address(0.05, False, T("{who} was answering {other}", who=who, other=message.replies_to))
    if answer_name and names(message.text, (persona.name, *persona.nicknames)):
        return Address(0.9, True, T("{who} said {name}'s name", who=who, name=persona.name))
    return Address(0.2, False, T("{who} was talking to the room", who=who))


def weigh_burst(
    burst: Sequence[IncomingMessage], persona: Persona, *, answer_name: bool, answer_bots: bool
) -> Address:
    """Judge several messages that arrived together: the strongest claim on the bot decides."""
    verdicts = [
        weigh(message, persona, answer_name=answer_name, answer_bots=answer_bots) for message in burst
    ]
    return max(reversed(verdicts), key=lambda verdict: verdict.score)


def names(text: str, called: Sequence[str]) -> bool:
    """Does `text` say one of these names as a word of its own, in any casing?"""
    words = "|".join(re.escape(name) for name in called if name)
    return bool(words) and re.search(rf"(?<!\w)(?:{words})(?:['’]?s)?(?!\w)", text, re.IGNORECASE) is not None
