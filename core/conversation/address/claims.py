"""What a message has on the bot: questions asked in turn; the first that has an answer decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from core.conversation.address.interests import Openness, asks_for_knowledge, openness, shared_interests
from core.conversation.address.listed import listed
from core.conversation.address.manners import Manners
from core.conversation.address.names import Called, spoken
from core.conversation.address.phrases import (
    folded,
    is_closing,
    is_command,
    is_goodbye,
    is_greeting,
    is_question,
    is_thanks,
    is_to_everybody,
    may_speak_again,
    plain,
    speaks_to_you,
    wonders_about_a_bot,
    words,
)
from core.conversation.address.room import Exchange, Room, Tie
from core.conversation.address.strangers import calls_stranger
from core.conversation.message import IncomingMessage
from core.words import T, Text

_STATEMENT_FOLLOWS = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a message has on the bot, before manners are weighed: `sure` ones stand by themselves."""

    score: float
    reason: Text
    sure: bool = False


def claim_of(message: IncomingMessage, room: Room, manners: Manners) -> Claim:
    """What one message has on the bot: the first of the questions below that has an answer."""
    questions = (_by_whom, _straight, _hushed, _by_name, _to_others, _follow_up, _to_room)
    for question in questions:
        claim = question(message, room, manners)
        if claim is not None:
            return claim
    who = message.author.name
    partner = room.talked_with(message)
    if partner:
        return Claim(0.1, T("{who} and {other} were talking to each other", who=who, other=partner))
    return Claim(0.2, T("{who} was talking to the room", who=who))


def _by_whom(message: IncomingMessage, room: Room, manners: Manners) -> Claim | None:
    """Never to itself, and to other bots only where that is allowed, and not for ever."""
    who = message.author.name
    if message.author.is_self:
        return Claim(0.0, T("that was the bot's own message"), sure=True)
    if message.author.is_bot and not manners.answer_bots:
        return Claim(0.0, T("{who} is a bot, and bots are not answered", who=who), sure=True)
    if message.author.is_bot and room.only_bots_lately():
        return Claim(0.0, T("only bots have been talking for a while"), sure=True)
    return None


def _straight(message: IncomingMessage, room: Room, manners: Manners) -> Claim | None:
    """A direct message, a mention or a reply."""
    who, name = message.author.name, room.persona.name
    if message.place.is_direct:
        return Claim(1.0, T("{who} wrote directly", who=who), sure=True)
    if message.mentions_me:
        if "@" in message.text and "@" not in spoken(message.text):
            return Claim(0.3, T("{who} only quoted a mention of {name}", who=who, name=name), sure=True)
        return Claim(1.0, T("{who} mentioned {name}", who=who, name=name), sure=True)
    if message.replies_to_me:
        if is_closing(message.text) and not is_thanks(message.text):
            return Claim(0.3, T("{who} replied to {name}, but it needs no answer", who=who, name=name))
        return Claim(1.0, T("{who} replied to {name}", who=who, name=name), sure=True)
    return None


def _hushed(message: IncomingMessage, room: Room, manners: Manners) -> Claim | None:
    """It was told to be quiet a while ago."""
    order = room.asked_to_be_quiet(message)
    if order is None:
        return None
    name = room.persona.name
    if may_speak_again(message.text) and room.is_called(message) is Called.CALLED:
        return Claim(1.0, T("{who} said that {name} may speak again", who=message.author.name, name=name))
    minutes = max(1, round((message.sent_at - order.sent_at).total_seconds() / 60))
    reason = T(
        "{who} asked {name} to be quiet {minutes} min ago; a mention wakes it",
        who=order.author.name,
        name=name,
        minutes=minutes,
    )
    return Claim(0.05, reason, sure=True)


def _by_name(message: IncomingMessage, room: Room, manners: Manners) -> Claim | None:
    """Its name stands in the message."""
    stance = room.is_called(message)
    if stance is Called.NOT or is_command(message.text):
        return None
    who, name = message.author.name, room.persona.name
    if stance is Called.TOPIC:
        if room.calls_other(message) or message.mentions or message.replies_to:
            return None
        curious = 0.03 if is_question(message.text) else 0.0
        return Claim(0.3 + curious, T("{who} talked about {name}, not to {name}", who=who, name=name))
    if not manners.answer_name:
        return Claim(
            0.3,
            T("{who} said {name}'s name, which it does not answer to here", who=who, name=name),
            sure=True,
        )
    if room.has_namesake(message):
        return Claim(0.3, T("somebody else here is called {name}, too", name=name))
    if _is_reaction(message, room) and not room.exchange(message).asked:
        return Claim(0.3, T("{who} said {name}'s name, but it needs no answer", who=who, name=name))
    if stance is Called.ASKED_FOR_VIEW:
        return Claim(0.7, T("{who} asked what {name} thinks", who=who, name=name))
    return Claim(0.9, T("{who} said {name}'s name", who=who, name=name))


