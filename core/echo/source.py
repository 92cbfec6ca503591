"""Where messages are read for an echo: what the bot lends, in plain terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)  # Discord's: an id holds its milliseconds since then, above 22 bits


@dataclass(frozen=True, slots=True)
class SourceChannel:
    """A channel, or thread, that the bot may read."""

    id: int
    name: str
    is_public: bool = True


@dataclass(frozen=True, slots=True)
class SourceMessage:
    """A message as it stands there.

    Attributes:
        text: raw, with mentions as Discord writes them (`<@id>`).
        author_name, names: what its author is called there, and those it mentions.
        quoted: the text it answers or forwards, when that came along; "" otherwise.
        is_system: a join message, a pin, a command's answer: nothing somebody wrote.
    """

    id: int
    channel_id: int
    author_id: int
    text: str
    sent_at: datetime
    author_name: str = ""
    is_bot: bool = False
    is_system: bool = False
    names: Sequence[str] = ()
    quoted: str = ""


class SourceBusy(Exception):
    """Not now: too many requests (429), a search that is still indexing (202), or a short failure.

    Args:
        wait_s: seconds until it may be asked again; None: as the collector thinks fit.
    """

    def __init__(self, wait_s: float | None = None, detail: str = "") -> None:
        super().__init__(detail or "busy")
        self.wait_s = wait_s
        self.detail = detail


class ChannelClosed(Exception):
    """The channel is gone, or the bot may not read it (any more): it is left out, the rest is read."""


class EchoSource(Protocol):
    """What can be read. Pages come newest first, and hold only messages whose id is below `before`.

    All methods raise `SourceBusy` where asking again helps, and a `core.errors.DiscordError` where it does
    not (the bot is no longer on the server, its token is dead).
    """

    async def channels(self, guild_id: int) -> Sequence[SourceChannel]:
        """Every channel and thread of a server whose history the bot may read."""
        ...

    async def search(self, guild_id: int, author_id: int, before: int) -> Sequence[SourceMessage] | None:
        """The next page of one author's messages on a server; empty at the end.

        None: searching is not possible there; channels are paged through instead.
        """
        ...

    async def page(self, channel_id: int, before: int, limit: int = 100) -> Sequence[SourceMessage]:
        """The next page of a channel, of all authors; empty at the end.

        Raises:
            ChannelClosed
        """
        ...


def id_at(moment: datetime) -> int:
    """The smallest id that a message sent at a moment can have; what is below was sent before."""
    return max(0, (moment - _EPOCH) // timedelta(milliseconds=1)) << 22
