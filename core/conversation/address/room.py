"""What has just been going on in a channel, read from its transcript: who is here, with whom the bot is
talking, who talks with whom, and whether it was asked to be quiet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from functools import cached_property

from core.conversation.address.names import Called, Name, called, name_and_parts, names_of
from core.conversation.address.phrases import (
    asks_for_quiet,
    folded,
    is_closing,
    is_command,
    is_goodbye,
    is_question,
    is_thanks,
    may_speak_again,
    words,
)
from core.conversation.message import IncomingMessage
from core.conversation.record import incoming
from core.persona.identity import Persona
from db import messages
from db.store import Store

REMEMBERED = timedelta(hours=12)
MOST_LINES = 120
FOLLOW_UP = timedelta(minutes=5)
QUIET = timedelta(minutes=30)
PAUSE = timedelta(minutes=10)  # after this long, a talk of others is over
ONE_BREATH = timedelta(seconds=15)  # what one person writes within it is read together
_BEGINNING, _END = 800, 400  # characters of a long message that are read
_LOOK_BACK = 14
_BOTS_IN_A_ROW = 6


class Tie(Enum):
    """How a person stands to the bot in the running talk."""

    NONE = "none"
    ANSWERED = "answered"  # the bot has just answered this person
    CLOSED = "closed"  # … and the person has rounded it off
    OPENED = "opened"  # the bot spoke without being asked, and nobody has answered yet


@dataclass(frozen=True, slots=True)
class Exchange:
    """The running talk of the bot with a person.

    Attributes:
        since: how long ago the bot's last message in it was. asked: that message ended in a question.
        alone: nobody else has said anything since.
    """

    tie: Tie
    since: timedelta = timedelta()
    asked: bool = False
    alone: bool = False


@dataclass(frozen=True)
class Room:
    """A channel as the bot's last hours there show it. It is read anew for each turn.

    Attributes:
        lines: what was said before the message in question, oldest first.
    """

    persona: Persona
    lines: tuple[IncomingMessage, ...] = ()

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """What the bot is called by here."""
        return (*names_of(self.persona), Name("bot", everyday=True))

    @cached_property
    def _own_words(self) -> frozenset[str]:
        return frozenset(word for name in self.names for word in words(folded(name.text)))

    @cached_property
    def _people(self) -> dict[str, tuple[Name, ...]]:
        """Everybody who wrote or was named here."""
        return {person: self._called(person) for line in self.lines for person in _people_of(line)}

    def _called(self, person: str) -> tuple[Name, ...]:
        """The names one would call somebody by, without those that are the bot's, too."""
        mine = {folded(name.text) for name in self.names}
        return tuple(name for name in name_and_parts(person) if folded(name.text) not in mine)

    def others(self, besides: IncomingMessage) -> dict[str, tuple[Name, ...]]:
        """The people here other than the writer of `besides`, each with the names one would call them by."""
        named = {person: self._called(person) for person in _people_of(besides)}
        everybody = self._people | named
        everybody.pop(besides.author.name, None)
        return everybody

    def has_namesake(self, message: IncomingMessage) -> bool:
        """Has somebody of the bot's own name written here, within the last minutes?"""
        mine = {folded(name.text) for name in names_of(self.persona) if not name.everyday}
        return any(
            not line.author.is_self
            and mine.intersection(folded(name.text) for name in name_and_parts(line.author.name))
            for line in self.lines
            if message.sent_at - line.sent_at < PAUSE and line.author.id != message.author.id
        )

    def is_called(self, message: IncomingMessage) -> Called:
        """How the bot's name stands in a message."""
        present = (folded(name.text) for names in self.others(message).values() for name in names)
        return called(message.text, self.names, (*present, *words(folded(message.author.name))))

    def calls_other(self, message: IncomingMessage) -> str:
        """The name of the person here whom a message calls, or ""."""
        for person, names in self.others(message).items():
            if called(message.text, names) is Called.CALLED:
                return person
        return ""

    def names_other(self, message: IncomingMessage) -> bool:
        """Does it name somebody who is here?"""
        return any(called(message.text, names) for names in self.others(message).values())

    def is_for_bot(self, message: IncomingMessage) -> bool:
        """Is it addressed to the bot by mention, reply or name?"""
        return (
            message.mentions_me or message.replies_to_me or self.is_called(message) >= Called.ASKED_FOR_VIEW
        )

    def exchange(self, message: IncomingMessage) -> Exchange:
        """How the writer of a message stands to the bot just before it."""
        closed = False
        for at in range(len(self.lines) - 1, max(-1, len(self.lines) - 1 - _LOOK_BACK), -1):
            line = self.lines[at]
            if message.sent_at - line.sent_at > FOLLOW_UP:
                break
            if line.author.is_self:
                answered = self._answered_by(at)
                if answered is None and at == len(self.lines) - 1:
                    return Exchange(Tie.OPENED, message.sent_at - line.sent_at, is_question(line.text))
                if answered is not None and answered.author.id == message.author.id:
                    tie = Tie.CLOSED if closed else Tie.ANSWERED
                    alone = at == len(self.lines) - 1
                    return Exchange(tie, message.sent_at - line.sent_at, is_question(line.text), alone)
            elif line.author.id == message.author.id:
                if is_thanks(line.text) or is_goodbye(line.text):
                    closed = True
                elif self._is_for_people(line):
                    break
            elif self._comes_between(line, message):
                break
        return Exchange(Tie.NONE)

    def asked_to_be_quiet(self, message: IncomingMessage) -> IncomingMessage | None:
        """The order to be quiet that is still in force, or None: half an hour, or until it is mentioned."""
        for at in range(len(self.lines) - 1, -1, -1):
            line = self.lines[at]
            if message.sent_at - line.sent_at > QUIET:
                return None
            if line.author.is_self:
                continue
            if self._sounds_like_an_order(line) and self._is_order(at):
                return line
            if line.mentions_me or line.replies_to_me or self._is_released(line):
                return None
        return None

    def is_order_for_quiet(self, message: IncomingMessage) -> bool:
        """Does this message tell the bot to be quiet?"""
        if not self._sounds_like_an_order(message):
            return False
        if self.is_for_bot(message):
            return True
        if message.mentions or message.replies_to or self.calls_other(message):
            return False
        return self.exchange(message).tie in (Tie.ANSWERED, Tie.CLOSED) and len(words(message.text)) <= 8

    def is_order_after(self, call: IncomingMessage, message: IncomingMessage) -> bool:
        """Is it one when it is read together with the message before it, which only called the bot?"""
        if len(words(call.text)) > 2 or self.is_called(call) is not Called.CALLED:
            return False
        return self.is_order_for_quiet(replace(message, text=f"{call.text}, {message.text}"))

    def _is_order(self, at: int) -> bool:
        line, earlier = self.lines[at], self.before(at)
        if earlier.is_order_for_quiet(line):
            return True
        call = earlier.lines[-1] if earlier.lines else line
        together = call.author.id == line.author.id and line.sent_at - call.sent_at < ONE_BREATH
        return together and earlier.is_order_after(call, line)

    def _sounds_like_an_order(self, message: IncomingMessage) -> bool:
        """Would it be an order to be quiet, if it were the bot's to obey?"""
        if message.author.is_bot or message.author.is_self:
            return False
        stretched = (word for word in words(message.text) if word.rstrip("s") in self._own_words)
        return asks_for_quiet(message.text, *self._own_words, *stretched)

    def before(self, at: int) -> Room:
        """The room as it was before its line `at`."""
        return Room(self.persona, self.lines[:at])

    def talked_with(self, message: IncomingMessage) -> str:
        """The person with whom the writer is in a talk of two, or ""."""
        recent = [
            line
            for line in self.lines
            if message.sent_at - line.sent_at < PAUSE and not line.author.is_self and not line.author.is_bot
        ][-4:]
        partners = dict.fromkeys(line.author.name for line in recent if line.author.id != message.author.id)
        return next(iter(partners)) if len(partners) == 1 else ""

    def bot_spoke_just_now(self, message: IncomingMessage) -> bool:
        """Is one of the last three lines the bot's own, and fresh?"""
        return any(
            line.author.is_self and message.sent_at - line.sent_at < FOLLOW_UP for line in self.lines[-3:]
        )

    def only_bots_lately(self) -> bool:
        """Have bots been talking among themselves, with nobody else in between?"""
        lately = self.lines[-_BOTS_IN_A_ROW:]
        return len(lately) == _BOTS_IN_A_ROW and all(
            line.author.is_self or line.author.is_bot for line in lately
        )

    def _is_released(self, line: IncomingMessage) -> bool:
        return may_speak_again(line.text) and self.is_called(line) is Called.CALLED

    def _is_for_people(self, line: IncomingMessage) -> bool:
        """Did its writer turn to somebody else?"""
        if line.mentions_me or line.replies_to_me:
            return False
        return bool(line.mentions or line.replies_to or self.calls_other(line))

    def _comes_between(self, line: IncomingMessage, message: IncomingMessage) -> bool:
        """Does somebody else's line draw the writer of `message` into a talk among people?"""
        if line.author.is_bot or is_command(line.text) or self.is_for_bot(line):
            return False
        whom = (*line.mentions, *([line.replies_to] if line.replies_to else []))
        if message.author.name in whom:
            return True
        if whom:
            return False
        if called(line.text, name_and_parts(message.author.name)) is Called.CALLED:
            return True
        return not (is_closing(line.text) or self.calls_other(line))

    def _answered_by(self, at: int) -> IncomingMessage | None:
        """Whose message the bot's line answered; None when it spoke of its own accord."""
        own = self.lines[at]
        if own.reply_to is not None:
            found = next((line for line in self.lines if line.id == own.reply_to), None)
            if found is not None:
                return found
        earlier = next((line for line in reversed(self.lines[:at]) if not line.author.is_self), None)
        return earlier if earlier is not None and own.sent_at - earlier.sent_at < PAUSE else None


