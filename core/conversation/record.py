"""A message between its door and the store: what is kept of it, and how it is read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.conversation.message import Attachment, Author, IncomingMessage, Place, Realm
from core.safety.clean import whole
from db import messages
from db.base import Database
from db.channels import StoredChannel
from db.messages import StoredMessage


def readable(message: IncomingMessage) -> IncomingMessage:
    """The message in words that can be written down."""
    place, author = message.place, message.author
    return replace(
        message,
        text=whole(message.text),
        author=replace(author, name=whole(author.name)),
        place=replace(place, channel_name=whole(place.channel_name), guild_name=whole(place.guild_name)),
        mentions=tuple(whole(name) for name in message.mentions),
        replies_to=whole(message.replies_to),
    )


def stored(message: IncomingMessage) -> StoredMessage:
    """The message as it is kept."""
    place = message.place
    return StoredMessage(
        realm=place.realm,
        platform_id=message.id,
        guild_id=place.guild_id,
        channel_id=place.channel_id,
        author_id=message.author.id,
        author_name=message.author.name,
        is_bot=message.author.is_bot,
        is_self=message.author.is_self,
        text=message.text,
        reply_to=message.reply_to,
        sent_at=message.sent_at,
        extras={
            "channel": place.channel_name,
            "guild": place.guild_name,
            "direct": place.is_direct,
            "parent": place.parent_id,
            "public": place.is_public,
            "mentions_me": message.mentions_me,
            "mentions": list(message.mentions),
            "replies_to_me": message.replies_to_me,
            "replies_to": message.replies_to,
            **({"from_host": True} if message.from_host else {}),
            "attachments": [file.name for file in message.attachments],
            **({"files": files} if (files := _found_again(message.attachments)) else {}),
        },
    )


def place_of(kept: StoredMessage) -> Place:
    """Where a kept message was written."""
    extras = kept.extras or {}
    return Place(
        realm=Realm(kept.realm),
        channel_id=kept.channel_id,
        channel_name=extras.get("channel", ""),
        guild_id=kept.guild_id,
        guild_name=extras.get("guild", ""),
        is_direct=bool(extras.get("direct")),
        parent_id=extras.get("parent"),
        is_public=bool(extras.get("public")),
    )


def incoming(kept: StoredMessage) -> IncomingMessage:
    """A kept message as it came in."""
    extras = kept.extras or {}
    return IncomingMessage(
        id=kept.platform_id,
        place=place_of(kept),
        author=Author(kept.author_id, kept.author_name, kept.is_bot, kept.is_self),
        text=kept.text,
        sent_at=kept.sent_at,
        mentions_me=bool(extras.get("mentions_me")),
        mentions=tuple(extras.get("mentions", ())),
        reply_to=kept.reply_to,
        replies_to_me=bool(extras.get("replies_to_me")),
        replies_to=extras.get("replies_to", ""),
        from_host=bool(extras.get("from_host")),
        attachments=tuple(Attachment(*each) for each in extras.get("files", ())),
    )


def _found_again(files: Sequence[Attachment]) -> list[list[Any]]:
    """The files that can be looked at once more when a reply is written anew: name, kind, size, address."""
    return [[file.name, file.kind, file.size_bytes, file.url] for file in files if file.url][:MOST_FILES]


def as_they_are(db: Database, waiting: Sequence[IncomingMessage]) -> list[IncomingMessage | None]:
    """Messages that wait, in the words they have by now; None for one that was deleted."""
    kept = [messages.by_platform_id(db, message.place.realm, message.id) for message in waiting]
    return [
        replace(message, text=now.text) if now is not None else None
        for message, now in zip(waiting, kept, strict=True)
    ]


def channel_of(place: Place, at: datetime) -> StoredChannel | None:
    """The channel as it is kept; None for a direct message, which has no walls but its own."""
    if place.guild_id is None:
        return None
    return StoredChannel(
        place.realm,
        place.guild_id,
        place.channel_id,
        whole(place.channel_name),
        place.is_public,
        at,
        place.parent_id,
        whole(place.guild_name),
    )


MOST_FILES = 10  # of a message; Discord takes no more
DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)


def posted_at(place: Place, posted_id: int, now: datetime) -> datetime:
    """When an own message was posted, on the same clock as the messages it stands between.

    Discord's ids carry Discord's time (milliseconds since 2015, shifted by 22 bits); this computer's
    clock may be wrong, and then what was said would stand in another order than it was said in.
    """
    if place.realm is not Realm.DISCORD:
        return now
    return DISCORD_EPOCH + timedelta(milliseconds=posted_id >> 22)
