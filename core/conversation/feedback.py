"""What people make of a reply: good, bad, never that again, or once more please. The Conversations page
and Discord's message menus both ask here; whether somebody may is decided by whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from core.clock import Clock
from core.conversation.line import Line
from core.conversation.message import Door, Place, Realm
from core.conversation.record import incoming, place_of
from core.errors import DiscordUnreachable, NeverFull, NotTheLatest, ReplyGone
from core.events import Bus, TurnRated
from core.persona.form import limits
from core.persona.identity import KeptPersona, Personas
from core.safety.clean import one_line
from core.words import T, Text
from db import messages, ratings, transcripts, turns
from db.base import Database
from db.messages import StoredMessage
from db.ratings import BAD, GOOD, HOST, NEVER, StoredRating
from db.store import Store
from db.turns import StoredTurn, TurnState

__all__ = ["BAD", "GOOD", "HOST", "NEVER", "Feedback", "Rated", "RetractingDoor"]

Lesson = Literal["examples", "never"]


@runtime_checkable
class RetractingDoor(Protocol):
    """A door that can take back what was posted."""

    async def retract(self, place: Place, message_id: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Rated:
    """What came of it.

    Attributes:
        said: a sentence for whoever rated. learnt: a line was added to the persona.
    """

    turn_id: str
    verdict: str
    said: Text
    learnt: bool


@dataclass(frozen=True, slots=True)
class Rateable:
    """A reply somebody may think something of.

    Attributes:
        asked_by: platform id of who was answered. wrote: the persona, or None when it is gone.
    """

    asked_by: int
    wrote: KeptPersona | None


class Feedback:
    """Takes what people say about replies.

    Args:
        doors: the doors that are open now, by realm.
    """

    def __init__(
        self,
        store: Store,
        personas: Personas,
        line: Line,
        bus: Bus,
        clock: Clock,
        doors: Callable[[], Mapping[Realm, Door]],
    ) -> None:
        self._store = store
        self._personas = personas
        self._line = line
        self._bus = bus
        self._clock = clock
        self._doors = doors

    async def turn_of(self, realm: str, message_id: int) -> str | None:
        """The turn that posted a message (its id on the platform); None when the bot did not."""
        return await self._store.read(transcripts.turn_of_reply, realm, message_id)

    async def verdict(self, turn_id: str, by: int = HOST) -> str:
        """What somebody thought of a reply: good, bad or never; empty when they have not said."""
        rating = await self._store.read(ratings.get, turn_id, by)
        return rating.verdict if rating is not None else ""

    async def about(self, turn_id: str) -> Rateable:
        """Whom a reply answered, and who wrote it.

        Raises:
            ReplyGone
        """
        turn = await self._said(turn_id)
        return Rateable(turn.person_id, await self._persona_of(turn))

    async def rate(
        self, turn_id: str, verdict: Literal["good", "bad"], by: int = HOST, *, teaches: bool = True
    ) -> Rated:
        """Say that a reply was good, which makes it an example of how the persona writes, or bad.

        Args:
            by: platform id of who says so. teaches: False: it is noted, and the persona stays as it is.

        Raises:
            ReplyGone
        """
        turn = await self._said(turn_id)
        await self._unlearn(turn_id, by)
        if verdict == BAD:
            return await self._keep(turn, BAD, by, None, "", T("Noted: this was not a good reply."))
        if not teaches:
            return await self._keep(turn, GOOD, by, None, "", T("Noted: this was a good reply."))
        kept = await self._persona_of(turn)
        line = one_line(turn.reply).strip()
        why_not = _no_example(kept, line)
        if kept is None or why_not is not None:
            return await self._keep(turn, GOOD, by, None, "", why_not or T("Noted: this was a good reply."))
        await self._put(kept, "examples", (*kept.persona.examples, line))
        said = T("{name} has this as an example now.", name=kept.persona.name)
        return await self._keep(turn, GOOD, by, kept.id, line, said)

    async def never_say(self, turn_id: str, by: int = HOST) -> Rated:
        """Tell the persona never to say that again, nor anything like it.

        Raises:
            ReplyGone, NeverFull
        """
        turn = await self._said(turn_id)
        await self._unlearn(turn_id, by)
        kept = await self._persona_of(turn)
        if kept is None:
            raise ReplyGone
        limit = limits()["never"]
        line = one_line(turn.reply).strip()[: limit.longest].strip()
        said = T("{name} will not say that again.", name=kept.persona.name)
        if line in kept.persona.never:
            return await self._keep(turn, NEVER, by, None, "", said)
        if limit.most is not None and len(kept.persona.never) >= limit.most:
            raise NeverFull(name=kept.persona.name, most=limit.most)
        examples = tuple(each for each in kept.persona.examples if each != line)
        changed = kept.persona.model_copy(update={"examples": examples, "never": (*kept.persona.never, line)})
        await self._personas.change(kept.id, changed)
        return await self._keep(turn, NEVER, by, kept.id, line, said)

    async def take_back(self, turn_id: str, by: int = HOST) -> None:
        """Undo what somebody said about a reply, with what the persona learnt from it."""
        await self._unlearn(turn_id, by)
        self._bus.publish(TurnRated(turn_id))

    async def reroll(self, turn_id: str) -> str:
        """Take the latest reply of a channel back and answer once more; answers the new turn's id.

        Raises:
            ReplyGone: it, or what it answered, was deleted.
            NotTheLatest: it has said something else there since, or this was never said on a door.
            core.errors.DiscordError: the bot is offline, or Discord refused.
        """
        turn = await self._said(turn_id)
        place = turn.place
        own = await self._store.read(_posted, turn_id)
        asked = await self._store.read(messages.by_platform_id, turn.realm, turn.message_id)
        if not own or asked is None:
            raise ReplyGone
        if not await self._store.read(_is_latest, own[-1]):
            raise NotTheLatest(place=place)
        door = self._doors().get(Realm(turn.realm))
        if door is None:
            raise DiscordUnreachable if turn.realm == Realm.DISCORD else NotTheLatest(place=place)
        if isinstance(door, RetractingDoor):
            for message in own:
                await door.retract(place_of(message), message.platform_id)
        await self._line.deleted(Realm(turn.realm), [message.platform_id for message in own], unlearn=False)
        return await self._line.again(incoming(asked), door)

    async def can_reroll(self, turn_id: str) -> bool:
        """Is it the latest reply of its channel, with a door to answer through?"""
        turn = await self._store.read(turns.get, turn_id)
        if turn is None or turn.state is not TurnState.SENT or Realm(turn.realm) not in self._doors():
            return False
        own = await self._store.read(_posted, turn_id)
        asked = await self._store.read(messages.by_platform_id, turn.realm, turn.message_id)
        return bool(own) and asked is not None and await self._store.read(_is_latest, own[-1])

    async def _said(self, turn_id: str) -> StoredTurn:
        turn = await self._store.read(turns.get, turn_id)
        if turn is None or turn.state is not TurnState.SENT or not turn.reply.strip():
            raise ReplyGone
        return turn

    async def _persona_of(self, turn: StoredTurn) -> KeptPersona | None:
        """Who wrote it; older traces know the name only."""
        every = await self._personas.every()
        wrote, name = turn.trace.get("persona_id"), turn.trace.get("persona")
        for kept in every:
            if kept.id == wrote or (wrote is None and kept.persona.name == name):
                return kept
        return await self._personas.active() if wrote is None and name is None else None

    async def _keep(
        self, turn: StoredTurn, verdict: str, by: int, persona_id: int | None, line: str, said: Text
    ) -> Rated:
        rating = StoredRating(turn.id, by, verdict, persona_id, line, self._clock.now())
        await self._store.run(ratings.put, rating)
        self._bus.publish(TurnRated(turn.id))
        return Rated(turn.id, verdict, said, bool(line))

    async def _unlearn(self, turn_id: str, by: int) -> None:
        """Forget what this person said about it before, and what the persona learnt from that."""
        before = await self._store.read(ratings.get, turn_id, by)
        if before is None:
            return
        await self._store.run(ratings.remove, turn_id, by)
        kept = next((each for each in await self._personas.every() if each.id == before.persona_id), None)
        if kept is None or not before.line:
            return
        field: Lesson = "never" if before.verdict == NEVER else "examples"
        lines: tuple[str, ...] = getattr(kept.persona, field)
        await self._put(kept, field, tuple(line for line in lines if line != before.line))

    async def _put(self, kept: KeptPersona, field: Lesson, lines: tuple[str, ...]) -> None:
        await self._personas.change(kept.id, kept.persona.model_copy(update={field: lines}))


def _no_example(kept: KeptPersona | None, line: str) -> Text | None:
    """Why a line does not become an example, or None when it does."""
    if kept is None:
        return T("Noted: this was a good reply.")
    limit, known = limits()["examples"], kept.persona.examples
    if line in known:
        return T("Noted. {name} has this as an example already.", name=kept.persona.name)
    if limit.longest is not None and len(line) > limit.longest:
        return T("Noted. It is too long to become an example.")
    if limit.most is not None and len(known) >= limit.most:
        return T("Noted. {name} has all the examples there is room for.", name=kept.persona.name)
    return None


def _posted(db: Database, turn_id: str) -> list[StoredMessage]:
    """The messages of a reply that are still there, in order."""
    turn = turns.get(db, turn_id)
    if turn is None:
        return []
    ids = [part.posted_id for part in turns.parts(db, turn_id) if part.posted_id is not None]
    found = [messages.by_platform_id(db, turn.realm, posted_id) for posted_id in ids]
    return [message for message in found if message is not None]


def _is_latest(db: Database, own: StoredMessage) -> bool:
    """Has the bot said nothing in this channel since?"""
    return transcripts.latest_own(db, own.realm, own.channel_id) == own.platform_id