def _people_of(line: IncomingMessage) -> tuple[str, ...]:
    wrote = () if line.author.is_self else (line.author.name,)
    answered = (line.replies_to,) if line.replies_to else ()
    return (*wrote, *line.mentions, *answered)


async def room_of(burst: Sequence[IncomingMessage], persona: Persona, store: Store) -> Room:
    """Read the room of a burst from the store, as it is at this moment."""
    latest = burst[-1]
    since = latest.sent_at - REMEMBERED
    kept = await store.run(messages.transcript, latest.place.channel_id, since, MOST_LINES)
    return room_before(burst, [incoming(line) for line in kept], persona)


def room_before(burst: Sequence[IncomingMessage], kept: Sequence[IncomingMessage], persona: Persona) -> Room:
    """The room as it was before a burst.

    Args:
        kept: the channel's transcript, oldest first; it may hold the burst and what came after it.
    """
    own = {message.id for message in burst}
    last = max(message.sent_at for message in burst)
    return Room(persona, tuple(brief(line) for line in kept if line.id not in own and line.sent_at <= last))


def brief(message: IncomingMessage) -> IncomingMessage:
    """A very long message by its beginning and its end, where people are called: reading it takes no time."""
    if len(message.text) <= _BEGINNING + _END:
        return message
    return replace(message, text=f"{message.text[:_BEGINNING]} … {message.text[-_END:]}")
