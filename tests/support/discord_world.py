"""Who and what there is on the fake Discord, as its API writes it down."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

EVERYTHING = 0x7FFFFFFFFFFF
VIEW_CHANNEL, SEND_MESSAGES, READ_MESSAGE_HISTORY = 1 << 10, 1 << 11, 1 << 16
SEND_MESSAGES_IN_THREADS = 1 << 38


@dataclass
class FakeUser:
    """Somebody on Discord. `nick` is what servers call them, when it is not their name."""

    id: int
    name: str
    bot: bool = False
    nick: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "username": self.name.lower(),
            "global_name": self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
        }

    def as_member(self, *roles: int) -> dict[str, Any]:
        return {
            "roles": [str(role) for role in roles],
            "nick": self.nick,
            "joined_at": now(),
            "deaf": False,
            "mute": False,
            "flags": 0,
        }


@dataclass
class FakeChannel:
    """A text channel, a thread (with a `parent_id`), or a direct chat (without a `guild_id`).

    Attributes:
        denied: permission bits that nobody has here.
    """

    id: int
    name: str
    guild_id: int | None
    parent_id: int | None = None
    person: FakeUser | None = None
    denied: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        if self.person is not None:
            return {"id": str(self.id), "type": 1, "recipients": [self.person.to_json()]}
        told: dict[str, Any] = {"id": str(self.id), "name": self.name, "guild_id": str(self.guild_id)}
        told["last_message_id"] = self.messages[-1]["id"] if self.messages else None
        if self.parent_id is not None:
            told |= {"type": 11, "parent_id": str(self.parent_id), "owner_id": "5", "member_count": 2}
            told |= {"message_count": 0, "rate_limit_per_user": 0}
            told["thread_metadata"] = {
                "archived": False,
                "locked": False,
                "auto_archive_duration": 1440,
                "archive_timestamp": now(),
            }
            return told
        everyone = {"id": str(self.guild_id), "type": 0, "allow": "0", "deny": str(self.denied)}
        return told | {"type": 0, "position": 0, "permission_overwrites": [everyone]}


@dataclass
class FakeGuild:
    """A server with its channels. `bot_role_id` is the role that Discord made for the bot."""

    id: int
    name: str
    bot_role_id: int = 0
    channels: list[FakeChannel] = field(default_factory=list)

    def to_json(self, bot: FakeUser) -> dict[str, Any]:
        me = {**bot.as_member(self.bot_role_id), "user": bot.to_json()}
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": "5",
            "roles": [
                _role(self.id, "@everyone"),
                {**_role(self.bot_role_id, bot.name), "managed": True, "tags": {"bot_id": str(bot.id)}},
            ],
            "emojis": [],
            "stickers": [],
            "features": [],
            "channels": [it.to_json() for it in self.channels if it.parent_id is None],
            "threads": [it.to_json() for it in self.channels if it.parent_id is not None],
            "members": [me],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "member_count": 3,
            "large": False,
            "unavailable": False,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "preferred_locale": "en-US",
            "system_channel_flags": 0,
            "afk_timeout": 300,
        }


def _role(role_id: int, name: str) -> dict[str, Any]:
    return {
        "id": str(role_id),
        "name": name,
        "permissions": str(EVERYTHING & ~8),  # all but Administrator, which nothing in a channel could deny
        "position": 0,
        "color": 0,
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
    }


def now() -> str:
    """The time as Discord writes it."""
    return datetime.now(UTC).isoformat()
