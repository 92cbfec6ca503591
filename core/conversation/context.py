"""What a reply is made from: the channel's last 24 hours, and where and when it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.conversation.desk import Desk
from core.conversation.message import IncomingMessage, Place
from db import messages
from db.messages import StoredMessage

TRANSCRIPT_HOURS = 24
TRANSCRIPT_MOST = 400


@dataclass(frozen=True, slots=True)
class Context:
    """What was gathered.

    Attributes:
        transcript: the channel's messages of the last day, oldest first, up to the one answered.
        present: the names of the people in it, the latest speaker first.
        now: UTC.
    """

    place: Place
    answered: IncomingMessage
    transcript: tuple[StoredMessage, ...]
    present: tuple[str, ...]
    now: datetime


async def gather(burst: tuple[IncomingMessage, ...], desk: Desk) -> Context:
    """Read the context of a burst from the store."""
    now = desk.clock.now()
    place = burst[-1].place
    # Counted from the message, not from this computer's clock, which may be wrong.
    since = burst[-1].sent_at - timedelta(hours=TRANSCRIPT_HOURS)
    transcript = await desk.store.run(messages.transcript, place.channel_id, since, TRANSCRIPT_MOST)
    present = dict.fromkeys(line.author_name for line in reversed(transcript) if not line.is_self)
    return Context(place, burst[-1], tuple(transcript), tuple(present), now)
