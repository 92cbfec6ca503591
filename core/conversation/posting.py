"""A reply leaves, part by part; each is ticked off and kept in one write."""

from __future__ import annotations

from dataclasses import replace

from core.conversation.desk import Desk
from core.conversation.message import Door, IncomingMessage, Place
from core.conversation.pacing import wait_before
from core.conversation.record import posted_at
from db import turns
from db.base import Database
from db.messages import StoredMessage, record
from db.turns import StoredPart


async def post_parts(
    turn_id: str,
    message: IncomingMessage,
    parts: tuple[StoredPart, ...],
    door: Door,
    desk: Desk,
    name: str,
    place: Place | None = None,
    pace: str = "instant",
) -> None:
    """Post what has not been posted yet, write down that it was, and keep it in the transcript.

    Args:
        place: where, when that is not where the message stands (a thread that was opened for it).
        pace: how long the typing of further parts takes: instant, brisk or human.
    """
    place = place or message.place
    stands_here = place == message.place and not place.is_direct
    message = replace(message, place=place)
    for part in parts:
        if part.posted_id is not None:
            continue
        if part.position and (wait := wait_before(pace, "", part.text, 0.0, desk.chance, first=False)):
            async with door.typing(message.place):
                await desk.clock.sleep(wait)
        answers = message.id if part.position == 0 and stands_here else None
        posted_id = await door.post(message.place, part.text, part.nonce, answers)
        own = _own_message(message, part, posted_id, door.self_id, name, desk)
        await desk.store.run(_tick_off, part.nonce, own)
        desk.recorded(message.place, posted_id)


def _tick_off(db: Database, nonce: str, own: StoredMessage) -> None:
    """A part was posted: that, and what was said, are one write."""
    turns.posted(db, nonce, own.platform_id)
    record(db, own)


def _own_message(
    message: IncomingMessage, part: StoredPart, posted_id: int, self_id: int, name: str, desk: Desk
) -> StoredMessage:
    return StoredMessage(
        realm=message.place.realm,
        platform_id=posted_id,
        guild_id=message.place.guild_id,
        channel_id=message.place.channel_id,
        author_id=self_id,
        author_name=name,
        is_bot=True,
        is_self=True,
        text=part.text,
        reply_to=message.id if part.position == 0 else None,
        sent_at=posted_at(message.place, posted_id, desk.clock.now()),
    )
