"""The line every message walks: written down at once, then taken, burst by burst and one turn at a
time in a channel, different channels side by side."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from core.conversation.desk import Desk
from core.conversation.message import Door, IncomingMessage, Place, Realm
from core.conversation.posting import post_parts
from core.conversation.record import as_they_are, channel_of, incoming, place_of, readable, stored
from core.conversation.turn import Turn, follow
from core.conversation.waiting import Room, Waiting
from core.errors import EchodeckError
from core.events import MemoryChanged, TurnEnded
from core.memory import lifecycle
from core.safety.clean import whole
from core.settings import BURST_SECONDS
from core.words import T, Text, as_kept
from db import channels, derived, messages, people, privacy, turns
from db.base import Database
from db.channels import StoredChannel
from db.messages import StoredMessage
from db.turns import StoredPart, StoredTurn, TurnState

log = logging.getLogger(__name__)

LONGEST_BURST_S = 12.0
RESUME_WITHIN = timedelta(minutes=10)


class Line:
    """Takes messages from every door. `async with` it; leaving lets turns finish up to a deadline."""

    def __init__(self, desk: Desk, finish_within_s: float = 20.0) -> None:
        self._desk = desk
        self._finish_within_s = finish_within_s
        self._rooms: dict[int, Room] = {}
        self._under_way: set[str] = set()
        self._open = True

    async def __aenter__(self) -> Line:
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self.close()

    @property
    def tasks(self) -> set[asyncio.Task[None]]:
        """The turns under way."""
        return {room.task for room in self._rooms.values() if room.task is not None}

    def busy(self, channel_id: int) -> bool:
        """Is a turn under way, or waiting, in this channel?"""
        return channel_id in self._rooms

    async def take(self, message: IncomingMessage, door: Door) -> str | None:
        """Write a message down, and see to its turn.

        Returns when the message is on the disk; the reply comes later, through `door`. Answers the
        turn's id, or None when this message was taken before, or its writer wants nothing kept of them.
        """
        desk = self._desk
        message = readable(message)
        turn = self._new_turn(message)
        channel = channel_of(message.place, message.sent_at)
        if not await desk.store.run(_write_down, stored(message), channel, turn):
            return None
        desk.recorded(message.place, message.id)
        if self._open:
            self._enqueue(turn, message, door)
        return turn.id

    async def edited(self, realm: Realm, message_id: int, text: str, at: datetime) -> None:
        """Somebody changed a message. Of who opted out, the new words are not kept, nor the old ones."""
        text = whole(text)
        known = await self._desk.store.run(messages.by_platform_id, realm, message_id)
        if known is None or known.text == text:
            return
        if await self._desk.store.read(privacy.stance, realm, known.author_id):
            await self.deleted(realm, [message_id])
            return
        if await self._desk.store.run(derived.edit, realm, message_id, text, at):
            self._reword(known, text)
            self._desk.bus.publish(MemoryChanged(realm))

    async def deleted(self, realm: Realm, message_ids: Sequence[int], *, unlearn: bool = True) -> None:
        """Somebody removed messages: they are forgotten here too, with all that came of them.

        Args:
            unlearn: False leaves alone what was learnt from them.
        """
        store = self._desk.store
        every = [await store.run(messages.by_platform_id, realm, each) for each in message_ids]
        gone = [known for known in every if known is not None]
        if not gone:
            return
        ids = [known.platform_id for known in gone]
        if unlearn:
            await store.run(derived.delete, realm, ids, await store.read(derived.citing, realm, ids))
            if (threads := self._desk.threads) is not None:
                await threads.take_out_of_files([(known.author_id, known.text) for known in gone])
            self._desk.bus.publish(MemoryChanged(realm))
        else:
            await store.run(messages.delete, realm, ids)
        for known in gone:
            self._reword(known, None)

    def _reword(self, known: StoredMessage, text: str | None) -> None:
        """A conversation under way tells the line in its new words, or (None) no longer."""
        if self._desk.threads is not None:
            self._desk.threads.reword(known.realm, known.channel_id, known.author_id, known.text, text)
        self._desk.recorded(place_of(known), known.platform_id)

    async def survey(self, places: Sequence[Place]) -> None:
        """Note how the channels of a server are now: who can read a channel may have changed."""
        now = self._desk.clock.now()
        found = [channel for place in places if (channel := channel_of(place, now)) is not None]
        await self._desk.store.run(_note_channels, found)

    async def again(self, message: IncomingMessage, door: Door) -> str:
        """Answer a message once more: its old turn makes room for a new one."""
        turn = self._new_turn(message)
        await self._desk.store.run(turns.replace, turn)
        self._enqueue(turn, message, door)
        return turn.id

    async def resume(self, door: Door, realm: Realm) -> None:
        """Finish what a crash cut short: post what was ready, answer what is still fresh."""
        now = self._desk.clock.now()
        for turn in await self._desk.store.run(turns.unfinished, realm):
            if turn.id in self._under_way:
                continue
            kept = await self._desk.store.run(messages.by_platform_id, realm, turn.message_id)
            if kept is None or now - turn.arrived_at > RESUME_WITHIN:
                await self._end(turn, TurnState.SILENT, T("Echodeck was closed while this waited"))
            elif turn.state is TurnState.READY:
                await self._post_rest(turn, kept, door)
            else:
                self._enqueue(turn, incoming(kept), door)

    async def stop_writing(self, channel_id: int) -> None:
        """Break off the turn under way in a channel; nothing of it is posted."""
        room = self._rooms.get(channel_id)
        if room is not None and room.task is not None:
            room.task.cancel()
            await asyncio.gather(room.task, return_exceptions=True)

    async def drop(self, realm: str, person_id: int) -> None:
        """Break off what is being written to somebody (platform id) who is to be erased."""
        for channel_id, room in list(self._rooms.items()):
            at = {(message.place.realm, message.author.id) for _, message, _ in room.answering + room.waiting}
            if (realm, person_id) in at:
                await self.stop_writing(channel_id)

    async def leave(self, door: Door, within_s: float) -> None:
        """A door closes: its turns may finish up to the deadline, the others stay open, for `resume`."""
        rooms = [
            room
            for room in self._rooms.values()
            if any(at is door for _, _, at in room.answering + room.waiting)
        ]
        tasks = [room.task for room in rooms if room.task is not None]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=within_s)
            for room in rooms:
                room.left = True
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def close(self) -> None:
        """Take nothing more, let the turns under way finish up to the deadline, then break them off."""
        self._open = False
        tasks = self.tasks
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=self._finish_within_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _enqueue(self, turn: StoredTurn, message: IncomingMessage, door: Door) -> None:
        room = self._rooms.setdefault(message.place.channel_id, Room())
        room.latest = self._desk.clock.monotonic()
        if not room.waiting:
            room.since = room.latest
        room.waiting.append((turn, message, door))
        room.heard(message)
        self._under_way.add(turn.id)
        if room.task is None:
            channel_id = message.place.channel_id
            room.task = asyncio.create_task(self._serve(channel_id, room), name=f"room {channel_id}")

    async def _serve(self, channel_id: int, room: Room) -> None:
        """Take one burst after the other until nobody waits."""
        try:
            while room.waiting:
                await self._until_quiet(room)
                room.begin()
                await self._answer_or_say_why(channel_id, room)
                self._release(room.end())
        except asyncio.CancelledError:
            broken_off = room.answering + room.waiting
            room.answering, room.waiting = [], []
            if self._open and not room.left:  # the host stopped it; else it stays open, to be resumed
                await asyncio.shield(self._end_all(broken_off, T("the reply was stopped")))
            self._release(broken_off)
            raise
        finally:
            self._rooms.pop(channel_id, None)

    async def _answer_or_say_why(self, channel_id: int, room: Room) -> None:
        try:
            await self._answer(room)
        except Exception:  # one broken turn must not close the room
            log.exception("a turn in channel %s broke", channel_id)
            broke = T("something unexpected happened; Logs has the details")
            await self._end_all(room.answering, broke, TurnState.FAILED)

    def _release(self, burst: list[Waiting]) -> None:
        self._under_way.difference_update(turn.id for turn, _, _ in burst)

    async def _until_quiet(self, room: Room) -> None:
        """Wait until nobody has written for a moment: one reply to a burst of messages."""
        quiet_s = await self._desk.settings.get(BURST_SECONDS)
        clock = self._desk.clock
        while True:
            due = min(room.latest + quiet_s, room.since + LONGEST_BURST_S)
            remaining = due - clock.monotonic()
            if remaining <= 1e-6:
                return
            await clock.sleep(remaining)

    async def _answer(self, room: Room) -> None:
        """The turn belongs to the last message; the others are part of it."""
        burst = room.answering
        current = await self._desk.store.run(as_they_are, [message for _, message, _ in burst])
        gone = [waiting for waiting, message in zip(burst, current, strict=True) if message is None]
        await self._end_all(gone, T("the message was taken back before it was answered"))
        burst = [(turn, now, door) for (turn, _, door), now in zip(burst, current, strict=True) if now]
        if not burst:
            return
        turn, message, door = burst[-1]
        together = T("part of the same burst as {who}'s next message", who=message.author.name)
        await self._end_all([each for each in burst[:-1] if each[0].id not in room.again], together)
        settings = await self._desk.settings.every()
        messages_of_it = tuple(entry[1] for entry in burst)
        await follow(Turn(turn.id, messages_of_it, door, settings, pause=room.pause), self._desk)

    async def _end_all(self, burst: list[Waiting], reason: Text, state: TurnState = TurnState.SILENT) -> None:
        for turn, _, _ in burst:
            await self._end(turn, state, reason)

    async def _end(self, turn: StoredTurn, state: TurnState, reason: Text) -> None:
        now = self._desk.clock.now()
        await self._desk.store.run(turns.end, turn.id, state, as_kept(reason), 0, {}, now)
        replied, failed = state is TurnState.SENT, state is TurnState.FAILED
        self._desk.bus.publish(
            TurnEnded(turn.id, turn.realm, turn.place, turn.person, replied, failed, reason, 0, now)
        )

    async def _post_rest(self, turn: StoredTurn, kept: StoredMessage, door: Door) -> None:
        """A reply was written but not, or not wholly, posted when the app went down."""
        desk = self._desk
        active = await desk.personas.active()
        message = incoming(kept)
        parts = tuple(await desk.store.run(turns.parts, turn.id))
        try:
            await self._tick_off(message, parts, door)
            parts = tuple(await desk.store.run(turns.parts, turn.id))
            await post_parts(turn.id, message, parts, door, desk, active.persona.name if active else "")
        except EchodeckError as error:
            await self._end(turn, TurnState.FAILED, error.what)
        else:
            await self._end(turn, TurnState.SENT, T("posted after Echodeck came back"))

    async def _tick_off(self, message: IncomingMessage, parts: tuple[StoredPart, ...], door: Door) -> None:
        """A part may have been posted just before the crash: look, so that it is not posted twice."""
        for part in parts:
            if part.posted_id is None:
                posted_id = await door.already_posted(message.place, part.text, message.id)
                if posted_id is not None:
                    await self._desk.store.run(turns.posted, part.nonce, posted_id)

    def _new_turn(self, message: IncomingMessage) -> StoredTurn:
        place = message.place
        return StoredTurn(
            id=UUID(int=self._desk.chance.getrandbits(128)).hex[:20],
            realm=place.realm,
            message_id=message.id,
            guild_id=place.guild_id,
            channel_id=place.channel_id,
            person_id=message.author.id,
            place=place.title,
            person=message.author.name,
            state=TurnState.RECEIVED,
            reason={},
            reply="",
            took_ms=0,
            arrived_at=self._desk.clock.now(),
            trace={},
        )


def _note_channels(db: Database, found: Sequence[StoredChannel]) -> None:
    for channel in found:
        channels.seen(db, channel)


def _write_down(
    db: Database, message: StoredMessage, channel: StoredChannel | None, turn: StoredTurn
) -> bool:
    """A message, its author, its channel and its turn, in one transaction: all of it or nothing."""
    if privacy.stance(db, message.realm, message.author_id):
        return False
    if messages.record(db, message) is None:
        return False
    if channel is not None:
        channels.seen(db, channel)
    person = people.meet(
        db,
        message.realm,
        message.author_id,
        message.guild_id,
        message.author_name,
        message.is_bot,
        message.sent_at,
    )
    if not person.is_bot:
        lifecycle.moved(db, person, message.sent_at)
    return turns.begin(db, turn)
