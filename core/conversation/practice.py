"""The practice room: invented people talk with the bot, without Discord. The same line, another door."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b

from core.clock import Clock
from core.conversation.line import Line
from core.conversation.message import Author, IncomingMessage, Place, Realm
from core.conversation.record import incoming
from core.events import Bus, ReplyGrowing, TypingChanged
from core.persona.identity import Personas
from db import messages
from db.messages import StoredMessage
from db.store import Store

MOST_POSTED = 500  # whose nonce is known: a part is posted again within the turn, if at all

SELF_ID = 1
ROOM_NAME = "practice"
GUILD_ID = 2


def person_id(name: str) -> int:
    """A stable id for an invented person; the same name is the same person, in any casing."""
    digest = blake2b(name.casefold().encode(), digest_size=7).digest()
    return int.from_bytes(digest) + 1_000


class MessageIds:
    """Ids that grow with the clock, as Discord's do, and never meet one that is in the store."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._last = 0

    async def next(self) -> int:
        """A new id, larger than all before."""
        newest = await self._store.run(messages.newest_id, Realm.PRACTICE)
        from_clock = int(self._clock.now().timestamp() * 1000) << 12
        self._last = max(self._last + 1, newest + 1, from_clock)
        return self._last


@dataclass(frozen=True, slots=True)
class PracticeMessage:
    """A message of the room. `is_self`: the bot wrote it."""

    id: int
    name: str
    text: str
    is_self: bool
    reply_to: int | None


class PracticeDoor:
    """Posts into the practice room; what is written can be watched as it grows."""

    self_id = SELF_ID

    def __init__(self, ids: MessageIds, bus: Bus) -> None:
        self._ids = ids
        self._bus = bus
        self._posted: OrderedDict[str, int] = OrderedDict()
        self._typing_in = 0

    @asynccontextmanager
    async def typing(self, place: Place) -> AsyncIterator[None]:
        self._typing_in = place.channel_id
        self._bus.publish(TypingChanged(place.channel_id, True))
        try:
            yield
        finally:
            self._bus.publish(TypingChanged(place.channel_id, False))

    def writing(self, turn_id: str, text: str) -> None:
        self._bus.publish(ReplyGrowing(turn_id, self._typing_in, text))

    async def post(self, place: Place, text: str, nonce: str, answers: int | None) -> int:
        if nonce not in self._posted:
            self._posted[nonce] = await self._ids.next()
            if len(self._posted) > MOST_POSTED:
                self._posted.popitem(last=False)
        return self._posted[nonce]

    async def already_posted(self, place: Place, text: str, answers: int) -> int | None:
        """What this room shows lies in the store, and is there only once it was ticked off."""
        return None


class PracticeRoom:
    """One room of invented people.

    Args:
        channel: its name; rooms of different names are apart.
    """

    def __init__(
        self, store: Store, line: Line, personas: Personas, bus: Bus, clock: Clock, channel: str = ROOM_NAME
    ) -> None:
        self._store = store
        self._line = line
        self._personas = personas
        self._clock = clock
        self._ids = MessageIds(store, clock)
        self.door = PracticeDoor(self._ids, bus)
        self.place = Place(
            Realm.PRACTICE,
            person_id(f"#{channel}"),
            channel,
            guild_id=GUILD_ID,
            guild_name="Practice",
            is_public=True,
        )

    async def say(
        self,
        name: str,
        text: str,
        *,
        to_bot: bool = False,
        reply_to: int | None = None,
        place: Place | None = None,
        speakers: tuple[str, ...] = (),
    ) -> IncomingMessage:
        """Let an invented person write.

        Args:
            to_bot: meant for the bot, as a mention would be.
            reply_to: id of the message it answers.
            place: another channel than the room's own.
            speakers: names of people who are there; `@Name` of one of them is a mention.
        """
        answered = await self._answered(reply_to)
        message = IncomingMessage(
            id=await self._ids.next(),
            place=place or self.place,
            author=Author(person_id(name), name, is_bot=is_bot_name(name)),
            text=text,
            sent_at=self._clock.now(),
            mentions_me=to_bot or any(names_with_at(text, called) for called in await self.bot_names()),
            mentions=tuple(other for other in speakers if other != name and names_with_at(text, other)),
            reply_to=reply_to,
            replies_to_me=answered is not None and answered.is_self,
            replies_to=answered.author_name if answered is not None and not answered.is_self else "",
        )
        await self._line.take(message, self.door)
        return message

    async def bot_names(self) -> set[str]:
        """What the bot is called in here, in lower case: `bot`, the persona's name and nicknames."""
        active = await self._personas.active()
        called = (active.persona.name, *active.persona.nicknames) if active else ()
        return {"bot", *(name.casefold() for name in called)}

    async def last_own(self, place: Place) -> int | None:
        """The id of the bot's last message in a channel, or None."""
        since = self._clock.now() - timedelta(hours=24)
        kept = await self._store.run(messages.transcript, place.channel_id, since, 500)
        return next((line.platform_id for line in reversed(kept) if line.is_self), None)

    async def transcript(self) -> list[PracticeMessage]:
        """The room's messages of the last 24 hours, oldest first."""
        return [
            PracticeMessage(line.platform_id, line.author_name, line.text, line.is_self, line.reply_to)
            for line in await self._kept()
        ]

    async def stop(self) -> None:
        """Break off the reply being written."""
        await self._line.stop_writing(self.place.channel_id)

    async def regenerate(self) -> bool:
        """Take back the bot's last reply and let it answer again; False when there is nothing to answer."""
        await self.stop()
        kept = await self._kept()
        last = next((at for at in reversed(range(len(kept))) if not kept[at].is_self), None)
        if last is None:
            return False
        after = [line.platform_id for line in kept[last + 1 :]]
        await self._line.deleted(Realm.PRACTICE, after, unlearn=False)
        await self._line.again(incoming(kept[last]), self.door)
        return True

    async def clear(self) -> list[StoredMessage]:
        """Empty the room; answers what was in it, so that it can be put back."""
        await self.stop()
        kept = await self._kept()
        await self._line.deleted(Realm.PRACTICE, [line.platform_id for line in kept], unlearn=False)
        return kept

    async def put_back(self, kept: list[StoredMessage]) -> None:
        """Undo `clear`."""
        for line in kept:
            await self._store.run(messages.record, line)

    async def _kept(self) -> list[StoredMessage]:
        since = self._clock.now() - timedelta(hours=24)
        return await self._store.run(messages.transcript, self.place.channel_id, since, 500)

    async def _answered(self, reply_to: int | None) -> StoredMessage | None:
        if reply_to is None:
            return None
        return await self._store.run(messages.by_platform_id, Realm.PRACTICE, reply_to)


_BOT_NAME = re.compile(
    r"(?:^|[\s_.(\[-]|(?<=[a-z0-9]))(?:Bot|BOT)[)\]]?$|(?:^|[\s_.(\[-])bot[)\]]?$|^(?:MEE6|Dyno|Carl)$"
)


def is_bot_name(name: str) -> bool:
    """Does an invented person play a bot: "MusicBot", "Poll Bot", "dice-bot", "Helper [bot]"?"""
    return _BOT_NAME.search(name) is not None


def names_with_at(text: str, name: str) -> bool:
    """Is `@name` in the text, as a word of its own?"""
    return re.search(rf"(?<!\w)@{re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None
