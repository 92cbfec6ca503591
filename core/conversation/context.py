"""What a reply is made from: the channel's last 24 hours, what comes to mind from before, and where and
when it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.conversation.desk import Desk
from core.conversation.message import IncomingMessage, Place
from core.memory.recall import Memory, Question, Scope
from db import messages
from db.messages import StoredMessage

TRANSCRIPT_HOURS = 24
TRANSCRIPT_MOST = 400
MEMORIES_MOST = 4


@dataclass(frozen=True, slots=True)
class Context:
    """What was gathered.

    Attributes:
        transcript: the channel's messages of the last day, oldest first, up to the one answered.
        present: the names of the people in it, the latest speaker first.
        now: UTC.
        memories: older messages of this channel that come to mind, the most fitting first.
    """

    place: Place
    answered: IncomingMessage
    transcript: tuple[StoredMessage, ...]
    present: tuple[str, ...]
    now: datetime
    memories: tuple[Memory, ...] = ()


async def gather(burst: tuple[IncomingMessage, ...], desk: Desk) -> Context:
    """Read the context of a burst from the store."""
    now = desk.clock.now()
    place = burst[-1].place
    # Counted from the message, not from this computer's clock, which may be wrong.
    since = burst[-1].sent_at - timedelta(hours=TRANSCRIPT_HOURS)
    transcript = await desk.store.run(messages.transcript, place.channel_id, since, TRANSCRIPT_MOST)
    present = dict.fromkeys(line.author_name for line in reversed(transcript) if not line.is_self)
    memories = await _remember(burst, transcript, desk)
    return Context(place, burst[-1], tuple(transcript), tuple(present), now, memories)


async def _remember(
    burst: tuple[IncomingMessage, ...], transcript: list[StoredMessage], desk: Desk
) -> tuple[Memory, ...]:
    """What comes to mind from before the transcript.

    Only from this channel: what was said in a channel that others cannot see must not be told in one
    that they can.
    """
    if desk.recall is None:
        return ()
    place, asked = burst[-1].place, "\n".join(message.text for message in burst)
    scope = Scope(place.realm, place.guild_id, (place.channel_id,))
    question = Question(
        asked,
        scope,
        burst[-1].author.id,
        await desk.recall.speakers(scope),
        until=transcript[0].sent_at if transcript else None,
    )
    return await desk.recall.recall(question, MEMORIES_MOST)