def _is_reaction(message: IncomingMessage, room: Room) -> bool:
    """Is nothing said but the name and "lol", "ok" or "good"? A thank-you or a goodbye is more than that."""
    named = {word for name in room.names for word in words(folded(name.text))}
    rest = " ".join(word for word in plain(message.text).split() if word not in named)
    asks = "?" in message.text or not rest or speaks_to_you(rest)
    return not asks and is_closing(rest) and not (is_thanks(rest) or is_goodbye(rest) or is_greeting(rest))


def _to_others(message: IncomingMessage, room: Room, manners: Manners) -> Claim | None:
    """Somebody else is meant."""
    who = message.author.name
    if message.mentions:
        others = ", ".join(message.mentions)
        return Claim(0.05, T("{who} was talking to {others}", who=who, others=others))
    if message.replies_to:
        return Claim(0.05, T("{who} was answering {other}", who=who, other=message.replies_to))
    if is_command(message.text):
        return Claim(0.05, T("{who} gave a bot a command", who=who))
    other = room.calls_other(message) or calls_stranger(message.text, room.names)
    if other:
        return Claim(0.1, T("{who} was talking to {others}", who=who, others=other))
    return None


def _follow_up(message: IncomingMessage, room: Room, manners: Manners) -> Claim | None:
    """It goes on with an exchange the bot is part of."""
    exchange = room.exchange(message)
    if exchange.tie is Tie.NONE and wonders_about_a_bot(message.text) and room.bot_spoke_just_now(message):
        return Claim(0.7, T("{who} wondered what {name} is", who=message.author.name, name=room.persona.name))
    if exchange.tie is Tie.NONE or is_to_everybody(message.text):
        return None
    who, name = message.author.name, room.persona.name
    if is_closing(spoken(message.text)) and not exchange.asked:
        return Claim(0.2, T("{who} rounded the talk off; it needs no answer", who=who))
    score = _follow_up_score(message, exchange, room)
    if score is None:
        return None
    if exchange.tie is Tie.OPENED:
        return Claim(score, T("{who} took up what {name} had said", who=who, name=name))
    return Claim(score, T("{who} went on talking with {name}", who=who, name=name))


def _follow_up_score(message: IncomingMessage, exchange: Exchange, room: Room) -> float | None:
    """.8 for a question, .7 for a statement, less with time, and less after a goodbye."""
    question = is_question(message.text)
    if not question and exchange.since > _STATEMENT_FOLLOWS and not (exchange.asked or exchange.alone):
        return None
    score = 0.8 if question or exchange.asked else 0.7
    score -= 0.1 * (exchange.since / timedelta(minutes=5))
    if exchange.tie is Tie.CLOSED:
        score -= 0.2
    if exchange.tie is Tie.OPENED:
        score -= 0.1
    if not words(message.text) and not message.attachments:
        score -= 0.3
    return score


def _to_room(message: IncomingMessage, room: Room, manners: Manners) -> Claim | None:
    """A question or a greeting to everybody."""
    who, name = message.author.name, room.persona.name
    if is_greeting(message.text):
        return Claim(0.33, T("{who} greeted the room, nobody in particular", who=who))
    asked = _question_again(message, room)
    if asked is None:
        return _bare_question(message, room)
    kind = openness(asked.text, room.persona)
    nudge = 0.1 if asked is not message else 0.0
    if room.names_other(asked):
        return Claim(0.2, T("{who} asked the room about somebody else", who=who))
    if kind is Openness.INTEREST:
        return Claim(0.7 + nudge, T("{who} asked the room about something {name} knows", who=who, name=name))
    if kind is Openness.KNOWLEDGE:
        return Claim(0.55 + nudge, T("{who} asked everybody, and {name} may know", who=who, name=name))
    if kind is Openness.OPINION:
        return Claim(0.38, T("{who} asked what everybody thinks", who=who))
    return Claim(0.25, T("{who} asked the room for something only people there can give", who=who))


def _question_again(message: IncomingMessage, room: Room) -> IncomingMessage | None:
    """The open question of this message, or the unanswered one that it repeats with "anyone?"."""
    last = room.lines[-1] if room.lines else None
    said = words(message.text)
    repeats = "?" in message.text and bool(said) and set(said) <= _ANYONE
    goes_on = repeats and last is not None and last.author.id == message.author.id
    asked = last if goes_on and last is not None else message
    return asked if openness(asked.text, room.persona) is not Openness.NOT_ONE else None


_ANYONE = listed(
    """
    anyone anybody noone nobody no one someone somebody hello really niemand jemand nadie alguien
    """
)


def _bare_question(message: IncomingMessage, room: Room) -> Claim | None:
    """A question to nobody in particular about what the persona cares for.

    Where nobody talks with the writer, one that can be known is taken up; another only by the talkative.
    """
    if not is_question(message.text) or room.talked_with(message):
        return None
    known = asks_for_knowledge(message.text)
    if not shared_interests(message.text, room.persona) or (speaks_to_you(message.text) and not known):
        return None
    reason = T(
        "{who} asked about something {name} knows, but nobody in particular",
        who=message.author.name,
        name=room.persona.name,
    )
    return Claim(0.55 if known else 0.38, reason)
