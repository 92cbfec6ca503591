"""What somebody wrote, in plain terms: the one shape in which Discord, the practice room, the
terminal and the API hand a message to core."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Realm(StrEnum):
    """Where people are real. Practice keeps invented people out of everybody's statistics."""

    DISCORD = "discord"
    PRACTICE = "practice"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote. `name` is what the server calls them; `is_self` is the bot itself."""

    id: int
    name: str
    is_bot: bool = False
    is_self: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where it was written.

    Attributes:
        guild_id: the server, None in a direct message.
        channel_id: the channel or thread; what is kept apart is kept apart by it.
        channel_name: without the `#`; the person's name in a direct message.
        parent_id: the channel a thread belongs to.
        is_public: whoever is on the server can read it; what is said elsewhere stays there.
    """

    realm: Realm
    channel_id: int
    channel_name: str
    guild_id: int | None = None
    guild_name: str = ""
    is_direct: bool = False
    parent_id: int | None = None
    is_public: bool = False

    @property
    def title(self) -> str:
        """What a host reads: `#general`, or the person's name."""
        return self.channel_name if self.is_direct else f"#{self.channel_name}"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message."""

    name: str
    kind: str = ""
    size_bytes: int = 0
    url: str = ""


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """One message, as its door saw it.

    Attributes:
        text: as people read it: mentions already replaced by `@name`.
        mentions_me: the bot was mentioned by Discord's own mention, or by the practice room's `@bot`.
        mentions: names of other people mentioned.
        reply_to: id of the message it answers; `replies_to_me` when that one is the bot's;
            `replies_to` the name of who wrote it.
        from_host: the bot belongs to who wrote.
    """

    id: int
    place: Place
    author: Author
    text: str
    sent_at: datetime
    mentions_me: bool = False
    mentions: tuple[str, ...] = ()
    reply_to: int | None = None
    replies_to_me: bool = False
    replies_to: str = ""
    attachments: tuple[Attachment, ...] = ()
    from_host: bool = False

    @property
    def is_to_me(self) -> bool:
        """Was it said to the bot, whether or not that calls for an answer?"""
        return self.mentions_me or self.replies_to_me or self.place.is_direct


class Door(Protocol):
    """How a reply leaves: Discord, the practice room, the terminal, the API."""

    self_id: int

    def typing(self, place: Place) -> AbstractAsyncContextManager[None]:
        """Show that the bot is writing for as long as the block runs."""
        ...

    def writing(self, turn_id: str, text: str) -> None:
        """The reply so far, for doors that show it grow. Must not block."""
        ...

    async def post(self, place: Place, text: str, nonce: str, answers: int | None) -> int:
        """Post one part and answer its id.

        Args:
            nonce: at most 25 characters; posting the same nonce again must not post twice.
            answers: id of the message it replies to, or None.

        Raises:
            core.errors.DiscordError
        """
        ...

    async def already_posted(self, place: Place, text: str, answers: int) -> int | None:
        """The id of the bot's own message with this text, posted after the message it answers, or None.

        Raises:
            core.errors.DiscordError
        """
        ...
