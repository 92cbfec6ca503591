"""Saying something that answers no message: reminders, polls, what the bot says of its own accord."""

from __future__ import annotations

from core.conversation.desk import Desk
from core.conversation.message import Door, Place
from core.conversation.record import posted_at
from db.messages import StoredMessage, record


async def say_in(place: Place, text: str, nonce: str, door: Door, desk: Desk, name: str) -> int:
    """Post a message and keep it in the transcript; answers its id.

    Args:
        nonce: at most 25 characters; the same one is never posted twice.
        name: the persona's.

    Raises:
        core.errors.DiscordError: it could not be posted.
    """
    posted_id = await door.post(place, text, nonce, None)
    await keep_own(place, posted_id, text, door, desk, name)
    return posted_id


async def keep_own(place: Place, posted_id: int, text: str, door: Door, desk: Desk, name: str) -> None:
    """Keep a message of the bot's own that was posted."""
    said = StoredMessage(
        realm=place.realm,
        platform_id=posted_id,
        guild_id=place.guild_id,
        channel_id=place.channel_id,
        author_id=door.self_id,
        author_name=name,
        is_bot=True,
        is_self=True,
        text=text,
        reply_to=None,
        sent_at=posted_at(place, posted_id, desk.clock.now()),
    )
    await desk.store.run(record, said)
    desk.recorded(place, posted_id)
